"""The embedded MQTT broker: iotcore (rumqttd) as a child process, for a start without setup.

It accepts some 450 connections a second at first and ever fewer: 4,000 phones with a connection
each took it 25 seconds. rumqttd compares each new topic with every filter that it ever saw, and
each new filter with every topic and every retained frame, so the work grows with the square of the
phones, whatever its settings. For more, name an external broker, or let phones share connections
and one subscription: 10,000 came in a second. Each time its table of topics doubles, which phones
by the hundred thousand make it do, it stands still for some tenths of a second.
It keeps nothing over a restart: phones connect anew and say that they are on. Of more than 200
retained frames it gives a subscription with a wildcard only 200 (iotcore 0.4; mosquitto gives
all), so the gateway must have subscribed before many phones come. For fleets that stay while the
gateway restarts, and for more than one machine, name an external broker in `[mqtt]`.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket

import structlog
from iotcore import Broker

from gateway.listening import CannotListen, listening_socket

log = structlog.get_logger()

# Below the range that Linux (32768), BSD, macOS and Windows (49152) give to outgoing connections.
_PORTS_FROM, _PORTS = 20_000, 12_000

_CONNECTIONS_MOST = 100_000
# Octets; above the longest SMS that an ESME may submit. A phone that sends more is disconnected.
_PAYLOAD_MOST = 262_144

# Seconds: that a start and a stop may take, between looks at the child, and the pauses between
# tries to start it again.
_START_S = 10.0
_STOP_S = 5.0
_LOOK_S = 0.25
_PAUSE_FIRST_S = 0.2
_PAUSE_MOST_S = 5.0

# Looks at the port of a broker that has ended, and the real seconds between them.
_FREED_TRIES = 50
_FREED_PAUSE_S = 0.02

# Between asking for a free port and the child's listening on it another program may take it.
_TRIES = 5


class BrokerFailed(CannotListen):
    """The broker's process does not come up: show the line; an external broker is the way out."""


class EmbeddedBroker:
    """One broker process; `run` starts it again when it dies."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._broker: Broker | None = None
        self._was_here = False

    @property
    def place(self) -> tuple[str, int]:
        """Host and port, as `start` found them."""
        return self._host, self._port

    async def start(self) -> tuple[str, int]:
        """Start listening; gives host and port. Raises CannotListen, BrokerFailed.

        Port 0 takes any free one, and keeps it over restarts.
        """
        for _ in range(_TRIES if self._port == 0 else 1):
            host, port = await self._free_place()
            broker = Broker(
                listen=host,
                port=port,
                max_connections=_CONNECTIONS_MOST,
                max_payload_size=_PAYLOAD_MOST,
            )
            try:
                await asyncio.to_thread(_start, broker)
            except OSError as taken:
                lost = taken
                continue
            except RuntimeError as trouble:
                raise BrokerFailed(
                    f"[mqtt] {host}:{port}: the embedded broker does not start ({trouble}); try "
                    'again, or run a broker of your own and set [mqtt] broker = "external"'
                ) from trouble
            self._broker = broker
            self._was_here = True
            self._host, self._port = host, port
            return self.place
        raise CannotListen(f"[mqtt] {self._host}:{self._port}: {lost}; give another port")

    async def _free_place(self) -> tuple[str, int]:
        """Find the place free; a port that was the broker's own, within a moment.

        The kernel may hold it for some milliseconds after the process has ended.
        """
        for _ in range(_FREED_TRIES if self._was_here else 0):
            try:
                return _free_place(self._host, self._port)
            except CannotListen:
                await asyncio.sleep(_FREED_PAUSE_S)
        return _free_place(self._host, self._port)

    async def stop(self) -> None:
        """Stop the process and free its port; it is killed where it does not end in time."""
        broker, self._broker = self._broker, None
        if broker is not None:
            await asyncio.to_thread(broker.stop, _STOP_S)

    def kill(self) -> None:
        """End a process that does not answer; `run` starts it again."""
        process = getattr(self._broker, "_process", None)
        if process is not None:
            process.kill()

    async def died(self) -> None:
        """Wait until the process has ended without being told to."""
        while (  # noqa: ASYNC110 - a child process of subprocess.Popen has nothing to await
            self._broker is None or self._broker.is_running
        ):
            await asyncio.sleep(_LOOK_S)

    async def run(self) -> None:
        """Start the broker again whenever it dies, until cancelled; `start` it first."""
        while True:
            await self.died()
            log.error(
                "the embedded MQTT broker ended unexpectedly; starting it again, phones and "
                "gateway reconnect by themselves",
                place=f"{self._host}:{self._port}",
            )
            await self.stop()
            await self._start_again()

    async def _start_again(self) -> None:
        pause = _PAUSE_FIRST_S
        while True:
            try:
                await self.start()
            except (CannotListen, BrokerFailed) as trouble:
                log.error("the embedded MQTT broker is still down", why=str(trouble))
                await asyncio.sleep(pause)
                pause = min(pause * 2, _PAUSE_MOST_S)
            else:
                log.info("the embedded MQTT broker is back", place=f"{self._host}:{self._port}")
                return


def _free_place(host: str, port: int) -> tuple[str, int]:
    """Resolve the address and see that it can be listened on; raises CannotListen."""
    try:
        found = socket.getaddrinfo(host, port, socket.AF_INET, socket.SOCK_STREAM)
    except OSError as trouble:
        raise CannotListen(
            f"[mqtt] {host}:{port}: not an IPv4 address or name ({trouble.strerror}); the "
            "embedded broker listens on IPv4 only: set [mqtt] host, for example to 127.0.0.1"
        ) from trouble
    address = str(found[0][4][0])
    if port == 0:
        return _free_of_outgoing(address)
    with listening_socket(address, port, "mqtt"):
        return address, port


def _free_of_outgoing(address: str) -> tuple[str, int]:
    """Pick a free port that no outgoing connection is given, so that a restart finds it free.

    The kernel's own choice for port 0 lies where it also takes the near ends of connections
    from: while the broker is down, one of them, even a phone's own try, could take its port.
    """
    for _ in range(_TRIES):
        port = _PORTS_FROM + secrets.randbelow(_PORTS)
        with (
            contextlib.suppress(CannotListen),
            listening_socket(address, port, "mqtt"),
        ):
            return address, port
    with listening_socket(address, 0, "mqtt") as taken:
        name: tuple[str, int] = taken.getsockname()
    return name


def _start(broker: Broker) -> None:
    """Start the child; Ctrl-C is blocked in it.

    A terminal sends SIGINT to the whole process group; the broker must outlive it until the
    gateway has drained. The mask of the thread that starts a child is the child's.
    """
    if not hasattr(signal, "pthread_sigmask"):
        broker.start(_START_S)
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        broker.start(_START_S)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
