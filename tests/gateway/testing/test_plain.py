"""The Simulator of tests without asyncio: the same, and it returns when done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from gateway.node import CannotStart
from gateway.smpp.pdu import QuerySm
from gateway.testing import NotSeen, PlainSimulator

SITI, BUDI = "081290000001", "085690000002"


@pytest.fixture
def plain() -> Iterator[PlainSimulator]:
    with PlainSimulator() as simulator:
        yield simulator


def test_phones(plain: PlainSimulator) -> None:
    siti, budi = plain.handset(SITI), plain.handset(BUDI)
    assert str(siti) == siti.number == "6281290000001"
    assert siti.call(budi).accepted
    assert budi.expect_call().other == siti.number
    assert budi.answer().accepted
    assert siti.hang_up().accepted
    assert [call.cause is not None for call in siti.calls] == [True]
    assert siti.call(budi).accepted
    assert budi.reject().accepted
    assert siti.data().accepted
    assert [siti.data_open] == [True]
    assert siti.ussd("*444#").text
    assert budi.sms(siti, "halo").accepted
    assert siti.expect("halo", sender=budi) in siti.inbox
    siti.off()
    siti.on()
    assert (siti.stage, siti.barred) == ("OPEN", [])
    siti.expect_stage("OPEN")
    assert len(plain.messages(SITI)) == 2
    with pytest.raises(NotSeen, match="what the network decided"):
        siti.expect("x", within=0.05)


def test_esmes(plain: PlainSimulator) -> None:
    bank = plain.esme("a2p")
    assert [bank.bound] == [True]
    sent = bank.submit("BANK", SITI, "halo", receipt=True)
    assert bank.expect_receipt(sent, "DELIVERED") in bank.receipts
    assert bank.request(QuerySm(message_id="99", source_addr="BANK")).status == "ESME_RQUERYFAIL"
    qa, siti = plain.esme("qa"), plain.citizen()
    qa.submit(SITI, "4444", f"REG {siti.nik}#{siti.kk}#")
    assert qa.expect("Selamat") in qa.inbox
    bank.unbind()
    assert [bank.bound] == [False]
    assert bank.system_id == "a2p"
    assert [one.bound for one in (bank.aio, qa.aio)] == [False, True]


def test_the_calendar(plain: PlainSimulator) -> None:
    plain.clock.set("2018-03-05")
    assert str(plain.clock) == "2018-03-05T00:00:00+07:00"
    plain.clock.advance(timedelta(hours=1))
    assert plain.clock.now.hour == 1
    plain.clock.set(plain.clock.now + timedelta(hours=1))
    assert plain.clock.now.hour == 2
    plain.clock.run(3600.0)
    assert plain.aio.gateway.clock.speed == 3600.0


def test_where_it_is(plain: PlainSimulator) -> None:
    assert plain.http.startswith("http://127.0.0.1:")
    assert plain.smpp[0] == "127.0.0.1"
    assert plain.mqtt is None
    assert plain.journal.lines() == []


def test_what_cannot_start_is_told_in_the_test(plain: PlainSimulator) -> None:
    taken = PlainSimulator(f"smpp.port={plain.smpp[1]}")
    with pytest.raises(CannotStart, match="the port is in use"):
        taken.__enter__()
