"""What an ESME asks -> event; pure.

The one place that knows of an ESME account that may speak for handsets (role A): its submit_sm is
the SMS that the source's subscriber sends, everybody else's is one towards a subscriber. Addresses
and statuses: domain.md 4 and 6.3, SMPP 3.4 chapter 5. The way back is `smpp_responses`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never, final

from msgspec import Struct

from gateway.config import AccountConfig
from gateway.core.events import MoSms, MtSms
from gateway.core.numbers import BadNumber, parse_address, parse_msisdn
from gateway.core.origin import Body, Esme, MessagingMode, Part, SmeAddress
from gateway.links.smpp_parts import body_of, part_of
from gateway.links.smpp_sources import Sources, sources
from gateway.smpp.codes import CommandStatus, EsmClass, TlvTag, Ton
from gateway.smpp.fields import integer, user_message_reference
from gateway.smpp.message import text_of
from gateway.smpp.pdu import DataSm, SubmitMulti, SubmitSm
from gateway.smpp.rules import refusal
from gateway.smpp.smpp_time import Absolute, Malformed, Relative, parse_time
from gateway.smpp.text import DefaultAlphabet

_ALPHANUMERIC: Final = Ton.ALPHANUMERIC.value
_S: Final = CommandStatus
_STORE_AND_FORWARD: Final = MessagingMode.STORE_AND_FORWARD
_MODES: Final = {
    EsmClass.MODE_DATAGRAM: MessagingMode.DATAGRAM,
    EsmClass.MODE_FORWARD: MessagingMode.FORWARD,
}

Submission = SubmitSm | DataSm


class Sender(Struct, frozen=True, gc=False):
    """What an account may send as.

    `reserved` are the source addresses that are others', `sources` those that it is limited to.
    `alphabet` is what it means by the default alphabet.
    """

    account: str
    speaks_for_handsets: bool
    reserved: frozenset[str]
    registration_code: str = "4444"
    sources: Sources | None = None
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM


@final
class Refusal(Struct, frozen=True, gc=False):
    """Why a request is refused at once: the status to answer, the line for the log."""

    status: CommandStatus
    why: str


def senders(accounts: Iterable[AccountConfig], registration_code: str) -> dict[str, Sender]:
    """Derive from the configuration what each account may send as, by system_id."""
    accounts = tuple(accounts)
    served = {registration_code}.union(*(account.serves for account in accounts))
    return {
        account.system_id: Sender(
            account.system_id,
            account.speaks_for_handsets,
            frozenset(served.difference(account.serves)),
            registration_code,
            sources(account.limits.source_addresses),
            account.default_alphabet,
        )
        for account in accounts
    }


def event_of(pdu: Submission, sender: Sender, session: int, now: int) -> MoSms | MtSms | Refusal:
    """Turn a submit_sm or data_sm into what it means, or into the refusal to answer at once.

    `now` is the calendar's time in milliseconds, against which times are read.
    """
    destination = pdu.destination_addr
    to = parse_address(destination)
    if type(to) is BadNumber:
        return Refusal(_S.ESME_RINVDSTADR, f"destination {to.text!r}: {to.remedy}")
    denied = refused(pdu, sender, now)
    if denied is not None:
        return denied
    written = SmeAddress(pdu.dest_addr_ton, pdu.dest_addr_npi, destination)
    via = via_of(pdu, sender, session, written, now)
    text = text_of(pdu, sender.alphabet)
    if sender.speaks_for_handsets and pdu.source_addr_ton != _ALPHANUMERIC:
        handset = parse_msisdn(pdu.source_addr)
        if type(handset) is not BadNumber:
            body, part = _written(pdu, sender, text, handset, to)
            return MoSms(handset, to, text, via, body, part)
    source = source_of(via.source, sender.account)
    wrong = wrong_end(source, to, sender)
    if wrong is not None:
        return wrong
    body, part = _written(pdu, sender, text, source, to)
    return MtSms(source, to, text, via, body, part)


def refused(pdu: SubmitSm | SubmitMulti | DataSm, sender: Sender, now: int) -> Refusal | None:
    """Refuse what any SMSC refuses in these fields, and a source that the account may not use."""
    status = refusal(pdu, now)
    if status:
        return Refusal(status, _fields(pdu))
    if sender.sources is not None and not sender.sources.holds(pdu.source_addr):
        return Refusal(
            _S.ESME_RINVSRCADR,
            f"source {pdu.source_addr!r} is not in source_addresses of {sender.account}",
        )
    if type(pdu) is not DataSm and pdu.sm_default_msg_id:
        return Refusal(_S.ESME_RINVDFTMSGID, f"no message {pdu.sm_default_msg_id} is predefined")
    return None


def via_of(
    pdu: SubmitSm | SubmitMulti | DataSm, sender: Sender, session: int, to: SmeAddress, now: int
) -> Esme:
    """Keep how the ESME asked; `to` is the destination as it wrote it."""
    source = SmeAddress(pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr)
    if type(pdu) is SubmitSm and _is_plain(pdu):
        return Esme(sender.account, session, source, to, pdu.registered_delivery)
    mode = _MODES.get(pdu.esm_class & EsmClass.MODE_MASK, _STORE_AND_FORWARD)
    reference = user_message_reference(pdu.tlvs) if pdu.tlvs else None
    if type(pdu) is DataSm:
        lives = integer(pdu.tlvs, TlvTag.QOS_TIME_TO_LIVE) or 0
        return Esme(
            sender.account,
            session,
            source,
            to,
            pdu.registered_delivery,
            validity=lives * 1000,
            service_type=pdu.service_type,
            reference=-1 if reference is None else reference,
            set_dpf=integer(pdu.tlvs, TlvTag.SET_DPF) == 1,
            mode=mode,
        )
    validity, not_before = times_of(pdu.validity_period, pdu.schedule_delivery_time, now)
    return Esme(
        sender.account,
        session,
        source,
        to,
        pdu.registered_delivery,
        validity,
        not_before,
        pdu.priority_flag,
        pdu.service_type,
        -1 if reference is None else reference,
        pdu.replace_if_present_flag == 1,
        False,
        mode,
    )


def _is_plain(pdu: SubmitSm) -> bool:
    """Whether a submit_sm asks for nothing out of the ordinary, as nearly all do."""
    return not (
        pdu.tlvs
        or pdu.esm_class
        or pdu.priority_flag
        or pdu.replace_if_present_flag
        or pdu.service_type
        or pdu.schedule_delivery_time
        or pdu.validity_period
    )


def _written(
    pdu: Submission, sender: Sender, text: str, source: str, to: str
) -> tuple[Body | None, Part | None]:
    """Keep what the text does not say; costs an ordinary message next to nothing."""
    if not pdu.esm_class and not pdu.tlvs:
        if not pdu.data_coding and type(pdu) is SubmitSm and not pdu.protocol_id and text.isascii():
            return None, None
        return body_of(pdu, text, sender.alphabet), None
    part = part_of(pdu, sender.account, source, to)
    return body_of(pdu, text, sender.alphabet, always=part is not None), part


def wrong_end(source: str, to: str, sender: Sender, *, by_handset: bool = False) -> Refusal | None:
    """Refuse a source that is not the account's, and what only handsets may send."""
    if source in sender.reserved:
        return Refusal(_S.ESME_RINVSRCADR, f"source {source} is not {sender.account}'s to use")
    if to != sender.registration_code:
        return None
    if by_handset:
        return Refusal(_S.ESME_RINVDSTADR, f"to {to} a handset sends by submit_sm, alone")
    if sender.speaks_for_handsets:
        return Refusal(
            _S.ESME_RINVSRCADR,
            f"only a handset sends to {to}, and source {source!r} is no mobile number",
        )
    return Refusal(
        _S.ESME_RINVDSTADR,
        f"destination {to} is no mobile number; to send to it as a handset the account needs "
        "speaks_for_handsets = true",
    )


def source_of(written: SmeAddress, account: str) -> str:
    """Read who an MT is from: a number in its normal form, a name as written.

    An empty source is the account's own name (§5.2.8 lets the SMSC choose one).
    """
    if not written.digits:
        return account
    if written.ton != _ALPHANUMERIC:
        number = parse_address(written.digits)
        if not isinstance(number, BadNumber):
            return number
    return written.digits


def _fields(pdu: SubmitSm | SubmitMulti | DataSm) -> str:
    """Show what `refusal` looks at; the status says which of it is wrong."""
    shown = f"esm_class 0x{pdu.esm_class:02x}, registered_delivery {pdu.registered_delivery}"
    if isinstance(pdu, DataSm):
        return shown
    return (
        f"{shown}, priority_flag {pdu.priority_flag}, replace_if_present_flag "
        f"{pdu.replace_if_present_flag}, schedule_delivery_time {pdu.schedule_delivery_time!r}, "
        f"validity_period {pdu.validity_period!r}"
    )


def times_of(validity: str, schedule: str, now: int) -> tuple[int, int]:
    """Read a validity as milliseconds from now and a schedule as an instant; 0 for none.

    The rules have let both pass before.
    """
    lives = _from_now(validity, now)
    waits = _from_now(schedule, now)
    return lives, now + waits if waits > 0 else 0


def _from_now(written: str, now: int) -> int:
    """Give the milliseconds from now to a time that `refusal` has let pass; 0 for none."""
    time = parse_time(written)
    match time:
        case Absolute(unix_ms=at):
            return at - now
        case Relative(duration_ms=duration):
            return duration
        case Malformed() | None:
            return 0
        case _:
            assert_never(time)
