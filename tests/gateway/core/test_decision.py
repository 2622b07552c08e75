"""Records of decisions survive the journal, whatever they changed."""

import msgspec
import pytest

from gateway.core.causes import Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    Answer,
    Call,
    CallChanged,
    CallState,
    Change,
    DataSession,
    DataSessionEnded,
    Denied,
    Imported,
    Judged,
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
    MessageStored,
    ReceiptOf,
    Receiver,
    Record,
    SubscriberChanged,
    TakenByDesk,
)
from gateway.core.events import Esme, Presence, SmeAddress
from gateway.core.imports import ImportRefusal
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import Status, Subscriber

A, B = Msisdn("6281210000001"), Msisdn("6281410000001")
BANK, HANDSET = SmeAddress(5, 0, "BANK"), SmeAddress(1, 1, A)

IMPORTED = Imported(1, 2, ((0, ImportRefusal.KNOWN),))

RECEIPT = Message(
    5,
    MessageKind.RECEIPT,
    A,
    "BANK",
    "",
    Receiver.ESME,
    MessageState.ENROUTE,
    10,
    valid_until=20,
    not_before=11,
    account="a2p",
    session=3,
    source_as=HANDSET,
    destination_as=BANK,
    receipt=ReceiptOf(4, MessageState.UNDELIVERABLE, 13, 8, 9, "Promo"),
)
PLAIN = Message(
    4,
    MessageKind.MT,
    "BANK",
    A,
    "Promo",
    Receiver.INBOX,
    MessageState.UNDELIVERABLE,
    8,
    ended_at=9,
    error=13,
    esme=Esme("a2p", 3, BANK, HANDSET, 1),
)


@pytest.mark.parametrize(
    "answer", [Accepted(4), Denied(Cause.OPERATOR_DETERMINED_BARRING), IMPORTED, NOTED]
)
@pytest.mark.parametrize(
    "change",
    [
        SubscriberChanged(Subscriber(A, "telkomsel", Status.NEW, 1)),
        MessageStored(PLAIN),
        MessageStored(RECEIPT),
        TakenByDesk(7),
        MessagesEnded((4, 5), MessageState.EXPIRED, 20, 27),
        CallChanged(Call(6, A, B, CallState.RINGING, 1)),
        DataSessionEnded(DataSession(A, "d1", 1, 2, Cause.ABSENT_SUBSCRIBER)),
        Judged(OutcomeKind.REGISTERED),
        Judged(OutcomeKind.BAD_FORMAT, "NIK_LEN"),
        CallChanged(Call(6, A, "112", CallState.ENDED, 1, 2, 3, Cause.NO_ANSWER)),
    ],
)
def test_a_record_survives_the_journal(answer: Answer, change: Change) -> None:
    record = Record(1, 2, Presence(A, True), answer, "why", (change,))
    assert msgspec.json.decode(msgspec.json.encode(record), type=Record) == record


def test_a_plain_message_is_short_in_the_journal() -> None:
    message = Message(
        4, MessageKind.MT, "BANK", A, "Promo", Receiver.INBOX, MessageState.DELIVERED, 8
    )
    written = msgspec.json.decode(msgspec.json.encode(message))
    assert set(written) == {
        "id", "kind", "source", "destination", "text", "receiver", "state", "accepted_at",
    }  # fmt: skip
