"""The handsets' way in and out without a broker: phones that live in the gateway's own process.

The same frames on the same topics as over MQTT, read and answered by the same parts; what lies
between is a call. Nothing is lost on the way, and the broker's rule holds: a retained frame is
told to whoever comes later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from gateway.air.frames import PhoneState, StateUp, UpFrame, encode
from gateway.air.mapping import signal_of
from gateway.air.packets import Publish
from gateway.air.topics import BadTopic, DownKind, UpKind, parse_down, up_topic
from gateway.core.decision import Signal
from gateway.core.numbers import Msisdn
from gateway.courier import Courier
from gateway.flow import Flow
from gateway.links.mqtt_intake import Intake
from gateway.links.mqtt_phones import Phones
from gateway.links.outbox import Outbox

log = structlog.get_logger()

Hear = Callable[[DownKind, bytes], None]


class NearbyPhones:
    """The link of phones in this process; `ready` at once, for there is nothing to connect to."""

    def __init__(self, flow: Flow, courier: Courier) -> None:
        self._outbox = Outbox(0)
        self._phones = Phones(self._outbox, courier)
        self._intake = Intake(flow, self._outbox, self._phones)
        self._hears: dict[Msisdn, Hear] = {}
        self._retained: dict[Msisdn, dict[DownKind, bytes]] = {}
        self._sent = 0

    # ---- from the gateway

    def signal(self, signal: Signal) -> None:
        """Tell a phone of its call, its data session or its bars; the courier calls this."""
        self._intake.send(signal.msisdn, signal_of(signal))

    async def flushed(self) -> None:
        """Wait until the phones have all that is for them."""
        await self._outbox.flushed()

    async def run(self) -> None:
        """Carry frames both ways until cancelled."""
        self._phones.connection_made()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._intake.run(), name="nearby phones: take frames")
            tasks.create_task(self._outbox.publish(self), name="nearby phones: give frames")

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        """Give a frame to the phone that it is for; the outbox calls this."""
        place = parse_down(topic)
        if isinstance(place, BadTopic):
            log.error("nearby phones: a frame for nobody", why=place.why)
        else:
            msisdn, kind = place
            if retain:
                self._retained.setdefault(msisdn, {})[kind] = payload
            hear = self._hears.get(msisdn)
            if hear is not None:
                hear(kind, payload)
        self._sent += 1
        asyncio.get_running_loop().call_soon(self._outbox.sent, self._sent)
        return self._sent

    def holds(self, msisdn: Msisdn) -> bool:
        """Whether this phone is here and on."""
        return msisdn in self._hears

    # ---- from the phones

    def switch_on(self, msisdn: Msisdn, hear: Hear) -> None:
        """Announce a phone; `hear` is called with each frame for it, what was retained first."""
        self._hears[msisdn] = hear
        for kind, payload in self._retained.get(msisdn, {}).items():
            hear(kind, payload)
        self.frame(msisdn, UpKind.STATE, StateUp(PhoneState.ONLINE))

    def switch_off(self, msisdn: Msisdn) -> None:
        """Announce that a phone goes; it hears nothing more."""
        if self._hears.pop(msisdn, None) is not None:
            self.frame(msisdn, UpKind.STATE, StateUp(PhoneState.OFFLINE))

    def frame(self, msisdn: Msisdn, kind: UpKind, frame: UpFrame) -> None:
        """Send a frame of a phone."""
        self._intake.receive(Publish(up_topic(msisdn, kind), encode(frame)))
