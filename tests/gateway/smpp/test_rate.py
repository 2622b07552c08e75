"""Rates, with time as an argument."""

from __future__ import annotations

import pytest

from gateway.smpp import rate
from gateway.smpp.codes import EsmClass, TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.pdu import DataSm, SmeAddress, SubmitMulti, SubmitSm
from gateway.smpp.rate import SubmitRate, TokenBucket


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    bucket = TokenBucket(10.0, 3, 0.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    # Steady: one each tenth of a second, never early.
    given = [step for step in range(1, 1001) if bucket.take(step / 1000)]
    assert given == list(range(100, 1001, 100))


def test_a_pause_saves_no_more_than_the_burst() -> None:
    bucket = TokenBucket(10.0, 2, 0.0)
    assert [bucket.take(1000.0) for _ in range(3)] == [True, True, False]


def test_more_than_the_burst_at_once_leaves_a_debt() -> None:
    bucket = TokenBucket(10.0, 2, 0.0)
    assert bucket.take(0.0, 5)
    assert not bucket.take(0.3)
    assert bucket.take(0.4)


SHORT = SubmitSm(source_addr="BANK", destination_addr="6281", short_message=b"x")


def part(reference: int, total: int, number: int) -> SubmitSm:
    header = bytes((5, 0, 3, reference, total, number))
    return SubmitSm(
        source_addr="BANK",
        destination_addr="6281",
        esm_class=EsmClass.UDHI,
        short_message=header + b"x",
    )


def test_a_burst_of_none_is_that_of_a_second() -> None:
    limited = SubmitRate(2.0, 0, 0.0)
    assert [limited.allows(SHORT, 0.0) for _ in range(3)] == [True, True, False]
    slow = SubmitRate(0.1, 0, 0.0)
    assert [slow.allows(SHORT, now) for now in (0.0, 9.0, 10.0)] == [True, False, True]


def test_parts_of_a_long_message_count_once() -> None:
    limited = SubmitRate(1.0, 1, 0.0)
    assert [limited.allows(part(7, 3, number), 0.0) for number in (2, 1, 3)] == [True] * 3
    # All its parts have come: a fourth is a new message, and so is every other reference.
    assert not limited.allows(part(7, 3, 1), 0.0)
    assert not limited.allows(part(8, 3, 1), 0.0)
    assert limited.allows(part(8, 3, 1), 1.0)
    assert not limited.allows(SHORT, 1.0)


def test_sar_tlvs_say_it_too_and_one_part_is_a_whole() -> None:
    limited = SubmitRate(1.0, 1, 0.0)
    sar = (
        tlv(TlvTag.SAR_MSG_REF_NUM, 7),
        tlv(TlvTag.SAR_TOTAL_SEGMENTS, 2),
        tlv(TlvTag.SAR_SEGMENT_SEQNUM, 1),
    )
    assert limited.allows(DataSm(destination_addr="6281", tlvs=sar), 0.0)
    assert limited.allows(DataSm(destination_addr="6281", tlvs=sar), 0.0)
    assert not limited.allows(part(1, 1, 1), 0.0)


def test_a_refused_part_is_not_paid_for() -> None:
    limited = SubmitRate(1.0, 1, 0.0)
    assert limited.allows(SHORT, 0.0)
    assert not limited.allows(part(7, 2, 1), 0.5)
    assert limited.allows(part(7, 2, 2), 1.0)
    assert limited.allows(part(7, 2, 1), 1.0)


def test_parts_follow_within_a_time() -> None:
    limited = SubmitRate(0.01, 1, 0.0)
    assert limited.allows(part(7, 3, 1), 0.0)
    assert limited.allows(part(7, 3, 2), 60.0)
    assert not limited.allows(part(7, 3, 3), 60.1)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "_LONG_MOST", 2)
    limited = SubmitRate(1.0, 3, 0.0)
    assert [limited.allows(part(one, 2, 1), 0.0) for one in (1, 2, 3)] == [True] * 3
    assert [limited.allows(part(one, 2, 2), 0.0) for one in (1, 2, 3)] == [False, True, True]


def test_each_destination_counts() -> None:
    limited = SubmitRate(1.0, 3, 0.0)
    two = tuple(SmeAddress(address) for address in ("6281", "6282"))
    assert limited.allows(SubmitMulti(dest_address=two), 0.0)
    assert not limited.allows(SubmitMulti(dest_address=two), 0.0)
    assert limited.allows(SubmitMulti(), 0.0)
