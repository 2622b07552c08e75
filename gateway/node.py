"""Builds every part from the configuration and runs them in one TaskGroup."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import TypeAlias

import structlog
from msgspec import Struct, structs

from gateway.clock import Clock, SimulatedClock, SystemClock
from gateway.config import ClockMode, Config, Durability
from gateway.console.api import create_app
from gateway.console.server import ApiServer
from gateway.console.tokens import Tokens
from gateway.console.webhooks import Webhooks
from gateway.core.ageing import iso
from gateway.core.decision import Denied, Signal
from gateway.core.events import ClockSet, FaultsSet
from gateway.core.fault_aim import Faults
from gateway.core.ledger import Rules
from gateway.courier import Courier
from gateway.flow import Feed, Flow
from gateway.links.broker import BrokerFailed
from gateway.links.campaigns import Campaigns
from gateway.links.capture import CannotCapture
from gateway.links.phones import Begin, PhonesLink
from gateway.links.smpp_parts import joined, kept_header
from gateway.links.smpp_smscs import Smscs
from gateway.links.sweep import Sweep
from gateway.links.timer import Timer
from gateway.listening import CannotListen
from gateway.smpp.lint.findings import AccountReport
from gateway.store.memory import MemoryStore
from gateway.store.protocol import CannotOpen, Store
from gateway.store.retention import Retention
from gateway.store.sqlite import SqliteStore
from gateway.systemd import Systemd, announced
from gateway.traces import trace

log = structlog.get_logger()

# Seconds that a stop may take.
_DRAIN_S = 10.0

# Collections of the young generation, and how many of them before an older one is looked
# through: under load most objects are values without cycles, which need no collector. A hundred
# thousand that stayed take it 40 ms, in which nobody is answered.
GC_THRESHOLDS = (10_000, 10, 1_000)

Listener: TypeAlias = tuple[str, int]


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
    """All parts of one running gateway, on an open store; made by `running`."""

    def __init__(self, config: Config, store: Store, rules: Rules) -> None:
        self.config = config
        self.store = store
        self.clock = _make_clock(config, store.last_at())
        self.feed = Feed()
        self.courier = Courier(self.clock, self._signal, config.messages.retry_seconds)
        self.flow = Flow(store, self.clock, rules, self.courier, self.feed, self._route)
        self.timer = Timer(self.flow, store, self.clock)
        self.sweep = Sweep(self.flow, store, self.clock, config.schedule.sweep_per_second)
        self.campaigns = Campaigns(self.flow, store, self.clock, config.campaigns)
        self.smpp = Smscs(
            config,
            registration_code=rules.registration_code,
            flow=self.flow,
            courier=self.courier,
            clock=self.clock,
        )
        self.watching = self.smpp.watching
        self.phones = PhonesLink(config.mqtt, self.flow, self.courier)
        tokens = Tokens(config.http.read_token, config.http.act_token)
        app = create_app(self, config.report.smallest_cell, tokens)
        self.api = ApiServer(app, config.http.host, config.http.port)
        places = Path(f"{config.store.path}.webhooks") if store.keeps_journal else None
        self.traces = trace(config.telemetry, self.flow, app)
        self.webhooks = Webhooks(self, app.state.inbox, config.webhooks, places)
        app.state.webhooks = self.webhooks
        self.listeners: dict[str, Listener] = {}
        self.ready = False
        self.courier.take(store.pending())

    def _route(self, destination: str) -> str | None:
        return self.smpp.route(destination)

    def _signal(self, signal: Signal) -> None:
        self.phones.signal(signal)

    async def start(self, begin: Begin) -> None:
        """Open everything, in the order in which the parts need each other.

        `begin` starts a named task. Raises CannotStart.
        """
        begin("flow", self.flow.run())
        begin("store", self.store.run())
        begin("courier", self.courier.run())
        try:
            broker = await self.phones.start(begin)
            if broker is not None:
                self.listeners["mqtt"] = broker
            self.listeners |= await self.smpp.start()
            self.listeners["http"] = await self.api.start()
        except (CannotListen, CannotCapture, BrokerFailed) as trouble:
            raise CannotStart(str(trouble)) from trouble
        faults = self.flow.rules.faults
        if faults:
            log.warning("things go wrong on purpose", faults=len(faults.rules))
            await self.set_faults(faults, "as configured")
        begin("smpp", self.smpp.run())
        begin("http", self.api.run())
        await self.timer.catch_up()
        begin("timer", self.timer.run())
        begin("sweep", self.sweep.run())
        begin("campaigns", self.campaigns.run())
        if self.config.webhooks:
            begin("webhooks", self.webhooks.run())
        self.ready = True

    async def stop(self) -> None:
        """Stop taking, decide and deliver what was taken."""
        self.ready = False
        await self.api.stop()
        await self.smpp.stop()
        self.flow.drain()

    async def flushed(self) -> None:
        """Wait until the phones' answers have left."""
        await self.phones.flushed()

    async def release(self) -> None:
        """Close what outlives the tasks."""
        await self.phones.release()
        await self.store.close()
        if self.traces is not None:
            await self.traces.close()

    # ---- what the console may ask

    async def set_clock(self, now: int | None, speed: float | None) -> None:
        """Move the calendar and wait until all that fell due is decided; raises Fixed."""
        self.clock.set(now, speed)
        decision = await self.flow.ask(ClockSet(self.clock.now(), self.clock.speed))
        if isinstance(decision.answer, Denied):
            log.error("the clock moved but that is not in the journal", why=decision.why)
        await self.timer.catch_up()

    async def set_faults(self, faults: Faults, what: str) -> None:
        """Let these go wrong on purpose from now on, and note it in the journal."""
        self.flow.set_faults(faults)
        self.smpp.set_faults(faults, self.flow.tally)
        decision = await self.flow.ask(FaultsSet(what, faults.rules, faults.seed))
        if isinstance(decision.answer, Denied):
            log.error("faults changed but that is not in the journal", why=decision.why)

    def links(self) -> dict[str, str]:
        """Say how each link stands."""
        refused = "nothing can be stored: see the log; senders are told to repeat"
        return {
            **dict.fromkeys(self.smpp.servers, "up"),
            "mqtt": self.phones.state(),
            "http": "up",
            "store": "up" if self.flow.storing else refused,
        }


def _make_clock(config: Config, last_at: int) -> Clock:
    """Make the calendar; a simulated one goes on from the journal's last word."""
    if config.clock.mode is ClockMode.SYSTEM:
        return SystemClock()
    return SimulatedClock(max(config.clock_now(), last_at), config.clock.speed)


def _make_store(config: Config, rules: Rules) -> Store:
    row = config.retention
    keep = Retention(row.messages_most, row.messages_ms, row.journal_most)
    if config.store.path == ":memory:":
        return MemoryStore(rules.schedule, rules.ring_ms, keep)
    return SqliteStore(
        Path(config.store.path),
        full=config.store.durability is Durability.FULL,
        schedule=rules.schedule,
        ring_ms=rules.ring_ms,
        keep=keep,
    )


@contextlib.asynccontextmanager
async def running(config: Config) -> AsyncIterator[Gateway]:
    """Run a whole gateway for the length of the block; raises CannotStart."""
    rules = structs.replace(config.rules(), joined=joined, header_kept=kept_header)
    store = _make_store(config, rules)
    try:
        await store.open()
    except CannotOpen as trouble:
        raise CannotStart(str(trouble)) from trouble
    gateway = Gateway(config, store, rules)
    try:
        async with _tasks() as begin:
            await gateway.start(begin)
            yield gateway
            await _drain(gateway)
    finally:
        await gateway.release()


@contextlib.asynccontextmanager
async def _tasks() -> AsyncIterator[Begin]:
    """Own the gateway's tasks: cancelled when the block ends; a lone failure comes out as it is."""
    own: list[asyncio.Task[None]] = []
    try:
        async with asyncio.TaskGroup() as tasks:

            def begin(name: str, work: Coroutine[object, object, None]) -> None:
                own.append(tasks.create_task(work, name=name))

            try:
                yield begin
            finally:
                for task in own:
                    task.cancel()
    except BaseExceptionGroup as group:
        lone: BaseException = group
        while isinstance(lone, BaseExceptionGroup) and len(lone.exceptions) == 1:
            lone = lone.exceptions[0]
        raise lone from None


async def _drain(gateway: Gateway) -> None:
    """Let what was taken be decided and answered, within a deadline."""
    try:
        async with asyncio.timeout(_DRAIN_S):
            await gateway.stop()
            await gateway.flow.drained()
            await gateway.flushed()
    except TimeoutError:
        log.warning("stopped before everything was answered; the senders will repeat")


async def serve(
    config: Config, announce: Callable[[Announcement], None], stop: asyncio.Event
) -> list[AccountReport]:
    """Run a gateway until `stop` is set; gives the client lint of it, raises CannotStart."""
    systemd = Systemd(os.environ)
    async with running(config) as gateway:
        for name, (host, port) in gateway.listeners.items():
            announce(Announcement("listening", name, host, port, {}))
        host, port = gateway.listeners["http"]
        log.info("the trainers' console", page=f"http://{host}:{port}/console/")
        log.info("calendar", now=iso(gateway.clock.now()), speed=gateway.clock.speed)
        announce(Announcement("ready", "", "", 0, dict(gateway.listeners)))
        # What lives as long as the gateway is not looked through again and again for garbage.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        async with announced(systemd):
            await stop.wait()
    return gateway.watching.lint() or []
