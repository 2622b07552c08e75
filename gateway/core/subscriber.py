"""Subscriber: what the network knows of one SIM."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.core.application import Dealings
from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.origin import Esme, SmeAddress
from gateway.core.outlets import Foreigner
from gateway.core.tries import Tries as Tries


class Status(Enum):
    """Where a number stands in the programme (domain.md 3.5, state machine)."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    NEW = "new"
    UNREGISTERED = "unregistered"
    REGISTERED = "registered"
    REGISTERED_UNVALIDATED = "registered_unvalidated"
    EXPIRED = "expired"
    UNREGISTERED_DEAD = "unregistered_dead"  # given up by UNREG: cannot be used again

    def __init__(self, value: str) -> None:
        """Derive what is asked of a status for every message.

        `registered`: it may use every service. `gone`: it is nobody's any more, also 4444 does
        not know it (domain.md 3.4).
        """
        self.registered = value in ("registered", "registered_unvalidated")
        self.gone = value in ("expired", "unregistered_dead")


class BlockStage(Enum):
    """How far the services of an unregistered number are barred (domain.md 3.3)."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    OPEN = "OPEN"
    OUTGOING_BARRED = "OUTGOING_BARRED"
    INCOMING_BARRED = "INCOMING_BARRED"
    TOTAL_BARRED = "TOTAL_BARRED"


class Service(Enum):
    """What can be barred; MO and MT from the mobile's side."""

    __hash__ = object.__hash__  # members are single: no Python call per look-up

    MO_SMS = "MO_SMS"
    MT_SMS = "MT_SMS"
    MO_CALL = "MO_CALL"
    MT_CALL = "MT_CALL"
    DATA = "DATA"


class Alert(Struct, frozen=True, gc=False, array_like=True):
    """An ESME's account, and its address in the form in which it wrote it."""

    account: str
    address: SmeAddress


class Pending(Struct, frozen=True, gc=False, array_like=True):
    """A registration that the desk took and has not judged yet (domain.md 1.4).

    `due_at` is when the verdict comes; `id` the SMS that asked, sent to `to` by the ESME that
    plays the phone, if one does; `keyword` and `notes` as in registration.requests.
    """

    due_at: int
    id: int
    nik: Nik
    kk: Kk
    keyword: str
    notes: tuple[str, ...]
    to: str
    esme: Esme | None = None


class Subscriber(Struct, frozen=True, gc=False, omit_defaults=True):
    """One number; times are milliseconds since 1970 UTC on the simulated clock.

    `announced` is the stage that its phone was last told, `data_ref` the reference of its
    running data session ("" when none), `data_since` its start, `call_id` its call (0 when none);
    `alerts` are the ESMEs that want to be told when its phone can be reached; `dealings` are those
    with the operator's own registration application; `expires_at` is when it expires or did, None
    for the schedule's own time; `reminded_at` is its newest reminder; `tries` are its failed
    registrations, `pending` one without a verdict; `ghosts` counts successes that the civil
    registry counts and of which the operator never heard; `outlet` is the id of the outlet that
    registered it, `foreigner` who has it where that is no citizen.
    """

    msisdn: Msisdn
    operator: str
    status: Status
    first_seen_at: int
    notice_at: int | None = None
    registered_at: int | None = None
    nik: Nik | None = None
    kk: Kk | None = None
    has_phone: bool = False
    online: bool = False
    announced: BlockStage = BlockStage.OPEN
    data_ref: str = ""
    data_since: int = 0
    call_id: int = 0
    alerts: tuple[Alert, ...] = ()
    dealings: Dealings | None = None
    expires_at: int | None = None
    reminded_at: int = 0
    tries: Tries | None = None
    pending: Pending | None = None
    ghosts: int = 0
    outlet: str = ""
    foreigner: Foreigner | None = None
