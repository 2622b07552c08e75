from gateway.smpp.reassembly import (
    Complete,
    Duplicate,
    Limits,
    Part,
    Partial,
    PartKey,
    Reassembly,
    Waiting,
)
from gateway.smpp.udh import LongForm

KEY = PartKey("62811", "4444", 7, LongForm.UDH_8, 3)
TWO = PartKey("62811", "4444", 8, LongForm.UDH_8, 2)
ONE, SECOND, THIRD = (Part(n, bytes((96 + n,)) * n, 0, f"seq {n}") for n in (1, 2, 3))


def part(number: int, octets: bytes, context: str = "") -> Part[str]:
    return Part(number, octets, 0, context)


def test_segments_in_any_order_make_the_message() -> None:
    held: Reassembly[str] = Reassembly()
    assert held.add(KEY, THIRD, 0) == Waiting(2)
    assert held.add(KEY, ONE, 5) == Waiting(1)
    assert len(held) == 1
    whole = held.add(KEY, SECOND, 9)
    assert whole == Complete(KEY, (ONE, SECOND, THIRD))
    assert isinstance(whole, Complete)
    assert (whole.octets, whole.data_coding) == (b"abbccc", 0)
    assert len(held) == 0
    assert held.deadline() is None


def test_a_message_of_one_segment_is_whole() -> None:
    key = PartKey("a", "b", 1, LongForm.SAR, 1)
    assert Reassembly[str]().add(key, ONE, 0) == Complete(key, (ONE,))


def test_what_differs_in_its_key_is_another_message() -> None:
    held: Reassembly[str] = Reassembly()
    for key in (
        TWO,
        PartKey("62812", "4444", 8, LongForm.UDH_8, 2),
        PartKey("62811", "4445", 8, LongForm.UDH_8, 2),
        PartKey("62811", "4444", 9, LongForm.UDH_8, 2),
        PartKey("62811", "4444", 8, LongForm.UDH_16, 2),
        PartKey("62811", "4444", 8, LongForm.UDH_8, 3),
    ):
        assert isinstance(held.add(key, ONE, 0), Waiting)
    assert len(held) == 6


def test_a_repeat_names_the_segment_it_repeats() -> None:
    held: Reassembly[str] = Reassembly()
    held.add(TWO, ONE, 0)
    assert held.add(TWO, part(1, b"a", "again"), 1) == Duplicate("seq 1", False)
    held.add(TWO, SECOND, 2)
    assert held.add(TWO, part(2, b"bb", "late"), 10_001) == Duplicate("seq 2", True)
    # Forgotten after ten seconds: a new message, which happens to begin alike.
    assert held.add(TWO, part(2, b"bb", "new"), 10_002) == Waiting(1)


def test_a_reference_used_again_begins_a_new_message() -> None:
    held: Reassembly[str] = Reassembly()
    held.add(TWO, ONE, 0)
    held.add(TWO, SECOND, 0)
    assert held.add(TWO, part(1, b"other"), 1) == Waiting(1)
    # What was remembered of the earlier message went with its reference.
    assert isinstance(held.add(TWO, SECOND, 2), Complete)


def test_a_reference_used_again_gives_up_the_message_that_waits() -> None:
    held: Reassembly[str] = Reassembly()
    held.add(TWO, ONE, 0)
    other = part(1, b"other")
    assert held.add(TWO, other, 1) == Waiting(1, (Partial(TWO, (ONE,)),))
    assert held.add(TWO, SECOND, 2) == Complete(TWO, (other, SECOND))


def test_another_data_coding_is_no_repeat() -> None:
    held: Reassembly[str] = Reassembly()
    held.add(TWO, ONE, 0)
    assert held.add(TWO, Part(1, b"a", 8, ""), 1) == Waiting(1, (Partial(TWO, (ONE,)),))


def test_what_does_not_become_whole_in_time_is_given_back() -> None:
    held: Reassembly[str] = Reassembly(Limits(time_ms=100))
    held.add(KEY, THIRD, 0)
    held.add(TWO, ONE, 50)
    held.add(KEY, ONE, 99)
    assert held.deadline() == 100
    assert held.expired(99) == ()
    assert held.expired(100) == (Partial(KEY, (ONE, THIRD)),)
    assert held.deadline() == 150
    assert held.expired(1_000) == (Partial(TWO, (ONE,)),)
    assert held.deadline() is None


def test_the_oldest_goes_when_there_are_too_many() -> None:
    held: Reassembly[str] = Reassembly(Limits(entries=1))
    held.add(KEY, ONE, 0)
    assert held.add(TWO, ONE, 1) == Waiting(1, (Partial(KEY, (ONE,)),))
    assert len(held) == 1


def test_the_oldest_goes_when_there_is_too_much() -> None:
    held: Reassembly[str] = Reassembly(Limits(octets=2 * 64 + 4))
    held.add(KEY, ONE, 0)
    assert held.add(TWO, THIRD, 1) == Waiting(1)
    assert held.add(KEY, SECOND, 2) == Waiting(1, (Partial(KEY, (ONE, SECOND)),))
    assert held.add(TWO, ONE, 3) == Complete(TWO, (ONE, THIRD))


def test_what_is_remembered_is_bounded_too() -> None:
    held: Reassembly[str] = Reassembly(Limits(entries=1))
    for reference in (1, 2):
        held.add(PartKey("a", "b", reference, LongForm.SAR, 1), ONE, 0)
    first, second = (
        held.add(PartKey("a", "b", reference, LongForm.SAR, 1), ONE, 1) for reference in (2, 1)
    )
    assert first == Duplicate("seq 1", True)
    assert isinstance(second, Complete)


def test_nothing_is_remembered_if_memory_is_off() -> None:
    held: Reassembly[str] = Reassembly(Limits(memory_ms=0))
    key = PartKey("a", "b", 1, LongForm.SAR, 1)
    assert isinstance(held.add(key, ONE, 0), Complete)
    assert isinstance(held.add(key, ONE, 0), Complete)
    assert held.expired(0) == ()
