"""Curves of rates become moments."""

from itertools import pairwise
from random import Random

import pytest

from handsets.load.curve import Closed, Piece, Rates, Replay, burst, cut, moments, share


def even(*pieces: Piece) -> list[float]:
    return list(moments(Rates(pieces), None))


def test_a_constant_rate_is_evenly_spaced() -> None:
    assert even(Piece(1.0, 4.0, 4.0)) == pytest.approx([0.25, 0.5, 0.75, 1.0])


def test_a_ramp_grows_denser() -> None:
    found = even(Piece(10.0, 0.0, 20.0))
    assert len(found) == 100
    # Half of the time has a quarter of the messages.
    assert sum(moment <= 5.0 for moment in found) == 25
    assert all(later >= earlier for earlier, later in pairwise(found))


def test_a_ramp_down_to_nothing_ends() -> None:
    found = even(Piece(10.0, 20.0, 0.0))
    assert len(found) in (99, 100)
    assert found[-1] <= 10.0


def test_what_a_piece_leaves_over_goes_on_in_the_next() -> None:
    # 0.5 of a message is due when the second piece begins.
    assert even(Piece(0.5, 1.0, 1.0), Piece(2.0, 2.0, 2.0)) == pytest.approx(
        [0.75, 1.25, 1.75, 2.25]
    )
    assert even(Piece(1.0, 0.0, 0.0), Piece(1.0, 1.0, 1.0)) == pytest.approx([2.0])


def test_independent_people_come_at_random_at_the_same_rate() -> None:
    found = list(moments(Rates((Piece(100.0, 100.0, 100.0),)), Random(1)))
    assert 9_500 < len(found) < 10_500
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert min(gaps) < 0.001
    assert max(gaps) > 0.05


def test_a_burst_ends_each_period() -> None:
    pieces = burst(350.0, 1000.0, 60.0, 600.0, 900.0)
    assert pieces == [
        Piece(540.0, 350.0, 350.0),
        Piece(60.0, 1000.0, 1000.0),
        Piece(300.0, 350.0, 350.0),
    ]


def test_a_curve_is_cut_and_scaled() -> None:
    ramp = Rates((Piece(10.0, 0.0, 100.0), Piece(10.0, 100.0, 100.0)))
    assert cut(ramp, 5.0, 2.0) == Rates((Piece(5.0, 0.0, 100.0),))
    assert cut(ramp, None, 1.0) == ramp
    assert cut(Replay((0.0, 1.0, 2.0)), 1.5, 3.0) == Replay((0.0, 1.0))
    assert cut(Replay((0.0,)), None, 1.0) == Replay((0.0,))
    assert cut(Closed(10, 60.0), 5.0, 0.5) == Closed(5, 5.0)
    assert cut(Closed(10, 60.0), None, 0.01) == Closed(1, 60.0)


def test_shares_are_together_the_whole() -> None:
    rates = Rates((Piece(10.0, 30.0, 60.0),))
    parts = [share(rates, one, 3) for one in range(3)]
    together = sum(one.messages for one in parts if isinstance(one, Rates))
    assert together == pytest.approx(rates.messages)
    replays = [share(Replay((0.0, 1.0, 2.0)), one, 2) for one in range(2)]
    assert replays == [Replay((0.0, 2.0)), Replay((1.0,))]
    windows = [share(Closed(10, 1.0), one, 4) for one in range(4)]
    assert [one.window for one in windows if isinstance(one, Closed)] == [3, 3, 2, 2]


def test_a_curve_knows_how_long_it_lasts() -> None:
    assert Rates((Piece(2.0, 1.0, 3.0), Piece(1.0, 1.0, 1.0))).seconds == 3.0
    assert (Replay((0.0, 4.0)).seconds, Replay((0.0, 4.0)).messages) == (4.0, 2.0)
    assert Replay(()).seconds == 0.0
