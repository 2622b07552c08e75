"""[registry]: how its values reach the rules."""

from __future__ import annotations

from gateway.config.registry import OutageConfig, PersonConfig, PersonState, RegistryConfig
from gateway.config.values import Config
from gateway.core.numbers import Kk
from gateway.core.registration.citizens import Registry
from gateway.core.registration.records import Person, Records, Shares, Standing
from tests.gateway.core.network import wib

NIK, KK = "3201010101809000", "3201010101179000"


def test_by_default_nobody_has_any_trouble() -> None:
    rules = Config().rules()
    assert (rules.records, rules.outages, rules.lost_success) == (None, (), 0.0)


def test_shares_and_people_reach_the_records() -> None:
    config = RegistryConfig(
        seed=7,
        population=9,
        kk_changed=0.1,
        blocked=0.2,
        duplicate=0.3,
        unsynchronised=0.4,
        people=(
            PersonConfig(nik=NIK, kk=KK),
            PersonConfig(
                nik=KK, state=PersonState.UNSYNCHRONISED, synchronised_on="2018-03-01T12:00"
            ),
        ),
    )
    population = Registry(7, 9)
    assert config.population_of() == population
    assert config.records(population) == Records(
        population,
        7,
        Shares(0.1, 0.2, 0.3, 0.4, wib("2018-03-13 00:00")),
        {
            NIK: Person(Standing.SOUND, Kk(KK)),
            KK: Person(Standing.UNSYNCHRONISED, None, wib("2018-03-01 12:00")),
        },
    )


def test_people_may_never_be_synchronised() -> None:
    config = RegistryConfig(unsynchronised=1.0, synchronised_on="")
    records = config.records(config.population_of())
    assert records is not None
    assert records.shares.synchronised_at == 0


def test_outages_are_ordered_and_those_that_overlap_are_one() -> None:
    rows = [
        ("2018-02-28", "2018-03-01"),
        ("2018-02-26T06:00", "2018-02-26T12:00"),
        ("2018-02-26T08:00", "2018-02-26T09:00"),
        ("2018-02-26T12:00", "2018-02-26T13:00"),
    ]
    config = RegistryConfig(
        lost_success=0.25,
        outages=tuple(OutageConfig(begins=begins, ends=ends) for begins, ends in rows),
    )
    rules = Config(registry=config).rules()
    assert rules.outages == (
        (wib("2018-02-26 06:00"), wib("2018-02-26 13:00")),
        (wib("2018-02-28 00:00"), wib("2018-03-01 00:00")),
    )
    assert rules.lost_success == 0.25
