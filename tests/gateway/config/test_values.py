from __future__ import annotations

import pytest
from msgspec import structs

from gateway.config import (
    AccountConfig,
    Config,
    DeskReading,
    FaultConfig,
    FaultingConfig,
    FaultKind,
    MessagesConfig,
    OwnScheduleConfig,
    RegistrationConfig,
    RegistryConfig,
    ScheduleConfig,
    SmppConfig,
    StepConfig,
    SubscribersConfig,
)
from gateway.config.delays import DelayConfig
from gateway.config.operators import DEFAULT_OPERATORS, FormatConfig, UssdConfig
from gateway.config.smpp_values import LimitsConfig
from gateway.core.ageing import SCHEDULES, CountsFrom, Step, wib_midnight
from gateway.core.chance import Fixed
from gateway.core.fault_aim import arm
from gateway.core.faults import FaultRule, NoResponse
from gateway.core.ledger import Rules, Unknown
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Registry, RegistryMode
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    FALLBACK_PROFILE,
    Reading,
    TrailingHash,
    index_profiles,
    operator_of,
)
from gateway.core.registration.ussd import UssdAnswer, UssdService
from gateway.core.subscriber import BlockStage

TELKOMSEL = Msisdn("6281134567890")
XL = Msisdn("6281734567890")


def test_defaults_make_the_rules_of_2018() -> None:
    assert Config().rules() == Rules(
        schedule=SCHEDULES["brief"],
        profiles=index_profiles(DEFAULT_PROFILES, FALLBACK_PROFILE),
        registry=Registry(4444),
        faults=arm((), 4444),
    )


def test_every_value_reaches_the_rules() -> None:
    config = Config(
        schedule=ScheduleConfig(profile="permen"),
        registration=RegistrationConfig(
            code="5555", numbers_per_nik=0, verdict_delay=DelayConfig(seconds=90)
        ),
        registry=RegistryConfig(mode=RegistryMode.ACCEPT, seed=1, population=7),
        subscribers=SubscribersConfig(unknown=Unknown.REFUSE),
        messages=MessagesConfig(
            validity_hours=0.5, ring_seconds=1.5, parts_seconds=2.5, transaction_seconds=3
        ),
        smpp=SmppConfig(
            accounts=(
                AccountConfig(
                    system_id="a",
                    password="p",
                    limits=LimitsConfig(queue=9),
                    receipt_delay=DelayConfig(seconds=0.25),
                ),
                AccountConfig(system_id="b", password="p"),
            )
        ),
        faulting=FaultingConfig(seed=7),
        faults=(FaultConfig(name="x", kind=FaultKind.NO_RESPONSE),),
    )
    assert config.rules() == Rules(
        schedule=SCHEDULES["permen"],
        profiles=index_profiles(),
        registry=Registry(1, 7, "accept"),
        registration_code="5555",
        numbers_per_nik=0,
        unknown=Unknown.REFUSE,
        validity_ms=1_800_000,
        ring_ms=1_500,
        parts_ms=2_500,
        transaction_ms=3_000,
        queues={"a": 9},
        receipt_delays={"a": Fixed(250)},
        verdict_delay=Fixed(90_000),
        seed=7,
        faults=arm([FaultRule(name="x", fault=NoResponse())], 7),
    )


def test_clock_now_is_in_milliseconds_since_1970_utc() -> None:
    assert Config().clock_now() == wib_midnight(2018, 2, 26) + 8 * 3_600_000


def test_own_schedule() -> None:
    own = OwnScheduleConfig(
        name="mine",
        counts_from=CountsFrom.NOTICE,
        day_zero="2018-03-01",
        steps=(StepConfig(day=2, stage=BlockStage.TOTAL_BARRED),),
        source="a lesson",
    )
    schedule = Config(schedules=(own,), schedule=ScheduleConfig(profile="mine")).rules().schedule
    assert schedule.name == "mine"
    assert schedule.counts_from is CountsFrom.NOTICE
    assert schedule.day_zero == wib_midnight(2018, 3, 1)
    assert schedule.steps == (Step(2, BlockStage.TOTAL_BARRED),)
    assert schedule.source == "a lesson"
    assert Config(schedules=(own,)).rules().schedule.name == "brief"


def test_unchecked_schedule_name_raises() -> None:
    with pytest.raises(ValueError, match="'mine' is not the name of a schedule"):
        Config(schedule=ScheduleConfig(profile="mine")).rules()


@pytest.mark.parametrize("reading", [DeskReading.STRICT, DeskReading.LENIENT])
def test_reading_for_all_overrides_the_rows(reading: DeskReading) -> None:
    rows = dict(DEFAULT_OPERATORS)
    rows["xl"] = structs.replace(rows["xl"], reading=Reading.STRICT)
    config = Config(operators=rows, registration=RegistrationConfig(reading=reading))
    profiles = config.rules().profiles
    found = {profile.reading for profile in (*profiles.profiles, profiles.fallback)}
    assert found == {Reading(reading.value)}


def test_reading_by_row() -> None:
    rows = dict(DEFAULT_OPERATORS)
    rows["xl"] = structs.replace(rows["xl"], reading=Reading.STRICT)
    profiles = Config(operators=rows).rules().profiles
    assert operator_of(XL, profiles).reading is Reading.STRICT
    assert operator_of(TELKOMSEL, profiles).reading is Reading.LENIENT


def test_changed_format_names_the_configuration_as_its_source() -> None:
    rows = dict(DEFAULT_OPERATORS)
    own = FormatConfig(keyword="REG", separator="#", trailing_hash=TrailingHash.FORBIDDEN)
    rows["xl"] = structs.replace(rows["xl"], new_number=own)
    profile = operator_of(XL, Config(operators=rows).rules().profiles)
    assert profile.new_number.hint == "REG#NIK#KK"
    assert profile.new_number.source == "configuration"
    assert profile.old_number.source == "domain.md 1.1 [S1][S2][S3]"


def test_changed_ussd_code_names_the_configuration_as_its_source() -> None:
    rows = dict(DEFAULT_OPERATORS)
    rows["xl"] = structs.replace(rows["xl"], ussd=UssdConfig(code="*500#", answer=UssdAnswer.SMS))
    profiles = Config(operators=rows).rules().profiles
    assert operator_of(XL, profiles).ussd == UssdService("*500#", UssdAnswer.SMS, "configuration")
    assert operator_of(TELKOMSEL, profiles).ussd.source.startswith("domain.md 1.2 ")


def test_without_a_row_for_other_numbers_the_built_in_one_holds() -> None:
    rows = {"xl": DEFAULT_OPERATORS["xl"]}
    profiles = Config(operators=rows).rules().profiles
    assert profiles.fallback == FALLBACK_PROFILE
    assert operator_of(TELKOMSEL, profiles).name == "other"
