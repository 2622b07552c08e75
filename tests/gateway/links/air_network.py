"""A network for tests: the real flow, courier and memory store behind one MQTT link."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import cast

from msgspec import structs

from gateway.clock import SimulatedClock
from gateway.core.ageing import SCHEDULES, wib_midnight
from gateway.core.decision import NOTED, Decision, Record
from gateway.core.events import Event
from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Registry
from gateway.core.registration.profiles import index_profiles
from gateway.courier import Courier
from gateway.flow import Answered, Feed, Flow
from gateway.links.mqtt import MqttLink
from gateway.store.memory import MemoryStore
from tests.gateway.links.air_phones import DEADLINE_S, Place

SITI = Msisdn("6281210000001")
BUDI = Msisdn("6281410000001")
CITIZEN, OTHER_CITIZEN = Registry(seed=4444, population=1_000).citizens(2)
RULES = Rules(
    schedule=SCHEDULES["brief"],
    profiles=index_profiles(),
    registry=Registry(seed=4444, population=1_000),
)
OPEN_AT = wib_midnight(2018, 2, 26)
OUTGOING_BARRED_AT = wib_midnight(2018, 3, 5)
TOTAL_BARRED_AT = wib_midnight(2018, 5, 5)


class AirNetwork:
    """The parts, and what was committed."""

    def __init__(
        self, place: Place, *, qos: int, now: int, rules: Rules, login: Mapping[str, str]
    ) -> None:
        self.store = MemoryStore(rules.schedule, rules.ring_ms)
        self.clock = SimulatedClock(now, 1.0)
        self.courier = Courier(self.clock, lambda signal: self.link.signal(signal))
        self.feed = Feed()
        self.flow = Flow(self.store, self.clock, rules, self.courier, self.feed)
        self.link = make_link(place, self.flow, self.courier, qos=qos, **login)
        self.records: list[Record] = []
        self.feed.watch(self.records.extend)

    async def committed(self, *events: Event) -> None:
        """Wait until all these events are in the journal."""
        async with asyncio.timeout(DEADLINE_S):
            while not all(
                any(record.event == event for record in self.records) for event in events
            ):
                await self.feed.changed()

    def events(self, kind: type[Event]) -> list[Event]:
        """List the committed events of a kind."""
        return [record.event for record in self.records if type(record.event) is kind]


def make_link(
    place: Place, flow: Flow, courier: Courier, *, qos: int = 0, **login: str
) -> MqttLink:
    """Make a link that is not yet connected."""
    return MqttLink(
        host=place[0],
        port=place[1],
        username=login.get("username", ""),
        password=login.get("password", ""),
        qos=qos,
        flow=flow,
        courier=courier,
    )


@contextlib.asynccontextmanager
async def running(link: MqttLink, *, ready: bool = True) -> AsyncIterator[None]:
    """Run a link for the length of the block."""
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(link.run(), name="link")
        try:
            if ready:
                await asyncio.wait_for(link.ready.wait(), DEADLINE_S)
            yield
        finally:
            task.cancel()


@contextlib.asynccontextmanager
async def air_network(
    place: Place,
    *,
    qos: int = 0,
    now: int = OPEN_AT,
    login: Mapping[str, str] | None = None,
    **rules: object,
) -> AsyncIterator[AirNetwork]:
    """Run a network on a broker for the length of the block."""
    changed = structs.replace(RULES, **rules)
    network = AirNetwork(place, qos=qos, now=now, rules=changed, login=login or {})
    async with asyncio.TaskGroup() as tasks:
        own = [
            tasks.create_task(network.flow.run(), name="flow"),
            tasks.create_task(network.courier.run(), name="courier"),
        ]
        try:
            async with running(network.link):
                yield network
        finally:
            for task in own:
                task.cancel()


def make_courier() -> Courier:
    """Make a courier that signals nobody."""
    return Courier(SimulatedClock(0, 1.0), lambda _: None)


class FlowDouble:
    """Takes offers and answers each event as a test says; NOTED unless told otherwise."""

    def __init__(self) -> None:
        self.offered: list[list[Event]] = []
        self.answers: list[Decision] = []
        self._room = asyncio.Event()
        self._room.set()
        self._changed = asyncio.Event()

    @property
    def full(self) -> bool:
        """Whether the link must wait."""
        return not self._room.is_set()

    async def room(self) -> None:
        """Wait for `set_full(False)`."""
        await self._room.wait()

    def set_full(self, full: bool) -> None:
        """Make the link wait, or go on."""
        if full:
            self._room.clear()
        else:
            self._room.set()

    def offer(self, events: Sequence[Event], answered: Answered) -> None:
        """See Flow."""
        self.offered.append(list(events))
        answered([self.answers.pop(0) if self.answers else Decision(NOTED, "") for _ in events])
        self._changed.set()

    async def events(self, count: int) -> list[Event]:
        """Wait until so many events were offered; gives all."""
        async with asyncio.timeout(DEADLINE_S):
            while sum(map(len, self.offered)) < count:
                self._changed.clear()
                await self._changed.wait()
        return [event for events in self.offered for event in events]

    def as_flow(self) -> Flow:
        """Pass for the flow, of which a link uses these methods only."""
        return cast(Flow, self)
