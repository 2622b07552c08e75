"""What the owner of the interactive phone can type, and what each line does to the phone. Pure."""

from __future__ import annotations

from msgspec import Struct

from gateway.air.frames import CallEvent, CallUpAction, DataUpAction
from gateway.core.numbers import Address, BadNumber, parse_address
from handsets import lines
from handsets.handset import Handset

HELP = (
    "sms TO TEXT     send an SMS: sms 4444 REG 3201...#3201...#",
    "call TO         call a number",
    "answer          take the call that rings",
    "reject          refuse the call that rings",
    "hangup          end the call",
    "data on|off     open or close the data session",
    "ussd CODE       ask a USSD service: ussd *444#",
    "status          what the phone knows: bars, call, data",
    "help            this list",
    "quit            switch the phone off (also Ctrl-D, Ctrl-C)",
)


class Obeyed(Struct, frozen=True):
    """What a line brought: lines to show at once, and whether it was the last."""

    shown: tuple[str, ...] = ()
    quits: bool = False


_NOTHING = Obeyed()


def obey(phone: Handset, line: str, now: float) -> Obeyed:
    """Do what a line says; a mistake is answered with what to type instead."""
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    match word.lower():
        case "":
            return _NOTHING
        case "sms":
            return _sms(phone, rest, now)
        case "call":
            return _call(phone, rest, now)
        case "answer" | "reject" | "hangup":
            return _step(phone, CallUpAction(word.lower()), now)
        case "data":
            return _data(phone, rest.lower(), now)
        case "ussd":
            return _ussd(phone, rest, now)
        case "status":
            return Obeyed(tuple(lines.status(phone)))
        case "help" | "?":
            return Obeyed(HELP)
        case "quit" | "exit":
            return Obeyed(quits=True)
        case _:
            return _told(f'there is no command "{word[:20]}"; type help')


def _told(line: str) -> Obeyed:
    return Obeyed((line,))


def _sms(phone: Handset, rest: str, now: float) -> Obeyed:
    written, _, text = rest.partition(" ")
    to = _number(written, "sms 4444 REG 3201...#3201...#")
    if isinstance(to, Obeyed):
        return to
    phone.send_sms(to, text.strip(), now)
    return _NOTHING


def _call(phone: Handset, rest: str, now: float) -> Obeyed:
    to = _number(rest, "call 081234567890")
    if isinstance(to, Obeyed):
        return to
    phone.dial(to, now)
    return _NOTHING


def _number(written: str, example: str) -> Address | Obeyed:
    address = parse_address(written)
    if isinstance(address, BadNumber):
        if not written:
            return _told(f"which number? {example}")
        return _told(f'"{address.text}" is no number: {address.remedy}')
    return address


def _step(phone: Handset, action: CallUpAction, now: float) -> Obeyed:
    call = phone.current_call()
    if call is None:
        return _told("there is no call")
    if action is not CallUpAction.HANGUP and call.state is not CallEvent.INCOMING:
        return _told("no call rings here; hangup ends the present one")
    phone.step(action, call.id, now)
    return _NOTHING


def _data(phone: Handset, rest: str, now: float) -> Obeyed:
    actions = {"on": DataUpAction.OPEN, "off": DataUpAction.CLOSE}
    action = actions.get(rest)
    if action is None:
        return _told("data on, or data off")
    phone.switch_data(action, now)
    return _NOTHING


def _ussd(phone: Handset, rest: str, now: float) -> Obeyed:
    if not (rest.startswith("*") and rest.endswith("#") and len(rest) > 2):
        return _told("which service? ussd *444#")
    phone.ask_ussd(rest, now)
    return _NOTHING
