"""How one errand of a phone ended, the same over MQTT and over SMPP. Pure."""

from __future__ import annotations

from enum import Enum, IntEnum

from msgspec import Struct, field

from gateway.air.frames import CauseFrame


class Exit(IntEnum):
    """What a command's exit code says."""

    DONE = 0
    UNREACHABLE = 1
    BAD_ARGUMENTS = 2
    REFUSED = 3
    TIMEOUT = 4
    UNMET = 5
    INTERRUPTED = 130


class Status(Enum):
    """How an errand ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TIMEOUT = "timeout"


EXITS: dict[Status, Exit] = {
    Status.ACCEPTED: Exit.DONE,
    Status.REFUSED: Exit.REFUSED,
    Status.TIMEOUT: Exit.TIMEOUT,
}


class CauseShown(Struct, frozen=True, omit_defaults=True):
    """Why the network refused, in the numbers of the interface that was used."""

    name: str
    rp: int | None = None
    q850: int | None = None
    sm: int | None = None
    command_status: int | None = None

    def __str__(self) -> str:
        numbers = {
            "RP cause": self.rp,
            "Q.850": self.q850,
            "SM cause": self.sm,
            "command_status": self.command_status,
        }
        shown = [f"{name} {number}" for name, number in numbers.items() if number is not None]
        return f"{self.name} ({', '.join(shown)})" if shown else self.name


def shown(cause: CauseFrame | None) -> CauseShown | None:
    """Write a frame's cause as the outcomes carry it."""
    if cause is None:
        return None
    return CauseShown(cause.name.value, rp=cause.rp, q850=cause.q850, sm=cause.sm)


class SmsShown(Struct, frozen=True):
    """An SMS that came; `parts` is how many short messages it took, 1 where it does not say."""

    id: str
    source: str = field(name="from")
    to: str
    text: str
    at: str = ""
    parts: int = 1


class SmsOutcome(Struct, frozen=True, kw_only=True):
    """How an SMS fared; `id` is the network's, `text` has its NIK and KK masked."""

    source: str = field(name="from")
    to: str
    text: str
    status: Status
    id: str = ""
    cause: CauseShown | None = None
    why: str = ""
    reply: SmsShown | None = None
    also_received: tuple[SmsShown, ...] = ()


class CallOutcome(Struct, frozen=True, kw_only=True):
    """How a call fared; `events` in order: ringing, answered, ended."""

    source: str = field(name="from")
    to: str
    status: Status
    id: str = ""
    cause: CauseShown | None = None
    why: str = ""
    events: tuple[str, ...] = ()


class DataOutcome(Struct, frozen=True, kw_only=True):
    """How opening or closing a data session fared."""

    source: str = field(name="from")
    action: str
    status: Status
    cause: CauseShown | None = None
    why: str = ""
    closed_by_network: bool = False


class UssdOutcome(Struct, frozen=True, kw_only=True):
    """How a USSD request fared; `text` is what the phone shows."""

    source: str = field(name="from")
    code: str
    status: Status
    text: str = ""
    cause: CauseShown | None = None
    why: str = ""


class Failure(Struct, frozen=True, kw_only=True):
    """The errand could not be run at all; `why` says what to do."""

    source: str = field(name="from")
    status: str = "unreachable"
    why: str


Outcome = SmsOutcome | CallOutcome | DataOutcome | UssdOutcome | Failure
