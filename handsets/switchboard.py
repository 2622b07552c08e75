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
from typing import Final

from gateway.air.frames import PhoneState, StateUp, encode
from gateway.air.topics import DownKind, UpKind, down_filter, up_topic
from gateway.core.numbers import Msisdn
from handsets.broker import Broker
from handsets.handset import ContactBack, ContactLost, Handset, Happening
from handsets.mqtt.packets import Publish, Will
from handsets.mqtt.session import Manner
from handsets.mqtt.wire import Wire
from handsets.mqtt.wires import Wires, wires_to

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


class Line:
    """A wire and the phones on it."""

    __slots__ = ("_own", "_phones", "_qos", "_wires", "wire")

    def __init__(self, wires: Wires, client_id: str, qos: int, own: Msisdn | None) -> None:
        """`own`: the one phone whose connection this is; None where many share it."""
        self._wires = wires
        self._qos = qos
        self._own = own
        self._phones: dict[str, Phone] = {}
        will = None if own is None else Will(up_topic(own, UpKind.STATE), _OFFLINE)
        filters = [] if own is None else _filters(own)
        self.wire: Wire = wires.wire(client_id, filters, will, self)

    def add(self, phone: Phone) -> None:
        """A phone is switched on."""
        self._phones[phone.msisdn] = phone
        if self._own is not None:
            self.wire.dial()
            return
        self.wire.subscribe(_filters(phone.msisdn))
        if self.wire.up:
            # SUBSCRIBE goes before what the phone sends, on one connection.
            phone.line_up()
        elif len(self._phones) == 1:
            self.wire.dial()

    def remove(self, phone: Phone) -> None:
        """A phone is switched off."""
        self._phones.pop(phone.msisdn, None)
        if self._own is not None:
            self.wire.hang_up()
        else:
            self.wire.unsubscribe(_filters(phone.msisdn))

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Send a phone's frame; what is not taken is repeated by its handset."""
        self.wire.publish(topic, payload, qos=self._qos, retain=retain)

    def heard(self, message: Publish) -> None:
        """Give a message to the phone whose topic it came on."""
        parts = message.topic.split("/")
        phone = self._phones.get(parts[1]) if len(parts) == 4 else None
        if phone is not None:
            phone.hear(parts[2], parts[3], message)

    def wire_up(self) -> None:
        """The broker has all subscriptions."""
        for phone in list(self._phones.values()):
            phone.line_up()

    def wire_down(self, why: str) -> None:
        """The broker is out of reach."""
        for phone in list(self._phones.values()):
            phone.line_down(why)


def _filters(msisdn: Msisdn) -> list[str]:
    return [down_filter(msisdn), up_topic(msisdn, UpKind.STATE)]


class Switchboard:
    """Makes phones and holds their connections; made by `switchboard`."""

    def __init__(self, wires: Wires, shared: int, qos: int) -> None:
        self.wires = wires
        self.phones: dict[Msisdn, Phone] = {}
        self._qos = qos
        # Refs and client identifiers of another run must not be met again.
        self.run = secrets.token_hex(4)
        self._shared = [Line(wires, f"phones-{self.run}-{at}", qos, None) for at in range(shared)]

    def phone(self, msisdn: Msisdn, tell: Tell = _unheard, *, inbox_most: int = 100) -> Phone:
        """Make a phone, switched off; it remembers its last `inbox_most` messages."""
        handset = Handset(msisdn, self.run, inbox_most=inbox_most)
        if self._shared:
            line = self._shared[len(self.phones) % len(self._shared)]
        else:
            line = Line(self.wires, f"phone-{msisdn}-{self.run}", self._qos, msisdn)
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
