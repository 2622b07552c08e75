"""aiosmpplib (PyPI): asyncio; encodes, splits and puts together by itself."""

from __future__ import annotations

import asyncio
import logging
import struct
from typing import Any

from aiosmpplib import (
    ESME,
    NPI,
    TON,
    AbstractHook,
    AbstractRetryTimer,
    BindMode,
    DeliverSm,
    PhoneNumber,
    SmppMessage,
    SubmitSm,
    SubmitSmResp,
)
from aiosmpplib.utils import detect_format, split_sms_udh

from tests.interop.esmes.lines import delivered, orders, tell

MODES = {
    "transmitter": BindMode.TRANSMITTER,
    "receiver": BindMode.RECEIVER,
    "transceiver": BindMode.TRANSCEIVER,
}
BIND_RESPONSES = (0x80000001, 0x80000002, 0x80000009)
SUBMIT_SM_RESP, UNBIND_RESP = 0x80000004, 0x80000006
UDHI = 0x40


class Once(AbstractRetryTimer):  # type: ignore[misc]
    """No second try: an ESME that was refused waits to be stopped."""

    def reset(self) -> None:
        return

    def next_delay(self) -> float:
        return 3600.0

    async def wait(self) -> None:
        await asyncio.Event().wait()


class Hook(AbstractHook):  # type: ignore[misc]
    """Hears every PDU."""

    def __init__(self) -> None:
        self.statuses: asyncio.Queue[int] = asyncio.Queue()
        self.responses: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        return

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        command_id, status = struct.unpack_from(">II", pdu, 4)
        if command_id in BIND_RESPONSES:
            self.statuses.put_nowait(status)
        elif command_id == SUBMIT_SM_RESP:
            told = SubmitSmResp.from_pdu(pdu, SmppMessage.parse_header(pdu[:16]))
            assert isinstance(told, SubmitSmResp)
            self.responses.put_nowait({"command_status": status, "message_id": told.message_id})
        elif isinstance(smpp_message, DeliverSm):
            receipt = smpp_message.parse_receipt() if smpp_message.is_receipt() else {}
            delivered(
                "deliver_sm",
                smpp_message.source.number,
                smpp_message.destination.number,
                smpp_message.esm_class,
                0,
                text=smpp_message.short_message or smpp_message.message_payload,
                receipt={name: str(value) for name, value in receipt.items()},
            )

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        tell(failed=repr(error))


class Driven:
    def __init__(self) -> None:
        self.hook = Hook()
        self.esme: ESME | None = None
        self.running: asyncio.Task[None] | None = None

    async def bind(self, mode: str, port: int, tls: bool, system_id: str, password: str) -> None:
        assert not tls, "it has none"
        self.esme = ESME(
            smsc_host="127.0.0.1",
            smsc_port=port,
            system_id=system_id,
            password=password,
            bind_mode=MODES[mode],
            hook=self.hook,
            retry_timer=Once(),
            log_level=logging.CRITICAL,
        )
        self.running = asyncio.create_task(self.esme.start())
        tell(answer="bind", command_status=await self.hook.statuses.get())

    async def submit(
        self,
        source: list[Any],
        destination: list[Any],
        text: str,
        registered_delivery: int,
        parts: str,
        schedule: str,
    ) -> None:
        assert self.esme is not None
        assert schedule == "", "it takes moments, not SMPP's times"
        message = SubmitSm(
            short_message=text,
            source=_number(source),
            destination=_number(destination),
            registered_delivery=registered_delivery,
            esm_class=UDHI if parts == "udh" else 0,
            auto_message_payload=parts == "payload",
            log_id=text[:8],
        )
        count = 1
        if parts == "udh":
            count = len(split_sms_udh(text, detect_format(text), 0))
        await self.esme.broker.enqueue(message)
        responses = [await self.hook.responses.get() for _ in range(count)]
        tell(answer="submit", responses=responses)

    async def unbind(self) -> None:
        assert self.esme is not None
        assert self.running is not None
        await self.esme.stop()
        await self.running
        # Its unbind waits for no response.
        tell(answer="unbind", command_status=0)


def _number(address: list[Any]) -> PhoneNumber:
    return PhoneNumber(address[2], TON(address[0]), NPI(address[1]))


async def main() -> None:
    driven = Driven()
    async for order in orders():
        await getattr(driven, order.pop("do"))(**order)


if __name__ == "__main__":
    asyncio.run(main())
