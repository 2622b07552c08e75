"""What can happen: the closed union of events that the switch decides on.

Times are milliseconds since 1970 UTC on the simulated clock.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.core.faults import FaultRule
from gateway.core.numbers import Msisdn


class SmeAddress(Struct, frozen=True, gc=False, array_like=True):
    """An address as an ESME wrote it, so that receipts and replies carry it back unchanged."""

    ton: int
    npi: int
    digits: str


class Phone(Struct, frozen=True, gc=False, tag="phone"):
    """A virtual handset on MQTT asked; `ref` is its own reference."""

    ref: str


class Esme(Struct, frozen=True, gc=False, tag="esme", omit_defaults=True):
    """An ESME asked by submit_sm.

    `session` is this process's number of the bind: the answer prefers it. `validity` is the
    requested validity period in milliseconds, 0 for the SMSC's default.
    """

    account: str
    session: int
    source: SmeAddress
    destination: SmeAddress
    registered_delivery: int = 0
    validity: int = 0


class MoSms(Struct, frozen=True, gc=False, tag="mo_sms"):
    """A subscriber sends an SMS to a number or short code."""

    sender: Msisdn
    to: str
    text: str
    via: Phone | Esme


class MtSms(Struct, frozen=True, gc=False, tag="mt_sms"):
    """An ESME sends an SMS to a subscriber; `source` may be a name, a number or a short code."""

    source: str
    to: Msisdn
    text: str
    via: Esme


class Acknowledged(Struct, frozen=True, gc=False, tag="acknowledged"):
    """The receiver confirmed these message ids: a handset's `up/ack`, an ESME's deliver_sm_resp.

    `by` is the handset's number or the account; only its own messages end.
    """

    by: str
    ids: tuple[int, ...]


class Refused(Struct, frozen=True, gc=False, tag="refused"):
    """An ESME refused a deliver_sm for good, with this command_status."""

    by: str
    id: int
    command_status: int


class Lapsed(Struct, frozen=True, gc=False, tag="lapsed"):
    """The validity of these messages ended before anybody took them."""

    ids: tuple[int, ...]


class Dial(Struct, frozen=True, gc=False, tag="dial"):
    """A phone calls a number."""

    caller: Msisdn
    to: str
    ref: str


class CallAction(Enum):
    """What a phone does with a call that exists."""

    ANSWER = "answer"
    REJECT = "reject"
    HANGUP = "hangup"


class CallStep(Struct, frozen=True, gc=False, tag="call_step"):
    """A phone answers, rejects or ends a call."""

    by: Msisdn
    action: CallAction
    id: int
    ref: str = ""


class RingLapsed(Struct, frozen=True, gc=False, tag="ring_lapsed"):
    """Nobody answered in time."""

    id: int


class DataOpen(Struct, frozen=True, gc=False, tag="data_open"):
    """A phone opens a data session."""

    msisdn: Msisdn
    ref: str


class DataClose(Struct, frozen=True, gc=False, tag="data_close"):
    """A phone closes its data session."""

    msisdn: Msisdn
    ref: str


class Presence(Struct, frozen=True, gc=False, tag="presence"):
    """A phone came or went (its retained `up/state`, or its last will)."""

    msisdn: Msisdn
    online: bool


class StageDue(Struct, frozen=True, gc=False, tag="stage_due"):
    """The calendar reached `at`, when this number's next stage falls due."""

    msisdn: Msisdn
    at: int


class ClockSet(Struct, frozen=True, gc=False, tag="clock_set"):
    """A person or test moved the simulated calendar; journalled like an SMS."""

    now: int
    speed: float


class FaultsSet(Struct, frozen=True, gc=False, tag="faults_set"):
    """A person or test changed what goes wrong on purpose; these are all rules from now on.

    `what` words the change for people.
    """

    what: str
    rules: tuple[FaultRule, ...]
    seed: int


Event = (
    MoSms
    | MtSms
    | Acknowledged
    | Refused
    | Lapsed
    | Dial
    | CallStep
    | RingLapsed
    | DataOpen
    | DataClose
    | Presence
    | StageDue
    | ClockSet
    | FaultsSet
)


def ref_of(event: Event) -> str | None:
    """Name a phone's request among all phones': what it asks, who asks, its own reference.

    None where nobody asked by reference. A request with a name that was answered before is a
    repeat; the same reference for another kind of request is not.
    """
    if isinstance(event, MoSms):
        return f"sms {event.sender}/{event.via.ref}" if isinstance(event.via, Phone) else None
    if isinstance(event, Dial):
        return f"dial {event.caller}/{event.ref}"
    if isinstance(event, CallStep):
        return f"{event.action.value} {event.by}/{event.ref}" if event.ref else None
    if isinstance(event, DataOpen):
        return f"open {event.msisdn}/{event.ref}"
    if isinstance(event, DataClose):
        return f"close {event.msisdn}/{event.ref}"
    return None
