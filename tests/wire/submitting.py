"""submit_sm, data_sm and submit_multi: what is taken, and how the rest is refused."""

from __future__ import annotations

from tests.gateway.links.esme import DATA_SM, RESP, SUBMIT_MULTI, Frame, c, running
from tests.wire.bar import case
from tests.wire.speaking import (
    BANK,
    HANDSET,
    MESSAGE_PAYLOAD,
    RINVDLNAME,
    RINVDSTADR,
    RINVESMCLASS,
    RINVEXPIRY,
    RINVMSGLEN,
    RINVOPTPARSTREAM,
    RINVPARLEN,
    RINVSCHED,
    ROK,
    ROPTPARNOTALLWD,
    accepted,
    lives,
    lying,
    mt,
    refused,
    strings,
    tlv,
)


@case("submit_ok")
async def submit_ok() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        first = await accepted(esme, mt())
        # An empty text is legal (§5.2.22), and so are the longest one and TLVs of a vendor.
        second = await accepted(esme, mt(""))
        third = await accepted(esme, mt("x" * 254))
        fourth = await accepted(esme, mt(tlvs=tlv(0x1400, b"\xff") + tlv(0x3FFF, b"")))
        assert len({first, second, third, fourth}) == 4


@case("submit_ucs2")
async def submit_ucs2() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        for text in ("Selamat ☺", "😀", ""):
            await accepted(esme, mt(text.encode("utf-16-be"), data_coding=8))
        # Half a pair and half a character are shown as such, never refused.
        await accepted(esme, mt(b"\xd8\x3d", data_coding=8))
        await accepted(esme, mt(b"\0a\0", data_coding=8))


@case("submit_payload_tlv")
async def submit_payload_tlv() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        for size in (0, 1, 254, 1000):
            await accepted(esme, mt("", tlvs=tlv(MESSAGE_PAYLOAD, b"x" * size)))


@case("submit_sm_and_payload")
async def submit_sm_and_payload() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        await refused(esme, mt("x", tlvs=tlv(MESSAGE_PAYLOAD, b"y")), ROPTPARNOTALLWD)


@case("submit_smlen_255")
async def submit_smlen_255() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        await refused(esme, mt("x" * 255), RINVMSGLEN)


@case("submit_smlen_lies")
async def submit_smlen_lies() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        # Beyond the PDU, within the limit and above it.
        await refused(esme, lying(mt("abcdef"), b"abcdef", 100), RINVMSGLEN)
        await refused(esme, lying(mt("abcdef"), b"abcdef", 7), RINVMSGLEN)
        await refused(esme, lying(mt("abcdef"), b"abcdef", 255), RINVMSGLEN)
        # Less than there is: what is left over are no TLVs.
        await refused(esme, lying(mt("abcdef"), b"abcdef", 4), RINVOPTPARSTREAM)
        await accepted(esme, mt())


@case("submit_bad_tlv")
async def submit_bad_tlv() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        await refused(esme, mt("", tlvs=b"\x04\x24\x00\x10short"), RINVPARLEN)
        await refused(esme, mt(tlvs=b"\x14\x00\xff\xff"), RINVPARLEN)
        for cut in (1, 2, 3):
            await refused(esme, mt(tlvs=b"\x14\x00\x00\x00"[:cut]), RINVOPTPARSTREAM)
        await refused(esme, mt(tlvs=tlv(0x1400, b"x") + b"\x14"), RINVOPTPARSTREAM)


@case("submit_empty_dst")
async def submit_empty_dst() -> None:
    async with running() as parts:
        for account in ("a2p", "qa"):
            esme = await parts.esme(account)
            await refused(esme, mt(to=""), RINVDSTADR)


@case("submit_dst_25")
async def submit_dst_25() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        await refused(esme, mt(to="6" * 25), RINVDSTADR)
        await refused(esme, mt(to="6" * 21), RINVDSTADR)


@case("submit_bad_sched")
async def submit_bad_sched() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        for time in (
            "tomorrow",
            "181301000000000+",
            "180301000000099+",
            "18030100000000",
            "1" * 17,
        ):
            await refused(esme, mt(schedule=time), RINVSCHED)


@case("submit_past_valid")
async def submit_past_valid() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        # The calendar stands at 2018-02-26T08:00+07:00.
        await refused(esme, mt(validity="180226075959028+"), RINVEXPIRY)
        await refused(esme, mt(validity="000101000000000+"), RINVEXPIRY)
        await refused(esme, mt(validity="000000000000000R"), RINVEXPIRY)
        await refused(esme, mt(validity="never"), RINVEXPIRY)
        await accepted(esme, mt(validity="180226090000028+"))
        await accepted(esme, mt(validity="000001000000000R"))


@case("submit_bad_esm")
async def submit_bad_esm() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        # An ESME sends no receipt (0x04), abort (0x18) or notification (0x20), and no reserved
        # type (§5.2.12).
        for esm_class in (0x04, 0x18, 0x20, 0x0C, 0x14, 0x1C, 0x24, 0x3C):
            await refused(esme, mt(esm_class=esm_class), RINVESMCLASS)
        await accepted(esme, mt(esm_class=0x03))


@case("data_sm")
async def data_sm() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        head = c("") + b"\5\0" + c(BANK) + b"\1\1" + c(HANDSET) + b"\0\1\0"
        frame = await esme.ask(DATA_SM, head + tlv(MESSAGE_PAYLOAD, b"Kode 1234"))
        assert (frame.command_id, frame.status) == (DATA_SM | RESP, ROK)
        (message_id,), _ = strings(frame.body, 1)
        receipt = await esme.deliver()
        assert receipt.receipt["id"] == message_id
        assert receipt.receipt["stat"] == "DELIVRD"
        assert (receipt.source[2], receipt.destination[2]) == (HANDSET, BANK)
        # Without a destination it is refused as data_sm, and the session lives.
        headless = c("") + b"\5\0" + c(BANK) + b"\1\1" + c("") + b"\0\0\0"
        frame = await esme.ask(DATA_SM, headless)
        assert (frame.command_id, frame.status) == (DATA_SM | RESP, RINVDSTADR)
        await lives(esme)


def _multi(*destinations: bytes) -> bytes:
    return b"".join(
        (
            c("") + b"\5\0" + c(BANK) + bytes((len(destinations),)),
            *destinations,
            b"\0\0\0" + c("") + c("") + b"\0\0\0\0\4Halo",
        )
    )


def _sme(address: str) -> bytes:
    return b"\1\1\1" + c(address)


@case("submit_multi")
async def submit_multi() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        others = ("6281234567891", "6281234567892")
        frame = await esme.ask(
            SUBMIT_MULTI,
            _multi(_sme(HANDSET), _sme("12ab"), *map(_sme, others)),
        )
        assert (frame.command_id, frame.status) == (SUBMIT_MULTI | RESP, ROK)
        (message_id,), rest = strings(frame.body, 1)
        assert message_id
        failed, rest = rest[0], rest[1:]
        statuses = {}
        for _ in range(failed):
            (address,), rest = strings(rest[2:], 1)
            statuses[address] = int.from_bytes(rest[:4], "big")
            rest = rest[4:]
        assert rest == b""
        assert statuses == {"12ab": RINVDSTADR}
        # All well: an empty list.
        frame = await esme.ask(SUBMIT_MULTI, _multi(_sme(HANDSET)))
        assert frame.status == ROK
        assert frame.body.endswith(b"\0\0")
        # There are no distribution lists, and no_unsuccess has no place for their names (§4.5.2.1).
        frame = await esme.ask(SUBMIT_MULTI, _multi(_sme(HANDSET), b"\2" + c("friends")))
        assert frame == Frame(SUBMIT_MULTI | RESP, RINVDLNAME, 4, b"")
        await lives(esme)
