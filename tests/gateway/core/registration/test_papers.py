"""Digits that are wrong in one place only."""

from gateway.core.registration.papers import stale_kk, unassigned_nik


def test_an_old_card_has_another_recording_day() -> None:
    assert stale_kk("3273011506179001") == "3273011406179001"
    assert stale_kk("3273010106179001") == "3273010206179001"


def test_a_nik_of_an_unassigned_district() -> None:
    assert unassigned_nik("3273015506859002") == "3273995506859002"
