"""A Simulator for tests without asyncio: it lives in a thread, with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType

from gateway.core.message import Message
from gateway.testing.journal import Journal
from gateway.testing.people import Person
from gateway.testing.plain_parts import PlainCalendar, PlainEsme, PlainPhone
from gateway.testing.simulator import Simulator


class PlainSimulator:
    """See Simulator, which is `aio` and can be awaited from any loop; used by `with`."""

    def __init__(
        self,
        *settings: str,
        config: Path | None = None,
        store: Path | None = None,
        capture: Path | None = None,
    ) -> None:
        self.aio = Simulator(*settings, config=config, store=store, capture=capture)
        self._started: Future[asyncio.Event] = Future()
        self._thread = threading.Thread(target=self._live, name="sms gateway", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._trouble: BaseException | None = None

    def __enter__(self) -> PlainSimulator:
        """Start it; raises what Simulator raises."""
        self._thread.start()
        self._end = self._started.result()
        home = self.aio.home
        self._wait = home.wait
        self.clock = PlainCalendar(self.aio.clock, home)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it; raises what broke in it."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        if self._trouble is not None and error is None:
            raise self._trouble

    def _live(self) -> None:
        try:
            asyncio.run(self._run())
        except BaseException as trouble:  # noqa: BLE001 - raised again in the test's thread
            if self._started.done():
                self._trouble = trouble
            else:
                self._started.set_exception(trouble)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with self.aio:
            end = asyncio.Event()
            self._started.set_result(end)
            await end.wait()

    # ---- as of Simulator

    @property
    def journal(self) -> Journal:
        """What was decided, and why."""
        return self.aio.journal

    @property
    def smpp(self) -> tuple[str, int]:
        """Host and port of the SMSC."""
        return self.aio.smpp

    @property
    def mqtt(self) -> tuple[str, int] | None:
        """Host and port of the MQTT broker, where the settings ask for one."""
        return self.aio.mqtt

    @property
    def http(self) -> str:
        """The URL of the REST API."""
        return self.aio.http

    def handset(self, number: str) -> PlainPhone:
        """Give the phone with this number, switched on."""
        return PlainPhone(self._wait(self.aio.handset(number)), self.aio.home)

    def esme(
        self, system_id: str, password: str | None = None, bind: str = "transceiver"
    ) -> PlainEsme:
        """Bind as one of the configured accounts."""
        return PlainEsme(self._wait(self.aio.esme(system_id, password, bind)), self.aio.home)

    def citizen(self) -> Person:
        """Give a person of the civil registry whom nobody was given before."""
        return self.aio.citizen()

    def messages(self, number: str | None = None) -> list[Message]:
        """List all short messages, oldest first."""
        return self._wait(self.aio.messages(number))
