"""The whole gateway inside a test: free ports, a calendar and a store of its own."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final

from gateway.config import Mistakes, load
from gateway.core.message import Message
from gateway.core.numbers import BadNumber, Msisdn, parse_msisdn
from gateway.node import Gateway, running
from gateway.testing.clock import Calendar
from gateway.testing.esme import Esme
from gateway.testing.home import Home
from gateway.testing.journal import Journal
from gateway.testing.people import Person, people
from gateway.testing.phone import Phone

_OWN: Final = (
    "smpp.port=0",
    "http.port=0",
    "mqtt.port=0",
    'mqtt.broker="none"',
    "clock.speed=0.0",
)
_LISTED_MOST = 1_000_000


class CannotSimulate(Exception):
    """The settings are wrong: every mistake is a line, with place and remedy."""


class Simulator:
    """A gateway for the length of an `async with`; several can run at once.

        async with Simulator() as sms:
            phone = await sms.handset("081290000001")

    `settings` are `section.key=value` as of `gateway serve --set`; `config` is a TOML file. The
    store is in memory unless `store` names a file; `capture` names a file for Wireshark. There is
    no MQTT broker unless `mqtt.broker="embedded"` is set: the phones of a test need none. The
    calendar begins at [clock] now and stands still. Raises CannotSimulate, node.CannotStart.
    """

    def __init__(
        self,
        *settings: str,
        config: Path | None = None,
        store: Path | None = None,
        capture: Path | None = None,
    ) -> None:
        path = ":memory:" if store is None else str(store)
        sets = [*_OWN, f"store.path='{path}'"]
        if capture is not None:
            sets.append(f"smpp.pcap='{capture}'")
        read = load(config, [*sets, *settings])
        if isinstance(read, Mistakes):
            raise CannotSimulate("\n".join(str(mistake) for mistake in read.mistakes))
        self.config: Final = read
        self.journal: Final = Journal()
        self._stack = AsyncExitStack()
        self._phones: dict[Msisdn, Phone] = {}

    async def __aenter__(self) -> Simulator:
        """Start it."""
        self.home = Home()
        self.gateway: Gateway = await self._stack.enter_async_context(running(self.config))
        self._stack.callback(self.gateway.feed.watch(self.journal.note))
        self.clock = Calendar(self.gateway, self.home)
        self._people = people(self.gateway.flow.rules)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Stop it: what was taken is answered first."""
        return await self._stack.__aexit__(kind, error, trace)

    # ---- where it listens

    @property
    def smpp(self) -> tuple[str, int]:
        """Host and port of the SMSC."""
        return self.gateway.listeners["smpp"]

    @property
    def mqtt(self) -> tuple[str, int] | None:
        """Host and port of the MQTT broker, where the settings ask for one."""
        return self.gateway.listeners.get("mqtt")

    @property
    def http(self) -> str:
        """The URL of the REST API, without a slash at its end."""
        host, port = self.gateway.listeners["http"]
        return f"http://{host}:{port}"

    # ---- who takes part

    async def handset(self, number: str) -> Phone:
        """Give the phone with this number, switched on; the same one each time."""
        msisdn = parse_msisdn(number)
        if isinstance(msisdn, BadNumber):
            raise ValueError(f'"{msisdn.text}" is no mobile number; {msisdn.remedy}')
        phone = self._phones.get(msisdn)
        if phone is None:
            air = self.gateway.phones.nearby
            phone = self._phones[msisdn] = Phone(msisdn, air, self.journal, self.home)
            await phone.on()
        return phone

    async def esme(
        self, system_id: str, password: str | None = None, bind: str = "transceiver"
    ) -> Esme:
        """Bind as one of the configured accounts; raises esme.NotBound.

        Without a password it is the account's own. `bind`: transceiver, transmitter, receiver.
        """
        if password is None:
            account = self.config.accounts().get(system_id)
            password = account.password if account is not None else ""
        esme = Esme(system_id, self.journal, self.home)
        await self.home.run(self._bound(esme, password, bind))
        return esme

    async def _bound(self, esme: Esme, password: str, bind: str) -> None:
        host, port = self.smpp
        await esme.open(host, port, password, bind)
        self._stack.push_async_callback(esme.close)

    def citizen(self) -> Person:
        """Give a person of the civil registry whom nobody was given before."""
        return next(self._people)

    # ---- what happened

    async def messages(self, number: str | None = None) -> list[Message]:
        """List all short messages, of one number or of all, oldest first."""
        msisdn = None if number is None else parse_msisdn(number)
        if isinstance(msisdn, BadNumber):
            raise ValueError(f'"{msisdn.text}" is no mobile number; {msisdn.remedy}')
        return await self.home.run(self.gateway.store.messages(msisdn, 0, _LISTED_MOST))
