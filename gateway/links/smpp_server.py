"""The SMPP server: listens, gives each connection a peer, and ends them all in good order."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import cast

import structlog

from gateway.clock import Clock
from gateway.config import SmppConfig, SmscConfig, WrongFile, server_context
from gateway.core.fault_aim import Faults, Tally
from gateway.flow import Flow
from gateway.links.smpp_account import Account, Held, Traffic
from gateway.links.smpp_exchange import Common, Courier, Exchange
from gateway.links.smpp_outbind import OutbindLine
from gateway.links.smpp_peer import SmppPeer
from gateway.links.smpp_pipe import LINGER
from gateway.links.smpp_view import SessionView
from gateway.listening import CannotListen, listening_socket

__all__ = ["CannotListen", "SmppServer", "Traffic"]

log = structlog.get_logger()

# Seconds for a TLS handshake where a bind may take for ever.
_HANDSHAKE = 30.0
# Seconds that a stop waits for the flow's decisions before it says goodbye without them.
_DECISIONS = 5.0


class SmppServer:
    """One listening address and the connections to it."""

    def __init__(
        self,
        config: SmppConfig,
        *,
        registration_code: str,
        flow: Flow,
        courier: Courier,
        clock: Clock,
        common: Common | None = None,
    ) -> None:
        """`common` is what this SMSC shares with others of the process."""
        self._config = config
        self._exchange = Exchange(config, registration_code, flow, courier, clock, common)
        self._peers: set[SmppPeer] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._servers: list[asyncio.Server] = []
        self._outbinds: list[asyncio.Task[None]] = []

    async def start(self) -> dict[str, tuple[str, int]]:
        """Listen, over TLS too if there is a certificate; gives host and port by name.

        Raises CannotListen with a line for the user.
        """
        name = self._exchange.name
        config, tls = self._config, self._config.tls
        found = {name: await self._listen(config.host, config.port, "smpp", None)}
        if tls.certificate:
            try:
                context = server_context(tls)
            except WrongFile as wrong:
                raise CannotListen(f"[smpp.tls] of {name}: {wrong}") from wrong
            found[f"{name}-tls"] = await self._listen(tls.host, tls.port, "smpp.tls", context)
        return found

    async def _listen(
        self, host: str, port: int, section: str, context: ssl.SSLContext | None
    ) -> tuple[str, int]:
        row = self._config.name if isinstance(self._config, SmscConfig) else ""
        own = listening_socket(host, port, "smsc" if row else section, row)
        # A handshake takes no longer than a bind may.
        patience = self._config.session_init_timeout or _HANDSHAKE
        server = await asyncio.get_running_loop().create_server(
            self._peer,
            sock=own,
            ssl=context,
            ssl_handshake_timeout=patience if context else None,
            ssl_shutdown_timeout=LINGER if context else None,
        )
        self._servers.append(server)
        host, port = own.getsockname()[:2]
        return host, port

    async def run(self) -> None:
        """Let connections that wait for the flow read again, and connect to who gets outbind."""
        async with asyncio.TaskGroup() as tasks:
            for row in self._config.outbinds:
                line = OutbindLine(row, self._exchange, self._met, self._gone)
                self._outbinds.append(tasks.create_task(line.run(), name="outbind"))
            await self._let_read()

    async def _let_read(self) -> None:
        exchange = self._exchange
        while True:
            await exchange.flow_was_full.wait()
            await exchange.flow.room()
            exchange.flow_was_full.clear()
            for peer in tuple(self._peers):
                peer.regulate()

    async def stop(self) -> None:
        """Answer what was taken, unbind every session, close; takes a few seconds at most."""
        if not self._servers:
            return
        for server in self._servers:
            server.close()
        for line in self._outbinds:
            line.cancel()
        for peer in tuple(self._peers):
            peer.stop_reading()
        if not await _within(_DECISIONS, self._exchange.idle):
            log.warning("submits were not decided in time; their ESMEs will repeat them")
        for peer in tuple(self._peers):
            peer.unbind()
        if not await _within(LINGER, self._nobody):
            for peer in tuple(self._peers):
                peer.abort()
            await _within(LINGER, self._nobody)
        self._exchange.close()

    def set_faults(self, faults: Faults, tally: Tally) -> None:
        """Let these go wrong on purpose from now on; `tally` counts them."""
        self._exchange.faults.set(faults, tally)

    def sessions(self) -> list[SessionView]:
        """Show the sessions that are bound."""
        held = [one for account in self._accounts() for one in account.sessions.values()]
        return [view for one in held if (view := one.view()) is not None]

    def session(self, number: int) -> Held | None:
        """Give a bound session by its number, to be shown or ended."""
        return next(
            (one.sessions[number] for one in self._accounts() if number in one.sessions), None
        )

    def _accounts(self) -> Iterable[Account]:
        return self._exchange.accounts.values()

    def traffic(self) -> dict[str, Traffic]:
        """Give each account's counters, by the account's key."""
        return self._exchange.traffic()

    @property
    def peers(self) -> frozenset[SmppPeer]:
        """The connections there are, bound or not."""
        return frozenset(self._peers)

    def _peer(self) -> asyncio.Protocol:
        most = self._config.max_connections
        if most and len(self._peers) >= most:
            return _TurnedAway(self._exchange)
        return SmppPeer(self._exchange, self._met, self._gone)

    def _met(self, peer: SmppPeer) -> None:
        self._peers.add(peer)
        self._nobody.clear()

    def _gone(self, peer: SmppPeer) -> None:
        self._peers.discard(peer)
        if not self._peers:
            self._nobody.set()


class _TurnedAway(asyncio.Protocol):
    """A connection above max_connections: closed before anything is read."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Close it."""
        most = self._exchange.config.max_connections
        self._exchange.turned_away.note(f"there are max_connections = {most} already")
        cast(asyncio.Transport, transport).abort()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
