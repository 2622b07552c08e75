"""A run by several agents over a broker: started together, their tallies added up exactly."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Final, TypeVar

import aiomqtt
from msgspec import structs

from handsets.broker import BadCertificates, Broker, tls_to, way_out
from handsets.load.conduct import Came, Conductor, followed, interrupted_by_signals
from handsets.load.job import Job
from handsets.load.roll import Roll
from handsets.load.screen import Screen
from handsets.load.target import NoTarget
from handsets.load.words import (
    PAYLOAD_MOST,
    Begin,
    Call,
    Failed,
    Finished,
    Hello,
    Order,
    Prepare,
    Ready,
    Report,
    Stop,
    Told,
    agent_topic,
    decode_report,
    encode,
    orders_topic,
)

R = TypeVar("R", bound=Report)

_GATHER_S: Final = 30.0
_READY_S: Final = 30.0
_CALL_EVERY_S: Final = 0.5
_LOOK_S: Final = 0.5
_TIMEOUT_S: Final = 5.0
_SILENT = logging.Logger("handsets.load", logging.CRITICAL + 1)


class Crew:
    """The conductor's end."""

    def __init__(self, client: aiomqtt.Client, group: str) -> None:
        """Speak to a group over a connected client."""
        self._client = client
        self._group = group
        self._reports: asyncio.Queue[Report] = asyncio.Queue()

    async def listen(self) -> None:
        """Hear what the agents say, until cancelled."""
        await self._client.subscribe(agent_topic(self._group, "+"), qos=1)
        async for message in self._client.messages:
            payload = message.payload
            report = decode_report(payload) if isinstance(payload, bytes) else None
            if report is not None:
                self._reports.put_nowait(report)

    async def gather(self, many: int) -> list[str]:
        """Find so many agents. Raises NoTarget."""
        names: dict[str, None] = {}
        ends = asyncio.get_running_loop().time() + _GATHER_S
        while len(names) < many:
            if asyncio.get_running_loop().time() > ends:
                raise NoTarget(
                    f"{len(names)} of {many} agents answered in the group {self._group}; start"
                    f" them with handsets load agent --group {self._group}"
                )
            await self._order(Call())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CALL_EVERY_S):
                    while len(names) < many:
                        report = await self._reports.get()
                        if isinstance(report, Hello):
                            names[report.name] = None
        return list(names)

    async def prepare(self, job: Job, names: list[str]) -> None:
        """Give each agent its part, and wait until all are connected. Raises NoTarget."""
        for number, name in enumerate(names):
            part = structs.replace(job, number=number, senders=len(names))
            await self._order(Prepare(name, part))
        waiting = set(names)
        try:
            async with asyncio.timeout(_READY_S):
                while waiting:
                    report = await self._reports.get()
                    if isinstance(report, Ready):
                        waiting.discard(report.name)
                    elif isinstance(report, Failed) and report.name in waiting:
                        raise NoTarget(f"agent {report.name}: {report.why}")
        except TimeoutError:
            raise NoTarget(f"agents are not ready: {', '.join(sorted(waiting))}") from None

    async def run(self, names: list[str], conductor: Conductor) -> None:
        """Begin, and take what the agents tell until nobody is left."""
        loop = asyncio.get_running_loop()
        await self._order(Begin())
        roll = Roll(names, loop.time())
        while not roll.over:
            found = roll.look(loop.time())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    report = await self._reports.get()
                    if isinstance(report, Told):
                        found += roll.told(report.name, report.tally, loop.time())
                    elif isinstance(report, Finished):
                        found += roll.finished(report.name)
                    elif isinstance(report, Failed):
                        found += roll.finished(report.name, report.why)
            for tally in found:
                conductor.tell(tally)
        conductor.came.agents = roll.agents

    async def stop(self) -> None:
        """Have the agents send no more."""
        await self._order(Stop())

    async def _order(self, order: Order) -> None:
        payload = encode(order)
        if len(payload) > PAYLOAD_MOST:
            raise NoTarget(
                f"the profile has {len(payload):,} octets, a broker takes {PAYLOAD_MOST:,}: replay"
                " fewer moments, or without agents"
            )
        await self._client.publish(orders_topic(self._group), payload, qos=1)


async def together(
    job: Job, screen: Screen, metrics: str, broker: Broker, group: str, many: int
) -> Came:
    """Run a job by `many` agents of a group. Raises NoTarget."""
    async with client_of(broker) as client:
        crew = Crew(client, group)
        stopping: set[asyncio.Task[None]] = set()

        def stop() -> None:
            task = asyncio.get_running_loop().create_task(crew.stop(), name="load stop")
            stopping.add(task)
            task.add_done_callback(stopping.discard)

        conductor = Conductor(job, screen, stop)
        listening = asyncio.create_task(crew.listen(), name="load crew")
        try:
            names = await crew.gather(many)
            await crew.prepare(job, names)
            screen.say(f"{many} agents are ready: {', '.join(names)}")
            async with followed(metrics) as metered:
                with interrupted_by_signals(conductor.interrupt):
                    await crew.run(names, conductor)
            conductor.came.readings = tuple(metered.readings)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, aiomqtt.MqttError):
                await listening
        return conductor.came


@contextlib.asynccontextmanager
async def client_of(
    broker: Broker, will: aiomqtt.Will | None = None
) -> AsyncIterator[aiomqtt.Client]:
    """Connect to the broker that coordinates. Raises NoTarget where it does not take us."""
    try:
        tls = tls_to(broker)
    except BadCertificates as trouble:
        raise NoTarget(f"--broker {trouble}") from None
    client = aiomqtt.Client(
        broker.host,
        broker.port,
        username=broker.username or None,
        password=broker.password or None,
        tls_context=tls,
        will=will,
        timeout=_TIMEOUT_S,
        keepalive=5,
        logger=_SILENT,
    )
    try:
        await client.__aenter__()
    except aiomqtt.MqttError as trouble:
        why = str(trouble).partition("\n")[0]
        start = "start one, or name another with --broker HOST:PORT"
        raise NoTarget(
            f"no MQTT broker takes us at {broker} ({why}); {way_out(why, start, '--broker')}"
        ) from None
    try:
        yield client
    finally:
        with contextlib.suppress(aiomqtt.MqttError):
            await client.__aexit__(None, None, None)
