"""`gateway differences` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from msgspec import structs

from gateway.cli_differences import EXIT_DIFFERENT
from gateway.core.application import ServedCode
from gateway.core.events import Esme, MtSms, RegistrationTold, SmeAddress
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind

from .test_cli_remote import Running

NUMBER = Msisdn("6281190000001")


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


def test_differences_in_words_and_as_json(running: Running) -> None:
    alone = running.run("differences")
    assert alone.exit_code == 0
    assert alone.stdout.startswith("nobody compares: write shadow = true")
    flow = running.gateway.flow
    flow._rules = structs.replace(
        flow.rules, short_codes={"4444": ServedCode("reg4444", True, 1_000)}
    )
    assert running.run("differences").stdout == "no difference\n"
    siti = flow.rules.registry.citizen(1)
    running.do(running.gateway.sms(NUMBER, "4444", f"REG {siti.nik.digits}#{siti.kk.digits}#"))
    untold = running.run("differences", "--hours", "0")
    assert untold.exit_code == EXIT_DIFFERENT
    right = f"registered (NIK {siti.nik}, KK {siti.kk})"
    at = "2018-02-26T08:00:00+07:00"
    assert untold.stdout == f"{at}  {NUMBER}  SMS 1: nothing told, the desk says {right}\n"
    told = RegistrationTold(NUMBER, OutcomeKind.BAD_FORMAT, "regapp")
    running.do(running.gateway.decide(told))
    found = running.run("differences")
    assert found.exit_code == EXIT_DIFFERENT
    line = f"{at}  {NUMBER}  SMS 1: regapp says bad_format, the desk says {right}\n"
    assert found.stdout == line
    assert json.loads(running.run("differences", "--json").stdout)["untold"] == []
    via = Esme("reg4444", 1, SmeAddress(0, 1, "4444"), SmeAddress(1, 1, NUMBER))
    running.do(running.gateway.decide(MtSms("4444", NUMBER, "Halo", via)))
    running.do(running.gateway.decide(MtSms("4444", NUMBER, "Nomor Anda sudah terdaftar.", via)))
    assert running.run("differences").stdout == (
        f"{at}  {NUMBER}  SMS 1: reg4444 replies in SMS 3 already_registered, the desk says "
        f"{right}\n{NUMBER}  1 replies that shadow cannot read, the newest SMS 2: add its words to "
        "[[short_codes.replies]]\n"
    )
