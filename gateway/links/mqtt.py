"""The handsets' way in and out: frames over an MQTT broker.

Up frames become events, offered in batches; what was decided goes back after the commit. The
broker may go away at any time: phones repeat what got no answer, the courier repeats messages.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import partial

import structlog
from aiomqtt import MqttError

from gateway.air.frames import BadFrame, PhoneState, StateUp, UpFrame, decode_up, encode, ref_in
from gateway.air.mapping import (
    Addressed,
    UpEvent,
    answer_of,
    event_of,
    phone_of,
    refusal_of,
    signal_of,
)
from gateway.air.topics import UP_FILTER, BadTopic, DownKind, UpKind, down_topic, parse_up
from gateway.core.causes import Cause
from gateway.core.decision import Decision, Denied, Signal
from gateway.core.events import Acknowledged, Presence
from gateway.core.numbers import Msisdn
from gateway.courier import Courier
from gateway.flow import Flow
from gateway.links.mqtt_client import Arrived, Client, RoundTrip
from gateway.links.mqtt_phones import Phones
from gateway.links.outbox import WORKERS, Outbox, end_if_cancelled

log = structlog.get_logger()

# Frames turned into events before others get a turn.
_BATCH_MOST = 500

# Real seconds: pauses before the next try to connect, and before a coming or going that could
# not be stored is offered again.
_PAUSE_FIRST_S = 0.2
_PAUSE_MOST_S = 5.0
_AGAIN_S = 1.0


class MqttLink:
    """One connection to the broker for all phones; `run` keeps it for ever."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        username: str,
        password: str,
        qos: int,
        flow: Flow,
        courier: Courier,
    ) -> None:
        self._host = host
        self._port = port
        self._username = username
        self._password = password
        self._qos = qos
        self._flow = flow
        self._outbox = Outbox(qos)
        self._phones = Phones(self._outbox, courier)
        self._inbox: deque[Arrived] = deque()
        self._arrived = asyncio.Event()
        self._probe = RoundTrip(qos)
        self._connected = False
        self._lost_told = False
        self._pause = _PAUSE_FIRST_S
        self.ready = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Whether phones can be reached now."""
        return self._connected

    @property
    def waiting(self) -> int:
        """How many frames have arrived and are not yet offered to the flow."""
        return len(self._inbox)

    @property
    def round_trip(self) -> float | None:
        """Seconds that a frame took through the broker and back at the start, once measured."""
        return self._probe.seconds

    def signal(self, signal: Signal) -> None:
        """Tell a phone of its call, its data session or its bars; the courier calls this."""
        self._send(signal.msisdn, signal_of(signal))

    async def flushed(self) -> None:
        """Wait until the broker has taken all that is for phones."""
        await self._outbox.flushed()

    async def run(self) -> None:
        """Stay connected and take what phones send, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._take(), name="mqtt: take frames")
            tasks.create_task(self._stay_connected(), name="mqtt: stay connected")

    # ---- the connection

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._connection()
            except* (MqttError, OSError, UnicodeError) as trouble:
                self._tell_lost(trouble)
            end_if_cancelled()
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, _PAUSE_MOST_S)

    async def _connection(self) -> None:
        """Hold one connection until it breaks; raises MqttError, in a group or alone."""
        client = Client(
            self._host,
            self._port,
            username=self._username,
            password=self._password,
            qos=self._qos,
            arrived=self._receive,
        )
        async with client:
            await client.subscribed(UP_FILTER, self._qos)
            self._made()
            try:
                async with asyncio.TaskGroup() as tasks:
                    for number in range(WORKERS[self._qos]):
                        tasks.create_task(
                            self._outbox.publish(client), name=f"mqtt: publisher {number}"
                        )
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
        self._connected = True
        self._lost_told = False
        self._pause = _PAUSE_FIRST_S
        back = "back" if self.ready.is_set() else "there"
        log.info(f"mqtt: the broker is {back}", broker=f"{self._host}:{self._port}")
        self._phones.connection_made()

    def _tell_lost(self, trouble: BaseExceptionGroup[Exception]) -> None:
        """Log once per outage."""
        if self._lost_told:
            return
        self._lost_told = True
        log.warning(
            "mqtt: no connection to the broker; trying again until it answers",
            broker=f"{self._host}:{self._port}",
            why=str(_first(trouble)),
        )

    # ---- up

    def _receive(self, frame: Arrived) -> None:
        if not self._probe.takes(frame):
            self._inbox.append(frame)
            self._arrived.set()

    async def _take(self) -> None:
        """Offer what has arrived, all of it at once, to the flow."""
        inbox = self._inbox
        while True:
            if not inbox:
                self._arrived.clear()
                await self._arrived.wait()
            if self._flow.full:
                await self._flow.room()
            events: list[UpEvent] = []
            acks: dict[Msisdn, list[int]] = {}
            for _ in range(min(len(inbox), _BATCH_MOST)):
                self._read(inbox.popleft(), events, acks)
            events += (Acknowledged(by, tuple(ids)) for by, ids in acks.items())
            if events:
                self._flow.offer(events, partial(self._answered, events))
            await asyncio.sleep(0)

    def _read(self, frame: Arrived, events: list[UpEvent], acks: dict[Msisdn, list[int]]) -> None:
        """Turn one frame into what happened, or answer what is wrong with it."""
        place = parse_up(frame.topic)
        if isinstance(place, BadTopic):
            self._refuse_topic(place, frame)
            return
        msisdn, kind = place
        read = decode_up(kind, frame.payload)
        if isinstance(read, BadFrame):
            self._send(msisdn, refusal_of(read, kind))
        elif isinstance(read, StateUp):
            self._note_state(msisdn, read, frame.retained, events)
        else:
            self._note(msisdn, kind, read, events, acks)

    def _note(
        self,
        msisdn: Msisdn,
        kind: UpKind,
        frame: UpFrame,
        events: list[UpEvent],
        acks: dict[Msisdn, list[int]],
    ) -> None:
        event = event_of(msisdn, frame)
        if isinstance(event, BadFrame):
            self._send(msisdn, refusal_of(event, kind))
            return
        if self._phones.comes(msisdn):
            events.append(Presence(msisdn, online=True))
        if isinstance(event, Acknowledged):
            acks.setdefault(msisdn, []).extend(event.ids)
        else:
            events.append(event)

    def _note_state(
        self, msisdn: Msisdn, frame: StateUp, retained: bool, events: list[UpEvent]
    ) -> None:
        if frame.state is PhoneState.OFFLINE:
            if self._phones.goes(msisdn):
                events.append(Presence(msisdn, online=False))
        elif self._phones.comes(msisdn):
            events.append(Presence(msisdn, online=True))
        elif not retained:
            self._phones.comes_back(msisdn)

    def _refuse_topic(self, bad: BadTopic, frame: Arrived) -> None:
        log.warning("mqtt: frame ignored", topic=bad.topic, why=bad.why)
        if bad.msisdn is not None:
            self._send(bad.msisdn, refusal_of(BadFrame(bad.why, ref_in(frame.payload)), None))

    # ---- down

    def _answered(self, events: Sequence[UpEvent], decisions: Sequence[Decision]) -> None:
        """Answer after the commit; the flow calls this, so it never raises and never waits."""
        for event, decision in zip(events, decisions, strict=True):
            denied = isinstance(decision.answer, Denied)
            if isinstance(event, Presence):
                if self._presence_answered(event, decision):
                    continue
            elif isinstance(event, Acknowledged) and not denied:
                self._phones.acknowledged(event)
            answer = answer_of(event, decision)
            if answer is not None:
                self._send(phone_of(event), answer)

    def _presence_answered(self, event: Presence, decision: Decision) -> bool:
        """Open or close the phone's lane; whether there is nothing to tell the phone."""
        answer = decision.answer
        if not isinstance(answer, Denied):
            self._phones.decided(event)
        elif answer.cause is Cause.CONGESTION:
            loop = asyncio.get_running_loop()
            loop.call_later(_AGAIN_S, self._say_again, event)
            return True
        else:
            self._phones.refused(event)
        return False

    def _say_again(self, event: Presence) -> None:
        """Offer a coming or going that was not stored, unless it is out of date."""
        if self._phones.is_on(event.msisdn) is event.online:
            self._flow.offer([event], partial(self._answered, [event]))

    def _send(self, msisdn: Msisdn, addressed: Addressed) -> None:
        kind, frame = addressed
        self._outbox.put(down_topic(msisdn, kind), encode(frame), retain=kind is DownKind.BARRING)


def _first(trouble: BaseException) -> BaseException:
    while isinstance(trouble, BaseExceptionGroup):
        trouble = trouble.exceptions[0]
    return trouble
