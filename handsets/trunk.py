"""The ways of phones to the broker: a connection of their own, or one that many share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.air.frames import PhoneState, StateUp, encode
from gateway.air.packets import Publish, Will
from gateway.air.topics import DOWN_FILTER, UpKind, down_filter, up_topic
from gateway.core.numbers import Msisdn
from handsets.mqtt.wire import Wire
from handsets.mqtt.wires import Wires

if TYPE_CHECKING:
    from handsets.switchboard import Phone

_OFFLINE: Final = encode(StateUp(PhoneState.OFFLINE))


class OwnLine:
    """The connection of one phone, with its last will."""

    __slots__ = ("_phone", "_qos", "wire")

    def __init__(self, wires: Wires, client_id: str, qos: int, own: Msisdn) -> None:
        self._qos = qos
        self._phone: Phone | None = None
        state = up_topic(own, UpKind.STATE)
        filters = [down_filter(own), state]
        self.wire: Wire = wires.wire(client_id, filters, Will(state, _OFFLINE), self)

    def add(self, phone: Phone) -> None:
        """The phone is switched on."""
        self._phone = phone
        self.wire.dial()

    def remove(self, phone: Phone) -> None:
        """The phone is switched off."""
        self._phone = None
        self.wire.hang_up()

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Send a frame."""
        self.wire.publish(topic, payload, qos=self._qos, retain=retain)

    def heard(self, message: Publish) -> None:
        """Give the phone what came; the broker lets nothing else through."""
        parts = message.topic.split("/")
        if self._phone is not None and len(parts) == 4:
            self._phone.hear(parts[2], parts[3], message)

    def wire_up(self) -> None:
        """The broker has the subscriptions."""
        if self._phone is not None:
            self._phone.line_up()

    def wire_down(self, why: str) -> None:
        """The broker is out of reach."""
        if self._phone is not None:
            self._phone.line_down(why)


class Trunk:
    """Connections that many phones share: all hear on the first one, each speaks on its own.

    One subscription for all of them: the embedded broker compares each new topic with every
    filter that it ever saw, so that a filter for each phone would cost the square of their number.
    """

    def __init__(self, wires: Wires, run: str, many: int, qos: int) -> None:
        self.phones: dict[str, Phone] = {}
        self.strands = [Strand(self, wires, f"phones-{run}-{at}", qos) for at in range(many)]
        self._ear = self.strands[0]
        self._ear.wire.subscribe([DOWN_FILTER])

    @property
    def hears(self) -> bool:
        """Whether what is for phones arrives."""
        return self._ear.wire.up

    def dial(self) -> None:
        """Connect what all hear on."""
        self._ear.dial()

    def heard(self, message: Publish) -> None:
        """Give a message to the phone whose topic it came on; others have phones too."""
        parts = message.topic.split("/")
        phone = self.phones.get(parts[1]) if len(parts) == 4 else None
        if phone is not None:
            phone.hear(parts[2], parts[3], message)

    def up(self, strand: Strand) -> None:
        """A connection is up."""
        for one in self.strands if strand is self._ear else [strand]:
            if self.hears and one.wire.up:
                for phone in list(one.phones.values()):
                    phone.line_up()

    def down(self, strand: Strand, why: str) -> None:
        """A connection is down."""
        for one in self.strands if strand is self._ear else [strand]:
            for phone in list(one.phones.values()):
                phone.line_down(why)


class Strand:
    """One of the connections that phones share."""

    __slots__ = ("_qos", "_trunk", "phones", "wire")

    def __init__(self, trunk: Trunk, wires: Wires, client_id: str, qos: int) -> None:
        self._trunk = trunk
        self._qos = qos
        self.phones: dict[str, Phone] = {}
        self.wire: Wire = wires.wire(client_id, [], None, self)

    def dial(self) -> None:
        """Connect, if it is not wished already."""
        if not self.wire.wanted:
            self.wire.dial()

    def add(self, phone: Phone) -> None:
        """A phone is switched on."""
        self.phones[phone.msisdn] = self._trunk.phones[phone.msisdn] = phone
        if self._trunk.hears and self.wire.up:
            phone.line_up()
        else:
            self._trunk.dial()
            self.dial()

    def remove(self, phone: Phone) -> None:
        """A phone is switched off."""
        self.phones.pop(phone.msisdn, None)
        self._trunk.phones.pop(phone.msisdn, None)

    def publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        """Send a phone's frame."""
        self.wire.publish(topic, payload, qos=self._qos, retain=retain)

    def heard(self, message: Publish) -> None:
        """A message for any of the phones."""
        self._trunk.heard(message)

    def wire_up(self) -> None:
        """The broker takes what is sent."""
        self._trunk.up(self)

    def wire_down(self, why: str) -> None:
        """The broker is out of reach."""
        self._trunk.down(self, why)
