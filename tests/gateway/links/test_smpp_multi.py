"""submit_multi to event, and the destinations that cannot be taken."""

from __future__ import annotations

import pytest

from gateway.config import AccountConfig, LimitsConfig
from gateway.core.events import Body, Esme, MultiSms, Part, PartKey, SmeAddress
from gateway.links.smpp_mapping import Refusal, Sender, senders
from gateway.links.smpp_multi import multi_of
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import Destination, DistributionList, SubmitMulti, UnsuccessSme
from gateway.smpp.pdu import SmeAddress as Written
from tests.gateway.links.test_smpp_mapping import A2P, DESK, HANDSET, NOW, QA

OTHER = "6281298765432"


def several(*to: Destination | str, source: str = "BANK", **fields: object) -> SubmitMulti:
    written = tuple(Written(one, 2, 1) if isinstance(one, str) else one for one in to)
    values = {"short_message": b"Promo", **fields}
    return SubmitMulti(7, source_addr=source, dest_address=written, **values)  # type: ignore[arg-type]


def read(pdu: SubmitMulti, sender: Sender = A2P) -> tuple[MultiSms, tuple[UnsuccessSme, ...]]:
    event, bad = multi_of(pdu, sender, 3, NOW)
    assert isinstance(event, MultiSms), event
    return event, bad


def refused(pdu: SubmitMulti, sender: Sender = A2P) -> CommandStatus:
    event, bad = multi_of(pdu, sender, 3, NOW)
    assert isinstance(event, Refusal), event
    assert event.why
    assert bad == ()
    return event.status


def test_each_destination_is_kept_as_it_was_written() -> None:
    event, bad = read(several("081234567890", OTHER, registered_delivery=1, priority_flag=1))
    local = SmeAddress(2, 1, "081234567890")
    assert event == MultiSms(
        "BANK",
        ((HANDSET, local), (OTHER, SmeAddress(2, 1, OTHER))),
        "Promo",
        Esme("a2p", 3, SmeAddress(0, 0, "BANK"), local, 1, priority=1),
    )
    assert bad == ()


def test_what_cannot_be_read_or_taken_is_told_by_destination() -> None:
    event, bad = read(several("x", HANDSET, "4444", Written("0", 1, 9)))
    assert [to for to, _ in event.to] == [HANDSET]
    status = CommandStatus.ESME_RINVDSTADR
    assert bad == (
        UnsuccessSme("x", status, 2, 1),
        UnsuccessSme("4444", status, 2, 1),
        UnsuccessSme("0", status, 1, 9),
    )


@pytest.mark.parametrize(
    ("pdu", "sender", "status"),
    [
        (several("x", "y"), A2P, CommandStatus.ESME_RINVDSTADR),
        (several(HANDSET, source="4444"), A2P, CommandStatus.ESME_RINVSRCADR),
        (several(HANDSET, DistributionList("semua")), A2P, CommandStatus.ESME_RINVDLNAME),
        (several(HANDSET, priority_flag=9), A2P, CommandStatus.ESME_RINVPRTFLG),
        (several(HANDSET, sm_default_msg_id=1), A2P, CommandStatus.ESME_RINVDFTMSGID),
        (several(HANDSET, validity_period="x"), A2P, CommandStatus.ESME_RINVEXPIRY),
        # Only a handset registers, and by submit_sm.
        (several("4444"), QA, CommandStatus.ESME_RINVSRCADR),
        (several("4444", source=HANDSET), QA, CommandStatus.ESME_RINVDSTADR),
    ],
)
def test_what_is_refused_at_once(pdu: SubmitMulti, sender: Sender, status: CommandStatus) -> None:
    assert refused(pdu, sender) is status


def test_sources_that_an_account_is_limited_to() -> None:
    limits = LimitsConfig(source_addresses=("BANK",))
    account = AccountConfig(system_id="bank", password="b", limits=limits)
    sender = senders((account,), "4444")["bank"]
    read(several(HANDSET), sender)
    assert refused(several(HANDSET, source="BANKER"), sender) is CommandStatus.ESME_RINVSRCADR


def test_an_account_that_speaks_for_handsets() -> None:
    event, bad = read(several("4444", OTHER, source="081234567890"), QA)
    assert (event.source, event.by_handset) == (HANDSET, True)
    assert [one.destination_addr for one in bad] == ["4444"]
    for sender, ton, source in ((QA, 5, "081234567890"), (QA, 0, "BANK"), (DESK, 0, "4444")):
        event, _ = read(several(OTHER, source=source, source_addr_ton=ton), sender)
        assert (event.source, event.by_handset) == (source, False)


def test_a_part_for_several() -> None:
    header = b"\x05\x00\x03\x2a\x02\x01"
    event, _ = read(several(HANDSET, OTHER, esm_class=0x40, short_message=header + b"Promo "))
    assert event.part == Part(PartKey("a2p", "BANK", "", "8 bits", 0x2A, 2), 1)
    assert (event.text, event.body) == ("Promo ", Body(0, 0x40, 0, header, b"Promo "))
