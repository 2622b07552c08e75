"""A bound ESME in a test: a real SMPP session over TCP, spoken by the project's own codec."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Final

from gateway.core.numbers import BadNumber, is_msisdn, parse_address
from gateway.smpp.codes import EsmClass, status_name
from gateway.smpp.errors import Rejected
from gateway.smpp.items import Answered
from gateway.smpp.message import text_of
from gateway.smpp.pdu import (
    BindReceiver,
    BindRequest,
    BindTransceiver,
    BindTransmitter,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    Request,
    Response,
    SubmitSm,
    SubmitSmResp,
    Tlv,
)
from gateway.smpp.receipt_reading import parse_receipt
from gateway.smpp.segmentation import segments
from gateway.smpp.session import Role, Session
from gateway.testing.expecting import NotSeen, Wish, report
from gateway.testing.home import Home
from gateway.testing.journal import Journal
from gateway.testing.outcomes import Answer, DeliveredSms, Submitted
from gateway.testing.waiting import Changes, Inbox

WITHIN: Final = 5.0
"""Seconds that an expectation waits, unless it says otherwise."""

BINDS: Final[dict[str, Callable[..., BindRequest]]] = {
    "transceiver": BindTransceiver,
    "transmitter": BindTransmitter,
    "receiver": BindReceiver,
}
"""The ways to bind, by name."""

_WINDOW = 1_000
_READ = 65_536
_REPORTS = EsmClass.TYPE_DELIVERY_RECEIPT | EsmClass.TYPE_INTERMEDIATE_NOTIFICATION


class NotBound(Exception):
    """The SMSC did not take the bind: look at account and password; says the status."""


class Esme:
    """One session; made by `Simulator.esme`. Everything that comes is answered ESME_ROK."""

    def __init__(self, system_id: str, journal: Journal, home: Home) -> None:
        self.system_id: Final = system_id
        self._journal = journal
        self._home = home
        self._session = Session(Role.ESME, window=_WINDOW)
        self._changes = Changes()
        self._inbox: Inbox[DeliveredSms] = Inbox(self._changes)
        self._receipts: Inbox[DeliveredSms] = Inbox(self._changes)
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._closed = False
        self._references = 0

    # ---- what it got

    @property
    def inbox(self) -> list[DeliveredSms]:
        """All messages that came, receipts apart, in order."""
        return list(self._inbox.messages)

    @property
    def receipts(self) -> list[DeliveredSms]:
        """All delivery receipts that came, in order."""
        return list(self._receipts.messages)

    @property
    def bound(self) -> bool:
        """Whether the session stands."""
        return not self._closed and self._session.bound_as is not None

    # ---- what it does

    async def submit(
        self,
        source: object,
        to: object,
        text: str,
        *,
        receipt: bool = False,
        tlvs: tuple[Tlv, ...] = (),
        within: float = WITHIN,
        **fields: str | int,
    ) -> Submitted:
        """Send a text as submit_sm, a long one in segments; `fields` are the PDU's own names.

        Raises NotSeen where the SMSC does not answer.
        """
        fields.setdefault("registered_delivery", int(receipt))
        self._references += 1
        pdus = _submits(str(source), str(to), text, tlvs, fields, self._references)
        answers = [await self.request(pdu, within) for pdu in pdus]
        status = next((one.status for one in answers if one.status != "ESME_ROK"), "ESME_ROK")
        ids = tuple(
            one.response.message_id for one in answers if isinstance(one.response, SubmitSmResp)
        )
        decided = self._journal.lines(self.system_id, 1) if status != "ESME_ROK" else []
        return Submitted(status, ids, decided[0] if decided else "")

    async def request(self, pdu: Request, within: float = WITHIN) -> Answer:
        """Send any request and wait for its response; raises NotSeen."""
        return await self._home.run(self._requested(pdu, within))

    async def unbind(self) -> None:
        """End the session."""
        await self._home.run(self.close())

    # ---- what it waits for

    async def expect(
        self,
        text: str | re.Pattern[str] | None = None,
        *,
        sender: object | None = None,
        to: object | None = None,
        within: float = WITHIN,
    ) -> DeliveredSms:
        """Wait for a message and hand it out, each once; raises NotSeen."""
        __tracebackhide__ = True
        wish = Wish(_written(sender), _written(to), text)
        name = f"the ESME {self.system_id}"
        return await self._home.run(self._inbox.expect(name, wish, within, self._decided))

    async def expect_receipt(
        self, of: Submitted | str, state: str | None = None, within: float = WITHIN
    ) -> DeliveredSms:
        """Wait for the receipt of a message, in this state by name (DELIVERED); raises NotSeen."""
        __tracebackhide__ = True
        wanted = of.id if isinstance(of, Submitted) else of
        return await self._home.run(self._receipt(wanted, state, within))

    # ---- at home

    def _decided(self) -> list[str]:
        return self._journal.lines()

    async def open(self, host: str, port: int, password: str, bind: str) -> None:
        """Connect and bind; raises NotBound."""
        reader, self._writer = await asyncio.open_connection(host, port)
        self._reading = asyncio.create_task(self._read(reader), name=f"esme {self.system_id}")
        answer = await self._requested(
            BINDS[bind](system_id=self.system_id, password=password), WITHIN
        )
        if answer.status != "ESME_ROK":
            await self.close()
            raise NotBound(f"{self.system_id} cannot bind as {bind}: {answer.status}")

    async def close(self) -> None:
        """Unbind and close the connection."""
        if self._writer is None or self._reading is None:
            return
        if self.bound:
            self._session.unbind()
            self._write()
            await self._changes.until(lambda: self._closed or None, WITHIN)
        self._reading.cancel()
        self._writer.close()
        self._writer = None

    async def _requested(self, pdu: Request, within: float) -> Answer:
        answered: list[Response | Rejected] = []
        self._session.request(pdu, answered)
        self._write()
        await self._changes.until(lambda: True if answered or self._closed else None, within)
        if not answered:
            what = f"a response to {type(pdu).__name__}"
            raise NotSeen(report(f"the ESME {self.system_id}", what, within, (), self._decided()))
        response = answered[0]
        if isinstance(response, Rejected):
            return Answer(None, status_name(response.command_status))
        return Answer(response, status_name(response.command_status))

    async def _receipt(self, id_: str, state: str | None, within: float) -> DeliveredSms:
        def fits(one: DeliveredSms) -> bool:
            receipt = one.receipt
            if receipt is None or receipt.message_id != id_:
                return False
            return state is None or (receipt.state is not None and receipt.state.name == state)

        found = await self._changes.until(lambda: self._receipts.take(fits), within)
        if found is None:
            what = f"the receipt of {id_}" + (f" in state {state}" if state else "")
            near = [one.text for one in self.receipts[-5:]]
            raise NotSeen(report(f"the ESME {self.system_id}", what, within, near, self._decided()))
        return found

    def _write(self) -> None:
        data = self._session.take()
        if data and self._writer is not None:
            self._writer.write(data)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while data := await reader.read(_READ):
                for item in self._session.receive(data):
                    self._hear(item)
                self._write()
                self._changes.happened()
        except OSError:
            pass
        self._closed = True
        self._changes.happened()

    def _hear(self, item: object) -> None:
        match item:
            case Answered(answered, response):
                answered.append(response)
            case DeliverSm():
                self._session.respond(DeliverSmResp(item.sequence_number))
                self._keep(item)
            case DataSm():
                self._session.respond(DataSmResp(item.sequence_number))
                self._keep(item)
            case _:
                pass

    def _keep(self, pdu: DeliverSm | DataSm) -> None:
        text = text_of(pdu)
        receipt = parse_receipt(text, pdu.tlvs) if pdu.esm_class & _REPORTS else None
        kept = DeliveredSms(pdu.source_addr, pdu.destination_addr, text, pdu, receipt)
        (self._inbox if receipt is None else self._receipts).put(kept)


def _written(one: object | None) -> str | None:
    return None if one is None else str(one)


def _submits(
    source: str,
    to: str,
    text: str,
    tlvs: tuple[Tlv, ...],
    fields: dict[str, str | int],
    reference: int,
) -> list[SubmitSm]:
    return [
        SubmitSm(
            **{  # type: ignore[arg-type]  # the PDU's own names
                **_address("source_addr", source),
                **_address("destination_addr", to),
                "esm_class": segment.esm_class,
                "data_coding": segment.data_coding,
                "short_message": segment.short_message,
                "tlvs": (*segment.tlvs, *tlvs),
                **fields,
            }
        )
        for segment in segments(text, reference)
    ]


def _address(field: str, text: str) -> dict[str, str | int]:
    """Write an address as an ESME should: a number international, a name alphanumeric."""
    ton_npi = "source_addr" if field == "source_addr" else "dest_addr"
    read = parse_address(text)
    if isinstance(read, BadNumber):
        ton, npi, digits = 5, 0, text
    elif is_msisdn(read):
        ton, npi, digits = 1, 1, str(read)
    else:
        ton, npi, digits = 0, 1, str(read)
    return {field: digits, f"{ton_npi}_ton": ton, f"{ton_npi}_npi": npi}
