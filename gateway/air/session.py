"""One MQTT connection's state: what came in, what is to go out, what is due. Pure, sans-IO.

CONNECT, CONNACK, SUBSCRIBE, SUBACK, then it is up. A session outlives its connections: `lost`
makes it ready for the next one, with what it is subscribed to and what has no PUBACK yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final

from msgspec import Struct

from gateway.air import packets
from gateway.air.packets import (
    PINGREQ,
    REFUSALS,
    SUBSCRIPTION_REFUSED,
    ConnAck,
    PingResp,
    PubAck,
    Publish,
    SubAck,
    Will,
)

PACKET_MOST: Final = 1 << 20
"""Octets of a packet that is read; longer ones end the connection."""

UNACKNOWLEDGED_MOST: Final = 1000
"""Messages of QoS 1 that are kept until the broker has them."""

_FILTERS_A_PACKET = 200
_IDS = 0xFFFF
# Of the keepalive time, after which a PINGREQ goes.
_PING_AT = 0.8


class Refused(Exception):
    """The broker refuses the client: change its user; `code` is a CONNACK's (REFUSALS)."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


class State(Enum):
    """How far a connection is."""

    DOWN = "down"
    CONNECTING = "connecting"
    SUBSCRIBING = "subscribing"
    UP = "up"


_AWAITS = {State.CONNECTING: "CONNECT"}


class Manner(Struct, frozen=True):
    """What all sessions of a process have in common; times in seconds.

    `qos` is the highest at which messages come.
    """

    username: str = ""
    password: str = ""
    keepalive: int = 240
    patience: float = 10.0
    qos: int = 0


class Came(Struct, frozen=True):
    """What one read brought.

    `acknowledged` are numbers of `publish`, `granted` and `refused` filters of `subscribe`.
    """

    messages: list[Publish]
    acknowledged: list[int]
    granted: list[str]
    refused: list[str]


class Session:
    """A client's side of MQTT 3.1.1 for one connection after the other."""

    __slots__ = (
        "_asked",
        "_awaited",
        "_client_id",
        "_last_id",
        "_manner",
        "_out",
        "_pinged",
        "_rest",
        "_sent_at",
        "_since",
        "_unacknowledged",
        "_will",
        "filters",
        "state",
    )

    def __init__(
        self, client_id: str, filters: Iterable[str], will: Will | None, manner: Manner
    ) -> None:
        self.filters = list(filters)
        self.state = State.DOWN
        self._client_id = client_id
        self._will = will
        self._manner = manner
        self._out: list[bytes] = []
        self._rest = b""
        self._last_id = 0
        # Since when an answer is awaited: to CONNECT, SUBSCRIBE or PINGREQ.
        self._since = 0.0
        self._sent_at = 0.0
        self._pinged = False
        # Filters by the number of their SUBSCRIBE.
        self._asked: dict[int, tuple[str, ...]] = {}
        self._awaited = 0
        self._unacknowledged: dict[int, Publish] = {}

    # ---- the connection

    def opened(self, now: float) -> None:
        """A connection is made: introduce the client."""
        self.state = State.CONNECTING
        self._since = self._sent_at = now
        manner = self._manner
        self._out.append(
            packets.connect(
                self._client_id, manner.keepalive, self._will, manner.username, manner.password
            )
        )

    def lost(self) -> None:
        """The connection is gone."""
        self.state = State.DOWN
        self._rest = b""
        self._pinged = False
        self._asked.clear()
        self._awaited = 0
        self._out.clear()

    def leave(self) -> None:
        """Say goodbye: the broker forgets the last will."""
        if self.state is not State.DOWN:
            self._out.append(packets.DISCONNECT)

    def next_due(self) -> float:
        """Say when `tick` is to be called at the latest, in steady seconds."""
        if self._answer_due:
            return self._since + self._manner.patience
        return self._sent_at + self._manner.keepalive * _PING_AT

    def tick(self, now: float) -> None:
        """Keep the connection alive; raises TimeoutError where the broker is silent."""
        if self.state is State.DOWN or now < self.next_due():
            return
        if self._answer_due:
            what = "PINGREQ" if self._pinged else _AWAITS.get(self.state, "SUBSCRIBE")
            patience = self._manner.patience
            raise TimeoutError(f"the broker does not answer {what} within {patience:g} s")
        self._pinged = True
        self._since = now
        self._out.append(PINGREQ)

    def outgoing(self, now: float) -> bytes:
        """Take what is to be written now."""
        if not self._out:
            return b""
        self._sent_at = now
        octets = b"".join(self._out)
        self._out.clear()
        return octets

    @property
    def _answer_due(self) -> bool:
        return bool(self._pinged or self._awaited or self.state is not State.UP)

    # ---- sending

    def publish(
        self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False
    ) -> int | None:
        """Send a message; gives its number, 0 at QoS 0, or None where it cannot be taken now.

        At QoS 1 it is kept until the broker has it, over lost connections too, up to
        UNACKNOWLEDGED_MOST of them; at QoS 0 only a connection that is up takes it.
        """
        if qos == 0:
            if self.state is not State.UP:
                return None
            self._out.append(packets.publish(topic, payload, qos=0, retain=retain))
            return 0
        if len(self._unacknowledged) >= UNACKNOWLEDGED_MOST:
            return None
        id_ = self._new_id()
        self._unacknowledged[id_] = Publish(topic, payload, qos, retain, id_)
        if self.state is State.UP:
            self._out.append(packets.publish(topic, payload, qos=1, retain=retain, id_=id_))
        return id_

    def subscribe(self, filters: Iterable[str], now: float) -> None:
        """Subscribe to more, now and after each reconnection."""
        more = list(filters)
        self.filters += more
        if self.state in (State.SUBSCRIBING, State.UP):
            self._subscribe(more, now)

    def _subscribe(self, filters: list[str], now: float) -> None:
        for start in range(0, len(filters), _FILTERS_A_PACKET):
            some = tuple(filters[start : start + _FILTERS_A_PACKET])
            id_ = self._new_id()
            self._asked[id_] = some
            self._awaited += 1
            self._out.append(packets.subscribe(id_, some, self._manner.qos))
        self._since = now

    def unsubscribe(self, filter_: str) -> None:
        """End a subscription, also for the next connections."""
        self.filters.remove(filter_)
        if self.state is State.UP:
            self._out.append(packets.unsubscribe(self._new_id(), filter_))

    def _new_id(self) -> int:
        while True:
            self._last_id = self._last_id % _IDS + 1
            if self._last_id not in self._unacknowledged:
                return self._last_id

    # ---- receiving

    def received(self, octets: bytes, now: float) -> Came:
        """Take in what came. Raises FramingLost, Refused."""
        read, self._rest = packets.read(self._rest + octets if self._rest else octets, PACKET_MOST)
        came = Came([], [], [], [])
        for packet in read:
            if type(packet) is Publish:
                if packet.qos:
                    self._out.append(packets.puback(packet.id))
                came.messages.append(packet)
            elif type(packet) is PubAck:
                if self._unacknowledged.pop(packet.id, None) is not None:
                    came.acknowledged.append(packet.id)
            elif type(packet) is SubAck:
                self._subscribed(packet, came, now)
            elif type(packet) is ConnAck:
                self._connected(packet, now)
            elif type(packet) is PingResp:
                self._pinged = False
        return came

    def _connected(self, answer: ConnAck, now: float) -> None:
        if answer.code:
            why = REFUSALS.get(answer.code, f"return code {answer.code}")
            raise Refused(f"the broker refuses the connection: {why}", answer.code)
        self.state = State.SUBSCRIBING
        if self.filters:
            self._subscribe(self.filters, now)
        else:
            self._up()

    def _subscribed(self, answer: SubAck, came: Came, now: float) -> None:
        filters = self._asked.pop(answer.id, ())
        for one, code in zip(filters, answer.codes, strict=False):
            (came.refused if code >= SUBSCRIPTION_REFUSED else came.granted).append(one)
        self._awaited = max(0, self._awaited - 1)
        self._since = now
        if not self._awaited and self.state is State.SUBSCRIBING:
            self._up()

    def _up(self) -> None:
        self.state = State.UP
        for one in self._unacknowledged.values():
            self._out.append(
                packets.publish(one.topic, one.payload, qos=1, retain=one.retained, id_=one.id)
            )
