"""The commands as they are typed: output, exit codes, one clear line for every mistake."""

import asyncio
import json
from typing import Any

import pytest

from gateway.air.frames import (
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    CauseFrame,
    DataDown,
    DataStatus,
    DataUp,
    ResultDown,
    ResultStatus,
    SmsUp,
    UpFrame,
    UssdDown,
    UssdStatus,
    UssdUp,
)
from gateway.air.topics import DownKind
from gateway.core.causes import Cause
from gateway.core.numbers import Msisdn
from gateway.smpp.codes import CommandStatus
from handsets import cli
from handsets.place import Place
from tests.handsets.fake_gateway import Down, accepted, desk, fake_gateway, quiet
from tests.handsets.fake_smsc import fake_smsc, refuse
from tests.ports import free_port

TEXT = "REG 3201010101010001#3201010101010002#"
MASKED = "REG 3201********0001#3201********0002#"
FRIEND = "6281299999999"
Captured = pytest.CaptureFixture[str]


class Ran:
    """What one command line left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out.splitlines()
        self.err = err.splitlines()

    @property
    def json(self) -> Any:
        (line,) = self.out
        return json.loads(line)


@pytest.fixture
def typed(capsys: Captured) -> Any:
    async def run(*words: str) -> Ran:
        code = await asyncio.to_thread(cli.run, words)
        return Ran(code, *capsys.readouterr())

    return run


# ---- sms


async def test_sms_prints_the_result_and_the_reply(
    broker: Place, msisdn: Msisdn, typed: Any
) -> None:
    async with fake_gateway(broker, desk):
        ran = await typed("sms", "--from", msisdn, "--to", "4444", TEXT, "--mqtt", str(broker))
    number = "0" + msisdn[2:]
    assert ran.code == 0
    assert ran.out == [
        f"{number} -> 4444: {MASKED}",
        "accepted, id 100",
        f"4444 -> {number}: Terima kasih",
    ]
    assert ran.err == []


async def test_sms_as_json_is_one_object(broker: Place, msisdn: Msisdn, typed: Any) -> None:
    number = "0" + msisdn[2:]
    async with fake_gateway(broker, desk):
        ran = await typed(
            "sms", "--from", number, "--to", "4444", TEXT, "--mqtt", str(broker), "--json"
        )
    assert ran.code == 0
    assert (ran.json["from"], ran.json["to"], ran.json["text"]) == (msisdn, "4444", MASKED)
    assert (ran.json["status"], ran.json["id"]) == ("accepted", "100")
    assert ran.json["reply"]["text"] == "Terima kasih"
    assert (ran.json["reply"]["id"], ran.json["reply"]["from"]) == ("101", "4444")


@pytest.mark.parametrize("words", [("--to", FRIEND), ("--to", "4444", "--no-reply")])
async def test_sms_awaits_no_reply_from_a_phone_or_when_told_not_to(
    broker: Place, msisdn: Msisdn, typed: Any, words: tuple[str, ...]
) -> None:
    def script(frame: UpFrame) -> list[Down]:
        return [accepted(frame.ref)] if isinstance(frame, SmsUp) else []

    async with fake_gateway(broker, script):
        ran = await typed("sms", "--from", msisdn, *words, "hai", "--mqtt", str(broker))
    assert (ran.code, ran.out[1:]) == (0, ["accepted, id 100"])


async def test_a_refused_sms_exits_3_with_the_cause(
    broker: Place, msisdn: Msisdn, typed: Any
) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, SmsUp):
            return []
        cause = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, rp=8)
        refused = ResultDown(frame.ref, ResultStatus.REFUSED, cause=cause, why="MO SMS barred")
        return [(DownKind.RESULT, refused)]

    words = ("sms", "--from", msisdn, "--to", FRIEND, "hai", "--mqtt", str(broker))
    async with fake_gateway(broker, script):
        ran = await typed(*words)
        as_json = await typed(*words, "--json")
    assert ran.code == as_json.code == 3
    assert ran.out[1:] == ["refused: operator_determined_barring (RP cause 8)", "  MO SMS barred"]
    assert as_json.json["cause"] == {"name": "operator_determined_barring", "rp": 8}
    assert (as_json.json["status"], as_json.json["why"]) == ("refused", "MO SMS barred")


async def test_a_silent_network_exits_4(broker: Place, msisdn: Msisdn, typed: Any) -> None:
    words = ("sms", "--from", msisdn, "--to", "4444", TEXT, "--mqtt", str(broker))
    async with fake_gateway(broker, quiet):
        ran = await typed(*words, "--timeout", "0.2", "--json")
    assert (ran.code, ran.json["status"], ran.json["reply"]) == (4, "timeout", None)


async def test_no_broker_exits_1_with_the_remedy(msisdn: Msisdn, typed: Any) -> None:
    place = f"127.0.0.1:{free_port()}"
    words = ("sms", "--from", msisdn, "--to", "4444", TEXT, "--mqtt", place)
    ran = await typed(*words)
    assert (ran.code, ran.out) == (1, [])
    (line,) = ran.err
    assert line.startswith(f"handsets: no MQTT broker takes the phone at {place}")
    as_json = await typed(*words, "--json")
    assert (as_json.code, as_json.json["status"]) == (1, "unreachable")


# ---- sms over SMPP


async def test_sms_over_smpp(typed: Any) -> None:
    async with fake_smsc() as smsc:
        ran = await typed(
            "sms", "--from", "081234567890", "--to", "4444", TEXT, "--smpp", str(smsc.place)
        )
    assert ran.code == 0
    assert ran.out == [
        f"081234567890 -> 4444: {MASKED}",
        "accepted, id 42",
        "4444 -> 081234567890: Terima kasih",
    ]
    assert ran.err == []


async def test_a_submit_that_is_refused_exits_3_with_the_status(typed: Any) -> None:
    async with fake_smsc(refuse(CommandStatus.ESME_RSUBMITFAIL)) as smsc:
        words = ("sms", "--from", "081234567890", "--to", FRIEND, "x", "--smpp", str(smsc.place))
        ran = await typed(*words, "--json")
    assert ran.code == 3
    assert ran.json["cause"] == {"name": "ESME_RSUBMITFAIL", "command_status": 0x45}


async def test_a_bind_that_is_refused_exits_1_with_the_remedy(typed: Any) -> None:
    async with fake_smsc() as smsc:
        smsc.refuse_bind = CommandStatus.ESME_RINVPASWD
        words = ("sms", "--from", "081234567890", "--to", "4444", "x", "--smpp", str(smsc.place))
        ran = await typed(*words, "--password", "wrong")
    assert (ran.code, ran.out) == (1, [])
    (line,) = ran.err
    assert "ESME_RINVPASWD" in line
    assert "check --system-id and --password" in line


async def test_a_text_that_smpp_cannot_carry_exits_2(typed: Any) -> None:
    async with fake_smsc() as smsc:
        words = ("sms", "--from", "081234567890", "--to", "4444", "", "--smpp", str(smsc.place))
        ran = await typed(*words)
    assert ran.code == 2
    assert len(ran.err) == 1


# ---- call and data


def ringing(frame: UpFrame) -> list[Down]:
    if not isinstance(frame, CallUp):
        return []
    if frame.action is CallUpAction.DIAL:
        return [
            accepted(frame.ref, "9"),
            (DownKind.CALL, CallDown("9", CallEvent.RINGING, frame.to)),
        ]
    cause = CauseFrame(Cause.NORMAL_CLEARING, q850=16)
    return [(DownKind.CALL, CallDown("9", CallEvent.ENDED, FRIEND, cause))]


async def test_call_prints_what_happens(broker: Place, msisdn: Msisdn, typed: Any) -> None:
    words = ("call", "--from", msisdn, "--to", FRIEND, "--mqtt", str(broker))
    async with fake_gateway(broker, ringing):
        ran = await typed(*words)
        as_json = await typed(*words, "--hold", "0.1", "--json")
    assert ran.code == as_json.code == 0
    assert ran.out == [
        "call with 081299999999: ringing",
        "call with 081299999999 ended: normal_clearing (Q.850 16)",
    ]
    assert as_json.json["events"] == ["ringing", "ended"]


async def test_a_call_that_nobody_answers_exits_4(
    broker: Place, msisdn: Msisdn, typed: Any
) -> None:
    words = ("call", "--from", msisdn, "--to", FRIEND, "--mqtt", str(broker))
    async with fake_gateway(broker, ringing):
        ran = await typed(*words, "--until", "answered", "--timeout", "0.2")
    assert ran.code == 4
    assert ran.out[-2:] == ["timeout: normal_clearing (Q.850 16)", *ran.out[-1:]]


async def test_data_opens_or_is_refused(broker: Place, msisdn: Msisdn, typed: Any) -> None:
    answers = [DataStatus.OPENED, DataStatus.REFUSED]

    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, DataUp):
            return []
        cause = CauseFrame(Cause.OPERATOR_DETERMINED_BARRING, sm=8)
        return [(DownKind.DATA, DataDown(frame.ref, answers.pop(0), cause))]

    words = ("data", "--from", msisdn, "open", "--mqtt", str(broker))
    async with fake_gateway(broker, script):
        opened = await typed(*words)
        refused = await typed(*words, "--json")
    assert (opened.code, opened.out) == (0, [f"0{msisdn[2:]}: data session opened"])
    assert (refused.code, refused.json["status"]) == (3, "refused")
    assert refused.json["cause"] == {"name": "operator_determined_barring", "sm": 8}


async def test_ussd_shows_the_answer(broker: Place, msisdn: Msisdn, typed: Any) -> None:
    def script(frame: UpFrame) -> list[Down]:
        if not isinstance(frame, UssdUp):
            return []
        return [(DownKind.USSD, UssdDown(frame.ref, UssdStatus.ENDED, "Nomor"))]

    async with fake_gateway(broker, script):
        ran = await typed("ussd", "--from", msisdn, "*444#", "--mqtt", str(broker))
    assert (ran.code, ran.out) == (0, ["*444#: Nomor"])


# ---- arguments


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sms", "--from", "0812", "--to", "4444", "x"), "'--from': \"0812\" is no mobile number"),
        (("sms", "--from", "081234567890", "--to", "x4", "x"), "'--to': \"x4\" is no number"),
        (("sms", "--from", "081234567890", "--to", "4444"), "Missing argument 'TEXT'"),
        (("sms", "--bogus"), "No such option: --bogus"),
        (("dance",), "No such command 'dance'"),
        (("data", "--from", "081234567890", "maybe"), "'maybe' is not one of 'open', 'close'"),
        (("ussd", "--from", "081234567890", "444"), "is no USSD code; write it like"),
        (("call", "--from", "081234567890", "--to", "112", "--hold", "-1"), "'--hold'"),
        (("call", "--from", "081234567890", "--to", "112", "--timeout", "nan"), "'--timeout'"),
        (("phone", "4444"), "'MSISDN': \"4444\" is no mobile number"),
        (
            ("sms", "--from", "081234567890", "--to", "4444", "x", "--mqtt", "here"),
            "is no HOST:PORT; write it like 127.0.0.1:1883",
        ),
    ],
)
async def test_bad_arguments_exit_2_with_one_line(
    typed: Any, words: tuple[str, ...], told: str
) -> None:
    ran = await typed(*words)
    assert (ran.code, ran.out) == (2, [])
    (line,) = ran.err
    assert line.startswith("handsets: ")
    assert told in line
    assert line.endswith("--help")


@pytest.mark.parametrize("command", ["sms", "call", "data", "ussd", "phone"])
async def test_help_has_an_example(typed: Any, command: str) -> None:
    ran = await typed(command, "--help")
    assert ran.code == 0
    assert any(line.strip().startswith(f"Example: handsets {command} ") for line in ran.out)


async def test_without_a_command_the_commands_are_listed(typed: Any) -> None:
    ran = await typed()
    assert ran.code == 0
    assert any(line.strip().startswith("phone") for line in ran.out)
