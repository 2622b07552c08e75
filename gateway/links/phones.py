"""Whichever way the phones are connected: the embedded broker, another one, or none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeAlias

import structlog

from gateway.config import BrokerKind, MqttConfig, WrongFile, client_context
from gateway.core.decision import Signal
from gateway.courier import Courier
from gateway.descriptors import raise_limit
from gateway.flow import Flow
from gateway.links.broker import BrokerFailed, EmbeddedBroker
from gateway.links.mqtt import MqttLink
from gateway.links.mqtt_client import hint
from gateway.links.nearby import NearbyPhones

log = structlog.get_logger()

Begin: TypeAlias = Callable[[str, Coroutine[object, object, None]], None]

# Seconds until the broker must have answered at a start.
_READY_S = 10.0

# Seconds without a connection after which our own broker is taken to be stuck, and between looks.
_STUCK_S = 20.0
_LOOK_S = 1.0

# Phones that should fit without a word about it.
_ROOM_LEAST = 1_000


class PhonesLink:
    """The phones' links: by the broker that [mqtt] names, if any, and `nearby` in this process."""

    def __init__(self, config: MqttConfig, flow: Flow, courier: Courier) -> None:
        self._config = config
        self._flow = flow
        self._courier = courier
        self.nearby = NearbyPhones(flow, courier)
        self._mqtt: MqttLink | None = None
        self._broker: EmbeddedBroker | None = None

    def signal(self, signal: Signal) -> None:
        """Tell a phone of its call, its data session or its bars."""
        if self._mqtt is None or self.nearby.holds(signal.msisdn):
            self.nearby.signal(signal)
        else:
            self._mqtt.signal(signal)

    async def start(self, begin: Begin) -> tuple[str, int] | None:
        """Start the broker, if it is ours, and connect; gives its host and port.

        `begin` starts a named task. Raises BrokerFailed.
        """
        begin("nearby phones", self.nearby.run())
        mqtt = self._config
        host, port = mqtt.host, mqtt.port
        if mqtt.broker is BrokerKind.NONE:
            return None
        try:
            tls = client_context(mqtt.tls)
        except WrongFile as wrong:
            raise BrokerFailed(f"[mqtt.tls] {wrong}") from wrong
        if mqtt.broker is BrokerKind.EMBEDDED:
            _see_room()
            self._broker = EmbeddedBroker(host, port)
            host, port = await self._broker.start()
            begin("broker", self._broker.run())
            begin("broker's answers", self._restart_when_stuck(self._broker))
        self._mqtt = MqttLink(
            host=host,
            port=port,
            username=mqtt.username,
            password=mqtt.password,
            tls=tls,
            qos=mqtt.qos,
            flow=self._flow,
            courier=self._courier,
        )
        begin("mqtt", self._mqtt.run())
        try:
            await asyncio.wait_for(self._mqtt.ready.wait(), _READY_S)
        except TimeoutError as slow:
            raise BrokerFailed(_told(host, port, self._mqtt.trouble)) from slow
        return host, port

    async def _restart_when_stuck(self, broker: EmbeddedBroker) -> None:
        """Restart our broker where it runs and answers nobody, the gateway neither.

        rumqttd locks up for good when very many phones leave at one moment.
        """
        silent, patience = 0.0, _STUCK_S
        while True:
            await asyncio.sleep(_LOOK_S)
            silent = silent + _LOOK_S if self._mqtt and not self._mqtt.connected else 0.0
            if silent >= patience:
                # Longer the next time: thousands of phones that come back take theirs.
                silent, patience = 0.0, patience * 2
                log.error("the embedded MQTT broker answers nobody; it is started again")
                broker.kill()

    def state(self) -> str:
        """Say how it stands: up, off where there is no broker, else what is wrong."""
        if self._config.broker is BrokerKind.NONE:
            return "off"
        if self._mqtt is not None and self._mqtt.connected:
            return "up"
        return "no broker: the phones are cut off until it is back"

    async def flushed(self) -> None:
        """Wait until the phones' answers have left."""
        await self.nearby.flushed()
        if self._mqtt is not None:
            await self._mqtt.flushed()

    async def release(self) -> None:
        """Stop the broker, if it is ours."""
        if self._broker is not None:
            await self._broker.stop()


def _told(host: str, port: int, trouble: BaseException | None) -> str:
    """Say why there is no broker, and what to do."""
    start = "start it, or set [mqtt] broker, host and port (and [mqtt.tls], if it speaks TLS)"
    if trouble is None:
        return f"no MQTT broker answers at {host}:{port}; {start}"
    why = str(trouble).partition("\n")[0]
    if remedy := hint(trouble):
        return f"no MQTT broker takes the gateway at {host}:{port} ({why}); {remedy}"
    return f"no MQTT broker answers at {host}:{port} ({why}); {start}"


def _see_room() -> None:
    """Let our broker, which inherits the limit of open files, have as many as the system gives."""
    room = raise_limit()
    if room < _ROOM_LEAST:
        log.warning(
            "few phones fit: the limit of open files is low; raise it (ulimit -Hn 20000 as root, "
            "or LimitNOFILE)",
            phones=room,
        )
