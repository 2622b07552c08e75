"""Thousands of phones on lean MQTT connections: one each, or many sharing a few.

Each phone is a `Handset`, so requests are repeated and messages acknowledged as ever. A phone of
its own connection has its last will; of those that share, the network hears that they went only
when they say so.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Final, Protocol

from gateway.air.frames import PhoneState, StateUp, encode
from gateway.air.packets import Publish
from gateway.air.session import Manner
from gateway.air.topics import DownKind, UpKind, up_topic
from gateway.core.numbers import Msisdn
from handsets.broker import Broker
from handsets.handset import ContactBack, ContactLost, Handset, Happening
from handsets.mqtt.wire import Wire
from handsets.mqtt.wires import Wires, wires_to
from handsets.trunk import OwnLine, Trunk

_ONLINE: Final = encode(StateUp(PhoneState.ONLINE))
_OFFLINE: Final = encode(StateUp(PhoneState.OFFLINE))
_LEAVING_AT_ONCE: Final = 100
_KINDS = {kind.value: kind for kind in DownKind}

Tell = Callable[["Phone", Happening], None]


def _unheard(phone: Phone, happening: Happening) -> None:
    """Tell nobody."""


class Phone:
    """One phone: what it knows, and its way to the broker."""

    __slots__ = ("_due_at", "_line", "_wires", "handset", "on", "tell", "why", "wished")

    def __init__(self, handset: Handset, line: Line, wires: Wires, tell: Tell) -> None:
        self.handset = handset
        self.tell = tell
        # Whether its owner has it switched on, and whether the broker has it.
        self.wished = False
        self.on = False
        # Why it is not on.
        self.why = ""
        self._line = line
        self._wires = wires
        self._due_at = float("inf")

    @property
    def msisdn(self) -> Msisdn:
        """Its number."""
        return self.handset.msisdn

    @property
    def wire(self) -> Wire:
        """The connection that it uses."""
        return self._line.wire

    def switch_on(self) -> None:
        """Come on the air; `on` says when it is."""
        if not self.wished:
            self.wished = True
            self._line.add(self)

    def switch_off(self) -> None:
        """Acknowledge what came last, announce that it goes, and go."""
        if self.wished:
            self.wished = False
            if self.on:
                self.wake()
                self._publish(UpKind.STATE, _OFFLINE, retain=True)
                self.on = False
                self.handset.contact_lost()
            self._line.remove(self)

    def wake(self) -> None:
        """Send what the handset has to send; call it after asking the handset for something."""
        if not self.on:
            return
        handset, now = self.handset, self._wires.now()
        frames, silent = handset.due(now)
        for kind, frame in frames:
            self._publish(kind, encode(frame))
        if handset.requests:
            due = handset.next_due()
            if due is not None and (due < self._due_at or self._due_at <= now):
                self._due_at = due
                self._wires.at(due, self.wake)
        for unanswered in silent:
            self.tell(self, unanswered)

    # ---- for its line

    def line_up(self) -> None:
        """The broker has this phone's subscription: announce it, send what waited."""
        self.on = True
        self.why = ""
        self._due_at = float("inf")
        self.handset.contact_back(self._wires.now())
        self._publish(UpKind.STATE, _ONLINE, retain=True)
        self.wake()
        self.tell(self, ContactBack())

    def line_down(self, why: str) -> None:
        """The broker is out of reach."""
        self.why = why
        if self.on:
            self.on = False
            self.handset.contact_lost()
            self.tell(self, ContactLost(why))

    def hear(self, way: str, kind: str, message: Publish) -> None:
        """A frame came for this phone, or its own state as others wrote it."""
        if way == "up":
            # The will of a connection that broke earlier came late: the phone is on.
            if self.on and message.payload == _OFFLINE and not message.retained:
                self._publish(UpKind.STATE, _ONLINE, retain=True)
            return
        known = _KINDS.get(kind)
        if known is None or not self.wished:
            return
        happening = self.handset.hear(known, message.payload)
        self.wake()
        if happening is not None:
            self.tell(self, happening)

    def _publish(self, kind: UpKind, payload: bytes, *, retain: bool = False) -> None:
        self._line.publish(up_topic(self.msisdn, kind), payload, retain=retain)


class Line(Protocol):
    """A phone's way to the broker: a connection of its own, or its part of a shared one."""

    wire: Wire

    def add(self, phone: Phone) -> None:
        """A phone is switched on."""
        ...

    def remove(self, phone: Phone) -> None:
        """A phone is switched off."""
        ...

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Send a phone's frame; what is not taken is repeated by its handset."""
        ...


class Switchboard:
    """Makes phones and holds their connections; made by `switchboard`."""

    def __init__(self, wires: Wires, shared: int, qos: int) -> None:
        self.wires = wires
        self.phones: dict[Msisdn, Phone] = {}
        self._qos = qos
        # Refs and client identifiers of another run must not be met again.
        self.run = secrets.token_hex(4)
        self._shared = Trunk(wires, self.run, shared, qos).strands if shared else []

    def phone(self, msisdn: Msisdn, tell: Tell = _unheard, *, inbox_most: int = 100) -> Phone:
        """Make a phone, switched off; it remembers its last `inbox_most` messages."""
        handset = Handset(msisdn, self.run, inbox_most=inbox_most)
        line: Line
        if self._shared:
            line = self._shared[len(self.phones) % len(self._shared)]
        else:
            line = OwnLine(self.wires, f"phone-{msisdn}-{self.run}", self._qos, msisdn)
        phone = self.phones[msisdn] = Phone(handset, line, self.wires, tell)
        return phone

    async def all_off(self) -> None:
        """Switch all phones off, a hundred at a time (see Wires.close)."""
        phones = [phone for phone in self.phones.values() if phone.wished]
        for start in range(0, len(phones), _LEAVING_AT_ONCE):
            some = phones[start : start + _LEAVING_AT_ONCE]
            for phone in some:
                phone.switch_off()
            if not self._shared:
                await self.wires.gone([phone.wire for phone in some])
            else:
                await asyncio.sleep(0)

    @property
    def on(self) -> int:
        """How many phones are on the air."""
        return sum(phone.on for phone in self.phones.values())


@asynccontextmanager
async def switchboard(
    broker: Broker,
    chance: Random,
    *,
    shared: int = 0,
    qos: int = 0,
    keepalive: int = 240,
    patience: float = 10.0,
) -> AsyncIterator[Switchboard]:
    """Hold phones at a broker; all are switched off at the end.

    `shared`: over how many connections they share; 0: one for each. `keepalive` and `patience`
    (for each answer of the broker) in seconds. `chance` draws the jitter of reconnections.
    Raises BadCertificates.
    """
    manner = Manner(broker.username, broker.password, keepalive, patience)
    async with wires_to(broker, manner, chance) as wires:
        board = Switchboard(wires, shared, qos)
        try:
            yield board
        finally:
            await board.all_off()
