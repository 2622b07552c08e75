from __future__ import annotations

import pytest

from gateway.core.registration.profiles import DEFAULT_PROFILES, FALLBACK_PROFILE
from gateway.core.registration.ussd import is_ussd_code


def test_codes_of_the_profiles_are_codes_with_a_source() -> None:
    codes = {one.name: one.ussd.code for one in (*DEFAULT_PROFILES, FALLBACK_PROFILE)}
    assert {name: code for name, code in codes.items() if code} == {
        "telkomsel": "*444#", "xl": "*123*4444#", "axis": "*123*4444#",
    }  # fmt: skip
    assert all(not code or is_ussd_code(code) for code in codes.values())
    assert all(one.ussd.source.startswith("domain.md 1.2") for one in DEFAULT_PROFILES)


@pytest.mark.parametrize(
    "code", ["444#", "*444", "**444#", "*4a#", "*#", "#444#", "*444#\n", "*4\u0664#"]
)
def test_what_is_no_code(code: str) -> None:
    assert not is_ussd_code(code)
