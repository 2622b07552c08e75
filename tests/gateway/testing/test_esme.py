"""What a test's ESME sends and gets, over a real session."""

from __future__ import annotations

import pytest

from gateway.smpp.pdu import QuerySm, QuerySmResp
from gateway.testing import Esme, NotBound, NotSeen, Simulator

SITI = "081290000001"
SHORT_S = 0.05


async def test_a_registration_played_by_qa(sms: Simulator) -> None:
    qa, siti = await sms.esme("qa"), sms.citizen()
    sent = await qa.submit(SITI, "4444", f"REG {siti.nik}#{siti.kk}#")
    assert sent.accepted
    assert sent.id
    reply = await qa.expect("Selamat", sender="4444", to=SITI)
    assert reply.to == "6281290000001"
    assert qa.inbox == [reply]


async def test_a_long_text_goes_in_segments_and_comes_whole(sms: Simulator) -> None:
    bank, phone = await sms.esme("a2p"), await sms.handset(SITI)
    sent = await bank.submit("BANK", phone, "panjang " * 40, receipt=True)
    assert len(sent.ids) == 3
    assert (await phone.expect("panjang", sender="BANK")).text == "panjang " * 40
    receipt = await bank.expect_receipt(sent, "DELIVERED")
    assert receipt.receipt is not None
    assert receipt.receipt.message_id == sent.id
    await bank.expect_receipt(sent.ids[0])
    assert len(bank.receipts) == 3
    assert bank.inbox == []


async def test_a_barred_sender_is_refused_with_the_journal_s_why(sms: Simulator) -> None:
    qa = await sms.esme("qa")
    await sms.clock.set("2018-03-05")
    sent = await qa.submit(SITI, "085690000002", "halo")
    assert (sent.refused, sent.status) == (True, "ESME_RSUBMITFAIL")
    assert "OUTGOING_BARRED" in sent.why


async def test_the_pdu_s_own_fields_and_other_requests(sms: Simulator) -> None:
    bank = await sms.esme("a2p")
    sent = await bank.submit("BANK", SITI, "besok", schedule_delivery_time="000001000000000R")
    query = QuerySm(message_id=sent.id, source_addr="BANK", source_addr_ton=5)
    answer = await bank.request(query)
    assert answer.status == "ESME_ROK"
    assert isinstance(answer.response, QuerySmResp)
    assert answer.response.message_state == 1
    refused = await bank.submit("BANK", "99", "x", within=5.0)
    assert refused.status == "ESME_RINVDSTADR"


async def test_binds_that_fail_say_how(sms: Simulator) -> None:
    with pytest.raises(NotBound, match="qa cannot bind as transceiver: ESME_RINVPASWD"):
        await sms.esme("qa", "wrong")
    with pytest.raises(NotBound, match="ESME_RINVSYSID"):
        await sms.esme("nobody")


async def test_expectations_show_receipts_and_decisions(sms: Simulator) -> None:
    bank: Esme = await sms.esme("a2p", bind="transceiver")
    sent = await bank.submit("BANK", SITI, "halo", receipt=True)
    await bank.expect_receipt(sent, "DELIVERED")
    with pytest.raises(NotSeen, match=r"(?s)in state EXPIRED within .*stat:DELIVRD"):
        await bank.expect_receipt(sent.id, "EXPIRED", within=SHORT_S)
    with pytest.raises(NotSeen, match=r"(?s)the ESME a2p did not get an SMS.*nothing came"):
        await bank.expect(within=SHORT_S)


async def test_an_end_of_the_session_by_either_side_is_seen(sms: Simulator) -> None:
    qa = await sms.esme("qa", bind="receiver")
    assert [qa.bound] == [True]
    await qa.unbind()
    assert [qa.bound] == [False]
    bank = await sms.esme("a2p", bind="transmitter")
    number = sms.gateway.smpp.sessions()[-1].id
    sms.gateway.smpp.end_session(number)
    with pytest.raises(NotSeen, match="response"):
        await bank.request(QuerySm(message_id="1", source_addr="BANK"), within=5.0)
    assert [bank.bound] == [False]
