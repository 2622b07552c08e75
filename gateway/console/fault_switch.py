"""Sets of faults under one name, switched on and off."""

from __future__ import annotations

from gateway.config import PROFILES
from gateway.console.view import Gateway
from gateway.core.fault_aim import arm


async def switch_profile(gateway: Gateway, name: str, on: bool) -> None:
    """Switch a profile's faults on or off; the others stay. Raises KeyError for an unknown one."""
    present = gateway.flow.rules.faults
    rules = [rule for rule in present.rules if not rule.name.startswith(f"{name}.")]
    if on:
        rules += [row.rule() for row in PROFILES[name].rows_for("")]
    word = "on" if on else "off"
    await gateway.set_faults(arm(rules, present.seed), f"profile {name} {word}")
