"""Histograms as Prometheus wants them."""

from __future__ import annotations

from gateway.figures import Histogram
from gateway.testing import Simulator


def test_values_are_counted_up_to_their_bound() -> None:
    histogram = Histogram((1.0, 2.5))
    for value in (0.5, 1.0, 2.0):
        histogram.note(value)
    histogram.note(9.0, 2)
    assert histogram.buckets() == [("1.0", 2), ("2.5", 3), ("+Inf", 5)]
    assert (histogram.count, histogram.sum) == (5, 21.5)


async def test_a_flow_counts_what_it_decides() -> None:
    async with Simulator() as sms:
        phone = await sms.handset("081290000001")
        await phone.sms("4444", "HALO")
        figures, seq = sms.gateway.flow.figures, sms.gateway.store.numbers()["records"]
        assert figures.decision_seconds.count == figures.batch_events.sum == seq
        assert figures.commit_seconds.count == figures.batch_events.count <= seq
        assert 0 <= figures.commit_seconds.sum <= figures.decision_seconds.sum
