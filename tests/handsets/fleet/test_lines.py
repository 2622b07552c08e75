"""What a fleet shows."""

from handsets.fleet.lines import slow
from handsets.fleet.play import Progress


def progress(phones: int, on: int) -> Progress:
    return Progress(20.0, phones, on, 0, 0, 6_000, "")


def test_many_phones_that_come_on_slowly_are_told_a_faster_way() -> None:
    told = slow(progress(10_000, 2_500), shared=False)
    assert told.startswith("handsets: 2,500 of 10,000 phones are on: the embedded broker takes")
    assert "give --shared 10" in told
    assert slow(progress(10_000, 10_000), shared=False) == ""
    assert slow(progress(10_000, 2_500), shared=True) == ""
    assert slow(progress(1_000, 250), shared=False) == ""
