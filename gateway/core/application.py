"""The operator's own registration application: what the network knows of it, as values.

An ESME serves a short code in place of the built-in desk; it tells by the API how registrations
ended. In shadow the gateway judges each registration beside it and keeps what differs.
"""

from __future__ import annotations

from msgspec import Struct

from gateway.core.numbers import Kk, Nik
from gateway.core.origin import SmeAddress
from gateway.core.registration.outcomes import OutcomeKind


class ServedCode(Struct, frozen=True, gc=False):
    """A short code that an ESME serves.

    `wait_ms`: how long an SMS to it waits while the ESME is not bound. `shadow`: the gateway
    judges beside it.
    """

    account: str
    shadow: bool
    wait_ms: int


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
    """An SMS that the application has not told about, by its id, and what the desk says to it."""

    id: int
    at: int
    expected: Opinion


class Difference(Struct, frozen=True, gc=False, omit_defaults=True):
    """Where the application and the desk differ on a number.

    `at` is when it was found, `asked` the id of the SMS, 0 where none was sent; `by` is who told.
    """

    at: int
    asked: int
    expected: Opinion
    told: Opinion
    by: str

    def __str__(self) -> str:
        """Say it in words, identities masked."""
        return f"{self.by} says {self.told}, the desk says {self.expected}"


class Dealings(Struct, frozen=True, gc=False, omit_defaults=True):
    """A number's dealings with the application.

    `player` plays its phone, `asked` are what is not told yet, oldest first, `difference` is the
    newest one.
    """

    player: Player | None = None
    asked: tuple[Asked, ...] = ()
    difference: Difference | None = None


NO_DEALINGS = Dealings()
