"""The octets of one connection, on a transport that shows what is done to it."""

from __future__ import annotations

import pytest

from gateway.links.smpp_alarm import Alarm
from gateway.links.smpp_caller import Caller
from gateway.links.smpp_pipe import LINGER, Pipe
from gateway.smpp.session import Role, Session
from gateway.smpp.timers import Limits, Timers
from tests.gateway.links.esme import BIND_TX, bind_body, pdu
from tests.gateway.links.wire import Steady, Wire, turns


class Held:
    def __init__(self, wire: Wire | None = None) -> None:
        self.wire = wire or Wire()
        self.session = Session(Role.SMSC)
        timers = Timers(Limits(), 0.0)
        self.pipe = Pipe(self.wire, self.session, timers, Alarm(timers, lambda action: None))


@pytest.fixture
async def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    return Steady(monkeypatch)


async def test_one_write_for_all_that_a_turn_says() -> None:
    held = Held()
    for sequence in (1, 2):
        held.session.receive(pdu(BIND_TX, sequence, bind_body("qa", "qa")))
        held.pipe.flush_soon()
    # The second bind is refused at once, while the first waits for its answer.
    assert held.wire.writes == []
    await turns()
    assert len(held.wire.writes) == 1


async def test_reading_stops_and_goes_on_once() -> None:
    held = Held()
    for read in (True, False, False, True, True):
        held.pipe.read(read)
    assert (held.wire.pauses, held.wire.resumes) == (1, 1)
    held.pipe.close()
    held.pipe.read(False)
    assert held.wire.pauses == 1


async def test_what_does_not_close_is_aborted(steady: Steady) -> None:
    held = Held()
    held.pipe.close()
    held.pipe.close()
    assert held.pipe.closing
    assert not held.wire.aborted
    await steady.passes(LINGER)
    assert held.wire.aborted


async def test_what_is_over_is_not_aborted(steady: Steady) -> None:
    held = Held()
    held.pipe.over()
    held.pipe.close()
    held.pipe.over()
    await steady.passes(LINGER)
    assert not held.wire.aborted


async def test_caller() -> None:
    assert Held().pipe.caller() == Caller("127.0.0.1", 40000)
    assert Held(Wire(None)).pipe.caller() == Caller("unknown", 0)
