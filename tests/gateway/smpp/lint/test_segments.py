from __future__ import annotations

from typing import Any

import pytest

from gateway.smpp.lint.message import data_of
from gateway.smpp.lint.segments import PAIRS_MOST, Segments
from gateway.smpp.pdu import DataSm, SmeAddress, SubmitMulti, SubmitSm, Tlv

FULL = b"x" * 160


class Client:
    """Sends messages, half a second apart unless told otherwise."""

    def __init__(self) -> None:
        self.segments = Segments()
        self.now = 100.0

    def says(self, pdu: Any, after: float = 0.5) -> list[str]:
        self.now += after
        return [rule.id for rule, _ in self.segments.notes(pdu, data_of(pdu), self.now)]

    def text(self, text: bytes, to: str = "1", after: float = 0.5, **values: Any) -> list[str]:
        return self.says(SubmitSm(destination_addr=to, short_message=text, **values), after)

    def part(
        self, reference: int, total: int, number: int, text: bytes = b"", after: float = 0.5
    ) -> list[str]:
        header = bytes((5, 0, 3, reference, total, number))
        octets = header + (text or bytes((number,)))
        return self.text(octets, esm_class=0x40, after=after)


def test_a_full_message_and_its_rest_without_a_header() -> None:
    client = Client()
    assert client.text(FULL) == []
    assert client.text(b"the rest") == ["cut_without_udh"]
    assert client.text(b"another") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"text": b"short"}, {"text": b"short too"}),
        ({"text": FULL}, {"text": FULL}),
        ({"text": FULL}, {"text": b"later", "after": 1.1}),
        ({"text": FULL}, {"text": b"to another", "to": "2"}),
        ({"text": FULL}, {"text": b"\0a", "data_coding": 8}),
        ({"text": FULL, "data_coding": 4}, {"text": b"x", "data_coding": 4}),
        ({"text": FULL, "tlvs": (Tlv(0x0204, b"\0\1"),)}, {"text": b"x"}),
    ],
)
def test_two_messages_that_are_no_cut_text(first: Any, second: Any) -> None:
    client = Client()
    assert client.text(**first) == []
    assert client.text(**second) == []


def test_a_cut_of_binary_and_of_three() -> None:
    client = Client()
    assert client.text(b"\4" * 140, data_coding=4) == []
    assert client.text(b"\5" * 140, data_coding=4) == ["cut_without_udh"]
    assert client.text(b"\6" * 14, data_coding=4) == ["cut_without_udh"]


def test_a_message_with_a_header_between_ends_the_suspicion() -> None:
    client = Client()
    assert client.text(FULL) == []
    assert client.part(1, 2, 1) == []
    assert client.text(b"the rest") == []


def test_data_sm_and_submit_multi_are_not_cut() -> None:
    client = Client()
    payload = (Tlv(0x0424, FULL),)
    assert client.says(DataSm(destination_addr="1", tlvs=payload)) == []
    assert client.text(b"x") == []
    multi = SubmitMulti(dest_address=(SmeAddress("1"),), short_message=FULL)
    assert client.says(multi) == client.says(multi) == []


def test_segments_as_they_should_be() -> None:
    client = Client()
    for reference in (1, 2, 3):
        assert [client.part(reference, 3, number) for number in (1, 2, 3)] == [[], [], []]


def test_two_long_messages_at_the_same_time() -> None:
    client = Client()
    for reference, number in ((1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (4, 1), (4, 2), (3, 2)):
        assert client.part(reference, 2, number) == []


def test_the_same_reference_for_the_next_message() -> None:
    client = Client()
    assert [client.part(7, 2, 1, b"a"), client.part(7, 2, 2, b"b")] == [[], []]
    assert client.part(7, 2, 1, b"c") == ["reference_reused"]
    assert client.part(7, 2, 2, b"d") == []
    assert client.part(7, 3, 1, b"e") == ["reference_reused"]


def test_a_segment_again_and_a_reference_after_a_long_time_are_no_reuse() -> None:
    client = Client()
    assert [client.part(7, 2, 1, b"a"), client.part(7, 2, 1, b"a")] == [[], []]
    assert client.part(7, 2, 1, b"c", after=3601) == []


def test_a_reference_for_each_segment() -> None:
    client = Client()
    assert [client.part(10 + number, 3, number) for number in (1, 2, 3)] == [
        [],
        [],
        ["segments_split"],
    ]


def test_a_second_part_whose_first_is_not_known_is_not_judged() -> None:
    client = Client()
    assert client.part(1, 2, 2) == []
    assert client.part(2, 3, 3) == []


def test_what_was_not_seen_may_have_been_the_missing_part() -> None:
    client = Client()
    client.segments.skipped(client.now)
    assert [client.part(1, 2, 1), client.part(2, 2, 2)] == [[], []]
    client.segments.skipped(client.now - 100)
    assert [client.part(3, 2, 1), client.part(4, 2, 2)] == [[], ["segments_split"]]


def test_sar_parameters_count_as_a_place() -> None:
    client = Client()
    for reference, number, expected in ((1, 1, []), (2, 2, ["segments_split"])):
        tlvs = (
            Tlv(0x020C, bytes((0, reference))),
            Tlv(0x020E, b"\2"),
            Tlv(0x020F, bytes((number,))),
        )
        assert client.text(bytes((number,)), tlvs=tlvs) == expected


def test_pairs_are_bounded() -> None:
    client = Client()
    for number in range(PAIRS_MOST + 1):
        assert client.text(FULL, to=str(number), after=0) == []
    assert client.text(b"x", to="0", after=0) == []
    assert client.text(b"x", to="1", after=0) == ["cut_without_udh"]
