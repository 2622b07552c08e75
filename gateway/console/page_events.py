"""What passes through the network, as the console's page shows it: way, text and why.

Pure. Acknowledgements are counted, not shown: each message has one.
"""

from __future__ import annotations

from typing import Any

from gateway.core.ageing import iso
from gateway.core.decision import Denied, Judged, MessageStored, Record, TakenByDesk
from gateway.core.events import (
    Acknowledged,
    CallStep,
    ClockSet,
    DataClose,
    DataOpen,
    Dial,
    FaultsSet,
    MoSms,
    MtSms,
    Phone,
    Presence,
    Ussd,
)
from gateway.core.message import MessageKind
from gateway.core.numbers import mask_identities
from gateway.core.outlets import OutletRegisters
from gateway.core.programme import RegistrationTold
from gateway.core.registration.outcomes import OutcomeKind

_TEXT_MOST = 200
# What the desk says without asking the civil registry.
_BY_DESK_ALONE = frozenset(
    {
        OutcomeKind.BAD_FORMAT,
        OutcomeKind.NOT_OFFERED,
        OutcomeKind.LOCKED,
        OutcomeKind.BUSY,
        OutcomeKind.PENDING,
        OutcomeKind.RECEIVED,
        OutcomeKind.CHECKED,
        OutcomeKind.DECLINED,
    }
)


def is_shown(record: Record) -> bool:
    """Whether the page shows it: acknowledgements only tell what was shown before."""
    return type(record.event) is not Acknowledged


def shown_event(record: Record) -> dict[str, Any]:
    """Show a record: `way` names the parts that it went through, `outcome` what the desk said."""
    kind, source, to, text = _what(record)
    judged = next((one for one in record.changes if type(one) is Judged), None)
    reply = _reply(record)
    return {
        "seq": record.seq,
        "at": iso(record.at),
        "kind": kind,
        "from": source,
        "to": to,
        "text": mask_identities(text[:_TEXT_MOST]),
        "way": _way(record, judged, reply),
        "cause": record.answer.cause.value if isinstance(record.answer, Denied) else "",
        "outcome": judged.kind.value if judged is not None else "",
        "reply": mask_identities(reply),
        "why": mask_identities(record.why),
    }


def _what(record: Record) -> tuple[str, str, str, str]:
    """Name what happened, who did it, to whom, and what it said."""
    match record.event:
        case MoSms(sender, to, text):
            return "sms", sender, to, text
        case MtSms(source, to, text):
            return "sms", source, to, text
        case Dial(caller, to):
            return "call", caller, to, ""
        case CallStep(by, action):
            return "call", by, "", action.value
        case DataOpen(msisdn):
            return "data", msisdn, "", "on"
        case DataClose(msisdn):
            return "data", msisdn, "", "off"
        case Ussd(msisdn, code):
            return "ussd", msisdn, code, ""
        case Presence(msisdn, online):
            return "phone", msisdn, "", "on" if online else "off"
        case ClockSet() | FaultsSet():
            return "trainer", "", "", ""
        case event:
            kind = type(event).__struct_config__.tag
            return str(kind), str(getattr(event, "msisdn", "")), "", ""


def _way(record: Record, judged: Judged | None, reply: str) -> list[str]:
    match record.event:
        case MoSms(via=via):
            way = ["phone" if isinstance(via, Phone) else "esme", "smsc"]
        case MtSms():
            way = ["esme", "smsc"]
        case Dial() | CallStep() | DataOpen() | DataClose() | Ussd() | Presence():
            way = ["phone", "smsc"]
        case ClockSet() | FaultsSet():
            return ["trainer"]
        case OutletRegisters():
            way = ["outlet", "smsc"]
        case RegistrationTold():
            way = ["application", "smsc"]
        case _:
            way = ["calendar", "smsc"]
    if isinstance(record.answer, Denied):
        return [*way, "refused"]
    if judged is not None or any(type(one) is TakenByDesk for one in record.changes):
        way.append("4444")
        if judged is not None and judged.kind not in _BY_DESK_ALONE:
            way.append("registry")
    if reply:
        way.append("reply")
    return way


def _reply(record: Record) -> str:
    for change in record.changes:
        if type(change) is MessageStored and change.message.kind is MessageKind.REPLY:
            return change.message.text
    return ""
