"""One MQTT connection among many: an asyncio.Protocol around its session."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Protocol, cast

from gateway.air.packets import FramingLost, Publish
from gateway.air.session import Refused, Session, State
from gateway.quick_ack import acknowledge_at_once

if TYPE_CHECKING:
    from handsets.mqtt.wires import Wires

# Seconds before a lost connection is dialled again: at first, and at most.
_PAUSE_FIRST_S = 0.5
_PAUSE_MOST_S = 30.0

FAREWELL_S: Final = 2.0
"""Seconds that the broker has to end a connection after the goodbye."""


class Listener(Protocol):
    """Whom a wire tells what happens to it."""

    def heard(self, message: Publish) -> None:
        """A message came."""
        ...

    def wire_up(self) -> None:
        """The broker has taken the connection and the subscriptions."""
        ...

    def wire_down(self, why: str) -> None:
        """The connection is lost, or could not be made; it is dialled again."""
        ...


class Wire(asyncio.Protocol):
    """One connection to the broker, over all its reconnections; made by `Wires.wire`."""

    __slots__ = ("_failures", "_listener", "_transport", "_why", "_wires", "session", "wanted")

    def __init__(self, wires: Wires, session: Session, listener: Listener) -> None:
        self.session = session
        # Whether it is to be connected.
        self.wanted = False
        self._wires = wires
        self._listener = listener
        self._transport: asyncio.Transport | None = None
        self._failures = 0
        self._why = ""

    @property
    def up(self) -> bool:
        """Whether it carries messages now."""
        return self.session.state is State.UP

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Send a message at the end of this turn; whether it could be taken (Session.publish)."""
        taken = self.session.publish(topic, payload, qos=qos, retain=retain) is not None
        if taken:
            self._wires.flush_soon(self)
        return taken

    def subscribe(self, filters: Iterable[str]) -> None:
        """Subscribe to more."""
        self.session.subscribe(filters, self._wires.now())
        self._wires.flush_soon(self)

    def hang_up(self) -> None:
        """Say goodbye and dial no more, until `dial`; the broker ends the connection."""
        if not self.wanted:
            return
        self.wanted = False
        if self._transport is not None:
            self.session.leave()
            self.flush()
            self._wires.at(self._wires.now() + FAREWELL_S, self._abandon)

    def dial(self) -> None:
        """Connect (again), as soon as it is this one's turn."""
        if self.wanted and self._transport is not None:
            return
        self.wanted = True
        if self._transport is None:
            self._wires.dial_soon(self)

    def flush(self) -> None:
        """Write what waits."""
        octets = self.session.outgoing(self._wires.now())
        if octets and self._transport is not None:
            self._transport.write(octets)

    def tick(self) -> None:
        """Do what is due; called by the one timer."""
        if self._transport is None:
            if self.wanted:
                self._wires.dial_soon(self)
            return
        try:
            self.session.tick(self._wires.now())
        except TimeoutError as trouble:
            self._break(str(trouble))
            return
        self.flush()
        self._wires.put(self, self.session.next_due())

    def failed(self, why: str) -> None:
        """Dialling did not work: wait, then try again."""
        pause = min(_PAUSE_MOST_S, _PAUSE_FIRST_S * 2 ** min(self._failures, 10))
        self._failures += 1
        self._listener.wire_down(why)
        if self.wanted:
            self._wires.put(self, self._wires.now() + pause * self._wires.jitter())

    # ---- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce the client."""
        self._transport = cast(asyncio.Transport, transport)
        if not self.wanted:
            self._transport.abort()
            return
        self.session.opened(self._wires.now())
        self.flush()
        self._wires.put(self, self.session.next_due())

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        session, was_up = self.session, self.up
        acknowledge_at_once(self._transport)
        try:
            came = session.received(data, self._wires.now())
        except (FramingLost, Refused) as trouble:
            self._break(str(trouble))
            return
        if came.refused:
            self._break(
                f"the broker refuses the subscription to {came.refused[0]}: let this user read it"
            )
            return
        if self.up and not was_up:
            self._failures = 0
            self._wires.settled(self)
            self._listener.wire_up()
        for message in came.messages:
            self._listener.heard(message)
        self._wires.flush_soon(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note it, and dial again after a pause."""
        self._transport = None
        self.session.lost()
        self._wires.ended(self)
        why, self._why = self._why or str(exc or "the broker ended the connection"), ""
        if self.wanted:
            self.failed(why)

    def _abandon(self) -> None:
        if not self.wanted and self._transport is not None:
            self._transport.abort()

    def _break(self, why: str) -> None:
        self._why = why
        if self._transport is not None:
            self._transport.abort()
