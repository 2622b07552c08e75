"""Builds every part from the configuration and runs them in one TaskGroup."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import structlog
from msgspec import Struct

from gateway.clock import Clock, SimulatedClock, SystemClock
from gateway.config import BrokerKind, ClockMode, Config, Durability
from gateway.console.api import create_app
from gateway.console.server import ApiServer
from gateway.core.ageing import iso
from gateway.core.decision import Denied, Signal
from gateway.core.events import ClockSet
from gateway.courier import Courier
from gateway.flow import Feed, Flow
from gateway.links.broker import EmbeddedBroker
from gateway.links.listening import CannotListen
from gateway.links.mqtt import MqttLink
from gateway.links.smpp_server import SmppServer
from gateway.links.timer import Timer
from gateway.store.memory import MemoryStore
from gateway.store.protocol import CannotOpen, Store
from gateway.store.sqlite import SqliteStore

log = structlog.get_logger()

# Seconds: until the broker must have answered at a start, and that a stop may take.
_MQTT_READY_S = 10.0
_DRAIN_S = 10.0

Listener = tuple[str, int]


class CannotStart(Exception):
    """The gateway cannot run: show the line, exit 1."""


class Announcement(Struct, frozen=True, gc=False):
    """What a start tells: each listener as it opens, then that all are ready."""

    event: str
    name: str
    host: str
    port: int
    listeners: dict[str, Listener]


class Gateway:
    """All parts of one running gateway; made by `running`."""

    def __init__(self, config: Config) -> None:
        self.config = config
        rules = config.rules()
        self.store: Store = _make_store(config, rules.ring_ms)
        self.clock: Clock = SystemClock()
        self.feed = Feed()
        self._rules = rules
        self._mqtt: MqttLink | None = None
        self._broker: EmbeddedBroker | None = None
        self.listeners: dict[str, Listener] = {}

    def assemble(self) -> None:
        """Connect the parts, once the store is open and says how late it is."""
        config = self.config
        if config.clock.mode is ClockMode.SIMULATED:
            now = max(config.clock_now(), self.store.last_at())
            self.clock = SimulatedClock(now, config.clock.speed)
        self.courier = Courier(self.clock, self._signal)
        self.flow = Flow(self.store, self.clock, self._rules, self.courier, self.feed)
        self.timer = Timer(self.flow, self.store, self.clock)
        self.smpp = SmppServer(
            config.smpp,
            registration_code=self._rules.registration_code,
            flow=self.flow,
            courier=self.courier,
            clock=self.clock,
        )
        self.api = ApiServer(create_app(self), config.http.host, config.http.port)
        self.courier.take(self.store.pending())

    def _signal(self, signal: Signal) -> None:
        if self._mqtt is not None:
            self._mqtt.signal(signal)

    async def start(self, tasks: asyncio.TaskGroup, own: list[asyncio.Task[None]]) -> None:
        """Open everything, in the order in which the parts need each other."""

        def task(name: str, work: object) -> None:
            own.append(tasks.create_task(work, name=name))  # type: ignore[arg-type]

        task("flow", self.flow.run())
        task("store", self.store.run())
        task("courier", self.courier.run())
        mqtt = self.config.mqtt
        host, port = mqtt.host, mqtt.port
        if mqtt.broker is BrokerKind.EMBEDDED:
            self._broker = EmbeddedBroker(host, port)
            host, port = await self._broker.start()
            task("broker", self._broker.run())
        self._mqtt = MqttLink(
            host=host,
            port=port,
            username=mqtt.username,
            password=mqtt.password,
            qos=mqtt.qos,
            flow=self.flow,
            courier=self.courier,
        )
        task("mqtt", self._mqtt.run())
        try:
            await asyncio.wait_for(self._mqtt.ready.wait(), _MQTT_READY_S)
        except TimeoutError as slow:
            raise CannotStart(
                f"no MQTT broker answers at {host}:{port}: start it, or set [mqtt] broker, host "
                "and port (and username and password, if it asks for them)"
            ) from slow
        self.listeners["mqtt"] = (host, port)
        self.listeners["smpp"] = await self.smpp.start()
        task("smpp", self.smpp.run())
        self.listeners["http"] = await self.api.start()
        task("http", self.api.run())
        await self.timer.catch_up()
        task("timer", self.timer.run())

    async def stop(self) -> None:
        """Stop taking, decide and deliver what was taken."""
        await self.api.stop()
        await self.smpp.stop()
        self.flow.drain()

    async def release(self) -> None:
        """Close what outlives the tasks."""
        if self._broker is not None:
            await self._broker.stop()
        await self.store.close()

    # ---- what the console may ask

    async def set_clock(self, now: int, speed: float) -> None:
        """Move the calendar and wait until all that fell due is decided; raises Fixed."""
        self.clock.set(now, speed)
        decision = await self.flow.ask(ClockSet(now, speed))
        if isinstance(decision.answer, Denied):
            log.error("the clock moved but that is not in the journal", why=decision.why)
        await self.timer.catch_up()

    def links(self) -> dict[str, str]:
        """Say how each link stands."""
        mqtt = self._mqtt is not None and self._mqtt.connected
        return {"smpp": "up", "mqtt": "up" if mqtt else "down", "http": "up"}


def _make_store(config: Config, ring_ms: int) -> Store:
    schedule = config.rules().schedule
    if config.store.path == ":memory:":
        return MemoryStore(schedule, ring_ms)
    return SqliteStore(
        Path(config.store.path),
        full=config.store.durability is Durability.FULL,
        schedule=schedule,
        ring_ms=ring_ms,
    )


@contextlib.asynccontextmanager
async def running(config: Config) -> AsyncIterator[Gateway]:
    """Run a whole gateway for the length of the block; raises CannotStart."""
    gateway = Gateway(config)
    try:
        await gateway.store.open()
    except CannotOpen as trouble:
        raise CannotStart(str(trouble)) from trouble
    gateway.assemble()
    own: list[asyncio.Task[None]] = []
    try:
        async with asyncio.TaskGroup() as tasks:
            try:
                try:
                    await gateway.start(tasks, own)
                except CannotListen as trouble:
                    raise CannotStart(str(trouble)) from trouble
                yield gateway
                await _drain(gateway, own)
            finally:
                for task in own:
                    task.cancel()
    except BaseExceptionGroup as group:
        start = group.subgroup(CannotStart)
        if start is not None:
            raise start.exceptions[0] from None
        raise
    finally:
        await gateway.release()


async def _drain(gateway: Gateway, own: list[asyncio.Task[None]]) -> None:
    """Let what was taken be decided and answered, within a deadline."""
    flow_task = own[0]
    try:
        async with asyncio.timeout(_DRAIN_S):
            await gateway.stop()
            await asyncio.shield(flow_task)
            if gateway._mqtt is not None:
                await gateway._mqtt.flushed()
    except TimeoutError:
        log.warning("stopped before everything was answered; the senders will repeat")


async def serve(
    config: Config, announce: Callable[[Announcement], None], stop: asyncio.Event
) -> None:
    """Run a gateway until `stop` is set; raises CannotStart."""
    async with running(config) as gateway:
        for name, (host, port) in gateway.listeners.items():
            announce(Announcement("listening", name, host, port, {}))
        log.info("calendar", now=iso(gateway.clock.now()), speed=gateway.clock.speed)
        announce(Announcement("ready", "", "", 0, dict(gateway.listeners)))
        await stop.wait()
