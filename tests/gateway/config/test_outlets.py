from __future__ import annotations

from gateway.config import Config
from gateway.config.outlets import OutletsConfig
from gateway.core.outlets import Suspicion


def test_the_rules_have_what_is_configured() -> None:
    rules = Config(outlets=OutletsConfig(report_above=7, numbers_on_nik=2)).rules()
    assert rules.report_above == 7
    assert rules.suspicion == Suspicion(numbers_on_nik=2)


def test_the_defaults_are_the_core_s() -> None:
    assert OutletsConfig().suspicion() == Suspicion()
