"""PDUs over no connection mean what they mean over one."""

from __future__ import annotations

from gateway.config import AccountConfig, SmppConfig, SmscConfig
from gateway.core.events import MoSms, MtSms
from gateway.links.smpp_inject import injected, injectors
from gateway.smpp.pdu import SubmitSm

SITI = "6281290000001"
BY = injectors(
    (
        SmppConfig(),
        SmscConfig(name="other", accounts=(AccountConfig(system_id="bank", password="bank"),)),
    ),
    "4444",
)
PDU = SubmitSm(
    source_addr_ton=1, source_addr=SITI, destination_addr="4444", short_message=b"STATUS"
)


def only(found: list[MoSms | MtSms] | str | None) -> MoSms | MtSms:
    assert isinstance(found, list)
    assert len(found) == 1
    return found[0]


def test_an_account_that_speaks_for_handsets_sends_as_one() -> None:
    event = only(injected(BY, "qa", [PDU], 0))
    assert isinstance(event, MoSms)
    assert (event.sender, event.to, event.text) == (SITI, "4444", "STATUS")


def test_another_smsc_s_account_goes_by_its_key() -> None:
    pdu = SubmitSm(source_addr_ton=5, source_addr="BANK", destination_addr=SITI)
    event = only(injected(BY, "other/bank", [pdu], 0))
    assert isinstance(event, MtSms)
    assert (event.source, event.via.account, event.via.session) == ("BANK", "other/bank", 0)


def test_refusals_are_told_and_strangers_unknown() -> None:
    refused = injected(BY, "a2p", [SubmitSm(source_addr="BANK", destination_addr="x")], 0)
    assert isinstance(refused, str)
    assert refused.startswith("ESME_RINVDSTADR: ")
    assert injected(BY, "nobody", [PDU], 0) is None
