from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import CallState
from gateway.core.events import DataOpen, Dial, Presence
from gateway.core.ledger import first_seen
from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.subscriber import Pending, Status
from gateway.store import loading
from gateway.store.loading import all_phones_off
from gateway.store.sqlite import SqliteStore
from gateway.store.state import State
from tests.gateway.core.network import INDOSAT, OTHER, RULES, TELKOMSEL, Network, accepted_id
from tests.gateway.store.writing import RING_MS, SCHEDULE


def store_at(path: Path) -> SqliteStore:
    return SqliteStore(path, full=False, schedule=SCHEDULE, ring_ms=RING_MS)


async def test_subscribers_read_in_bulk_are_known_as_if_each_had_been_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_SUBSCRIBERS", 2)
    numbers = [Msisdn(f"6281210000{index:03}") for index in range(5)]
    plain = [first_seen(one, RULES, 0) for one in numbers]
    nik, kk = Nik("3201010101010001"), Kk("3201060401130027")
    pending = Pending(7, 1, nik, kk, "REG", (), "4444")
    known = [
        structs.replace(plain[0], has_phone=True),
        structs.replace(plain[1], status=Status.REGISTERED, nik=nik, kk=kk),
        structs.replace(plain[2], status=Status.REGISTERED, nik=nik, kk=kk),
        structs.replace(plain[3], pending=pending),
        plain[4],
    ]
    store = store_at(tmp_path / "gateway.sqlite3")
    await store.open()
    one_by_one = State(SCHEDULE, RING_MS)
    for one in known:
        one_by_one.put(one)
        store._state.put(one)
    await store.close()
    again = store_at(tmp_path / "gateway.sqlite3")
    await again.open()
    state = again._state
    assert state.subscribers == one_by_one.subscribers
    assert state.numbers_per_nik == one_by_one.numbers_per_nik == {(nik.digits, "telkomsel"): 2}
    assert state.due(10) == one_by_one.due(10) != []
    end = SCHEDULE.day_zero * 2
    assert state.ageing.due(end, 10) == one_by_one.ageing.due(end, 10) != []
    assert len({id(one.operator) for one in state.subscribers.values()}) == 1
    assert state.touched == 0
    await again.close()


def test_after_a_restart_no_phone_is_on_and_no_call_is_open() -> None:
    network = Network().online(TELKOMSEL, INDOSAT, OTHER)
    network.batch(DataOpen(OTHER, "d1"), Presence(OTHER, False))
    call = accepted_id(network.batch(DataOpen(TELKOMSEL, "d1"), Dial(TELKOMSEL, INDOSAT, "c1"))[1])
    state = network.state
    state.take_touched()
    all_phones_off(state)
    assert state.calls == {}
    for one in state.subscribers.values():
        assert (one.online, one.data_ref, one.call_id, one.has_phone) == (False, "", 0, True)
    subscribers, _, calls, _ = state.take_touched()
    assert set(subscribers) == {TELKOMSEL, INDOSAT}
    assert (calls[call].state, calls[call].cause) == (CallState.ENDED, Cause.ABSENT_SUBSCRIBER)
    assert calls[call].ended_at == network.now
