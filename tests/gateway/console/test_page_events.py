"""How records read on the page."""

from __future__ import annotations

import pytest

from gateway.console.page_events import is_shown, shown_event
from gateway.core.causes import Cause
from gateway.core.decision import NOTED, Denied, Record
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    ClockSet,
    DataClose,
    DataOpen,
    Dial,
    Event,
    Lapsed,
    Presence,
    Ussd,
)
from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner, OutletRegisters
from gateway.core.programme import RegistrationTold
from gateway.core.registration.outcomes import OutcomeKind

SITI, BUDI = Msisdn("6281290000001"), Msisdn("6285690000002")


def record(event: Event, *, denied: bool = False) -> Record:
    answer = Denied(Cause.OPERATOR_DETERMINED_BARRING) if denied else NOTED
    return Record(1, 0, event, answer, "NIK 3201014107859001")


@pytest.mark.parametrize(
    ("event", "kind", "to", "text", "way"),
    [
        (Dial(SITI, BUDI, "r"), "call", BUDI, "", ["phone", "smsc"]),
        (CallStep(SITI, CallAction.ANSWER, 1), "call", "", "answer", ["phone", "smsc"]),
        (DataOpen(SITI, "r"), "data", "", "on", ["phone", "smsc"]),
        (DataClose(SITI, "r"), "data", "", "off", ["phone", "smsc"]),
        (Ussd(SITI, "*444#", "r"), "ussd", "*444#", "", ["phone", "smsc"]),
        (Presence(SITI, online=False), "phone", "", "off", ["phone", "smsc"]),
        (ClockSet(5, 1.0), "trainer", "", "", ["trainer"]),
        (Lapsed((1,)), "lapsed", "", "", ["calendar", "smsc"]),
        (
            OutletRegisters(
                SITI, "G", Foreigner(Document.PASSPORT, "X", "AU", "E", "P", "1990-01-01")
            ),
            "outlet_registers",
            "",
            "",
            ["outlet", "smsc"],
        ),
        (
            RegistrationTold(SITI, OutcomeKind.REGISTERED, "app"),
            "registration_told",
            "",
            "",
            ["application", "smsc"],
        ),
    ],
)
def test_what_happened_and_where_it_went(
    event: Event, kind: str, to: str, text: str, way: list[str]
) -> None:
    shown = shown_event(record(event))
    assert (shown["kind"], shown["to"], shown["text"], shown["way"]) == (kind, to, text, way)
    assert shown["why"] == "NIK 3201********9001"


def test_a_refusal_ends_the_way() -> None:
    shown = shown_event(record(Dial(SITI, BUDI, "r"), denied=True))
    assert shown["way"] == ["phone", "smsc", "refused"]
    assert shown["cause"] == "operator_determined_barring"


def test_acknowledgements_are_not_shown() -> None:
    assert not is_shown(record(Acknowledged(SITI, (1,))))
    assert is_shown(record(ClockSet(5, 1.0)))
