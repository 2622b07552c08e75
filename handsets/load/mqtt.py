"""Messages of phones over MQTT: each on its own connection, or many on a few.

Phones that share have one subscription, `handsets/+/down/#` on the first connection; what is for
others is passed over. A frame goes once: one that is lost on the way is counted as lost.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from random import Random
from typing import Final

from gateway.air.frames import (
    AckUp,
    BarringDown,
    CallDown,
    CallEvent,
    CallUp,
    CallUpAction,
    DataDown,
    DataStatus,
    DataUp,
    DataUpAction,
    PhoneState,
    ResultDown,
    ResultStatus,
    SmsDown,
    SmsUp,
    StateUp,
    UpFrame,
    decode_down,
    encode,
)
from gateway.air.packets import Publish, Will
from gateway.air.session import Manner
from gateway.air.topics import DOWN_FILTER, DownKind, UpKind, down_filter, up_topic
from gateway.core.numbers import Msisdn
from handsets.broker import BadCertificates, way_out
from handsets.load.arrivals import Arrivals
from handsets.load.book import SHOWN, Book, Flight
from handsets.load.plan import CALL, REGISTRATION
from handsets.load.target import MqttTarget, NoTarget
from handsets.mqtt.wire import Wire
from handsets.mqtt.wires import Wires, wires_to

PHONES_MOST: Final = 20_000
"""Phones with a connection of their own, in one process."""

_READY_S: Final = 60.0
_START: Final = "start it, or name another with --mqtt HOST:PORT"
_MANY: Final = (
    "share them (--connections 4), give fewer --phones, or use a mosquitto: the embedded broker"
    " takes some thousand"
)
_LOOK_S: Final = 0.02
_ONLINE: Final = encode(StateUp(PhoneState.ONLINE))
_OFFLINE: Final = encode(StateUp(PhoneState.OFFLINE))
_KINDS: Final = {kind.value: kind for kind in DownKind}


class MqttSender:
    """All phones of one sender."""

    def __init__(
        self, target: MqttTarget, book: Book, numbers: Iterable[str], turned: Callable[[], None]
    ) -> None:
        """`numbers` are all that may send; `turned` is called after what a message brought."""
        self._target = target
        self._book = book
        self._numbers = numbers
        self._turned = turned
        self._stack = AsyncExitStack()
        self._loop = asyncio.get_running_loop()
        self._shared: list[Wire] = []
        self._own: dict[str, Wire] = {}
        self._on: dict[str, None] = {}
        self._arrivals = Arrivals(self._announce)
        self._run = secrets.token_hex(4)
        self._refs = 0
        self._by_ref: dict[str, Flight] = {}
        self._waiting: deque[Flight] = deque()
        self._why = ""

    @property
    def queued(self) -> int:
        """How many wait for a connection."""
        return len(self._waiting)

    @property
    def down(self) -> int:
        """How many connections are not up."""
        return sum(not wire.up for wire in self._shared or self._own.values())

    async def open(self) -> None:
        """Connect; each phone, where each has its own connection. Raises NoTarget."""
        broker = self._target.place
        manner = Manner(broker.username, broker.password)
        try:
            wires = await self._stack.enter_async_context(
                wires_to(broker, manner, Random(self._run))
            )
        except BadCertificates as trouble:
            raise NoTarget(f"--mqtt {trouble}") from None
        if self._target.connections:
            for at in range(self._target.connections):
                filters = [] if at else [DOWN_FILTER]
                wire = wires.wire(f"load-{self._run}-{at}", filters, None, _Ear(self))
                self._shared.append(wire)
                wire.dial()
            await self._all_up(self._shared)
        else:
            await self._open_own(wires)
        if self._target.switched_on or self._own:
            # The network must know them before their time counts.
            await self._arrivals.switch_on(self._own or self._numbers)

    async def _open_own(self, wires: Wires) -> None:
        for phone in self._numbers:
            if len(self._own) >= PHONES_MOST:
                raise NoTarget(
                    f"one process holds {PHONES_MOST:,} phones with a connection each: say --phones"
                    f" {PHONES_MOST} or fewer, or share them among --workers"
                )
            state = up_topic(Msisdn(phone), UpKind.STATE)
            self._own[phone] = wires.wire(
                f"load-{phone}-{self._run}",
                [down_filter(Msisdn(phone))],
                Will(state, _OFFLINE),
                _Ear(self),
            )
        for wire in self._own.values():
            wire.dial()
        await self._all_up(list(self._own.values()))

    async def _all_up(self, wires: list[Wire]) -> None:
        ends = self._loop.time() + _READY_S
        while not all(wire.up for wire in wires):
            up = sum(wire.up for wire in wires)
            if (self._why and not up) or self._loop.time() > ends:
                await self.close()
                why = self._why or "no answer"
                raise NoTarget(
                    f"{up:,} of {len(wires):,} connections to the broker at {self._target.place}"
                    f" ({why}); {way_out(why, _MANY if up else _START)}"
                )
            await asyncio.sleep(_LOOK_S)

    def send(self, flights: list[Flight]) -> None:
        """Send these."""
        self._waiting.extend(flights)
        waiting = self._waiting
        while waiting and self._launch(waiting[0]):
            waiting.popleft()

    def drop(self) -> int:
        """Forget what is not yet sent."""
        many = len(self._waiting)
        self._waiting.clear()
        return many

    async def close(self) -> None:
        """Switch all phones off."""
        for phone in self._on:
            self._say(phone, UpKind.STATE, _OFFLINE, retain=True)
        await self._stack.aclose()

    # ---- what connections tell

    def heard(self, message: Publish) -> None:
        """Enter what came for a phone in the book."""
        parts = message.topic.split("/")
        kind = _KINDS.get(parts[3]) if len(parts) == 4 else None
        phone = parts[1] if kind is not None else ""
        if kind is None or phone not in self._on:
            return
        now, frame = self._loop.time(), decode_down(kind, message.payload)
        match frame:
            case ResultDown():
                refusal = "" if frame.status is ResultStatus.ACCEPTED else _cause(frame)
                self._answered(frame.ref, refusal, now)
            case SmsDown():
                self._say(phone, UpKind.ACK, encode(AckUp(frame.id)))
                self._book.replied(phone, now, frame.text[:SHOWN])
            case CallDown():
                # The call has shown that it was routed; nobody talks.
                if frame.event in (CallEvent.RINGING, CallEvent.ANSWERED):
                    hang_up = CallUp(CallUpAction.HANGUP, id=frame.id)
                    self._say(phone, UpKind.CALL, encode(hang_up))
            case DataDown():
                refusal = _cause(frame) if frame.status is DataStatus.REFUSED else ""
                if self._answered(frame.ref, refusal, now) and not refusal:
                    close = DataUp(self._ref(), DataUpAction.CLOSE)
                    self._say(phone, UpKind.DATA, encode(close))
            case BarringDown():
                self._arrivals.greeted(phone)
            case _:
                pass
        self._turned()

    def wire_up(self) -> None:
        """Send what waited for a connection."""
        if self._waiting:
            self.send([])

    def wire_down(self, why: str, *, was_up: bool) -> None:
        """Keep the reason; the connection is dialled again."""
        self._why = why
        if was_up:
            self._book.lost_connection()

    # ---- frames

    def _launch(self, flight: Flight) -> bool:
        """Send one message; whether its connection took it."""
        phone = flight.shot.source
        if not self._wire(phone).up:
            return False
        if phone not in self._on:
            self._announce(phone)
        ref = self._ref()
        kind, frame = _frame(flight, ref)
        self._by_ref[ref] = flight
        self._book.sent(flight)
        self._say(phone, kind, encode(frame))
        return True

    def _announce(self, phone: str) -> None:
        self._on[phone] = None
        self._say(phone, UpKind.STATE, _ONLINE, retain=True)

    def _say(self, phone: str, kind: UpKind, payload: bytes, *, retain: bool = False) -> None:
        self._wire(phone).publish(up_topic(Msisdn(phone), kind), payload, retain=retain)

    def _wire(self, phone: str) -> Wire:
        if self._shared:
            return self._shared[int(phone[-4:]) % len(self._shared)]
        return self._own[phone]

    def _ref(self) -> str:
        self._refs += 1
        return f"{self._run}-{self._refs}"

    def _answered(self, ref: str, refusal: str, now: float) -> bool:
        flight = self._by_ref.pop(ref, None)
        if flight is not None:
            self._book.answered(flight, now, refusal)
        return flight is not None


class _Ear:
    """What one connection tells the sender, with whether it had been up."""

    __slots__ = ("_sender", "_up", "heard")

    def __init__(self, sender: MqttSender) -> None:
        self._sender = sender
        self._up = False
        self.heard = sender.heard

    def wire_up(self) -> None:
        self._up = True
        self._sender.wire_up()

    def wire_down(self, why: str) -> None:
        was_up, self._up = self._up, False
        self._sender.wire_down(why, was_up=was_up)


def _frame(flight: Flight, ref: str) -> tuple[UpKind, UpFrame]:
    shot = flight.shot
    if shot.kind == REGISTRATION:
        return UpKind.SMS, SmsUp(ref, shot.to, shot.text)
    if shot.kind == CALL:
        return UpKind.CALL, CallUp(CallUpAction.DIAL, ref=ref, to=shot.to)
    return UpKind.DATA, DataUp(ref, DataUpAction.OPEN)


def _cause(frame: ResultDown | DataDown) -> str:
    return frame.cause.name.value if frame.cause is not None else frame.why or "refused"
