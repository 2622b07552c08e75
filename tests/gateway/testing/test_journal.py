"""The journal that reports are made of."""

from __future__ import annotations

from gateway.testing import Simulator


async def test_what_was_decided_by_number_and_account(sms: Simulator) -> None:
    siti, qa = await sms.handset("081290000001"), await sms.esme("qa")
    person = sms.citizen()
    await siti.sms("4444", f"ULANG {person.nik}#{person.kk}#")
    await siti.expect()
    await qa.submit("085690000002", "4444", "HALO")
    about = sms.journal.lines("0812-9000-0001")
    assert about[0] == "2018-02-26T08:00:00+07:00  6281290000001 is on, in OPEN"
    assert not [line for line in sms.journal.lines() if person.nik in line]
    assert len(sms.journal.about("qa")) == 1
    assert len(sms.journal.lines(most=2)) == 2
