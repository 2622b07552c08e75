"""SMPP on all inputs: total, reversible, blind to TCP's cuts; fast path and table agree."""

from collections.abc import Callable
from typing import Any

import msgspec
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
from gateway.smpp.pdu import DistributionList, Pdu, SmeAddress, SubmitSm, Tlv, UnsuccessSme
from gateway.smpp.receipt import parse_receipt
from gateway.smpp.rules import refusal
from gateway.smpp.session import Role, Session
from gateway.smpp.smpp_time import parse_time
from gateway.smpp.text import decode_text, segments, split_udh
from tests.gateway.smpp.samples import ALL, bound

byte = st.integers(0, 255)
word = st.integers(0, 0xFFFFFFFF)


def strings(size: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=size - 1)


tlvs = st.lists(st.builds(Tlv, st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=3).map(
    tuple
)
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


@given(st.text(max_size=200), st.booleans())
def test_segments_join_to_the_text(text: str, wide: bool) -> None:
    parts = segments(text, 1, wide=wide)
    bodies = [split_udh(p.short_message)[1] if p.esm_class else p.short_message for p in parts]
    shown = "".join(
        decode_text(part.data_coding, body) for part, body in zip(parts, bodies, strict=True)
    )
    assert shown == text.encode("utf-16-be", "replace").decode("utf-16-be")
    assert all(len(part.short_message) <= 160 for part in parts)


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
