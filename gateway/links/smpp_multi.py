"""submit_multi -> event, and the destinations that cannot be taken; pure (SMPP 3.4 §4.5)."""

from __future__ import annotations

from typing import Final

from gateway.core.events import MultiSms
from gateway.core.numbers import BadNumber, parse_address, parse_msisdn
from gateway.core.origin import SmeAddress
from gateway.links.smpp_mapping import Refusal, Sender, refused, source_of, via_of, wrong_end
from gateway.links.smpp_parts import body_of, part_of
from gateway.smpp.codes import CommandStatus, Ton
from gateway.smpp.message import text_of
from gateway.smpp.pdu import DistributionList, SubmitMulti, UnsuccessSme

_S: Final = CommandStatus


def multi_of(
    pdu: SubmitMulti, sender: Sender, session: int, now: int
) -> tuple[MultiSms | Refusal, tuple[UnsuccessSme, ...]]:
    """Turn a submit_multi into what it means, with the destinations that cannot be read.

    There are no distribution lists here, so that one that names any is refused (§4.5.1.2).
    """
    denied = refused(pdu, sender, now)
    if denied is not None:
        return denied, ()
    source, by_handset = _multi_source(pdu, sender)
    to: list[tuple[str, SmeAddress]] = []
    bad: list[UnsuccessSme] = []
    for one in pdu.dest_address:
        if isinstance(one, DistributionList):
            return Refusal(_S.ESME_RINVDLNAME, f"there is no distribution list {one.dl_name!r}"), ()
        address = parse_address(one.destination_addr)
        wrong = (
            Refusal(_S.ESME_RINVDSTADR, address.remedy)
            if isinstance(address, BadNumber)
            else wrong_end(source, address, sender, by_handset=by_handset)
        )
        if wrong is not None:
            bad.append(unsuccessful(one.dest_addr_ton, one.dest_addr_npi, one, wrong.status))
        elif not isinstance(address, BadNumber):
            written = SmeAddress(one.dest_addr_ton, one.dest_addr_npi, one.destination_addr)
            to.append((address, written))
    if not to:
        return Refusal(CommandStatus(bad[0].error_status_code), "no destination can be taken"), ()
    via = via_of(pdu, sender, session, to[0][1], now)
    text = text_of(pdu, sender.alphabet)
    part = part_of(pdu, sender.account, source, "")
    body = body_of(pdu, text, sender.alphabet, always=part is not None)
    return MultiSms(source, tuple(to), text, via, body, part, by_handset), tuple(bad)


def _multi_source(pdu: SubmitMulti, sender: Sender) -> tuple[str, bool]:
    """Read who a submit_multi is from, and whether that is a handset."""
    written = SmeAddress(pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr)
    if sender.speaks_for_handsets and pdu.source_addr_ton != Ton.ALPHANUMERIC:
        handset = parse_msisdn(pdu.source_addr)
        if not isinstance(handset, BadNumber):
            return handset, True
    return source_of(written, sender.account), False


def unsuccessful(ton: int, npi: int, one: object, status: int) -> UnsuccessSme:
    """Write a destination that could not be taken."""
    return UnsuccessSme(getattr(one, "destination_addr", ""), status, ton, npi)
