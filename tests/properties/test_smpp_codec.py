"""SMPP on all inputs: total, reversible, bounded, blind to TCP's cuts; fast is as the table."""

import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.smpp.codec import decode, decode_by_table, encode, encode_by_table
from gateway.smpp.codes import CommandId, TlvTag
from gateway.smpp.errors import Rejected
from gateway.smpp.fast import FAST_DECODERS, FAST_ENCODERS
from gateway.smpp.fields import LAYOUTS, Field, Kind, Layout
from gateway.smpp.framing import HEADER
from gateway.smpp.gsm import decode_gsm, encode_gsm
from gateway.smpp.message import part_of, text_of
from gateway.smpp.pdu import (
    DistributionList,
    Pdu,
    SmeAddress,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
    Tlv,
    UnsuccessSme,
)
from gateway.smpp.receipt_reading import parse_receipt
from gateway.smpp.rules import refusal
from gateway.smpp.session import Role, Session
from gateway.smpp.smpp_time import parse_time
from gateway.smpp.text import decode_text
from tests.gateway.smpp.samples import ALL, bound

byte = st.integers(0, 255)
word = st.integers(0, 0xFFFFFFFF)


def strings(size: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=size - 1)


# Known tags and any others; values well sized and not, also beyond one octet's count.
tags = st.sampled_from(TlvTag).map(int) | st.integers(0, 0xFFFF)
long_values = st.builds(bytes.__mul__, st.binary(min_size=1, max_size=3), st.integers(85, 20_000))
tlvs = st.lists(st.builds(Tlv, tags, st.binary(max_size=40) | long_values), max_size=3).map(tuple)
VALUES: dict[Kind, Callable[[Field], st.SearchStrategy[Any]]] = {
    Kind.INT1: lambda _: byte,
    Kind.INT4: lambda _: word,
    Kind.CSTRING: lambda field: strings(field.size),
    Kind.SHORT_MESSAGE: lambda field: st.binary(max_size=field.size),
    Kind.DESTINATIONS: lambda _: st.lists(
        st.builds(SmeAddress, strings(21), byte, byte) | st.builds(DistributionList, strings(21)),
        min_size=1,
        max_size=4,
    ).map(tuple),
    Kind.UNSUCCESSFUL: lambda _: st.lists(
        st.builds(UnsuccessSme, strings(21), word, byte, byte), max_size=4
    ).map(tuple),
}


def values(field: Field) -> st.SearchStrategy[Any]:
    return VALUES[field.kind](field)


def pdus_of(layout: Layout) -> st.SearchStrategy[Pdu]:
    fields = {field.name: values(field) for field in layout.fields}
    if layout.fields:
        fields["tlvs"] = tlvs
    if layout.is_response:
        fields["command_status"] = st.just(0) | word
    made: st.SearchStrategy[Any] = st.builds(layout.pdu, sequence_number=word, **fields)
    return made.map(sound)


def sound(pdu: Any) -> Any:
    """Drop a payload beside a short_message, which no decoder of ours takes."""
    if getattr(pdu, "short_message", b""):
        kept = tuple(one for one in pdu.tlvs if one.tag != TlvTag.MESSAGE_PAYLOAD)
        return msgspec.structs.replace(pdu, tlvs=kept)
    return pdu


pdus = st.one_of([pdus_of(layout) for layout in LAYOUTS.values()])
fast_pdus = st.one_of([pdus_of(LAYOUTS[one]) for one in FAST_DECODERS])


@st.composite
def damaged(draw: st.DrawFn, source: st.SearchStrategy[Pdu]) -> tuple[int, bytes]:
    """A command_id with a body that was sound before something happened to it."""
    pdu = draw(source)
    body = bytearray(encode(pdu, error_body=True)[16:])
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=30))
    return pdu.command_id.value, bytes(body)


def whole(command_id: int, body: bytes, status: int = 0, sequence: int = 1) -> bytes:
    return HEADER.pack(16 + len(body), command_id, status, sequence) + body


@given(st.binary(max_size=100))
def test_decode_is_total(octets: bytes) -> None:
    assert isinstance(decode(octets), Pdu | Rejected)


@given(damaged(pdus) | st.tuples(st.sampled_from([*LAYOUTS]), st.binary(max_size=100)), word)
def test_decode_is_total_for_any_body(case: tuple[int, bytes], status: int) -> None:
    decoded = decode(whole(*case, status))
    assert isinstance(decoded, Pdu | Rejected)
    if isinstance(decoded, SubmitSm):
        assert isinstance(text_of(decoded), str)
        part_of(decoded)
        refusal(decoded, 0)


@given(pdus)
def test_what_is_written_is_read_back(pdu: Pdu) -> None:
    assert decode(encode(pdu, error_body=True)) == pdu


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda one: one.pdu.command_id.name)
@settings(max_examples=25)
@given(data=st.data())
def test_every_type_is_read_back(layout: Layout, data: st.DataObject) -> None:
    pdu = data.draw(pdus_of(layout))
    assert type(decode(encode(pdu, error_body=True))) is layout.pdu
    assert decode(encode(pdu, error_body=True)) == pdu


def test_the_most_that_fits_is_read_back() -> None:
    address = "6" * 20
    dests = tuple(SmeAddress(address, 255, 255) for _ in range(254))
    failed = tuple(UnsuccessSme(address, 0xFFFFFFFF, 255, 255) for _ in range(255))
    payload = (Tlv(TlvTag.MESSAGE_PAYLOAD, b"x" * 0xFFFF),)
    for pdu in (
        SubmitMulti(1, dest_address=dests, tlvs=payload),
        SubmitMultiResp(1, 0, "m" * 64, failed, payload),
        SubmitSm(1, short_message=b"x" * 254, tlvs=(Tlv(0x1400, b"x" * 0xFFFF),) * 2),
    ):
        assert decode(encode(pdu)) == pdu


@given(pdus)
def test_what_was_read_is_written_the_same(pdu: Pdu) -> None:
    octets = encode(pdu)
    again = decode(octets)
    assert isinstance(again, Pdu)
    assert encode(again) == octets


@settings(max_examples=500)
@given(damaged(fast_pdus), word, word, st.binary(max_size=5))
def test_fast_reading_is_the_tables_reading(
    case: tuple[int, bytes], status: int, sequence: int, behind: bytes
) -> None:
    command_id, body = case
    data = whole(command_id, body, status, sequence) + behind
    end = 16 + len(body)
    fast = FAST_DECODERS[command_id](data, 16, end, status, sequence)
    table = decode_by_table(data, 16, end, command_id, status, sequence)
    assert fast is None or (fast == table and type(fast) is type(table))


@given(fast_pdus, word)
def test_fast_writing_is_the_tables_writing(pdu: Pdu, sequence: int) -> None:
    fast = FAST_ENCODERS[type(pdu)](pdu, sequence)
    assert fast is None or fast == encode_by_table(pdu, sequence)


def play(session: Session, chunks: list[bytes]) -> tuple[list[object], bytes]:
    items: list[object] = []
    for chunk in chunks:
        items += session.receive(chunk)
    return items, session.take()


# ---- what octets may cost

# A TLV of no octets takes four on the wire and an object here: the dearest octets there are.
OBJECTS_AN_OCTET = 64


def allocated(work: Callable[[], object]) -> int:
    """Give the most memory, in octets, that some work held at a time beyond what there was."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = work()
        peak = tracemalloc.get_traced_memory()[1] - before
        del kept
    finally:
        tracemalloc.stop()
    return peak


def hear(frame: bytes) -> tuple[Session, list[object]]:
    session = Session(Role.SMSC)
    return session, list(session.receive(frame))


LIES = {
    "command_length of 4 GiB": struct.pack(">IIII", 0xFFFFFFFF, 4, 0, 1),
    "command_length of 2 GiB": struct.pack(">IIII", 0x7FFFFFFF, 4, 0, 1),
    "command_length just above the most": struct.pack(">IIII", 65_537, 4, 0, 1),
    "command_length of the most, and nothing behind": struct.pack(">IIII", 65_536, 4, 0, 1),
    "the length alone": b"\xff\xff\xff\xff",
}


@pytest.mark.parametrize("octets", LIES.values(), ids=LIES)
def test_a_length_that_lies_costs_nothing(octets: bytes) -> None:
    assert allocated(lambda: hear(octets)) < 20_000


@pytest.mark.parametrize(
    "body",
    [
        b"\0" * 16 + b"\xff",
        b"\0" * 16 + b"\0\x04\x24\xff\xff",
        b"\0" * 16 + b"\0" + b"\x14\0\xff\xff" * 50,
        b"\0\0\0\0\xff" + b"\1" * 40,
        b"\0\xff" + b"\0" * 40,
    ],
)
@pytest.mark.parametrize("command_id", [*LAYOUTS, 0x111])
def test_counts_and_tlvs_that_lie_cost_nothing(command_id: int, body: bytes) -> None:
    assert allocated(lambda: decode(whole(command_id, body))) < 20_000


@settings(max_examples=50)
@given(st.sampled_from([*LAYOUTS]), st.binary(max_size=40), st.integers(0, 1000))
def test_a_pdu_costs_in_proportion_to_its_octets(
    command_id: int, body: bytes, repeats: int
) -> None:
    frame = whole(command_id, body + b"\x14\0\0\0" * repeats)
    assert allocated(lambda: decode(frame)) <= OBJECTS_AN_OCTET * len(frame) + 20_000


@pytest.mark.parametrize("octets", [whole(0x15, b""), whole(0x111, b""), whole(4, b"")])
def test_a_read_full_of_small_pdus_costs_in_proportion(octets: bytes) -> None:
    many = octets * 4096
    assert allocated(lambda: hear(many)) <= OBJECTS_AN_OCTET * len(many)


def test_what_waits_for_its_end_is_kept_once() -> None:
    # A PDU that never ends, octet by octet: no more than its octets is held, and `max_pdu` at most.
    session = Session(Role.SMSC)
    octets = struct.pack(">IIII", 65_536, 4, 0, 1) + b"x" * 60_000

    def trickle() -> None:
        for octet in octets:
            session.receive(bytes((octet,)))

    assert allocated(trickle) < 3 * len(octets)


streams = st.lists(
    st.sampled_from(ALL).map(encode)
    | damaged(pdus).map(lambda case: whole(*case))
    | st.binary(max_size=20),
    max_size=5,
).map(b"".join)


@given(streams, st.booleans(), st.sampled_from(Role), st.lists(st.integers(1, 30), max_size=5))
def test_tcp_may_cut_anywhere(stream: bytes, is_bound: bool, role: Role, sizes: list[int]) -> None:
    def session() -> Session:
        if not is_bound:
            return Session(role)
        return bound()[0 if role is Role.ESME else 1]

    cuts, at = [], 0
    for size in sizes:
        cuts.append(stream[at : at + size])
        at += size
    cuts.append(stream[at:])
    expected = play(session(), [stream])
    assert play(session(), [bytes((octet,)) for octet in stream]) == expected
    assert play(session(), cuts) == expected


@given(byte, st.binary(max_size=160))
def test_any_octets_are_some_text(coding: int, octets: bytes) -> None:
    assert isinstance(decode_text(coding, octets), str)


@given(st.binary(max_size=160))
def test_gsm_text_comes_back(octets: bytes) -> None:
    text = decode_gsm(octets)
    again = encode_gsm(text)
    assert again is None or decode_gsm(again) == text


@given(st.text(max_size=100) | st.text("id:sub dlvrdateonst0123456789RxT", max_size=60))
def test_receipts_and_times_never_raise(text: str) -> None:
    parse_receipt(text)
    parse_time(text)


def test_the_fast_four_are_the_traffic() -> None:
    assert set(FAST_DECODERS) == {
        CommandId.SUBMIT_SM,
        CommandId.SUBMIT_SM_RESP,
        CommandId.DELIVER_SM,
        CommandId.DELIVER_SM_RESP,
    }
