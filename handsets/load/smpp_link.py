"""One SMPP session of the load: what a read brought goes into the book, and one write answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final, Protocol, cast

from gateway.smpp.codes import CommandStatus
from gateway.smpp.items import Answered, Closed
from gateway.smpp.pdu import (
    BindTransceiver,
    BindTransceiverResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    SubmitSmResp,
    Tlv,
)
from gateway.smpp.receipt_reading import parse_receipt
from gateway.smpp.session import Session
from gateway.smpp.states import Role
from gateway.smpp.text import decode_text
from handsets.load.book import SHOWN, Book, Flight
from handsets.load.target import Account

# esm_class: what the message is (SMPP 3.4 section 5.2.12).
_TYPE_BITS: Final = 0x3C
_RECEIPT: Final = 0x04


class Owner(Protocol):
    """Whose session it is."""

    book: Book

    def pull(self, session: Session, most: int) -> bool:
        """Put up to `most` of what waits into a session; tells whether it was any."""

    def turned(self) -> None:
        """Hear that what a read brought is in the book."""

    def lost(self, link: Link, flights: list[Flight], why: str) -> None:
        """Take back what was on a session that broke."""


class Link(asyncio.Protocol):
    """One session."""

    def __init__(self, sender: Owner, window: int) -> None:
        """Belong to `sender`."""
        self._sender = sender
        self._session = Session(Role.ESME, window=window)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._bound: asyncio.Future[str] = self._loop.create_future()
        self.gone: asyncio.Future[None] = self._loop.create_future()

    async def bind(self, account: Account) -> str:
        """Bind as a transceiver; gives why the SMSC refuses, "" if it does not."""
        self._session.request(BindTransceiver(0, account.system_id, account.password))
        self._write()
        return await self._bound

    def pump(self, most: int) -> None:
        """Send what waits, up to `most`, in one write."""
        if self._sender.pull(self._session, most):
            self._write()

    def unbind(self) -> None:
        """Say goodbye."""
        if self._session.bound_as is not None:
            self._session.unbind()
            self._write()

    def abort(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Enter what came in the book, send what now has room, and write all at once."""
        now, book, session = self._loop.time(), self._sender.book, self._session
        for item in session.receive(data):
            if isinstance(item, Answered):
                if type(item.context) is Flight:
                    self._answered(item.context, item.response, now, book)
                else:
                    self._on_bind(item.response)
            elif isinstance(item, DeliverSm):
                session.respond(DeliverSmResp(item.sequence_number))
                self._delivered(item, now, book)
            elif isinstance(item, DataSm):
                session.respond(DataSmResp(item.sequence_number))
                self._receipt("", item.tlvs, now, book)
            elif isinstance(item, Closed) and session.done:
                self.abort()
        self._sender.pull(session, session.window.limit)
        self._write()
        self._sender.turned()

    def connection_lost(self, error: Exception | None) -> None:
        """Give up what has no response."""
        why = str(error) if error is not None else "closed by the SMSC"
        if not self.gone.done():
            self.gone.set_result(None)
        if not self._bound.done():
            self._bound.set_result(f"it hung up ({why})")
            return
        flights = [one for one in self._session.take_outstanding() if type(one) is Flight]
        self._sender.lost(self, flights, why)

    def _answered(self, flight: Flight, response: object, now: float, book: Book) -> None:
        if type(response) is SubmitSmResp:
            status = response.command_status
            book.answered(flight, now, name_of(status) if status else "", response.message_id)
        else:
            status = getattr(response, "command_status", 0)
            book.answered(flight, now, f"{type(response).__name__} {name_of(status)}")

    def _on_bind(self, response: object) -> None:
        if self._bound.done():
            return
        good = isinstance(response, BindTransceiverResp) and not response.command_status
        status = getattr(response, "command_status", 0)
        self._bound.set_result("" if good else name_of(status))

    def _delivered(self, pdu: DeliverSm, now: float, book: Book) -> None:
        if pdu.esm_class & _TYPE_BITS == _RECEIPT:
            self._receipt(pdu.short_message.decode("latin-1"), pdu.tlvs, now, book)
        else:
            text = decode_text(pdu.data_coding, pdu.short_message[: 2 * SHOWN])
            book.replied(pdu.destination_addr, now, text)

    def _receipt(self, text: str, tlvs: tuple[Tlv, ...], now: float, book: Book) -> None:
        receipt = parse_receipt(text, tlvs)
        if receipt is None:
            book.reported((), now, "unreadable")
        else:
            state = receipt.state.name if receipt.state is not None else "unknown"
            book.reported(spellings(receipt.message_id), now, state)

    def _write(self) -> None:
        data = self._session.take()
        if data and self._transport is not None:
            self._transport.write(data)


def name_of(status: int) -> str:
    """Name a command_status (SMPP 3.4 section 5.1.3)."""
    try:
        return CommandStatus(status).name
    except ValueError:
        return f"command_status {status:#010x}"


def spellings(message_id: str) -> tuple[str, ...]:
    """Give the ids that a response may have had: many SMSCs write one of the two in hexadecimal."""
    found = [message_id]
    if message_id.isascii() and message_id.isdigit():
        found.append(f"{int(message_id):x}")
        found.append(f"{int(message_id):X}")
    with suppress(ValueError):
        found.append(str(int(message_id, 16)))
    return tuple(found)
