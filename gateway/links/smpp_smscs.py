"""All SMSCs of one process: that of [smpp] and those of [[smsc]], each with its own listener."""

from __future__ import annotations

import asyncio

from gateway.clock import Clock
from gateway.config import Config
from gateway.core.fault_aim import Faults, Tally
from gateway.flow import Flow
from gateway.links.smpp_account import Traffic
from gateway.links.smpp_exchange import Common, Courier
from gateway.links.smpp_server import CannotListen, SmppServer


class Smscs:
    """The servers by their names: "smpp", and the names of the rows of [[smsc]]."""

    def __init__(
        self,
        config: Config,
        *,
        registration_code: str,
        flow: Flow,
        courier: Courier,
        clock: Clock,
    ) -> None:
        self._common = Common((config.smpp, *config.smsc))
        named = {"smpp": config.smpp, **{row.name: row for row in config.smsc}}
        self.servers = {
            name: SmppServer(
                smsc,
                registration_code=registration_code,
                flow=flow,
                courier=courier,
                clock=clock,
                common=self._common,
            )
            for name, smsc in named.items()
        }

    async def start(self) -> dict[str, tuple[str, int]]:
        """Listen everywhere; gives host and port by name, raises CannotListen."""
        found: dict[str, tuple[str, int]] = {}
        try:
            for server in self.servers.values():
                found |= await server.start()
        except CannotListen:
            await self.stop()
            raise
        return found

    async def run(self) -> None:
        """Let connections that wait for the flow read again."""
        async with asyncio.TaskGroup() as tasks:
            for name, server in self.servers.items():
                tasks.create_task(server.run(), name=name)

    async def stop(self) -> None:
        """Stop all of them, as `SmppServer.stop` says."""
        await asyncio.gather(*(server.stop() for server in self.servers.values()))

    def set_faults(self, faults: Faults, tally: Tally) -> None:
        """Let these go wrong on purpose from now on; `tally` counts them."""
        for server in self.servers.values():
            server.set_faults(faults, tally)

    def route(self, destination: str) -> str | None:
        """Name the account to which messages for this address go, of whichever SMSC."""
        return self._common.routes.route(destination)

    def traffic(self) -> dict[str, Traffic]:
        """Give each account's counters, by the account's key."""
        found: dict[str, Traffic] = {}
        for server in self.servers.values():
            found |= server.traffic()
        return found
