"""Orders and reports survive the broker; what is none is passed over."""

import pytest

from handsets.load.curve import Piece, Rates
from handsets.load.job import Job
from handsets.load.profile import Profile
from handsets.load.tally import Tally
from handsets.load.target import Account, SmppTarget
from handsets.load.words import (
    PAYLOAD_MOST,
    Begin,
    Call,
    Failed,
    Finished,
    Hello,
    Order,
    Prepare,
    Ready,
    Report,
    Stop,
    Told,
    decode_order,
    decode_report,
    encode,
)
from handsets.place import Place

QA = Account("qa", "qa")
JOB = Job(Profile("x", Rates((Piece(1.0, 1.0, 1.0),))), SmppTarget(Place("h", 1), QA, QA))


@pytest.mark.parametrize("order", [Call(), Prepare("a", JOB), Begin(), Stop()])
def test_orders(order: Order) -> None:
    assert decode_order(encode(order)) == order


@pytest.mark.parametrize(
    "report",
    [Hello("a"), Ready("a"), Told("a", Tally(3, reply={5: 1})), Finished("a"), Failed("a", "x")],
)
def test_reports(report: Report) -> None:
    assert decode_report(encode(report)) == report


@pytest.mark.parametrize("payload", [b"", b"{}", b"\xff", encode(Hello("a"))[:-3]])
def test_what_is_none(payload: bytes) -> None:
    assert decode_order(payload) is None
    assert decode_report(payload) is None


def test_a_second_of_many_different_latencies_fits_a_broker() -> None:
    buckets = {1_000 + 7 * at: at % 9 + 1 for at in range(5_000)}
    report = Told("a", Tally(1, response=buckets, reply=buckets))
    assert len(encode(report)) < 4 * PAYLOAD_MOST
