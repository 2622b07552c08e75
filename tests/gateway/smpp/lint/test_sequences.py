from __future__ import annotations

import pytest

from gateway.smpp.codec import encode
from gateway.smpp.lint.sequences import WAITING_MOST, Sequences
from gateway.smpp.pdu import DeliverSm, QuerySm, SubmitSmResp
from gateway.smpp.window import LAST_SEQUENCE


def ids(sequences: Sequences, *numbers: int) -> list[str]:
    found = sequences.notes([QuerySm(number) for number in numbers])
    return [f"{rule.id} {number}" for (rule, _), number in found]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([2, 3, 9], []),
        ([0], ["sequence_zero 0"]),
        ([5, 4], ["sequence_not_rising 4"]),
        ([1], ["sequence_not_rising 1"]),
        ([5, 5], ["sequence_repeated 5"]),
        ([5, 4, 5], ["sequence_not_rising 4", "sequence_repeated 5"]),
        ([LAST_SEQUENCE, 1, 2], []),
        ([LAST_SEQUENCE + 1], [f"sequence_high {LAST_SEQUENCE + 1}"]),
        (
            [3, 2, LAST_SEQUENCE + 1],
            ["sequence_not_rising 2", f"sequence_high {LAST_SEQUENCE + 1}"],
        ),
    ],
)
def test_numbers_of_one_read(numbers: list[int], expected: list[str]) -> None:
    sequences = Sequences()
    sequences.last = 1
    assert ids(sequences, *numbers) == expected
    assert sequences.last == numbers[-1]


def test_a_response_frees_its_number() -> None:
    sequences = Sequences()
    assert ids(sequences, 5, 4) == ["sequence_not_rising 4"]
    sequences.answered(encode(SubmitSmResp(5)) + encode(DeliverSm(4)))
    assert ids(sequences, 6, 5) == ["sequence_not_rising 5"]
    assert ids(sequences, 4) == ["sequence_repeated 4"]


def test_broken_octets_written_by_us_disturb_nothing() -> None:
    sequences = Sequences()
    sequences.answered(b"\0\0\0\1")
    ids(sequences, 5, 4)
    sequences.answered(b"\0\0\0\1" + b"\x80\0\0\4" + bytes(8) + b"\0\0\0\x10" + bytes(12))
    assert ids(sequences, 5) == ["sequence_repeated 5"]


def test_the_numbers_that_wait_are_bounded() -> None:
    sequences = Sequences()
    ids(sequences, 5, 4)
    ids(sequences, *range(10, 10_010))
    assert len(sequences.waiting or ()) == WAITING_MOST
