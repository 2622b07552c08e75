"""The handsets' way in and out: frames over an MQTT broker.

Up frames become events, offered in batches; what was decided goes back after the commit. The
broker may go away at any time: phones repeat what got no answer, the courier repeats messages.
"""

from __future__ import annotations

import asyncio
import ssl

import structlog

from gateway.air.mapping import signal_of
from gateway.air.packets import Publish
from gateway.air.topics import UP_FILTER
from gateway.core.decision import Signal
from gateway.courier import Courier
from gateway.flow import Flow
from gateway.links.mqtt_client import BrokerLost, Client, hint
from gateway.links.mqtt_intake import Intake
from gateway.links.mqtt_phones import Phones
from gateway.links.mqtt_probe import RoundTrip
from gateway.links.outbox import Outbox

log = structlog.get_logger()

# Real seconds: pauses before the next try to connect.
_PAUSE_FIRST_S = 0.2
_PAUSE_MOST_S = 5.0


class MqttLink:
    """One connection to the broker for all phones; `run` keeps it for ever."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        username: str,
        password: str,
        tls: ssl.SSLContext | None = None,
        qos: int,
        flow: Flow,
        courier: Courier,
    ) -> None:
        self._host = host
        self._port = port
        self._username = username
        self._password = password
        self._tls = tls
        self._qos = qos
        self._outbox = Outbox(qos)
        self._phones = Phones(self._outbox, courier)
        self._intake = Intake(flow, self._outbox, self._phones)
        self._probe = RoundTrip(qos)
        self._connected = False
        self._lost_told = False
        self._pause = _PAUSE_FIRST_S
        self.trouble: BaseException | None = None
        self.ready = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether phones can be reached now."""
        return self._connected

    @property
    def waiting(self) -> int:
        """How many frames have arrived and are not yet offered to the flow."""
        return len(self._intake)

    @property
    def round_trip(self) -> float | None:
        """Seconds that a frame took through the broker and back at the start, once measured."""
        return self._probe.seconds

    def signal(self, signal: Signal) -> None:
        """Tell a phone of its call, its data session or its bars; the courier calls this."""
        self._intake.send(signal.msisdn, signal_of(signal))

    async def flushed(self) -> None:
        """Wait until the broker has taken all that is for phones."""
        await self._outbox.flushed()

    async def run(self) -> None:
        """Stay connected and take what phones send, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._intake.run(), name="mqtt: take frames")
            tasks.create_task(self._stay_connected(), name="mqtt: stay connected")

    # ---- the connection

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._connection()
            except* BrokerLost as trouble:
                self._tell_lost(trouble)
            _end_if_cancelled()
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, _PAUSE_MOST_S)

    async def _connection(self) -> None:
        """Hold one connection until it breaks; raises BrokerLost, in a group or alone."""
        client = Client(
            self._host,
            self._port,
            username=self._username,
            password=self._password,
            tls=self._tls,
            qos=self._qos,
            arrived=self._receive,
            sent=self._outbox.sent,
        )
        async with client:
            await client.subscribed(UP_FILTER)
            self._made()
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(self._outbox.publish(client), name="mqtt: publish")
                    if not self._probe.done:
                        tasks.create_task(self._probe.measure(client), name="mqtt: measure")
                    self.ready.set()
                    # Here, not in a task: until Python 3.12 a TaskGroup that is already ending
                    # leaves this task marked as cancelled when one of its own fails.
                    await client.lost()
            finally:
                self._connected = False
                self._phones.connection_lost()
                self._outbox.connection_lost()

    def _made(self) -> None:
        # A first connection is no news: the gateway's own lines tell that it is ready.
        tell = log.info if self._lost_told or self.ready.is_set() else log.debug
        self._connected = True
        self._lost_told = False
        self._pause = _PAUSE_FIRST_S
        back = "back" if self.ready.is_set() else "there"
        tell(f"mqtt: the broker is {back}", broker=f"{self._host}:{self._port}")
        self._phones.connection_made()

    def _tell_lost(self, trouble: BaseExceptionGroup[Exception]) -> None:
        """Log once per outage, and keep the last reason."""
        self.trouble = _first(trouble)
        if self._lost_told:
            return
        self._lost_told = True
        remedy = hint(self.trouble)
        log.warning(
            "mqtt: no connection to the broker; trying again until it answers",
            broker=f"{self._host}:{self._port}",
            why=str(self.trouble),
            **({"remedy": remedy} if remedy else {}),
        )

    def _receive(self, frame: Publish) -> None:
        if not self._probe.takes(frame):
            self._intake.receive(frame)


def _end_if_cancelled() -> None:
    """Raise CancelledError where this task was cancelled and nobody noticed.

    Until Python 3.12 a TaskGroup loses a cancellation that comes together with an error.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _first(trouble: BaseException) -> BaseException:
    while isinstance(trouble, BaseExceptionGroup):
        trouble = trouble.exceptions[0]
    return trouble
