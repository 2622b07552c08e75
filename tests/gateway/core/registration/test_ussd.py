from __future__ import annotations

from gateway.core.registration.profiles import DEFAULT_PROFILES
from gateway.core.registration.ussd import USSD


def test_services_are_of_operators_that_there_are() -> None:
    assert set(USSD) <= {profile.name for profile in DEFAULT_PROFILES}
    assert all(one.code.startswith("*") and one.code.endswith("#") for one in USSD.values())
