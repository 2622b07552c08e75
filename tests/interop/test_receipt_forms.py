"""Receipts as other operators write them, read by clients that know such operators."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.esmes.driver import Client, Esme, able
from tests.interop.kannel import DELIVERED, TAKEN, kannel
from tests.interop.network import Network
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]

TO = "6281290000001"


def accounts(receipt: str) -> str:
    """Give the accounts that Kannel binds as, with such receipts."""
    return (
        f'smpp.accounts=[{{system_id="a2p", password="a2p", {receipt}}}, '
        f'{{system_id="qa", password="qa", speaks_for_handsets=true, {receipt}}}]'
    )


@able("data_sm")
def test_receipts_in_data_sm(tmp_path: Path, client: Client) -> None:
    with Served(tmp_path, accounts('receipt={preset="jasmin-data-sm"}')) as served:
        with Esme(client, served.ready()["smpp"]["port"]) as esme:
            esme.bind("a2p")
            (id_,) = esme.submit("BANK", TO, "Halo", receipt=1)
            (receipt,) = esme.takes(lambda one: one.is_receipt)
            assert receipt.command == "data_sm"
            assert (receipt.source, receipt.destination) == (TO, "BANK")
            told = receipt.tlvs["receipted_message_id"]
            assert told in (id_, f"{id_}\0".encode().hex())
            esme.unbind()
        assert served.stop() == 0


IDS = {
    # What Kannel's msg-id-type calls each: bit 0 for the response, bit 1 for the receipt.
    "hex in the response": ("hex-lower", "decimal", "0x01"),
    "hex in the receipt": ("decimal", "hex-lower", "0x02"),
    "hex in both": ("hex-upper", "hex-upper", "0x03"),
}


@pytest.mark.parametrize(("response", "receipt", "kind"), IDS.values(), ids=IDS)
def test_kannel_finds_the_message_by_its_id(
    tmp_path: Path, response: str, receipt: str, kind: str
) -> None:
    form = (
        f'receipt={{response_id={{base="{response}"}}, text_id={{base="{receipt}"}}, '
        f'tlv_id={{base="{receipt}"}}}}'
    )
    with Served(tmp_path, accounts(form)) as served:
        network = Network(served.ready())
        with kannel(tmp_path, network.port, f"msg-id-type = {kind}") as box:
            # Beyond nine, so that the bases differ.
            for number in range(1, 21):
                box.sends("a2p", "BANK", f"62812900000{number:02d}", "Halo", mask=DELIVERED)
            got = box.service.takes("/dlr", 20)
            assert {int(one["status"]) for one in got} == {DELIVERED}
            assert len({one["to"] for one in got}) == 20
            box.stop()
        assert "could not find message" not in "".join(box.bearerbox.log)
        assert served.stop() == 0


def test_kannel_on_two_sessions_gets_a_receipt_that_waited(tmp_path: Path) -> None:
    # Without a delay the receipt on the one session may overtake the response on the other.
    delay = 'receipt_delay={kind="fixed", seconds=1.0}'
    with Served(tmp_path, accounts(delay)) as served:
        network = Network(served.ready())
        with kannel(tmp_path, network.port) as box:
            box.sends("phones", TO, "4444", "REG halo", mask=DELIVERED | TAKEN)
            got = box.service.takes("/dlr", 2)
            assert {int(one["status"]) for one in got} == {DELIVERED, TAKEN}
            assert "format SMS salah" in box.receives()["text"]
            box.stop()
        assert "could not find message" not in "".join(box.bearerbox.log)
        assert served.stop() == 0
