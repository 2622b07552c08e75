"""A message for an ESME -> the PDUs that carry it, and how they are confirmed together; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from gateway.config import AccountConfig
from gateway.core.events import Acknowledged, Refused
from gateway.core.message import Message
from gateway.links.smpp_delivery import Taken, data_sm, deliver_sm, taken, written
from gateway.links.smpp_segments import deliver_sms
from gateway.smpp.codes import TlvTag
from gateway.smpp.fields import tlv
from gateway.smpp.items import Answered
from gateway.smpp.pdu import AlertNotification, DataSm, DeliverSm, DeliverSmResp
from gateway.smpp.receipt import ReceiptWriter

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_CONFIRMED: Final = Taken.CONFIRMED
_LATER: Final = Taken.LATER

# ms_availability_status (§5.3.2.30): available.
_AVAILABLE: Final = 0


class Written(Protocol):
    """How an account is written to."""

    @property
    def config(self) -> AccountConfig:
        """Its configuration."""

    @property
    def receipts(self) -> ReceiptWriter:
        """Writes its receipts."""


class Pieces:
    """A long message on its way in several PDUs: confirmed when all of them are."""

    __slots__ = ("failed", "id", "left")

    def __init__(self, id_: int, left: int) -> None:
        self.id = id_
        self.left = left
        self.failed = False

    def answered(self, meaning: Taken) -> bool:
        """Note one answer; whether it decides on the whole message, which happens once."""
        if self.failed:
            return False
        self.left -= 1
        self.failed = meaning is not _CONFIRMED
        return self.failed or not self.left


def ends_of(
    account: str, answers: Sequence[Answered]
) -> tuple[list[Acknowledged | Refused], list[int]]:
    """Read answers to deliver_sm: what ended by them, and what is to be carried again."""
    confirmed: list[int] = []
    ends: list[Acknowledged | Refused] = []
    again: list[int] = []
    for answer in answers:
        response, id_ = answer.response, answer.context
        if type(response) is DeliverSmResp and not response.command_status and type(id_) is int:
            confirmed.append(id_)
            continue
        meaning, status = taken(response)
        if isinstance(id_, Pieces):
            if not id_.answered(meaning):
                continue
            id_ = id_.id
        if meaning is _CONFIRMED:
            confirmed.append(id_)
        elif meaning is _LATER:
            again.append(id_)
        else:
            ends.append(Refused(account, id_, status))
    if confirmed:
        ends.append(Acknowledged(account, tuple(confirmed)))
    return ends, again


def late(contexts: Sequence[int | Pieces]) -> list[int]:
    """Name the messages of requests that had no answer in time, each once."""
    return [
        context.id if isinstance(context, Pieces) else context
        for context in contexts
        if not isinstance(context, Pieces) or context.answered(_LATER)
    ]


def pieces_of(message: Message, account: Written, *, tlvs: bool) -> tuple[DeliverSm | DataSm, ...]:
    """Write a message for an account; `tlvs` is whether its ESME knows optional parameters."""
    receipt, receipts = message.receipt, account.receipts
    if receipt is not None:
        reference = receipt.reference if receipt.reference >= 0 else None
        early = receipt.intermediate
        if receipts.by_data_sm and tlvs:
            return (data_sm(message, receipts, reference=reference, intermediate=early),)
        pdu = deliver_sm(message, receipts, tlvs=tlvs, reference=reference, intermediate=early)
        return (pdu,)
    config = account.config
    return deliver_sms(message, config.default_alphabet, config.long_messages, tlvs=tlvs)


def alert_of(message: Message, *, tlvs: bool) -> AlertNotification:
    """Write that a phone can be reached again, for the ESME that set its delivery pending flag."""
    source = written(message.source)
    esme = message.destination_as or written(message.destination)
    status = (tlv(TlvTag.MS_AVAILABILITY_STATUS, _AVAILABLE),) if tlvs else ()
    return AlertNotification(
        source_addr_ton=source.ton,
        source_addr_npi=source.npi,
        source_addr=source.digits,
        esme_addr_ton=esme.ton,
        esme_addr_npi=esme.npi,
        esme_addr=esme.digits,
        tlvs=status,
    )
