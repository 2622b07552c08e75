"""What a narrated story is made of: who plays, and what happens, as data."""

from __future__ import annotations

from msgspec import Struct

from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn
from gateway.core.outlets import Foreigner
from gateway.core.programme import Target
from gateway.core.registration.citizens import Citizen
from gateway.core.registration.outcomes import OutcomeKind
from tests.gateway.core.network import OPEN_AT, RULES


class Person(Struct, frozen=True):
    """Somebody with a phone."""

    name: str
    msisdn: Msisdn


class At(Struct, frozen=True):
    """The calendar moves on to this moment (WIB); what fell due in between is decided."""

    moment: str


class Wait(Struct, frozen=True):
    """Some seconds pass."""

    seconds: int


class On(Struct, frozen=True):
    """A phone is switched on."""

    who: Person


class Off(Struct, frozen=True):
    """A phone is switched off."""

    who: Person


class Sms(Struct, frozen=True):
    """A phone sends an SMS, to a person or to a number."""

    who: Person
    to: Person | str
    text: str


class Dial(Struct, frozen=True):
    """A phone calls a person or a number."""

    who: Person
    to: Person | str


class Answer(Struct, frozen=True):
    """A phone takes the call that rings."""

    who: Person


class Reject(Struct, frozen=True):
    """A phone rejects the call that rings."""

    who: Person


class HangUp(Struct, frozen=True):
    """A phone ends its call."""

    who: Person


class OpenData(Struct, frozen=True):
    """A phone opens a data session."""

    who: Person


class CloseData(Struct, frozen=True):
    """A phone closes its data session."""

    who: Person


class Bind(Struct, frozen=True):
    """An ESME binds."""

    account: str


class Submit(Struct, frozen=True):
    """An ESME sends an SMS to a person; `receipt` is registered_delivery (1 always, 2 failures).

    `at` is the moment (WIB) for which it is scheduled; `replaces` is replace_if_present.
    """

    account: str
    source: str
    to: Person
    text: str
    receipt: int = 1
    at: str = ""
    replaces: bool = False


class SubmitMulti(Struct, frozen=True):
    """An ESME sends one SMS to several people, or numbers."""

    account: str
    source: str
    to: tuple[Person | str, ...]
    text: str
    receipt: int = 1


class Queries(Struct, frozen=True):
    """An ESME asks how its message stands."""

    account: str
    source: str
    id: int


class Cancels(Struct, frozen=True):
    """An ESME takes a message back."""

    account: str
    source: str
    id: int


class Replaces(Struct, frozen=True):
    """An ESME gives a message another text."""

    account: str
    source: str
    id: int
    text: str


class Plays(Struct, frozen=True):
    """An ESME that may speak for handsets sends what this person's phone would (role A).

    `at` as for Submit; `part` is (number, total) where it is a part of a long SMS.
    """

    account: str
    who: Person
    to: Person | str
    text: str
    receipt: int = 0
    at: str = ""
    part: tuple[int, int] | None = None


class Tells(Struct, frozen=True):
    """The registration application tells how this person's registration ended (REST)."""

    account: str
    who: Person
    outcome: OutcomeKind
    citizen: Citizen | None = None


class AtOutlet(Struct, frozen=True):
    """An outlet registers this person's number by the API."""

    outlet: str
    who: Person
    identity: Citizen | Foreigner


class Reminded(Struct, frozen=True):
    """A campaign that began at `since` comes to this person's number."""

    who: Person
    campaign: str
    since: str
    target: Target = Target.UNREGISTERED


class Swept(Struct, frozen=True):
    """The sweep comes to so many numbers more."""

    count: int


class Brings(Struct, frozen=True):
    """Somebody imports a file of subscribers, header and lines."""

    lines: tuple[str, ...]
    update: bool = False


class Records(Struct, frozen=True):
    """The call records so far."""


class Ussd(Struct, frozen=True):
    """A phone asks a USSD service."""

    who: Person
    code: str


class Look(Struct, frozen=True):
    """How the network sees a number now."""

    who: Person


class Note(Struct, frozen=True):
    """What a trainer would say here."""

    text: str


Step = (
    At | Wait | On | Off | Sms | Dial | Answer | Reject | HangUp | OpenData | CloseData | Bind
    | Submit | SubmitMulti | Queries | Cancels | Replaces | Plays | Ussd | Tells | AtOutlet
    | Reminded | Swept | Brings | Records | Look | Note
)  # fmt: skip


class Story(Struct, frozen=True):
    """A story: `before` happens unseen and is summed up in `given`.

    `serves` names the ESME that serves a code or number.
    """

    name: str
    title: str
    given: str
    steps: tuple[Step, ...]
    before: tuple[Step, ...] = ()
    rules: Rules = RULES
    begins: str = OPEN_AT
    serves: dict[str, str] = {}


def people(step: Step) -> list[Person]:
    """List who takes part in a step."""
    to = getattr(step, "to", None)
    others = to if isinstance(to, tuple) else (to,)
    return [one for one in (getattr(step, "who", None), *others) if isinstance(one, Person)]
