"""Who may bind, and what is counted."""

from __future__ import annotations

from gateway.config import AccountConfig, SmppConfig
from gateway.links.smpp_caller import Caller
from gateway.links.smpp_exchange import Exchange, Traffic
from gateway.smpp.pdu import BindReceiver
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


def test_traffic_is_a_copy() -> None:
    shared = exchange(BANK, AccountConfig(system_id="qa", password="qa"))
    shared.door.admit(BindReceiver(1, "qa", "wrong"), Caller("::1"), 0.0)
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
