"""What the switch asks, what it is told, and what it decides."""

from __future__ import annotations

from enum import Enum
from typing import final

from msgspec import Struct, field

from gateway.core.causes import Cause
from gateway.core.events import Event
from gateway.core.fault_aim import Tally
from gateway.core.imports import ImportRefusal
from gateway.core.message import Message as Message
from gateway.core.message import MessageKind as MessageKind
from gateway.core.message import MessageState as MessageState
from gateway.core.message import ReceiptOf as ReceiptOf
from gateway.core.message import Receiver as Receiver
from gateway.core.numbers import Msisdn
from gateway.core.origin import PartKey
from gateway.core.programme import CampaignChanged as CampaignChanged
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import BlockStage, Service, Subscriber


class CallState(Enum):
    """A call's life."""

    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


class Call(Struct, frozen=True, gc=False, omit_defaults=True):
    """One call between two phones; `callee` may be an emergency number."""

    id: int
    caller: Msisdn
    callee: str
    state: CallState
    started_at: int
    answered_at: int = 0
    ended_at: int = 0
    cause: Cause = Cause.NORMAL_CLEARING


class DataSession(Struct, frozen=True, gc=False):
    """A data session that ended; `ref` is what its phone called it."""

    msisdn: Msisdn
    ref: str
    started_at: int
    ended_at: int
    cause: Cause


# ---- answers: what the sender learns now


class Accepted(Struct, frozen=True, gc=False, tag="accepted", omit_defaults=True):
    """Taken; `id` names the message or call, 0 where there is none (a data session).

    `dpf`: the phone is off, and the sender is told when it can be reached (set_dpf). `text` is
    what a USSD session shows.
    """

    id: int
    dpf: bool = False
    text: str = ""


class Denied(Struct, frozen=True, gc=False, tag="denied"):
    """Refused at once, with the network's cause."""

    cause: Cause


class AcceptedFor(Struct, frozen=True, gc=False, tag="accepted_for"):
    """Taken for some of several destinations: `id` names it for all of them.

    `denied` has (place among the destinations, cause) of those that were refused.
    """

    id: int
    denied: tuple[tuple[int, Cause], ...]


class Found(Struct, frozen=True, gc=False, tag="found"):
    """How a message stands that its sender asked about; `ended_at` 0 while it is on its way."""

    id: int
    state: MessageState
    ended_at: int
    error: int


class Imported(Struct, frozen=True, gc=False, tag="imported"):
    """How many rows made or updated a subscriber; (place, why) of those that did not."""

    made: int
    updated: int
    refused: tuple[tuple[int, ImportRefusal], ...]


class Noted(Struct, frozen=True, gc=False, tag="noted"):
    """Nothing to tell the sender."""


NOTED = Noted()
Answer = Accepted | AcceptedFor | Denied | Found | Imported | Noted

# ---- changes: what becomes durable


@final
class SubscriberChanged(Struct, frozen=True, gc=False, tag="subscriber"):
    """The subscriber's new value."""

    subscriber: Subscriber


@final
class MessageStored(Struct, frozen=True, gc=False, tag="message"):
    """A new message; pending while its state is ENROUTE."""

    message: Message


@final
class TakenByDesk(Struct, frozen=True, gc=False, tag="taken_by_desk"):
    """The desk took the SMS that the event is: a message of its own, delivered at that time.

    What it says is not written twice; see desk_sms.message_taken.
    """

    id: int


@final
class MessagesEnded(Struct, frozen=True, gc=False, tag="ended", omit_defaults=True):
    """Pending messages that reached their final state."""

    ids: tuple[int, ...]
    state: MessageState
    at: int
    error: int = 0


@final
class CallChanged(Struct, frozen=True, gc=False, tag="call"):
    """A call's new value; gone when ENDED."""

    call: Call


@final
class DataSessionEnded(Struct, frozen=True, gc=False, tag="data_session_ended"):
    """A data session ended: its record."""

    session: DataSession


@final
class Judged(Struct, frozen=True, gc=False, tag="judged", omit_defaults=True):
    """What the desk made of a request, once it is final: for counting; nothing depends on it.

    `rule` names what was wrong with the format; `held` is how many numbers the NIK has now, where
    an outlet registered one.
    """

    kind: OutcomeKind
    rule: str = ""
    held: int = 0


@final
class RegistryAsked(Struct, frozen=True, gc=False, tag="registry_asked", omit_defaults=True):
    """An operator asked the civil registry once, on this day (see ageing.wib_day)."""

    operator: str
    day: int


Change = (
    SubscriberChanged
    | MessageStored
    | TakenByDesk
    | MessagesEnded
    | CallChanged
    | DataSessionEnded
    | Judged
    | RegistryAsked
    | CampaignChanged
)

# ---- outgoing: what leaves after the commit


class CallSignal(Struct, frozen=True, gc=False):
    """Tell a phone of its call: `down/call`."""

    msisdn: Msisdn
    id: int
    event: str
    other: str
    cause: Cause | None = None


class DataSignal(Struct, frozen=True, gc=False):
    """Tell a phone that the network closed its data session: `down/data`."""

    msisdn: Msisdn
    ref: str
    cause: Cause


class BarringSignal(Struct, frozen=True, gc=False):
    """Tell a phone what is barred now and what falls due next: retained `down/barring`."""

    msisdn: Msisdn
    stage: BlockStage
    barred: tuple[Service, ...]
    next_stage: BlockStage | None
    next_at: int


Signal = CallSignal | DataSignal | BarringSignal
# An end is outgoing too: whoever carries these messages stops.
Outgoing = Message | MessagesEnded | Signal


@final
class Decision(Struct, frozen=True, gc=False):
    """What follows from one event; `why` is the line for log, console and QA alike."""

    answer: Answer
    why: str
    changes: tuple[Change, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()


class Record(Struct, frozen=True, gc=False):
    """One line of the journal: an event and what was decided; `at` on the simulated clock."""

    seq: int
    at: int
    event: Event
    answer: Answer
    why: str
    changes: tuple[Change, ...] = ()


# ---- questions and facts


class Questions(Struct, gc=False):
    """What the switch needs to know to decide a batch.

    `niks` are (NIK digits, operator) pairs; `refs` are a phone's own references
    ("msisdn/ref"), asked to find a repeat; `pending_of` are numbers whose pending messages
    are wanted; `destinations` may be an ESME's; `asked_about` are messages that may have ended
    long ago; `parts` are long messages whose other parts are wanted; `accounts` are ESMEs whose
    undelivered messages count; `askers` are numbers whose own NIKs are wanted: how many numbers
    these have, and which.
    """

    msisdns: set[Msisdn] = field(default_factory=set)
    niks: set[tuple[str, str]] = field(default_factory=set)
    message_ids: set[int] = field(default_factory=set)
    call_ids: set[int] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    pending_of: set[Msisdn] = field(default_factory=set)
    destinations: set[str] = field(default_factory=set)
    asked_about: set[int] = field(default_factory=set)
    parts: set[PartKey] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    askers: set[Msisdn] = field(default_factory=set)


class Facts(Struct, gc=False):
    """What the store knows of it: a working copy that a batch's decisions write ahead into.

    `next_id` is the first free id of messages and calls. `served_by` names the account of each
    destination that an ESME serves; `ended` are messages of `asked_about` that are not pending;
    `parts` has the ids of what has come of a long message, by the part's number, and `whole_of`
    the message that a part was joined into; `queued` counts the undelivered messages of each of
    `accounts`; `tally` counts how often faults struck; `numbers_on` lists numbers registered on
    the NIKs of `askers`, where they are many not all; `registry_use` has for each operator the day
    when it asked the civil registry last, and how often on that.
    """

    next_id: int
    subscribers: dict[Msisdn, Subscriber] = field(default_factory=dict)
    numbers_per_nik: dict[tuple[str, str], int] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    answers: dict[str, tuple[Answer, str]] = field(default_factory=dict)
    pending_of: dict[Msisdn, tuple[int, ...]] = field(default_factory=dict)
    tally: Tally = field(default_factory=dict)
    served_by: dict[str, str] = field(default_factory=dict)
    ended: dict[int, Message] = field(default_factory=dict)
    parts: dict[PartKey, dict[int, int]] = field(default_factory=dict)
    whole_of: dict[int, int] = field(default_factory=dict)
    queued: dict[str, int] = field(default_factory=dict)
    numbers_on: dict[tuple[str, str], tuple[Msisdn, ...]] = field(default_factory=dict)
    registry_use: dict[str, tuple[int, int]] = field(default_factory=dict)
