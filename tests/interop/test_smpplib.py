"""smpplib, an independent client: binds, submits, gets 4444's reply and receipts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import smpplib.exceptions

from gateway.core.registration.citizens import Registry
from gateway.smpp.text import decode_text
from tests.interop.esme import bound, read_until, submit
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

# esm_class of a delivery receipt (SMPP 3.4 section 5.2.12)
RECEIPT = 0x04


def test_smpplib_registers_and_gets_reply_and_receipt(tmp_path: Path) -> None:
    registry = Registry(seed=4444)
    person, other = registry.citizen(7), registry.citizen(400)
    with Served(tmp_path) as served:
        ready = served.ready()
        port = ready["smpp"]["port"]
        _talk(port, person, other)
        url = f"http://127.0.0.1:{ready['http']['port']}/api/v1/subscribers/081290000001"
        found = httpx.get(url).json()
        assert found["status"] == "registered"
        assert found["nik"] == str(person.nik)
        assert served.stop() == 0
    if served.wire is not None:
        assert {"0x00000009", "0x80000004", "0x00000005", "0x00000006"} <= served.wire.commands()


def _talk(port: int, person: Any, other: Any) -> None:
    delivered: list[Any] = []
    with bound(port, "qa", delivered) as qa:
        text = f"REG {person.nik.digits}#{person.kk.digits}#"
        id_ = submit(qa, "6281290000001", "4444", text, receipt=1)
        read_until(qa, lambda: len(delivered) == 2)
        receipts = [one for one in delivered if one.esm_class == RECEIPT]
        replies = [one for one in delivered if one not in receipts]
        assert b"berhasil diregistrasi" in replies[0].short_message
        assert replies[0].source_addr == b"4444"
        assert replies[0].destination_addr == b"6281290000001"
        assert f"id:{id_} ".encode() in receipts[0].short_message
        assert b"stat:DELIVRD err:000" in receipts[0].short_message
        assert receipts[0].receipted_message_id.rstrip(b"\0").decode() == id_

        # A wrong KK, a wrong format.
        delivered.clear()
        submit(qa, "6281290000002", "4444", f"REG {person.nik.digits}#{other.kk.digits}#")
        submit(qa, "6281290000003", "4444", "REG halo")
        read_until(qa, lambda: len(delivered) == 2)
        by_number = {
            one.destination_addr: decode_text(one.data_coding, one.short_message)
            for one in delivered
        }
        assert "data NO_KK" in by_number[b"6281290000002"]
        assert "format SMS salah" in by_number[b"6281290000003"]

    # MT to a number for which no phone ever connected: in its inbox at once, with the receipt.
    delivered.clear()
    with bound(port, "a2p", delivered) as a2p:
        submit(a2p, "BANK", "6281290000002", "Kode OTP Anda 123456", receipt=1)
        read_until(a2p, lambda: len(delivered) == 1)
        assert b"stat:DELIVRD" in delivered[0].short_message

    with pytest.raises(smpplib.exceptions.PDUError, match="Invalid"), bound(port, "qaa", []):
        raise AssertionError("bound with a wrong system_id")
