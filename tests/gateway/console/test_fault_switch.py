"""A profile's faults are switched; the others stay."""

from __future__ import annotations

import pytest

from gateway.console.fault_switch import switch_profile

from .small_gateway import SmallGateway


async def test_a_profile_goes_on_and_off(gateway: SmallGateway) -> None:
    for name in ("throttling", "overloaded-desk", "overloaded-desk"):
        await switch_profile(gateway, name, True)
    on = [rule.name.partition(".")[0] for rule in gateway.flow.rules.faults.rules]
    assert set(on) == {"throttling", "overloaded-desk"}
    assert len(set(on)) < len(on) == len({rule.name for rule in gateway.flow.rules.faults.rules})
    await switch_profile(gateway, "overloaded-desk", False)
    assert [rule.name for rule in gateway.flow.rules.faults.rules] == ["throttling.rate"]
    with pytest.raises(KeyError):
        await switch_profile(gateway, "nothing", True)
