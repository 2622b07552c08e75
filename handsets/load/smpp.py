"""Messages over SMPP, pipelined: one write a turn, no task and no await for a message.

Role A: submit_sm from a phone's number to 4444; the reply comes as deliver_sm to that number, on
any session of the account. A2P: submit_sm to a phone, and its receipt.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from typing import Final

from gateway.smpp.gsm import encode_gsm_replacing
from gateway.smpp.pdu import SubmitSm
from gateway.smpp.session import Session
from handsets.load.book import Book, Flight
from handsets.load.plan import A2P
from handsets.load.smpp_link import Link
from handsets.load.target import Account, NoTarget, SmppTarget, context

_CONNECT_S: Final = 10.0
_UNBIND_S: Final = 2.0
_AGAIN_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
_MSISDN_FROM: Final = 7
_INTERNATIONAL, _ISDN, _ALPHANUMERIC = 1, 1, 5


class SmppSender:
    """All sessions of one account."""

    def __init__(
        self,
        target: SmppTarget,
        account: Account,
        book: Book,
        receipts: bool,
        turned: Callable[[], None],
    ) -> None:
        """Bind to `target` as `account`; `turned` is called after what a read brought."""
        self._target = target
        self._account = account
        self._receipts = receipts
        self._links: list[Link] = []
        self._ssl: ssl.SSLContext | None = None
        self._waiting: deque[Flight] = deque()
        self._turn = 0
        self._closing = False
        self._again: set[asyncio.Task[None]] = set()
        self._turned = turned
        self.book = book

    @property
    def queued(self) -> int:
        """How many wait to be sent."""
        return len(self._waiting)

    @property
    def down(self) -> int:
        """How many sessions are not bound."""
        return 0 if self._closing else self._target.sessions - len(self._links)

    async def open(self) -> None:
        """Bind all sessions. Raises NoTarget."""
        if self._target.tls is not None:
            self._ssl = context(self._target.tls)
        for _ in range(self._target.sessions):
            self._links.append(await self._bind())

    def send(self, flights: list[Flight]) -> None:
        """Send these, a part on each session, as far as the windows have room."""
        self._waiting.extend(flights)
        links = self._links
        part = -(-len(self._waiting) // max(1, len(links)))
        for at in range(len(links)):
            if not self._waiting:
                break
            links[(self._turn + at) % len(links)].pump(part)
        self._turn += 1

    def pull(self, session: Session, most: int) -> bool:
        """Put up to `most` of what waits into a session; tells whether it was any."""
        waiting, sent = self._waiting, self.book.sent
        room = min(len(waiting), session.window_free(), most)
        for _ in range(room):
            flight = waiting.popleft()
            # In the book first: the reply may come with the next read.
            sent(flight)
            session.request(self._submit_sm(flight), flight)
        return room > 0

    def turned(self) -> None:
        """Hear that what a read brought is in the book."""
        self._turned()

    def drop(self) -> int:
        """Forget what is not yet sent."""
        many = len(self._waiting)
        self._waiting.clear()
        return many

    async def close(self) -> None:
        """Unbind all sessions, and wait for that a moment."""
        self._closing = True
        for task in self._again:
            task.cancel()
        for link in self._links:
            link.unbind()
        if self._links:
            await asyncio.wait([link.gone for link in self._links], timeout=_UNBIND_S)
        for link in self._links:
            link.abort()

    def lost(self, link: Link, flights: list[Flight], why: str) -> None:
        """Give up what was on a session that broke, and bind again."""
        self.book.broke(flights, f"session broke: {why}")
        if link in self._links:
            self._links.remove(link)
            if not self._closing:
                self.book.lost_connection()
                task = asyncio.get_running_loop().create_task(self._bind_again())
                self._again.add(task)
                task.add_done_callback(self._again.discard)

    async def _bind_again(self) -> None:
        for pause in (*_AGAIN_S, *(_AGAIN_S[-1:] * 1000)):
            await asyncio.sleep(pause)
            try:
                link = await self._bind()
            except NoTarget:
                continue
            self._links.append(link)
            link.pump(len(self._waiting))
            return

    async def _bind(self) -> Link:
        place, system_id = self._target.place, self._account.system_id
        loop = asyncio.get_running_loop()
        remedy = "start it, or name another with --smpp HOST:PORT"
        try:
            async with asyncio.timeout(_CONNECT_S):
                _, link = await loop.create_connection(
                    lambda: Link(self, self._target.window), place.host, place.port, ssl=self._ssl
                )
                refusal = await link.bind(self._account)
        except TimeoutError:
            raise NoTarget(f"no SMSC answers at {place} (timed out); {remedy}") from None
        except ssl.SSLError as trouble:
            why = trouble.reason or str(trouble)
            raise NoTarget(
                f"no TLS with the SMSC at {place} ({why}); check --tls and --tls-ca"
            ) from None
        except OSError as trouble:
            why = trouble.strerror or str(trouble)
            raise NoTarget(f"no SMSC answers at {place} ({why}); {remedy}") from None
        if refusal:
            link.abort()
            raise NoTarget(
                f"the SMSC at {place} refuses to bind {system_id}: {refusal}; check the account"
            )
        return link

    def _submit_sm(self, flight: Flight) -> SubmitSm:
        shot = flight.shot
        source, to = shot.source, shot.to
        if shot.kind == A2P:
            ton = 0 if source.isdigit() else _ALPHANUMERIC
            return SubmitSm(
                0, "", ton, 0, source, _INTERNATIONAL, _ISDN, to,
                registered_delivery=int(self._receipts),
                short_message=encode_gsm_replacing(shot.text),
            )  # fmt: skip
        phone = len(to) >= _MSISDN_FROM
        return SubmitSm(
            0, "", _INTERNATIONAL, _ISDN, source, int(phone), int(phone), to,
            short_message=shot.text.encode("ascii"),
        )  # fmt: skip
