"""What a subscriber is, and that it survives the journal."""

import msgspec
import pytest

from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.subscriber import BlockStage, Status, Subscriber

MSISDN = Msisdn("6281210000001")


@pytest.mark.parametrize(
    ("status", "registered"),
    [
        (Status.NEW, False),
        (Status.UNREGISTERED, False),
        (Status.REGISTERED, True),
        (Status.REGISTERED_UNVALIDATED, True),
        (Status.EXPIRED, False),
        (Status.UNREGISTERED_DEAD, False),
    ],
)
def test_registered_statuses_may_use_every_service(status: Status, registered: bool) -> None:
    assert status.registered is registered


@pytest.mark.parametrize(
    "subscriber",
    [
        Subscriber(MSISDN, "telkomsel", Status.UNREGISTERED, 1),
        Subscriber(
            MSISDN,
            "telkomsel",
            Status.REGISTERED,
            1,
            notice_at=2,
            registered_at=3,
            nik=Nik("3201060401139001"),
            kk=Kk("3201060401130027"),
            has_phone=True,
            online=True,
            announced=BlockStage.TOTAL_BARRED,
            data_ref="d1",
            call_id=9,
        ),
    ],
)
def test_a_subscriber_survives_the_journal(subscriber: Subscriber) -> None:
    written = msgspec.json.encode(subscriber)
    assert msgspec.json.decode(written, type=Subscriber) == subscriber


def test_identities_print_masked() -> None:
    subscriber = Subscriber(MSISDN, "xl", Status.REGISTERED, 1, nik=Nik("3201060401139001"))
    assert "3201060401139001" not in repr(subscriber)
    assert "3201********9001" in repr(subscriber)
