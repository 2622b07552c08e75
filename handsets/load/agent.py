"""An agent of a coordinated run: does what its conductor orders, and tells what it counts."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable

import aiomqtt

from handsets.broker import Broker
from handsets.load.crew import client_of
from handsets.load.job import Job, Prepared
from handsets.load.tally import Tally
from handsets.load.target import NoTarget
from handsets.load.words import (
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
    decode_order,
    encode,
    orders_topic,
)


def own_name() -> str:
    """Name this process among all agents of all hosts."""
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"


class LoadAgent:
    """One agent, one run at a time."""

    def __init__(self, name: str, group: str, client: aiomqtt.Client) -> None:
        """Belong to a group, over a connected client."""
        self._name = name
        self._topic = agent_topic(group, name)
        self._client = client
        self._reports: asyncio.Queue[Report] = asyncio.Queue()
        self._prepared: Prepared | None = None
        self._begin = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.runs = 0

    async def serve(self, group: str, once: bool, say: Callable[[str], None]) -> None:
        """Follow orders until cancelled, or for one run."""
        telling = asyncio.create_task(self._tell(), name="load agent tells")
        try:
            await self._client.subscribe(orders_topic(group), qos=1)
            async for message in self._client.messages:
                payload = message.payload
                order = decode_order(payload) if isinstance(payload, bytes) else None
                if order is not None:
                    self._obey(order, say)
                if once and self.runs:
                    return
        finally:
            telling.cancel()
            if self._task is not None:
                self._task.cancel()
            await asyncio.gather(
                telling, *([] if self._task is None else [self._task]), return_exceptions=True
            )

    def _obey(self, order: Order, say: Callable[[str], None]) -> None:
        match order:
            case Call():
                if self._task is None:
                    self._reports.put_nowait(Hello(self._name))
            case Prepare(name=name, job=job):
                if name == self._name and self._task is None:
                    self._begin.clear()
                    self._task = asyncio.create_task(self._work(job, say), name="load agent works")
            case Begin():
                self._begin.set()
            case Stop():
                if self._prepared is not None:
                    self._prepared.stop()

    async def _work(self, job: Job, say: Callable[[str], None]) -> None:
        def tell(tally: Tally) -> None:
            self._reports.put_nowait(Told(self._name, tally))

        prepared = Prepared(job, tell)
        try:
            await prepared.open()
            self._prepared = prepared
            self._reports.put_nowait(Ready(self._name))
            await self._begin.wait()
            say(f"{job.profile.name}: part {job.number + 1} of {job.senders}")
            await prepared.run()
            self._reports.put_nowait(Finished(self._name))
            say(f"{job.profile.name}: done")
        except NoTarget as trouble:
            self._reports.put_nowait(Failed(self._name, str(trouble)))
            say(str(trouble))
        finally:
            self._prepared = None
            self._task = None
            self.runs += 1

    async def _tell(self) -> None:
        while True:
            report = await self._reports.get()
            await self._client.publish(self._topic, encode(report), qos=1)


async def serve(broker: Broker, group: str, once: bool, say: Callable[[str], None]) -> None:
    """Be an agent until cancelled; `once`: for one run. Raises NoTarget."""
    name = own_name()
    will = aiomqtt.Will(
        agent_topic(group, name), encode(Failed(name, "its connection to the broker broke")), qos=1
    )
    async with client_of(broker, will) as client:
        say(f"{name} waits in the group {group} at {broker}")
        agent = LoadAgent(name, group, client)
        try:
            await agent.serve(group, once, say)
        except aiomqtt.MqttError as trouble:
            raise NoTarget(f"the broker at {broker} is gone ({trouble}); start it again") from None
