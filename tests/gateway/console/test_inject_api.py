"""SMS, calls, data sessions and USSD that a test sends by REST."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gateway.testing import Simulator

SITI, BUDI = "081290000001", "085690000002"


@pytest.fixture
async def sms() -> AsyncIterator[Simulator]:
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
async def api(sms: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{sms.http}/api/v1") as client:
        yield client


async def post(api: httpx.AsyncClient, path: str, status: int = 200, **body: object) -> Any:
    if "sender" in body:
        body["from"] = body.pop("sender")
    answer = await api.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_phone_registers_by_rest(sms: Simulator, api: httpx.AsyncClient) -> None:
    siti = sms.citizen()
    text = f"ULANG {siti.nik}#{siti.kk}#"
    sent = await post(api, "/sms", sender=SITI, to="4444", text=text)
    assert (sent["accepted"], sent["cause"], sent["ids"]) == (True, None, ["1"])
    assert siti.nik not in sent["why"]
    found = await api.get("/messages/wait", params={"q": f"to:{SITI} Selamat"})
    assert len(found.json()["messages"]) == 1


async def test_octets_and_tlvs_reach_an_esme_as_they_were_sent() -> None:
    served = 'smpp.accounts=[{system_id="shop", password="shop", serves=["9999"]}]'
    async with (
        Simulator(served) as sms,
        httpx.AsyncClient(base_url=f"{sms.http}/api/v1") as api,
    ):
        shop = await sms.esme("shop")
        tlvs = [{"tag": "source_port", "value": "0b84"}, {"tag": 0x1401, "value": "01"}]
        await post(api, "/sms", sender=SITI, to="9999", hex="00ff", data_coding=4, tlvs=tlvs)
        got = await shop.expect(sender=SITI)
        assert (got.pdu.data_coding, got.text) == (4, got.text)
        assert getattr(got.pdu, "short_message", b"") == b"\x00\xff"
        assert [(one.tag, one.value) for one in got.pdu.tlvs][:2] == [
            (0x020A, b"\x0b\x84"),
            (0x1401, b"\x01"),
        ]
        await post(api, "/sms", sender=SITI, to="9999", text="halo", tlvs=tlvs[1:])
        assert (await shop.expect("halo")).pdu.tlvs[0].tag == 0x1401


@pytest.mark.parametrize("form", ["udh8", "udh16", "sar", "payload"])
async def test_an_esme_s_long_sms_in_each_form(
    sms: Simulator, api: httpx.AsyncClient, form: str
) -> None:
    bank, phone = await sms.esme("a2p"), await sms.handset(SITI)
    body: dict[str, Any] = {
        "to": SITI,
        "text": "panjang " * 30,
        "account": "a2p",
        "receipt": True,
        "long": form,
    }
    sent = await post(api, "/sms", sender="BANK", **body)
    assert len(sent["ids"]) == (1 if form == "payload" else 2)
    assert (await phone.expect("panjang", sender="BANK")).text == "panjang " * 30
    await bank.expect_receipt(sent["ids"][-1], "DELIVERED")


async def test_what_an_account_may_not_send_is_refused(
    sms: Simulator, api: httpx.AsyncClient
) -> None:
    refused = await post(api, "/sms", sender="4444", to=SITI, text="x", account="a2p")
    assert refused["accepted"] is False
    assert refused["why"].startswith("ESME_RINVSRCADR")
    unknown = await post(api, "/sms", 422, sender="A", to=SITI, text="x", account="nobody")
    assert 'there is no account "nobody"' in unknown["detail"]


async def test_calls_data_and_ussd(sms: Simulator, api: httpx.AsyncClient) -> None:
    absent = await post(api, "/calls", sender=SITI, to=BUDI)
    assert (absent["accepted"], absent["cause"]) == (False, "absent_subscriber")
    budi = await sms.handset(BUDI)
    call = await post(api, "/calls", sender=SITI, to=BUDI)
    await budi.expect_call()
    path = f"/calls/{call['ids'][0]}"
    assert (await post(api, path, by=BUDI, action="answer"))["accepted"]
    await budi.expect_call("answered")
    assert (await post(api, path, by=SITI, action="hangup"))["accepted"]
    assert (await post(api, path, by=SITI, action="hangup"))["cause"] == "no_such_call"
    assert (await post(api, "/data", msisdn=BUDI))["accepted"]
    assert (await post(api, "/data", msisdn=BUDI, open=False))["accepted"]
    assert (await post(api, "/ussd", msisdn=SITI, code="*444#"))["text"]
    await sms.clock.set("2018-04-30")
    barred = await post(api, "/data", msisdn=BUDI)
    assert barred["cause"] == "operator_determined_barring"


async def test_resending(sms: Simulator, api: httpx.AsyncClient) -> None:
    bank, budi = await sms.esme("a2p"), await sms.handset(BUDI)
    await post(api, "/sms", sender=SITI, to=BUDI, text="dari telepon")
    sent = await bank.submit("BANK", BUDI, "dari bank", receipt=True)
    await bank.expect_receipt(sent, "DELIVERED")
    again = await post(api, "/messages/1/resend")
    assert again["ids"] != ["1"]
    again = await post(api, f"/messages/{sent.id}/resend")
    await bank.expect_receipt(again["ids"][0], "DELIVERED")
    assert [one.text for one in budi.inbox] == ["dari telepon", "dari bank"] * 2
    await post(api, "/sms", sender=SITI, to="4444", text="HALO")
    found = (await api.get("/messages/search", params={"q": "kind:reply"})).json()["messages"]
    refused = await post(api, f"/messages/{found[0]['id']}/resend", 409)
    assert "the network's own" in refused["detail"]
    await post(api, "/messages/999/resend", 404)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"from": "1", "to": "4444", "text": "x"}, 'from: "1" is no mobile number'),
        ({"from": SITI, "to": "x", "text": "x"}, 'to: "x" is no number'),
        ({"from": SITI, "to": "4444"}, "give text or hex"),
        ({"from": SITI, "to": "4444", "text": "x", "hex": "00"}, "give text or hex"),
        ({"from": SITI, "to": "4444", "hex": "0"}, "hex:"),
        ({"from": SITI, "to": "4444", "text": "x", "receipt": True}, "receipt and long are"),
        ({"from": SITI, "to": "4444", "text": "x", "tlvs": [{"tag": "x"}]}, '"x" is no name'),
        ({"from": "é", "to": SITI, "text": "x", "account": "a2p"}, "write ASCII"),
        (
            {"from": "A", "to": SITI, "hex": "00" * 255, "esm_class": 64, "account": "a2p"},
            "at most 254 octets",
        ),
        (
            {"from": "A", "to": SITI, "hex": "00" * 10_000, "data_coding": 8, "account": "a2p"},
            "",
        ),
    ],
)
async def test_what_cannot_be_sent_is_said(
    api: httpx.AsyncClient, body: dict[str, Any], detail: str
) -> None:
    answer = await api.post("/sms", json=body)
    assert answer.status_code == (422 if detail else 200), answer.text
    assert detail in answer.text.replace('\\"', '"')
