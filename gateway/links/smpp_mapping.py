"""submit_sm -> event, and the event's answer -> submit_sm_resp; pure.

The one place that knows of an ESME account that may speak for handsets (role A): its submit_sm is
the SMS that the source's subscriber sends, everybody else's is one towards a subscriber. Addresses
and statuses: domain.md 4 and 6.3, SMPP 3.4 chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, assert_never

from msgspec import Struct

from gateway.config import AccountConfig
from gateway.core.causes import Cause
from gateway.core.decision import Accepted, Answer, Denied
from gateway.core.events import Esme, MoSms, MtSms, SmeAddress
from gateway.core.numbers import BadNumber, Msisdn, is_msisdn, parse_address, parse_msisdn
from gateway.smpp.codes import CommandStatus, Ton
from gateway.smpp.message import text_of
from gateway.smpp.pdu import SubmitSm, SubmitSmResp
from gateway.smpp.rules import refusal
from gateway.smpp.smpp_time import Absolute, Malformed, Relative, parse_time

_ALPHANUMERIC: Final = Ton.ALPHANUMERIC.value

_S: Final = CommandStatus
STATUS_BY_CAUSE: Final[dict[Cause, CommandStatus]] = {
    Cause.OPERATOR_DETERMINED_BARRING: _S.ESME_RSUBMITFAIL,
    Cause.UNKNOWN_SUBSCRIBER: _S.ESME_RINVDSTADR,
    Cause.UNASSIGNED_NUMBER: _S.ESME_RINVDSTADR,
    Cause.ABSENT_SUBSCRIBER: _S.ESME_RSUBMITFAIL,
    Cause.SOURCE_NOT_ALLOWED: _S.ESME_RINVSRCADR,
    Cause.INVALID_FRAME: _S.ESME_RSYSERR,
    Cause.CONGESTION: _S.ESME_RMSGQFUL,
    # Causes of calls: no submit_sm meets them.
    Cause.USER_BUSY: _S.ESME_RSUBMITFAIL,
    Cause.NO_ANSWER: _S.ESME_RSUBMITFAIL,
    Cause.CALL_REJECTED: _S.ESME_RSUBMITFAIL,
    Cause.NORMAL_CLEARING: _S.ESME_RSUBMITFAIL,
    Cause.NO_SUCH_CALL: _S.ESME_RSUBMITFAIL,
}
"""The command_status that tells an ESME why its submit_sm was refused (domain.md 6.3)."""


class Sender(Struct, frozen=True, gc=False):
    """What an account may send as; `reserved` are the source addresses that are others'."""

    account: str
    speaks_for_handsets: bool
    reserved: frozenset[str]


class Refusal(Struct, frozen=True, gc=False):
    """Why a submit_sm is refused at once: the status to answer, the line for the log."""

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
        )
        for account in accounts
    }


def event_of(pdu: SubmitSm, sender: Sender, session: int, now: int) -> MoSms | MtSms | Refusal:
    """Turn a submit_sm into what it means, or into the refusal to answer at once.

    `now` is the calendar's time in milliseconds, against which an absolute validity is read.
    """
    destination = pdu.destination_addr
    to = parse_address(destination)
    if isinstance(to, BadNumber):
        return Refusal(_S.ESME_RINVDSTADR, f"destination {to.text!r}: {to.remedy}")
    status = refusal(pdu, now)
    if status:
        return Refusal(status, _fields(pdu))
    validity = 0
    if pdu.schedule_delivery_time or pdu.validity_period:
        if _from_now(pdu.schedule_delivery_time, now) > 0:
            # Sending it at once instead would be worse than saying so.
            return Refusal(_S.ESME_RINVSCHED, "scheduled delivery is not offered")
        validity = _from_now(pdu.validity_period, now)
    source = pdu.source_addr
    via = Esme(
        sender.account,
        session,
        SmeAddress(pdu.source_addr_ton, pdu.source_addr_npi, source),
        SmeAddress(pdu.dest_addr_ton, pdu.dest_addr_npi, destination),
        pdu.registered_delivery,
        validity,
    )
    if sender.speaks_for_handsets and pdu.source_addr_ton != _ALPHANUMERIC:
        handset = parse_msisdn(source)
        if not isinstance(handset, BadNumber):
            return MoSms(handset, to, text_of(pdu), via)
    return _towards_subscriber(pdu, sender, to, via)


def _towards_subscriber(pdu: SubmitSm, sender: Sender, to: str, via: Esme) -> MtSms | Refusal:
    source = source_of(via.source, sender.account)
    if source in sender.reserved:
        return Refusal(_S.ESME_RINVSRCADR, f"source {source} is not {sender.account}'s to use")
    if not is_msisdn(to):
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
    return MtSms(source, Msisdn(to), text_of(pdu), via)


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


def _fields(pdu: SubmitSm) -> str:
    """Show what `refusal` looks at; the status says which of it is wrong."""
    return (
        f"esm_class 0x{pdu.esm_class:02x}, registered_delivery {pdu.registered_delivery}, "
        f"priority_flag {pdu.priority_flag}, replace_if_present_flag "
        f"{pdu.replace_if_present_flag}, schedule_delivery_time {pdu.schedule_delivery_time!r}, "
        f"validity_period {pdu.validity_period!r}"
    )


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


def response_to(sequence_number: int, event: MoSms | MtSms, answer: Answer) -> SubmitSmResp:
    """Tell the ESME what was decided; the message id is written in decimal."""
    if type(answer) is Accepted:
        return SubmitSmResp(sequence_number, 0, str(answer.id))
    return SubmitSmResp(sequence_number, status_of(event, answer))


def status_of(event: MoSms | MtSms, answer: Answer) -> CommandStatus:
    """Give the command_status for an answer that is not Accepted."""
    if type(answer) is not Denied:
        return _S.ESME_RSYSERR
    if answer.cause is Cause.UNKNOWN_SUBSCRIBER and type(event) is MoSms:
        # The number that the network does not know is the handset's own.
        return _S.ESME_RINVSRCADR
    return STATUS_BY_CAUSE[answer.cause]
