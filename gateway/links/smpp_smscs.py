"""All SMSCs of one process: that of [smpp] and those of [[smsc]], each with its own listener."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from gateway.clock import Clock
from gateway.config import Config, served_codes, with_codes
from gateway.core.events import MoSms, MtSms
from gateway.core.fault_aim import Faults, Tally
from gateway.core.message import Message
from gateway.flow import Flow
from gateway.links.rebuilt_pcap import rebuilt_pcap
from gateway.links.smpp_account import Traffic
from gateway.links.smpp_exchange import Common, Courier, account_key
from gateway.links.smpp_inject import injected, injectors
from gateway.links.smpp_rebuilt import Rebuilder
from gateway.links.smpp_server import CannotListen, SmppServer
from gateway.links.smpp_view import AccountView, SessionView
from gateway.links.smpp_watch import Watching
from gateway.smpp.codes import status_name
from gateway.smpp.exchange import Exchange
from gateway.smpp.pdu import SubmitSm

_COUNTERS = ("binds", "binds_refused", "sessions", "submits", "refused", "delivers")


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
        codes = served_codes(config.short_codes)
        first = with_codes(config.smpp, codes)
        others = [with_codes(row, codes) for row in config.smsc]
        smscs = (first, *others)
        accounts = {account_key(one, row): row for one in smscs for row in one.accounts}
        self._rebuilder = Rebuilder(accounts)
        self._injectors = injectors(smscs, registration_code)
        files = [one.pcap for one in smscs]
        self.watching = Watching(accounts, clock, files, shows_octets=config.log.pdu_hex)
        self._common = Common(smscs, self.watching)
        named = {"smpp": first, **{row.name: row for row in others}}
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
        """Listen everywhere; gives host and port by name.

        Raises CannotListen, and CannotCapture for a capture file that cannot be written.
        """
        self.watching.open()
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
            for path, capture in self.watching.captures.items():
                tasks.create_task(capture.run(), name=path)

    async def stop(self) -> None:
        """Stop all of them, as `SmppServer.stop` says."""
        await asyncio.gather(*(server.stop() for server in self.servers.values()))
        await self.watching.close()

    def set_faults(self, faults: Faults, tally: Tally) -> None:
        """Let these go wrong on purpose from now on; `tally` counts them."""
        for server in self.servers.values():
            server.set_faults(faults, tally)

    def injected(
        self, account: str, pdus: Sequence[SubmitSm], now: int
    ) -> list[MoSms | MtSms] | str | None:
        """Say what PDUs mean if an account sends them; see smpp_inject."""
        return injected(self._injectors, account, pdus, now)

    def exchanges(self, message: Message, *, clear: bool) -> list[Exchange]:
        """Write a message's PDUs again; see smpp_rebuilt."""
        return self._rebuilder.exchanges(message, clear=clear)

    def pcap(self, exchanges: Iterable[Exchange]) -> Iterator[bytes]:
        """Write them to a capture file; see rebuilt_pcap."""
        return rebuilt_pcap(exchanges)

    def route(self, destination: str) -> str | None:
        """Name the account to which messages for this address go, of whichever SMSC."""
        return self._common.routes.route(destination)

    def accounts(self) -> dict[str, AccountView]:
        """Show all accounts, by the account's key."""
        return {
            name: AccountView(
                {key: getattr(traffic, key) for key in _COUNTERS},
                {status_name(status): times for status, times in traffic.statuses.items()},
            )
            for name, traffic in self.traffic().items()
        }

    def sessions(self) -> list[SessionView]:
        """Show all sessions that are bound, oldest first."""
        found = [view for server in self.servers.values() for view in server.sessions()]
        return sorted(found, key=attrgetter("id"))

    def end_session(self, number: int) -> SessionView | None:
        """Unbind a session and show what it was; None if there is none of this number."""
        for server in self.servers.values():
            held = server.session(number)
            if held is not None:
                view = held.view()
                held.unbind()
                return view
        return None

    def traffic(self) -> dict[str, Traffic]:
        """Give each account's counters, by the account's key."""
        found: dict[str, Traffic] = {}
        for server in self.servers.values():
            found |= server.traffic()
        return found
