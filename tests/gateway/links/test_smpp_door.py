"""Who may bind, and which status the others get."""

from __future__ import annotations

import pytest
from msgspec import Struct

from gateway.config import AccountConfig, LimitsConfig, OnLimit
from gateway.links.smpp_account import Account
from gateway.links.smpp_caller import Caller
from gateway.links.smpp_door import Admitted, Door, Turned
from gateway.links.smpp_mapping import senders
from gateway.smpp.codes import CommandStatus as S
from gateway.smpp.pdu import BindReceiver, BindRequest, BindTransceiver, BindTransmitter
from gateway.smpp.states import State

HERE = Caller("127.0.0.1")


class Bound(Struct):
    bound_as: State | None

    def unbind(self) -> None:
        self.bound_as = None

    def view(self) -> None:
        """Nobody looks at it."""


class Doors:
    """A door with one account."""

    def __init__(
        self, limits: LimitsConfig | None = None, password: str = "bank", rate: float = 0.0
    ) -> None:
        config = AccountConfig(system_id="bank", password=password, limits=limits or LimitsConfig())
        self.account = Account(config, senders((config,), "4444")["bank"], 0.0)
        self.door = Door({"bank": self.account}, rate, 0.0)

    def admit(
        self, bind: BindRequest, caller: Caller = HERE, now: float = 0.0
    ) -> Admitted | Turned:
        return self.door.admit(bind, caller, now)

    def status(self, bind: BindRequest, caller: Caller = HERE, now: float = 0.0) -> int:
        found = self.admit(bind, caller, now)
        return found.status if isinstance(found, Turned) else 0

    def hold(self, *kinds: State) -> None:
        for kind in kinds:
            self.account.sessions[len(self.account.sessions) + 1] = Bound(kind)


BANK = BindTransceiver(1, "bank", "bank")


@pytest.mark.parametrize(
    ("system_id", "password", "status"),
    [
        ("bank", "känguru".encode().decode("latin-1"), 0),
        ("bank", "känguru", S.ESME_RINVPASWD),
        ("bank", "", S.ESME_RINVPASWD),
        ("BANK", "känguru", S.ESME_RINVSYSID),
        ("", "", S.ESME_RINVSYSID),
    ],
)
def test_names_and_passwords(system_id: str, password: str, status: int) -> None:
    doors = Doors(password="känguru")
    assert doors.status(BindTransceiver(1, system_id, password)) == status
    assert doors.account.traffic.binds_refused == (status == S.ESME_RINVPASWD)


def test_an_address_range_is_read_after_the_password() -> None:
    doors = Doors()
    good = doors.admit(BindTransceiver(1, "bank", "bank", address_range="^44"))
    assert isinstance(good, Admitted)
    assert good.serves is not None
    assert good.serves.matches("4444")
    bad = doors.admit(BindTransceiver(1, "bank", "bank", address_range="(44"))
    assert bad == Turned(S.ESME_RBINDFAIL, "address_range of bank has a ( without its )")
    assert doors.status(BindTransceiver(1, "bank", "x", address_range="(44")) == S.ESME_RINVPASWD


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("10.1.2.3", 0),
        ("::ffff:10.1.2.3", 0),
        ("10.2.0.1", S.ESME_RBINDFAIL),
        ("192.0.2.7", 0),
        ("192.0.2.8", S.ESME_RBINDFAIL),
        ("fd00::1", 0),
        ("fe80::1", S.ESME_RBINDFAIL),
        ("unknown", S.ESME_RBINDFAIL),
    ],
)
def test_from_where(host: str, status: int) -> None:
    doors = Doors(LimitsConfig(allow_from=("10.1.0.0/16", "192.0.2.7", "fd00::/8")))
    assert doors.status(BANK, Caller(host)) == status
    # A stranger is not told whether his password is right.
    wrong = doors.status(BindTransceiver(1, "bank", "wrong"), Caller(host))
    assert wrong == (status or S.ESME_RINVPASWD)


@pytest.mark.parametrize(
    ("limits", "bind", "why"),
    [
        ({"max_sessions": 3}, BindTransmitter(1, "bank", "bank"), "max_sessions = 3"),
        ({"max_sessions": 4}, BANK, None),
        ({"max_transmitters": 1}, BindTransmitter(1, "bank", "bank"), "max_transmitters = 1"),
        ({"max_receivers": 1}, BindReceiver(1, "bank", "bank"), "max_receivers = 1"),
        ({"max_transceivers": 1}, BANK, "max_transceivers = 1"),
        ({"max_transceivers": 1}, BindReceiver(1, "bank", "bank"), None),
    ],
)
def test_sessions_are_limited(limits: dict[str, int], bind: BindRequest, why: str | None) -> None:
    doors = Doors(LimitsConfig(**limits))  # type: ignore[arg-type]
    doors.hold(State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX)
    found = doors.admit(bind)
    if why is None:
        assert isinstance(found, Admitted)
        assert found.replaces == ()
    else:
        assert found == Turned(S.ESME_RBINDFAIL, f"bank has its {why} already")


def test_a_session_that_is_being_unbound_makes_room() -> None:
    doors = Doors(LimitsConfig(max_sessions=1))
    doors.hold(State.BOUND_TX)
    doors.account.sessions[1].unbind()
    assert doors.status(BANK) == 0


@pytest.mark.parametrize(
    ("limits", "bind", "replaces"),
    [
        ({"max_sessions": 4}, BANK, (1,)),
        ({"max_sessions": 3}, BANK, (1, 2)),
        ({"max_receivers": 1}, BindReceiver(1, "bank", "bank"), (2, 4)),
        ({"max_receivers": 2, "max_sessions": 4}, BindReceiver(1, "bank", "bank"), (2,)),
        ({"max_receivers": 2, "max_sessions": 3}, BindReceiver(1, "bank", "bank"), (2, 1)),
        ({"max_sessions": 5}, BANK, ()),
    ],
)
def test_the_oldest_session_is_replaced(
    limits: dict[str, int], bind: BindRequest, replaces: tuple[int, ...]
) -> None:
    settings = LimitsConfig(on_limit=OnLimit.REPLACE_OLDEST, **limits)  # type: ignore[arg-type]
    doors = Doors(settings)
    doors.hold(State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX, State.BOUND_RX)
    found = doors.admit(bind)
    assert isinstance(found, Admitted)
    assert found.replaces == replaces


def test_binds_a_second() -> None:
    doors = Doors(rate=2.0)
    nobody = BindTransceiver(1, "nobody", "x")
    assert [doors.status(nobody) for _ in range(3)] == [
        S.ESME_RINVSYSID,
        S.ESME_RINVSYSID,
        S.ESME_RTHROTTLED,
    ]
    # Who has an account is not disturbed by who has none.
    assert [doors.status(BANK) for _ in range(3)] == [0, 0, S.ESME_RTHROTTLED]
    assert doors.status(BANK, now=0.5) == 0
    assert doors.account.traffic.binds_refused == 1
