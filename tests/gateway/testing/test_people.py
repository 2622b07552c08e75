"""People whom a test registers: each once, and those who stand well."""

from __future__ import annotations

from itertools import islice

from gateway.config import Config, RegistryConfig
from gateway.core.numbers import Kk, Nik
from gateway.testing.people import people


def test_each_is_given_once_and_matches() -> None:
    rules = Config().rules()
    some = list(islice(people(rules), 50))
    assert len({one.nik for one in some}) == 50
    for one in some:
        assert rules.registry.verify(Nik(one.nik), Kk(one.kk)).name == "MATCH"
        assert rules.registry.verify(Nik(one.nik), Kk(one.wrong_kk)).name == "KK_MISMATCH"
        assert rules.registry.verify(Nik(one.unknown_nik), Kk(one.kk)).name == "NIK_UNKNOWN"


def test_those_with_troubles_are_passed_over() -> None:
    rules = Config(registry=RegistryConfig(blocked=0.9)).rules()
    assert rules.records is not None
    every = [one.nik.digits for one in rules.registry.citizens(200)]
    some = [one.nik for one in islice(people(rules), 5)]
    assert every.index(some[-1]) > 10
