"""The PDUs of messages, decoded and as a capture file."""

from __future__ import annotations

import httpx
import pytest

from gateway.console import pdu_api
from gateway.console.api import create_app
from gateway.console.tokens import Tokens
from gateway.core.events import Esme, MtSms, SmeAddress
from gateway.testing import Simulator

from .small_gateway import SmallGateway

SITI = "6281290000001"
NIK = "3201014107859001"
BANK = SmeAddress(5, 0, "BANK")
TO = SmeAddress(1, 1, SITI)
VIA = Esme("a2p", 1, BANK, TO, registered_delivery=1)


async def sent(gateway: SmallGateway, text: str, via: Esme = VIA) -> str:
    decision = await gateway.decide(MtSms("BANK", SITI, text, via))
    return str(decision.answer.id)  # type: ignore[union-attr]  # accepted


async def test_a_message_of_an_esme_and_its_receipt(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    id_ = await sent(gateway, f"NIK Anda {NIK}")
    answer = (await client.get(f"/api/v1/messages/{id_}/pdu")).json()
    assert answer["masked"] is True
    assert answer["note"].startswith("rebuilt from the store")
    submit, response = answer["pdus"]
    assert submit["direction"] == "received"
    assert submit["fields"]["text"] == "NIK Anda 3201********9001"
    assert submit["fields"]["registered_delivery"] == "receipt"
    assert submit["line"].startswith("submit_sm 1; ")
    assert bytes.fromhex(submit["octets"]).endswith(b"NIK Anda 3201********9001")
    assert (response["direction"], response["fields"]["message_id"]) == ("sent", id_)
    assert NIK not in str(answer)
    assert NIK.encode().hex() not in str(answer)
    # The phone never connected: the store's inbox has it, and the receipt waits for the ESME.
    (receipt,) = (await client.get("/api/v1/messages/search", params={"q": "kind:receipt"})).json()[
        "messages"
    ]
    (deliver,) = (await client.get(f"/api/v1/messages/{receipt['id']}/pdu")).json()["pdus"]
    assert (deliver["direction"], deliver["at"]) == ("sent", None)
    assert deliver["fields"]["esm_class"] == "delivery receipt"


async def test_identities_in_clear_are_for_those_who_may_act(gateway: SmallGateway) -> None:
    id_ = await sent(gateway, NIK)
    app = create_app(gateway, tokens=Tokens("reading-is-enough", "trainers-may-act-"))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        for path in (f"/api/v1/messages/{id_}/pdu", "/api/v1/messages.pcap"):
            for token, status in (("reading-is-enough", 403), ("trainers-may-act-", 200)):
                headers = {"authorization": f"Bearer {token}"}
                query = {"identities": "true"}
                answer = await client.get(path, params=query, headers=headers)
                assert answer.status_code == status
                shown = NIK.encode().hex() in answer.text or NIK.encode() in answer.content
                assert shown is (status == 200)


async def test_what_no_pdu_carried_says_so(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await gateway.sms(SITI, "6285690000002", "halo")
    answer = (await client.get("/api/v1/messages/1/pdu")).json()
    assert answer["pdus"] == []
    assert "no PDU carried it" in answer["note"]
    missing = await client.get("/api/v1/messages/99/pdu")
    assert (missing.status_code, missing.json()["detail"]) == (404, "there is no message 99")


async def test_the_parts_of_a_long_message() -> None:
    async with Simulator() as sim, httpx.AsyncClient(base_url=f"{sim.http}/api/v1") as client:
        esme = await sim.esme("qa")
        await esme.submit(SITI, "6285690000002", "halo " * 60)
        found = (await client.get("messages/wait", params={"q": 'text:"halo halo"'})).json()
        (message,) = found["messages"]
        assert len(message["parts"]) == 2
        answer = (await client.get(f"messages/{message['id']}/pdu")).json()
    assert [pdu["fields"]["command"] for pdu in answer["pdus"]] == [
        "submit_sm",
        "submit_sm_resp",
    ] * 2
    assert answer["pdus"][0]["fields"]["segment"].startswith("1 of 2")


async def test_a_search_as_a_capture_file(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdu_api, "_PAGE", 2)
    for number in range(5):
        await sent(gateway, f"Kode {number} {NIK}")
    await sent(gateway, "lain")
    answer = await client.get("/api/v1/messages.pcap", params={"q": "text:kode"})
    assert answer.headers["content-type"] == "application/vnd.tcpdump.pcap"
    assert answer.headers["content-disposition"] == 'attachment; filename="messages.pcap"'
    content = answer.content
    places = [content.index(f"Kode {number} 3201****".encode()) for number in range(5)]
    assert places == sorted(places)
    assert b"lain" not in content
    assert NIK.encode() not in content
    newest = await client.get("/api/v1/messages.pcap", params={"q": "text:kode", "limit": 3})
    assert [f"Kode {number} ".encode() in newest.content for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    wrong = await client.get("/api/v1/messages.pcap", params={"q": "form:4444"})
    assert wrong.status_code == 422
