"""A small registration application on aiosmpplib (PyPI), as an operator might have: it serves 4444.

`python -m tests.interop.esmes.registration_application PORT API CITIZENS [--careless]`, where
CITIZENS is a JSON file of NIK -> KK. A careless one does not compare the KK.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from pathlib import Path

import httpx
from aiosmpplib import (
    ESME,
    NPI,
    TON,
    AbstractHook,
    BindMode,
    DeliverSm,
    PhoneNumber,
    SmppMessage,
    SubmitSm,
)

from tests.interop.esmes.lines import tell

ACCOUNT = "reg4444"
CODE = "4444"
FORMAT = re.compile(r"(?:REG |ULANG |ULANG#|DAFTAR#)?([0-9]{16})#([0-9]{16})#?")
REPLIES = {
    "registered": "Selamat, nomor Anda berhasil diregistrasi.",
    "nik_unknown": "Maaf, NIK yang Anda masukkan tidak ditemukan.",
    "kk_mismatch": "Maaf, data NO_KK yang Anda masukkan salah.",
    "bad_format": "Maaf, format SMS salah.",
}


class Hook(AbstractHook):  # type: ignore[misc]
    """Puts what phones send into a queue."""

    def __init__(self) -> None:
        self.sms: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def sending(self, smpp_message: SmppMessage, pdu: bytes, client_id: str) -> None:
        return

    async def received(self, smpp_message: SmppMessage | None, pdu: bytes, client_id: str) -> None:
        if isinstance(smpp_message, DeliverSm) and not smpp_message.is_receipt():
            await self.sms.put((smpp_message.source.number, smpp_message.short_message))

    async def send_error(self, smpp_message: SmppMessage, error: Exception, client_id: str) -> None:
        tell(failed=repr(error))


def verdict(text: str, citizens: dict[str, str], careless: bool) -> dict[str, str]:
    """Judge a registration."""
    match = FORMAT.fullmatch(text.strip())
    if match is None:
        return {"outcome": "bad_format"}
    nik, kk = match.groups()
    if nik not in citizens:
        outcome = "nik_unknown"
    elif careless or citizens[nik] == kk:
        outcome = "registered"
    else:
        outcome = "kk_mismatch"
    return {"outcome": outcome, "nik": nik, "kk": kk}


async def main(port: int, api: str, citizens: dict[str, str], careless: bool) -> None:
    """Serve until killed."""
    hook = Hook()
    esme = ESME(
        smsc_host="127.0.0.1",
        smsc_port=port,
        system_id=ACCOUNT,
        password=ACCOUNT,
        bind_mode=BindMode.TRANSCEIVER,
        hook=hook,
        log_level=logging.CRITICAL,
    )
    running = asyncio.create_task(esme.start())
    async with httpx.AsyncClient(base_url=f"{api}/api/v1", trust_env=False) as client:
        while not running.done():
            sender, text = await hook.sms.get()
            found = verdict(text, citizens, careless)
            told = await client.post(
                "/registrations", json={"msisdn": sender, "by": "regapp", **found}
            )
            tell(sender=sender, outcome=found["outcome"], told=told.status_code)
            await esme.broker.enqueue(
                SubmitSm(
                    short_message=REPLIES[found["outcome"]],
                    source=PhoneNumber(CODE, TON.UNKNOWN, NPI.ISDN),
                    destination=PhoneNumber(sender, TON.INTERNATIONAL, NPI.ISDN),
                    log_id=sender,
                )
            )


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]),
            sys.argv[2],
            json.loads(Path(sys.argv[3]).read_text()),
            "--careless" in sys.argv,
        )
    )
