"""The gateway's MQTT connection: a session of `gateway.air` and its transport.

Not aiomqtt, on which single phones are: paho below it makes two system calls and some fifty
microseconds of every frame and acknowledgement, a core of them at 2,500 registrations a second.
Here, what one turn of the event loop brings or sends is one read or one write.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import NoReturn, Self, cast

from gateway.air.packets import FramingLost, Publish
from gateway.air.session import Manner, Refused, Session, State
from gateway.quick_ack import acknowledge_at_once

# Seconds: silence after which the broker is asked for a sign of life; what an answer may take.
_KEEPALIVE_S = 15
_CALL_S = 10.0
# Seconds that the broker has to take the goodbye.
_FAREWELL_S = 2.0

# Return codes of a CONNACK (MQTT 3.1.1, 3.2.2.3).
_NO_ENTRY = (4, 5)
_CONNACK = ""


class BrokerLost(Exception):
    """There is no connection to the broker, or none any more: try again after a pause.

    `code` is the CONNACK's where the broker refuses us.
    """

    def __init__(self, why: str, code: int = 0) -> None:
        super().__init__(why)
        self.code = code


class SubscriptionRefused(BrokerLost):
    """The broker lets this user not read a topic: its access list is to be changed."""


def hint(trouble: BaseException) -> str:
    """Say what to do about a broker that does not want us; "" where it is not there."""
    if isinstance(trouble, BrokerLost) and trouble.code in _NO_ENTRY:
        return "check [mqtt] username and password"
    if isinstance(trouble, ssl.SSLError) or isinstance(trouble.__cause__, ssl.SSLError):
        return "check [mqtt.tls], and that the broker speaks TLS at this port"
    return ""


class _Unwritten:
    """Frames of QoS 0 that may still be in our buffers: numbered from -1 down."""

    def __init__(self, sent: Callable[[int], None]) -> None:
        self._sent = sent
        self._last = 0
        self._waiting: list[int] = []
        # Whether they stay: our buffers are full.
        self.held = False

    def add(self) -> int:
        """Number one more."""
        self._last -= 1
        self._waiting.append(self._last)
        return self._last

    def report(self) -> None:
        """Tell that all are written, unless they are held."""
        if self._waiting and not self.held:
            written, self._waiting = self._waiting, []
            for number in written:
                self._sent(number)


class Client(asyncio.Protocol):
    """One connection: connected as a context manager, for once.

    `arrived` gets each frame as it is read, whatever its topic. `sent` gets the number of each
    frame that was written (QoS 0) or acknowledged (QoS 1).
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        username: str,
        password: str,
        tls: ssl.SSLContext | None,
        qos: int,
        arrived: Callable[[Publish], None],
        sent: Callable[[int], None],
    ) -> None:
        self._host = host
        self._port = port
        self._tls = tls
        self._arrived = arrived
        self._sent = sent
        manner = Manner(username, password, _KEEPALIVE_S, _CALL_S, qos)
        self._session = Session(_new_name(), (), None, manner)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        # What is granted, by filter; the connection itself by _CONNACK.
        self._answers: dict[str, asyncio.Future[bool]] = {}
        self._lost: BrokerLost | None = None
        self._gone = asyncio.Event()
        self._flush_due = False
        self._unwritten = _Unwritten(sent)

    async def __aenter__(self) -> Self:
        """Connect; raises BrokerLost."""
        try:
            await _connect(self, self._host, self._port, self._tls)
            # It may have come before this task had its turn.
            if self._session.state is not State.UP:
                await self._answer(_CONNACK)
        except BaseException:
            if self._transport is not None:
                self._transport.abort()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Say goodbye and end the connection."""
        if self._transport is None:
            return
        self._session.leave()
        self._flush()
        self._transport.close()
        try:
            async with asyncio.timeout(_FAREWELL_S):
                await self._gone.wait()
        except TimeoutError:
            self._transport.abort()

    # ---- what the link asks

    async def subscribed(self, topic_filter: str) -> None:
        """Subscribe; raises BrokerLost, SubscriptionRefused."""
        self._session.subscribe([topic_filter], self._loop.time())
        self._flush_soon()
        if not await self._answer(topic_filter):
            raise SubscriptionRefused(
                f"the broker refuses the subscription to {topic_filter}: let this user read it"
            )

    def unsubscribe(self, topic_filter: str) -> None:
        """End a subscription."""
        self._session.unsubscribe(topic_filter)
        self._flush_soon()

    def send(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> int:
        """Publish at the end of this turn; gives the number for `sent`. Raises BrokerLost."""
        number = None
        if self._transport is not None:
            number = self._session.publish(topic, payload, qos=qos, retain=retain)
        if number is None:
            raise self._lost or BrokerLost("the connection takes nothing now")
        self._flush_soon()
        return number or self._unwritten.add()

    async def lost(self) -> NoReturn:
        """Keep the connection alive until it breaks, then raise BrokerLost."""
        while self._lost is None:
            try:
                async with asyncio.timeout_at(self._session.next_due()):
                    await self._gone.wait()
            except TimeoutError:
                self._keep_alive()
        raise self._lost

    async def _answer(self, key: str) -> bool:
        """Wait for the broker's answer; raises BrokerLost."""
        if self._lost is not None:
            raise self._lost
        answer: asyncio.Future[bool] = self._loop.create_future()
        self._answers[key] = answer
        try:
            async with asyncio.timeout(_CALL_S):
                return await answer
        except TimeoutError as trouble:
            raise BrokerLost(f"the broker does not answer within {_CALL_S:g} s") from trouble
        finally:
            self._answers.pop(key, None)

    def _keep_alive(self) -> None:
        try:
            self._session.tick(self._loop.time())
        except TimeoutError as trouble:
            self._break(trouble)
        else:
            self._flush()

    # ---- octets out

    def _flush_soon(self) -> None:
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        octets = self._session.outgoing(self._loop.time())
        if octets and self._transport is not None:
            self._transport.write(octets)
        self._unwritten.report()

    # ---- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Introduce the gateway."""
        self._transport = cast(asyncio.Transport, transport)
        self._session.opened(self._loop.time())
        self._flush()

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        acknowledge_at_once(self._transport)
        try:
            came = self._session.received(data, self._loop.time())
        except (FramingLost, Refused) as trouble:
            self._break(trouble)
            return
        for number in came.acknowledged:
            self._sent(number)
        for frame in came.messages:
            self._arrived(frame)
        for one in came.granted:
            self._answered(one, True)
        for one in came.refused:
            self._answered(one, False)
        if self._session.state is State.UP:
            self._answered(_CONNACK, True)
        self._flush_soon()

    def pause_writing(self) -> None:
        """The broker reads too slowly: what is sent now is not reported as sent."""
        self._unwritten.held = True

    def resume_writing(self) -> None:
        """The broker reads again."""
        self._unwritten.held = False
        self._unwritten.report()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note it, and tell all who wait."""
        self._transport = None
        self._session.lost()
        if self._lost is None:
            self._lost = BrokerLost(str(exc or "the broker ended the connection"))
            self._lost.__cause__ = exc
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(self._lost)
        self._gone.set()

    def _answered(self, key: str, granted: bool) -> None:
        answer = self._answers.get(key)
        if answer is not None and not answer.done():
            answer.set_result(granted)

    def _break(self, why: FramingLost | Refused | TimeoutError) -> None:
        self._lost = BrokerLost(str(why), why.code if isinstance(why, Refused) else 0)
        if self._transport is not None:
            self._transport.abort()


async def _connect(client: Client, host: str, port: int, tls: ssl.SSLContext | None) -> None:
    try:
        async with asyncio.timeout(_CALL_S):
            await asyncio.get_running_loop().create_connection(lambda: client, host, port, ssl=tls)
    except TimeoutError as trouble:
        raise BrokerLost(f"no connection within {_CALL_S:g} s") from trouble
    except (OSError, UnicodeError) as trouble:
        raise BrokerLost(_told(trouble)) from trouble


def _new_name() -> str:
    return f"gateway-{os.getpid()}-{secrets.token_hex(4)}"


def _told(trouble: OSError | UnicodeError) -> str:
    """Say in the system's words, which asyncio replaces by its own."""
    system = isinstance(trouble, OSError) and not isinstance(trouble, ssl.SSLError)
    number = getattr(trouble, "errno", None)
    return os.strerror(number) if system and number and number > 0 else str(trouble)
