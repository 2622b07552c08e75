"""The SMS that the desk sends back, as a message on its way."""

from __future__ import annotations

from typing import Final

from gateway.core.ledger import Ledger
from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.numbers import Msisdn
from gateway.core.origin import Esme
from gateway.core.registration.cases import Case, Outcome
from gateway.core.registration.replies import ReplyCode, render
from gateway.core.subscriber import Status

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_ENROUTE: Final = MessageState.ENROUTE
_ESME: Final = Receiver.ESME
_NEW: Final = Status.NEW
_PHONE: Final = Receiver.PHONE
_REPLY: Final = MessageKind.REPLY


def reply_to(
    outcome: Outcome, code: ReplyCode, case: Case, desk: str, via: Esme | None, ledger: Ledger
) -> Message:
    """Write the desk's reply to whoever sent or played the phone; it waits from now on."""
    sender = case.sender
    text = render(
        code,
        case.profile,
        msisdn=sender.msisdn,
        nik=outcome.nik,
        limit=case.limit,
        is_new=sender.status is _NEW,
        told=outcome.told,
        count=outcome.count,
    )
    return _message(desk, sender.msisdn, text, via, ledger)


def _message(source: str, to: Msisdn, text: str, esme: Esme | None, ledger: Ledger) -> Message:
    return ledger.put_message(
        Message(
            id=ledger.new_id(),
            kind=_REPLY,
            source=source,
            destination=to,
            text=text,
            receiver=_PHONE if esme is None else _ESME,
            state=_ENROUTE,
            accepted_at=ledger.now,
            valid_until=ledger.present + ledger.rules.validity_ms,
            account="" if esme is None else esme.account,
            session=0 if esme is None else esme.session,
            source_as=None if esme is None else esme.destination,
            destination_as=None if esme is None else esme.source,
        )
    )
