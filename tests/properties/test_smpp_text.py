"""Text on all inputs: packed and back; cut, sent in any order with repeats, and put together."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.smpp.codes import EsmClass
from gateway.smpp.message import body_of, part_of, segment_of, text_of, whole_text
from gateway.smpp.pdu import DeliverSm
from gateway.smpp.reassembly import Complete, Duplicate, Limits, Reassembly, Waiting
from gateway.smpp.segmentation import Segment, octet_segments, segments
from gateway.smpp.septets import pack, packed_size, unpack
from gateway.smpp.text import DefaultAlphabet, decode_text, encode_text, unpacked
from gateway.smpp.udh import LongForm

septets = st.lists(st.integers(0, 127), max_size=200).map(bytes)
fills = st.integers(0, 6)
# Many characters of one octet, of two septets, and of two code units, beside any others.
texts = st.text(
    st.sampled_from("ab@\n€{é") | st.sampled_from("あ😀ç") | st.characters(), max_size=500
)
gsm_texts = st.text("ab@€{é", max_size=500)


def sent(part: Segment) -> DeliverSm:
    return DeliverSm(
        source_addr="62811",
        destination_addr="4444",
        esm_class=part.esm_class,
        data_coding=part.data_coding,
        short_message=part.short_message,
        tlvs=part.tlvs,
    )


def readable(text: str) -> str:
    """What can come back: lone surrogates are replaced where they are written."""
    return text.encode("utf-16-be", "replace").decode("utf-16-be")


@given(septets, fills)
def test_packed_septets_come_back(text: bytes, fill: int) -> None:
    octets = pack(text, fill)
    assert len(octets) == packed_size(text, fill)
    back = unpack(octets, fill)
    # A carriage return at the very end may be taken for padding (23.038 §6.1.2.3.1).
    assert back == text or (text.endswith(b"\r") and back + b"\r" == text)


@given(st.binary(max_size=200), fills)
def test_unpacking_is_total(octets: bytes, fill: int) -> None:
    assert len(unpack(octets, fill)) <= len(octets) * 8 // 7


@given(st.integers(0, 255), st.binary(max_size=160), st.sampled_from(DefaultAlphabet))
def test_any_octets_are_some_text(coding: int, octets: bytes, alphabet: DefaultAlphabet) -> None:
    assert isinstance(decode_text(coding, unpacked(coding, octets, alphabet), alphabet), str)
    for esm_class in (0, EsmClass.UDHI):
        pdu = DeliverSm(esm_class=esm_class, data_coding=coding, short_message=octets)
        assert isinstance(text_of(pdu, alphabet), str)


@given(texts | gsm_texts, st.sampled_from(DefaultAlphabet))
def test_written_text_is_read_back(text: str, alphabet: DefaultAlphabet) -> None:
    coding, octets = encode_text(text, alphabet)
    back = decode_text(coding, unpacked(coding, octets, alphabet), alphabet)
    assert back.rstrip("\r") == readable(text).rstrip("\r")


def together(parts: tuple[Segment, ...], arrivals: list[int], alphabet: DefaultAlphabet) -> str:
    """Take the segments as they arrive, and give the text that they make."""
    held: Reassembly[int] = Reassembly(Limits())
    seen: set[int] = set()
    shown = ""
    for number in arrivals:
        pdu = sent(parts[number])
        place = part_of(pdu)
        assert place is not None
        outcome = held.add(*segment_of(pdu, place, number, alphabet), 0)
        if number in seen:
            assert outcome == Duplicate(number, len(seen) == len(parts))
        elif len(seen) < len(parts) - 1:
            assert outcome == Waiting(len(parts) - len(seen) - 1)
        else:
            assert isinstance(outcome, Complete)
            assert [part.context for part in outcome.parts] == [*range(len(parts))]
            shown = whole_text(outcome.parts, alphabet)
        seen.add(number)
    assert len(held) == 0
    return shown


@given(
    st.data(),
    texts | gsm_texts,
    st.integers(0, 0xFFFF),
    st.sampled_from(LongForm),
    st.sampled_from(DefaultAlphabet),
)
def test_segments_in_any_order_give_the_text_back(
    data: st.DataObject,
    text: str,
    reference: int,
    form: LongForm,
    alphabet: DefaultAlphabet,
) -> None:
    parts = segments(text, reference, form=form, alphabet=alphabet)
    most = 254 if form is LongForm.PAYLOAD else 160
    assert all(len(part.short_message) <= most for part in parts)
    if len(parts) == 1:
        [only] = parts
        assert part_of(sent(only)) is None
        shown = text_of(sent(only), alphabet)
    else:
        every = range(len(parts))
        repeats = data.draw(st.lists(st.sampled_from(every), max_size=3))
        shown = together(parts, data.draw(st.permutations([*every, *repeats])), alphabet)
    assert shown.rstrip("\r") == readable(text).rstrip("\r")


@given(st.data(), st.binary(max_size=600), st.sampled_from(LongForm))
def test_binary_segments_give_the_octets_back(
    data: st.DataObject, octets: bytes, form: LongForm
) -> None:
    parts = octet_segments(octets, 4, 7, form=form)
    if len(parts) == 1:
        assert body_of(sent(parts[0])) == octets
    else:
        order = data.draw(st.permutations(range(len(parts))))
        assert together(parts, order, DefaultAlphabet.GSM) == octets.decode("latin-1")
