"""outbind: the SMSC connects to an ESME that listens, and asks it to bind as receiver.

The bind comes over the same connection (SMPP 3.4 §2.2.1, §4.1.7); from then on it is a session
like any other. While the ESME cannot be reached, or does not bind, the pauses grow.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Final

import structlog

from gateway.config import OutbindConfig, OutbindWhen
from gateway.links.smpp_door import Turned
from gateway.links.smpp_exchange import Exchange
from gateway.links.smpp_peer import SmppPeer
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import BindRequest, Outbind

log = structlog.get_logger()

PAUSES: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""Seconds before the next attempt, one after the other; the last one for all that follow."""
# Seconds between two looks at whether messages wait, and for a connection to come to be.
_LOOK: Final = 0.5
_CONNECT: Final = 10.0


class OutbindPeer(SmppPeer):
    """A connection that we opened; `served` says whether its ESME has bound on it."""

    def __init__(
        self,
        row: OutbindConfig,
        exchange: Exchange,
        met: Callable[[SmppPeer], None],
        gone: Callable[[SmppPeer], None],
    ) -> None:
        super().__init__(exchange, met, gone)
        self.served = False
        self.over = asyncio.Event()
        self._row = row

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say outbind, and wait for the bind as any other connection has to."""
        super().connection_made(transport)
        row = self._row
        system_id = row.system_id or self._exchange.config.system_id
        self._session.send(Outbind(system_id=system_id, password=row.password))
        self._pipe.flush_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        """See SmppPeer."""
        self.served = self._binding is not None
        super().connection_lost(exc)
        self.over.set()

    def _on_bind(self, request: BindRequest) -> None:
        account = self._row.account
        if request.system_id == account:
            super()._on_bind(request)
        else:
            why = f"the outbind was for {account}, not for {request.system_id!a}"
            self._turn(request, Turned(CommandStatus.ESME_RBINDFAIL, why))


class OutbindLine:
    """One row of [[smpp.outbinds]]: keeps its ESME bound, always or while messages wait."""

    def __init__(
        self,
        row: OutbindConfig,
        exchange: Exchange,
        met: Callable[[SmppPeer], None],
        gone: Callable[[SmppPeer], None],
    ) -> None:
        self._row = row
        self._exchange = exchange
        self._peer = lambda: OutbindPeer(row, exchange, met, gone)
        self._receiver = exchange.accounts[row.account].name
        self._log = log.bind(account=self._receiver, host=row.host, port=row.port)

    async def run(self) -> None:
        """Connect, again and again; ends when it is cancelled."""
        failed = 0
        while True:
            if not self._wanted():
                await asyncio.sleep(_LOOK)
                continue
            failed = 0 if await self._serve() else failed + 1
            await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])

    def _wanted(self) -> bool:
        """Whether there is to be a connection now."""
        if self._row.when is OutbindWhen.ALWAYS:
            return True
        # The courier counts only what waits while nobody is bound to receive it.
        return self._exchange.courier.waits_for(self._receiver) > 0

    async def _serve(self) -> bool:
        """Connect and wait for the end of the connection; whether the ESME had bound."""
        row, loop = self._row, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT):
                _, peer = await loop.create_connection(self._peer, row.host, row.port)
        except OSError as trouble:
            # The timeout is one of them, without a number.
            why = os.strerror(trouble.errno) if trouble.errno else "no answer"
            self._log.warning("outbind cannot connect", why=why)
            return False
        await peer.over.wait()
        if not peer.served:
            self._log.warning("the ESME did not bind after outbind")
        return peer.served
