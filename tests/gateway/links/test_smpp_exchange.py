"""Who may bind, and what is counted."""

from __future__ import annotations

import pytest

from gateway.config import AccountConfig, SmppConfig
from gateway.links.smpp_exchange import Admitted, Exchange, Traffic
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import BindReceiver, BindTransceiver
from tests.gateway.links.esme import Running


def exchange(*accounts: AccountConfig) -> Exchange:
    parts = Running(SmppConfig(), None)
    config = SmppConfig(
        accounts=accounts,
        session_init_timeout=1.0,
        enquire_link_interval=2.0,
        inactivity_timeout=3.0,
        response_timeout=4.0,
    )
    return Exchange(config, "4444", parts.flow, parts.courier, parts.clock)


BANK = AccountConfig(system_id="bank", password="känguru")


@pytest.mark.parametrize(
    ("system_id", "password", "status"),
    [
        ("bank", "känguru".encode().decode("latin-1"), None),
        ("bank", "känguru", CommandStatus.ESME_RINVPASWD),
        ("bank", "", CommandStatus.ESME_RINVPASWD),
        ("BANK", "känguru", CommandStatus.ESME_RINVSYSID),
        ("", "", CommandStatus.ESME_RINVSYSID),
    ],
)
def test_admit(system_id: str, password: str, status: CommandStatus | None) -> None:
    found = exchange(BANK).admit(BindTransceiver(1, system_id, password))
    if status is None:
        assert isinstance(found, Admitted)
        assert found.account.name == "bank"
        assert found.serves is None
    else:
        assert found is status


def test_an_address_range_that_cannot_be_read_refuses_the_bind() -> None:
    shared = exchange(AccountConfig(system_id="bank", password="bank"))
    good = shared.admit(BindTransceiver(1, "bank", "bank", address_range="^44"))
    assert isinstance(good, Admitted)
    assert good.serves is not None
    assert good.serves.matches("4444")
    bad = shared.admit(BindTransceiver(1, "bank", "bank", address_range="(44"))
    assert bad is CommandStatus.ESME_RBINDFAIL
    assert shared.traffic()["bank"].binds_refused == 1


def test_traffic_is_a_copy() -> None:
    shared = exchange(BANK, AccountConfig(system_id="qa", password="qa"))
    shared.admit(BindReceiver(1, "qa", "wrong"))
    counted = shared.traffic()
    assert counted == {"bank": Traffic(), "qa": Traffic(binds_refused=1)}
    counted["bank"].submits = 9
    assert shared.traffic()["bank"].submits == 0


def test_timers_come_from_the_configuration() -> None:
    limits = exchange().limits
    assert (limits.session_init, limits.enquire_link) == (1.0, 2.0)
    assert (limits.inactivity, limits.response) == (3.0, 4.0)


def test_idle_while_nothing_is_owed() -> None:
    shared = exchange(BANK)
    assert shared.idle.is_set()
    shared.offer([], lambda decisions: None)
    shared.offer([], lambda decisions: None)
    shared.settled()
    assert not shared.idle.is_set()
    shared.settled()
    assert shared.idle.is_set()
