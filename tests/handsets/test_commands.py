"""What the owner of the interactive phone types."""

import pytest

from gateway.air.frames import (
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    DataUp,
    DataUpAction,
    SmsUp,
    UssdUp,
    encode,
)
from gateway.air.topics import DownKind
from gateway.core.numbers import Msisdn
from handsets.commands import HELP, obey
from handsets.handset import Handset

OTHER = "6281200000002"


@pytest.fixture
def phone() -> Handset:
    return Handset(Msisdn("6281200000001"), run="r")


def asked(phone: Handset) -> list[object]:
    return [request.frame for request in phone.requests.values()]


def in_call(phone: Handset, event: CallEvent) -> None:
    phone.hear(DownKind.CALL, encode(CallDown("9", event, OTHER)))


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("sms 4444 REG 1#2#", SmsUp("r-1", "4444", "REG 1#2#")),
        ("  SMS 4444   REG 1 # 2 ", SmsUp("r-1", "4444", "REG 1 # 2")),
        ("sms 081200000002 hai", SmsUp("r-1", OTHER, "hai")),
        ("sms 4444", SmsUp("r-1", "4444", "")),
        ("call 0812-0000-0002", CallUp(CallUpAction.DIAL, "r-1", OTHER)),
        ("call 112", CallUp(CallUpAction.DIAL, "r-1", "112")),
        ("data on", DataUp("r-1", DataUpAction.OPEN)),
        ("data OFF", DataUp("r-1", DataUpAction.CLOSE)),
        ("ussd *444#", UssdUp("r-1", "*444#")),
    ],
)
def test_a_line_asks_the_network(phone: Handset, line: str, frame: object) -> None:
    obeyed = obey(phone, line, 0.0)
    assert (obeyed.shown, obeyed.quits) == ((), False)
    assert asked(phone) == [frame]


@pytest.mark.parametrize("action", [CallUpAction.ANSWER, CallUpAction.REJECT, CallUpAction.HANGUP])
def test_a_ringing_call_is_taken_or_ended(phone: Handset, action: CallUpAction) -> None:
    in_call(phone, CallEvent.INCOMING)
    assert obey(phone, action.value, 0.0).shown == ()
    assert asked(phone) == [CallUp(action, "r-1", id="9")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sms", "which number? sms 4444"),
        ("call", "which number? call 0812"),
        ("sms Budi hai", '"Budi" is no number: use digits only'),
        ("call 12x", '"12x" is no number'),
        ("answer", "there is no call"),
        ("hangup", "there is no call"),
        ("data", "data on, or data off"),
        ("data maybe", "data on, or data off"),
        ("ussd", "which service? ussd *444#"),
        ("ussd *#", "which service? ussd *444#"),
        ("dance", 'there is no command "dance"; type help'),
    ],
)
def test_a_mistake_is_answered_with_what_to_type(phone: Handset, line: str, told: str) -> None:
    (shown,) = obey(phone, line, 0.0).shown
    assert shown.startswith(told)
    assert asked(phone) == []


def test_an_outgoing_call_cannot_be_answered(phone: Handset) -> None:
    in_call(phone, CallEvent.RINGING)
    assert obey(phone, "answer", 0.0).shown == ("no call rings here; hangup ends the present one",)


@pytest.mark.parametrize("line", ["help", "?"])
def test_help(phone: Handset, line: str) -> None:
    assert obey(phone, line, 0.0).shown == HELP


def test_status(phone: Handset) -> None:
    assert obey(phone, "status", 0.0).shown[0] == "081200000001 (6281200000001)"


@pytest.mark.parametrize("line", ["quit", "exit", " QUIT "])
def test_quit(phone: Handset, line: str) -> None:
    assert obey(phone, line, 0.0).quits


def test_an_empty_line_does_nothing(phone: Handset) -> None:
    assert obey(phone, "  ", 0.0).shown == ()
