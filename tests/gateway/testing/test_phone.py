"""What a test's phone does and sees."""

from __future__ import annotations

import re

import pytest

from gateway.testing import NotSeen, Simulator

SITI, BUDI = "081290000001", "085690000002"
SHORT_S = 0.05


async def test_a_call_from_dialling_to_the_end(sms: Simulator) -> None:
    siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
    assert (await siti.call(budi)).accepted
    incoming = await budi.expect_call()
    assert (incoming.other, incoming.outgoing) == (siti.number, False)
    assert (await budi.answer()).accepted
    await siti.expect_call("answered")
    assert (await siti.hang_up()).accepted
    await budi.expect_call("ended")
    assert len(budi.calls) == 1


async def test_a_call_that_is_rejected(sms: Simulator) -> None:
    siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
    await siti.call(str(budi))
    await budi.expect_call()
    assert (await budi.reject()).accepted
    ended = await siti.expect_call("ended")
    assert ended.cause is not None
    assert ended.cause.q850 == 21
    again = await budi.answer()
    assert (again.refused, again.cause) == (True, "no_such_call")


async def test_data_ussd_and_sms_between_phones(sms: Simulator) -> None:
    siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
    assert (await siti.data()).accepted
    assert [siti.data_open] == [True]
    assert (await siti.data(on=False)).accepted
    assert [siti.data_open] == [False]
    assert (await siti.ussd("*444#")).text
    await siti.sms(budi, "apa kabar?")
    got = await budi.expect(re.compile("kabar.$"), sender=siti)
    assert (got.sender, got.to, got.at) == (siti.number, budi.number, str(sms.clock))
    assert budi.inbox == [got]


async def test_a_long_sms_comes_whole_and_tells_its_parts(sms: Simulator) -> None:
    siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
    text = "Kode: [1234]. " * 12
    await siti.sms(budi, text)
    got = await budi.expect("Kode")
    assert (got.text, got.parts) == (text, 2)
    await siti.sms(budi, "Halo")
    assert (await budi.expect("Halo")).parts == 1


async def test_what_is_barred_is_seen_on_the_phone(sms: Simulator) -> None:
    siti = await sms.handset(SITI)
    assert (siti.stage, siti.barred) == ("OPEN", [])
    await sms.clock.set("2018-04-30")
    await siti.expect_stage("TOTAL_BARRED")
    assert siti.barred == ["MO_SMS", "MO_CALL", "MT_SMS", "MT_CALL", "DATA"]
    refused = await siti.data()
    assert (refused.refused, refused.cause) == (True, "operator_determined_barring")
    assert "TOTAL_BARRED" in refused.why


async def test_a_phone_that_is_off_gets_its_sms_later(sms: Simulator) -> None:
    siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
    await budi.off()
    assert (await siti.call(budi)).cause == "absent_subscriber"
    await siti.sms(budi, "nanti")
    with pytest.raises(NotSeen, match="nothing came"):
        await budi.expect(within=SHORT_S)
    await budi.on()
    await budi.expect("nanti")


async def test_each_message_is_handed_out_once(sms: Simulator) -> None:
    siti, budi = await sms.handset(SITI), await sms.handset(BUDI)
    for text in ("satu", "dua"):
        await siti.sms(budi, text)
    assert (await budi.expect("dua")).text == "dua"
    assert (await budi.expect()).text == "satu"
    with pytest.raises(NotSeen, match="was handed out before"):
        await budi.expect("dua", within=SHORT_S)


async def test_expectations_say_what_came_instead(sms: Simulator) -> None:
    siti = await sms.handset(SITI)
    with pytest.raises(NotSeen, match=r"(?s)stage TOTAL_BARRED within 0.05 s.*OPEN"):
        await siti.expect_stage("TOTAL_BARRED", within=SHORT_S)
    with pytest.raises(NotSeen, match="nothing came"):
        await siti.expect_call(within=SHORT_S)


async def test_what_is_no_number_is_said(sms: Simulator) -> None:
    siti = await sms.handset(SITI)
    with pytest.raises(ValueError, match='"x" is no number'):
        await siti.sms("x", "halo")
