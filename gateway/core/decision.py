"""What the switch asks, what it is told, and what it decides."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct, field

from gateway.core.causes import Cause
from gateway.core.events import Esme, Event, SmeAddress
from gateway.core.fault_aim import Tally
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Service, Subscriber


class MessageKind(Enum):
    """Who made a message."""

    MO = "mo"
    MT = "mt"
    REPLY = "reply"
    RECEIPT = "receipt"


class MessageState(Enum):
    """SMPP 3.4 section 5.2.28, by name."""

    ENROUTE = "ENROUTE"
    DELIVERED = "DELIVERED"
    EXPIRED = "EXPIRED"
    UNDELIVERABLE = "UNDELIVERABLE"
    REJECTED = "REJECTED"


class Receiver(Enum):
    """Who takes a message: the desk behind 4444, the store's own inbox, a phone, an ESME."""

    DESK = "desk"
    INBOX = "inbox"
    PHONE = "phone"
    ESME = "esme"


class ReceiptOf(Struct, frozen=True, gc=False, array_like=True):
    """What a delivery receipt reports of an earlier message; `error` is a GSM MAP number."""

    message_id: int
    state: MessageState
    error: int
    submitted_at: int
    done_at: int
    text: str


class Message(Struct, frozen=True, gc=False, omit_defaults=True):
    """One short message in the store; times in milliseconds on the simulated clock.

    `esme` is the request it came by, if it did: its receipt goes there.
    `account` and `session` name the ESME that takes it when `receiver` is ESME, and
    `source_as`, `destination_as` the addresses in the form which that ESME uses.
    """

    id: int
    kind: MessageKind
    source: str
    destination: str
    text: str
    receiver: Receiver
    state: MessageState
    accepted_at: int
    valid_until: int = 0
    not_before: int = 0
    ended_at: int = 0
    error: int = 0
    esme: Esme | None = None
    account: str = ""
    session: int = 0
    source_as: SmeAddress | None = None
    destination_as: SmeAddress | None = None
    receipt: ReceiptOf | None = None


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


# ---- answers: what the sender learns now


class Accepted(Struct, frozen=True, gc=False, tag="accepted"):
    """Taken; `id` names the message or call, 0 where there is none (a data session)."""

    id: int


class Denied(Struct, frozen=True, gc=False, tag="denied"):
    """Refused at once, with the network's cause."""

    cause: Cause


class Noted(Struct, frozen=True, gc=False, tag="noted"):
    """Nothing to tell the sender."""


NOTED = Noted()
Answer = Accepted | Denied | Noted

# ---- changes: what becomes durable


class SubscriberChanged(Struct, frozen=True, gc=False, tag="subscriber"):
    """The subscriber's new value."""

    subscriber: Subscriber


class MessageStored(Struct, frozen=True, gc=False, tag="message"):
    """A new message; pending while its state is ENROUTE."""

    message: Message


class MessagesEnded(Struct, frozen=True, gc=False, tag="ended", omit_defaults=True):
    """Pending messages that reached their final state."""

    ids: tuple[int, ...]
    state: MessageState
    at: int
    error: int = 0


class CallChanged(Struct, frozen=True, gc=False, tag="call"):
    """A call's new value; gone when ENDED."""

    call: Call


Change = SubscriberChanged | MessageStored | MessagesEnded | CallChanged

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
    ("msisdn/ref"), asked to find a repeat; `inboxes` are numbers whose pending
    messages are wanted.
    """

    msisdns: set[Msisdn] = field(default_factory=set)
    niks: set[tuple[str, str]] = field(default_factory=set)
    message_ids: set[int] = field(default_factory=set)
    call_ids: set[int] = field(default_factory=set)
    refs: set[str] = field(default_factory=set)
    pending_of: set[Msisdn] = field(default_factory=set)


class Facts(Struct, gc=False):
    """What the store knows of it: a working copy that a batch's decisions write ahead into.

    `next_id` is the first free id of messages and calls; `tally` counts how often faults struck.
    """

    next_id: int
    subscribers: dict[Msisdn, Subscriber] = field(default_factory=dict)
    numbers_per_nik: dict[tuple[str, str], int] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    answers: dict[str, tuple[Answer, str]] = field(default_factory=dict)
    pending_of: dict[Msisdn, tuple[int, ...]] = field(default_factory=dict)
    tally: Tally = field(default_factory=dict)
