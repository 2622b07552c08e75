"""The profiles are rules that can be armed, and say that they are invented."""

from __future__ import annotations

import pytest

from gateway.config import PROFILES, Config, FaultingConfig
from gateway.config.fault_checks import check_faults
from gateway.config.fields import FieldReader
from gateway.config.places import Path
from gateway.core.fault_aim import arm


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_passes_the_checks_and_can_be_armed(name: str) -> None:
    found: list[Path] = []
    reader = FieldReader(lambda path, what, remedy: found.append(path))
    profile = PROFILES[name]
    rows = profile.rows_for("qa")
    check_faults(rows, ("faults",), reader, ["qa"])
    assert not found
    faults = arm([row.rule() for row in rows], 1)
    assert faults.of("qa")
    assert not faults.of("a2p")
    assert all(rule.name.startswith(f"{name}.") for rule in faults.rules)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_says_what_it_is_and_that_it_is_invented(name: str) -> None:
    assert PROFILES[name].what
    assert PROFILES[name].provenance.startswith("invented")


def test_a_configuration_s_profiles_come_before_its_rows() -> None:
    config = Config(
        faulting=FaultingConfig(seed=7, profiles=("throttling", "closed", "throttling"))
    )
    faults = config.armed_faults()
    assert [rule.name for rule in faults.rules] == ["throttling.rate", "closed.bind"]
    assert faults.seed == 7
    assert not Config().armed_faults()
