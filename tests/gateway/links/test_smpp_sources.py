"""What an account may send as."""

from __future__ import annotations

import pytest

from gateway.links.smpp_sources import sources


def test_nothing_is_limited() -> None:
    assert sources(()) is None


@pytest.mark.parametrize(
    ("allowed", "may", "may_not"),
    [
        (("BANK",), ["BANK", ""], ["bank", "BANKER", "4444"]),
        (("3355", "4*"), ["3355", "4444", "4"], ["33555", "5"]),
        (("081234567890",), ["6281234567890", "+6281234567890", "081234567890"], ["6281234567891"]),
        (("+62812*",), ["6281234567890", "081234567890"], ["6281334567890"]),
        (("0812*",), ["6281234567890", "081234567890"], ["6281334567890"]),
        (("BANK*", "62*"), ["BANKER", "6281234567890"], ["BAN"]),
        (("*",), ["BANK", "4444", "6281234567890"], []),
    ],
)
def test_holds(allowed: tuple[str, ...], may: list[str], may_not: list[str]) -> None:
    found = sources(allowed)
    assert found is not None
    assert [one for one in may if not found.holds(one)] == []
    assert [one for one in may_not if found.holds(one)] == []
