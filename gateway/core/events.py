"""What can happen: the closed union of events that the switch decides on.

Times are milliseconds since 1970 UTC on the simulated clock.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.core.faults import FaultRule
from gateway.core.imports import ImportRow as ImportRow
from gateway.core.imports import SubscribersImported as SubscribersImported
from gateway.core.imports import SubscribersRestored as SubscribersRestored
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body as Body
from gateway.core.origin import Esme as Esme
from gateway.core.origin import MessagingMode as MessagingMode
from gateway.core.origin import Part as Part
from gateway.core.origin import PartKey as PartKey
from gateway.core.origin import Phone as Phone
from gateway.core.origin import SmeAddress as SmeAddress
from gateway.core.outlets import OutletRegisters as OutletRegisters
from gateway.core.programme import CampaignBegan as CampaignBegan
from gateway.core.programme import CampaignEnded as CampaignEnded
from gateway.core.programme import DatesSet as DatesSet
from gateway.core.programme import PipelineAsked as PipelineAsked
from gateway.core.programme import RegistrationTold as RegistrationTold
from gateway.core.programme import Remind as Remind


class MoSms(Struct, frozen=True, gc=False, tag="mo_sms", omit_defaults=True):
    """A subscriber sends an SMS to a number or short code.

    `id` names a message that was accepted before and whose scheduled time has come, 0 otherwise.
    `reported_as` is the id that its ESME knows it by, if that is another's.
    """

    sender: Msisdn
    to: str
    text: str
    via: Phone | Esme
    body: Body | None = None
    part: Part | None = None
    id: int = 0
    reported_as: int = 0


class MtSms(Struct, frozen=True, gc=False, tag="mt_sms", omit_defaults=True):
    """An ESME sends an SMS to a subscriber; `source` may be a name, a number or a short code.

    `id` and `reported_as` as in MoSms.
    """

    source: str
    to: str
    text: str
    via: Esme
    body: Body | None = None
    part: Part | None = None
    id: int = 0
    reported_as: int = 0


class MultiSms(Struct, frozen=True, gc=False, tag="multi_sms", omit_defaults=True):
    """An ESME sends one SMS to several destinations (submit_multi).

    `to` has each destination with the form in which the ESME wrote it, which `via` has not, and
    neither has the key of `part`. `by_handset`: `source` is the subscriber that it speaks for.
    """

    source: str
    to: tuple[tuple[str, SmeAddress], ...]
    text: str
    via: Esme
    body: Body | None = None
    part: Part | None = None
    by_handset: bool = False


class Query(Struct, frozen=True, gc=False, tag="query"):
    """An ESME asks how its message stands; `source` must be the message's (section 4.8.1)."""

    by: str
    id: int
    source: str


class Cancel(Struct, frozen=True, gc=False, tag="cancel"):
    """An ESME takes back a message that waits; with `id` 0 all of `source` to `to` (4.9.1).

    `service_type` narrows that, where it is not empty.
    """

    by: str
    id: int
    source: str
    to: str
    service_type: str


class Replace(Struct, frozen=True, gc=False, tag="replace", omit_defaults=True):
    """An ESME gives a waiting message another text, times and receipt wish (section 4.10.1).

    `validity` and `not_before` as in Esme: 0 leaves what was.
    """

    by: str
    id: int
    source: str
    text: str
    registered_delivery: int
    validity: int = 0
    not_before: int = 0
    body: Body | None = None


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


class Ussd(Struct, frozen=True, gc=False, tag="ussd"):
    """A phone asks a USSD service: `*444#`."""

    msisdn: Msisdn
    code: str
    ref: str


class Presence(Struct, frozen=True, gc=False, tag="presence"):
    """A phone came or went (its retained `up/state`, or its last will)."""

    msisdn: Msisdn
    online: bool


class StageDue(Struct, frozen=True, gc=False, tag="stage_due"):
    """The calendar reached `at`, when this number's next stage, or the end of its life, is due."""

    msisdn: Msisdn
    at: int


class VerdictDue(Struct, frozen=True, gc=False, tag="verdict_due"):
    """The calendar reached `at`, when the verdict on this number's registration is due."""

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
    | MultiSms
    | Query
    | Cancel
    | Replace
    | Acknowledged
    | Refused
    | Lapsed
    | Dial
    | CallStep
    | RingLapsed
    | DataOpen
    | DataClose
    | Ussd
    | Presence
    | StageDue
    | VerdictDue
    | RegistrationTold
    | OutletRegisters
    | PipelineAsked
    | DatesSet
    | Remind
    | CampaignBegan
    | CampaignEnded
    | ClockSet
    | FaultsSet
    | SubscribersImported
    | SubscribersRestored
)


_BY_PHONES = frozenset({Dial, CallStep, DataOpen, DataClose, Ussd})


def ref_of(event: Event) -> str | None:
    """Name a phone's request among all phones': what it asks, who asks, its own reference.

    None where nobody asked by reference. A request with a name that was answered before is a
    repeat; the same reference for another kind of request is not.
    """
    if type(event) is MoSms:
        return f"sms {event.sender}/{event.via.ref}" if type(event.via) is Phone else None
    if type(event) not in _BY_PHONES:
        return None
    if isinstance(event, Dial):
        return f"dial {event.caller}/{event.ref}"
    if isinstance(event, CallStep):
        return f"{event.action.value} {event.by}/{event.ref}" if event.ref else None
    if isinstance(event, DataOpen):
        return f"open {event.msisdn}/{event.ref}"
    if isinstance(event, Ussd):
        return f"ussd {event.msisdn}/{event.ref}"
    assert isinstance(event, DataClose)
    return f"close {event.msisdn}/{event.ref}"
