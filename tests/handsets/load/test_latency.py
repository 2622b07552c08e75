"""Histograms keep a thousandth, and add up without loss."""

from hypothesis import given
from hypothesis import strategies as st

from handsets.load.latency import Latencies, bucket_of, highest_in

MICROS = st.integers(min_value=0, max_value=10**10)


def of(values: list[int]) -> Latencies:
    found = Latencies()
    for value in values:
        found.add(value)
    return found


@given(MICROS)
def test_a_bucket_holds_its_value_within_a_thousandth(value: int) -> None:
    low = bucket_of(value)
    high = highest_in(low)
    assert low <= value <= high
    assert high - low <= value / 1024
    assert bucket_of(high) == low


@given(st.lists(MICROS), st.lists(MICROS))
def test_merged_is_as_if_one_had_measured_all(mine: list[int], others: list[int]) -> None:
    assert of(mine).merge((of(others).counts,)).counts == of(mine + others).counts


@given(st.lists(MICROS, min_size=1), st.sampled_from([0.0, 0.5, 0.9, 0.99, 0.999, 1.0]))
def test_a_percentile_is_that_of_the_sorted_values(values: list[int], share: float) -> None:
    rank = max(1, -(-int(share * 1000) * len(values) // 1000))
    exact = sorted(values)[rank - 1]
    assert of(values).percentile(share) == highest_in(bucket_of(exact))


def test_percentiles_of_nothing_are_none() -> None:
    assert Latencies().percentiles((0.5, 0.99)) == [None, None]
    assert Latencies().total == 0


def test_clocks_that_disagree_measure_nothing_less_than_zero() -> None:
    assert of([-5]).counts == {0: 1}
