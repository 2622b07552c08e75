"""Tallies add up."""

from handsets.load.tally import Tally, by_second, largest, total_of


def test_senders_add_up_by_second() -> None:
    mine = [Tally(0, sent=2, reply={10: 1}), Tally(1, sent=1, causes={"lost": 1})]
    others = [Tally(1, sent=4, waiting=3, causes={"lost": 2})]
    found = by_second([*mine, *others])
    assert [one.second for one in found] == [0, 1]
    assert (found[1].sent, found[1].waiting, found[1].causes) == (5, 3, {"lost": 3})
    assert mine[1].causes == {"lost": 1}


def test_the_total_waits_for_what_the_last_second_waits_for() -> None:
    total = total_of([Tally(0, sent=5, waiting=3), Tally(1, sent=1, replied=5, waiting=1)])
    assert (total.sent, total.replied, total.waiting, total.unaccounted) == (6, 5, 1, 1)


def test_errors_and_ends() -> None:
    one = Tally(sent=9, replied=3, reported=2, refused=2, lost=2, unsent=1)
    assert (one.ended, one.errors, one.unaccounted) == (7, 5, 0)


def test_latency_to_the_end_is_to_the_response_where_nothing_more_is_awaited() -> None:
    assert Tally(response={5: 1}).to_the_end().counts == {5: 1}
    assert Tally(response={5: 1}, reply={7: 1}, receipt={9: 1}).to_the_end().counts == {7: 1, 9: 1}


def test_the_largest_come_first() -> None:
    assert largest({"b": 1, "a": 1, "c": 5}, 2) == [("c", 5), ("a", 1)]
