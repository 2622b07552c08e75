"""aiosmpplib held to one session: its ends, and what can go wrong at either."""

import asyncio
import time

import pytest

from gateway.core.numbers import Msisdn, ShortCode
from gateway.smpp.codes import CommandStatus, TlvTag
from gateway.smpp.items import CloseReason
from gateway.smpp.pdu import DeliverSm, SubmitSm, SubmitSmResp
from gateway.smpp.session import Session
from handsets.place import Place
from handsets.smpp_session import Account, Broken, Delivered, NoSmsc, Response, bound
from tests.handsets.fake_smsc import accept, fake_smsc, refuse
from tests.ports import free_port

QA = Account("qa", "qa")
SENDER = Msisdn("6281234567890")
DESK = ShortCode("4444")


async def test_it_binds_submits_and_unbinds() -> None:
    async with fake_smsc(accept) as smsc, bound(smsc.place, QA, 5.0) as session:
        await session.submit(SENDER, DESK, "REG")
        heard = await asyncio.wait_for(session.heard.get(), 5.0)
    assert heard == Response("submit_sm_resp", 0, "ESME_ROK", "Success", "42")
    assert [closed.reason for closed in smsc.closed] == [CloseReason.PEER_UNBOUND]


async def test_it_unbinds_without_delay() -> None:
    taken: list[float] = []
    async with fake_smsc(accept) as smsc:
        for _ in range(3):
            async with bound(smsc.place, QA, 5.0):
                leaving = time.monotonic()
            taken.append(time.monotonic() - leaving)
    # Left to itself, aiosmpplib takes half a second to end its sender.
    assert min(taken) < 0.4


# aiosmpplib takes ESME_RALYBND with a body for bound.
@pytest.mark.parametrize(
    ("status", "error_body"),
    [
        (CommandStatus.ESME_RINVPASWD, False),
        (CommandStatus.ESME_RINVPASWD, True),
        (CommandStatus.ESME_RALYBND, False),
    ],
)
async def test_a_refused_bind_names_the_status_and_the_remedy(
    status: CommandStatus, error_body: bool
) -> None:
    async with fake_smsc() as smsc:
        smsc.refuse_bind, smsc.error_body = status, error_body
        with pytest.raises(NoSmsc, match=rf"refuses to bind qa: {status.name}.*--system-id"):
            async with bound(smsc.place, QA, 5.0):
                pass


async def test_no_smsc_is_told_with_the_remedy() -> None:
    place = Place("127.0.0.1", free_port())
    with pytest.raises(NoSmsc, match=r"no SMSC answers.*Connection refused.*--smpp HOST:PORT"):
        async with bound(place, QA, 5.0):
            pass


async def test_an_unknown_host_is_told() -> None:
    with pytest.raises(NoSmsc, match=r"no SMSC answers at host\.invalid:2775"):
        async with bound(Place("host.invalid", 2775), QA, 5.0):
            pass


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "does not speak SMPP"),
        (b"", "hung up before the bind was answered"),
        (None, "timed out"),
    ],
)
async def test_another_server_than_an_smsc_is_told(said: bytes | None, told: str) -> None:
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1024)
        if said is None:
            await done.wait()
        else:
            writer.write(said)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        place = Place("127.0.0.1", server.sockets[0].getsockname()[1])
        with pytest.raises(NoSmsc, match=told):
            async with bound(place, QA, 0.5):
                pass
        done.set()


async def test_a_session_that_the_smsc_ends_is_heard() -> None:
    def close(session: Session, submit: SubmitSm) -> None:
        session.leave_unanswered()
        session.unbind()

    async with fake_smsc(close) as smsc, bound(smsc.place, QA, 5.0) as session:
        await session.submit(SENDER, DESK, "REG")
        heard = await asyncio.wait_for(session.heard.get(), 5.0)
    assert isinstance(heard, Broken)


async def test_a_status_that_aiosmpplib_does_not_know_breaks_the_session() -> None:
    async with fake_smsc(refuse(0x408)) as smsc, bound(smsc.place, QA, 5.0) as session:
        await session.submit(SENDER, DESK, "REG")
        heard = await asyncio.wait_for(session.heard.get(), 5.0)
    assert isinstance(heard, Broken)
    assert "cannot read" in heard.why


@pytest.mark.parametrize(
    ("text", "data_coding", "octets"),
    [
        ("Halo €", 0, b"Halo \x1be"),
        ("nama 漢", 8, "nama 漢".encode("utf-16-be")),
        ("x" * 300, 0, b"x" * 300),
    ],
)
async def test_texts_are_written_as_the_smsc_reads_them(
    text: str, data_coding: int, octets: bytes
) -> None:
    async with fake_smsc(accept) as smsc, bound(smsc.place, QA, 5.0) as session:
        await session.submit(SENDER, DESK, text)
        await asyncio.wait_for(session.heard.get(), 5.0)
    (submit,) = smsc.submits
    payload = b"".join(tlv.value for tlv in submit.tlvs if tlv.tag == TlvTag.MESSAGE_PAYLOAD)
    assert (submit.data_coding, submit.short_message or payload) == (data_coding, octets)


async def test_receipts_are_no_messages() -> None:
    receipt = b"id:42 sub:001 dlvrd:001 submit date:1802260800 done date:1802260800 stat:DELIVRD"

    def answer(session: Session, submit: SubmitSm) -> None:
        session.deliver(DeliverSm(source_addr="4444", esm_class=4, short_message=receipt))
        session.deliver(DeliverSm(source_addr="4444", short_message=b"Halo"))
        session.respond(SubmitSmResp(submit.sequence_number, 0, "42"))

    async with fake_smsc(answer) as smsc, bound(smsc.place, QA, 5.0) as session:
        await session.submit(SENDER, DESK, "REG")
        heard = await asyncio.wait_for(session.heard.get(), 5.0)
    assert heard == Delivered("4444", "", "Halo")
