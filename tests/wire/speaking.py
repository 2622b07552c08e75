"""Octets that no sound client would write, the statuses by number, and looks at what comes back."""

from __future__ import annotations

import socket
import struct
from typing import Final, TypeAlias

from tests.gateway.links.esme import (
    ENQUIRE_LINK,
    NACK,
    RESP,
    SUBMIT_SM,
    Frame,
    RawEsme,
    submit_body,
)

HANDSET: Final = "6281234567890"
BANK: Final = "BANK"
ROK, RINVMSGLEN, RINVCMDLEN, RINVCMDID, RINVBNDSTS, RALYBND = 0x00, 0x01, 0x02, 0x03, 0x04, 0x05
RINVSRCADR, RINVDSTADR, RINVMSGID, RINVPASWD, RINVSYSID = 0x0A, 0x0B, 0x0C, 0x0E, 0x0F
RCANCELFAIL, RREPLACEFAIL, RINVDLNAME, RINVESMCLASS = 0x11, 0x13, 0x34, 0x43
RINVREGDLVFLG, RINVSCHED, RINVEXPIRY, RQUERYFAIL = 0x07, 0x61, 0x62, 0x67
RINVOPTPARSTREAM, ROPTPARNOTALLWD, RINVPARLEN = 0xC0, 0xC1, 0xC2
MESSAGE_PAYLOAD, RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x0424, 0x001E, 0x0427
SC_INTERFACE_VERSION: Final = 0x0210

Tlvs: TypeAlias = dict[int, bytes]


def tlv(tag: int, value: bytes) -> bytes:
    return struct.pack(">HH", tag, len(value)) + value


def tlvs_of(octets: bytes) -> Tlvs:
    """Read TLVs; raises struct.error or AssertionError where they do not hold together."""
    found, at = {}, 0
    while at < len(octets):
        tag, size = struct.unpack_from(">HH", octets, at)
        value = octets[at + 4 : at + 4 + size]
        assert len(value) == size
        found[tag] = value
        at += 4 + size
    return found


def strings(octets: bytes, count: int) -> tuple[list[str], bytes]:
    """Take C-octet strings off the front."""
    found = []
    for _ in range(count):
        one, nul, octets = octets.partition(b"\0")
        assert nul
        found.append(one.decode("latin-1"))
    return found, octets


def mt(text: bytes | str = "Kode 1234", to: str = HANDSET, **fields: object) -> bytes:
    """Write the body of a submit_sm from a bank to a subscriber."""
    return submit_body(BANK, to, text, ton=(5, 1), **fields)  # type: ignore[arg-type]


def lying(body: bytes, text: bytes, size: int) -> bytes:
    """Change the sm_length in front of a text."""
    at = body.rindex(bytes((len(text),)) + text)
    return body[:at] + bytes((size,)) + body[at + 1 :]


async def refused(esme: RawEsme, body: bytes, *statuses: int) -> Frame:
    """Submit; the answer is submit_sm_resp with one of these statuses, and the session lives."""
    frame = await esme.ask(SUBMIT_SM, body)
    assert frame.command_id == SUBMIT_SM | RESP, frame
    assert frame.status in statuses, hex(frame.status)
    await lives(esme)
    return frame


async def accepted(esme: RawEsme, body: bytes) -> str:
    """Submit; gives the message id."""
    frame = await esme.ask(SUBMIT_SM, body)
    assert (frame.command_id, frame.status) == (SUBMIT_SM | RESP, ROK), frame
    (message_id,), rest = strings(frame.body, 1)
    assert message_id
    assert rest == b""
    return message_id


async def lives(esme: RawEsme) -> None:
    """Show that the session is there, and that nothing else was on its way."""
    frame = await esme.ask(ENQUIRE_LINK)
    assert frame == Frame(ENQUIRE_LINK | RESP, ROK, esme.sequence, b"")


async def nack_and_close(esme: RawEsme, status: int) -> None:
    """The last that comes is a generic_nack under number 0 (§4.3.1)."""
    assert await esme.closed() == struct.pack(">IIII", 16, NACK, status, 0)


async def drips(esme: RawEsme, octets: bytes) -> None:
    """Write octet by octet, each in a segment of its own as far as TCP lets us."""
    own: socket.socket = esme.writer.get_extra_info("socket")
    own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for octet in octets:
        esme.writer.write(bytes((octet,)))
        await esme.writer.drain()


def reset(esme: RawEsme) -> None:
    """Go away with a TCP reset."""
    own: socket.socket = esme.writer.get_extra_info("socket")
    own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    esme.writer.transport.abort()
