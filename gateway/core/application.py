"""The operator's own registration application: what the network knows of it, as values.

An ESME serves a short code in place of the built-in desk; it tells by the API how registrations
ended. In shadow the gateway judges each registration beside it and keeps what differs.
"""

from __future__ import annotations

from msgspec import Struct

from gateway.core.numbers import Kk, Nik
from gateway.core.origin import SmeAddress
from gateway.core.registration.outcomes import OutcomeKind, ReplyText
from gateway.core.tries import Tries


class ServedCode(Struct, frozen=True, gc=False):
    """A short code that an ESME serves.

    `wait_ms`: how long an SMS to it waits while the ESME is not bound. `shadow`: the gateway
    judges beside it; `replies` are how its texts read.
    """

    account: str
    shadow: bool
    wait_ms: int
    replies: tuple[ReplyText, ...] = ()


class Player(Struct, frozen=True, gc=False, array_like=True):
    """The ESME that plays a number's phone (role A): its replies go there.

    `own` and `code` are the number's and the short code's address as that ESME wrote them.
    """

    account: str
    session: int
    own: SmeAddress
    code: SmeAddress


class Opinion(Struct, frozen=True, gc=False, omit_defaults=True):
    """How a registration ended, as one of the two sees it."""

    outcome: OutcomeKind
    nik: Nik | None = None
    kk: Kk | None = None

    def __str__(self) -> str:
        """Say it in words, identities masked."""
        about = f" (NIK {self.nik}, KK {self.kk})" if self.nik and self.kk else ""
        return f"{self.outcome.value}{about}"


class Asked(Struct, frozen=True, gc=False, array_like=True):
    """An SMS to the application, by its id, and what the desk says to it.

    `told`: the API had its end; `replied`: the phone had a reply.
    """

    id: int
    at: int
    expected: Opinion
    told: bool = False
    replied: bool = False

    @property
    def done(self) -> bool:
        """Whether both ways have told."""
        return self.told and self.replied


class Difference(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where the application and the desk differ on a number.

    `at` is when it was found, `asked` the id of the SMS, 0 where none was sent; `by` is who told,
    `reply` the id of its reply that says so, 0 where it told by the API.
    """

    at: int
    asked: int
    expected: Opinion
    told: Opinion
    by: str
    reply: int = 0

    def __str__(self) -> str:
        """Say it in words, identities masked."""
        says = "replies" if self.reply else "says"
        return f"{self.by} {says} {self.told}, the desk says {self.expected}"


class Dealings(Struct, frozen=True, gc=False, omit_defaults=True):
    """A number's dealings with the application.

    `player` plays its phone, `asked` are what is not told on both ways yet, oldest first,
    `difference` is the newest one. `unreadable` counts replies that say nothing to shadow, `unread`
    is the id of the newest. `tries` are those that failed in the desk's eyes.
    """

    player: Player | None = None
    asked: tuple[Asked, ...] = ()
    difference: Difference | None = None
    unreadable: int = 0
    unread: int = 0
    tries: Tries | None = None


NO_DEALINGS = Dealings()
