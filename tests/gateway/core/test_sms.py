"""Short messages: between phones and from ESMEs. How they end is test_delivery.py's."""

from __future__ import annotations

import pytest

from gateway.core.causes import Cause
from gateway.core.decision import (
    Decision,
    MessageKind,
    MessageState,
    Receiver,
)
from gateway.core.events import Event
from gateway.core.ledger import Unknown
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    INDOSAT,
    OPEN_AT,
    OTHER,
    OUTGOING_BARRED_AT,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    accepted_id,
    cause_of,
    esme,
    messages_out,
    mt,
    registration,
    role_a,
    sms,
    stored,
    subscribers_changed,
)

# ---- between phones


@pytest.mark.parametrize("at", [OUTGOING_BARRED_AT, INCOMING_BARRED_AT, TOTAL_BARRED_AT])
def test_outgoing_sms_is_barred_from_the_first_stage_on(at: str) -> None:
    decision = Network(at).one(sms(TELKOMSEL, INDOSAT))
    assert cause_of(decision) is Cause.OPERATOR_DETERMINED_BARRING
    assert "MO SMS barred" in decision.why
    assert decision.changes == ()
    assert decision.outgoing == ()


@pytest.mark.parametrize("to", ["444", "112", "123456"])
def test_nobody_answers_at_a_short_code_that_is_not_served(to: str) -> None:
    decision = Network().one(sms(TELKOMSEL, to))
    assert cause_of(decision) is Cause.UNASSIGNED_NUMBER
    assert to in decision.why


def test_an_sms_to_a_phone_waits_for_its_acknowledgement() -> None:
    network = Network().online(INDOSAT)
    decision = network.one(sms(TELKOMSEL, INDOSAT, "Apa kabar?"))
    (message,) = stored(decision)
    assert (message.kind, message.source, message.destination) == (
        MessageKind.MO,
        TELKOMSEL,
        INDOSAT,
    )
    assert (message.receiver, message.state) == (Receiver.PHONE, MessageState.ENROUTE)
    assert message.valid_until == network.now + network.rules.validity_ms
    assert list(decision.outgoing) == [message]
    assert [one.msisdn for one in subscribers_changed(decision)] == [TELKOMSEL]
    assert network.state.pending == {message.id: message}


def test_a_phone_that_was_on_once_is_waited_for() -> None:
    network = Network().online(INDOSAT)
    network.one(sms(TELKOMSEL, INDOSAT))
    assert network.subscriber(INDOSAT).has_phone
    assert len(network.state.pending) == 1


def test_a_number_without_a_phone_has_an_inbox() -> None:
    network = Network()
    decision = network.one(sms(TELKOMSEL, INDOSAT))
    (message,) = stored(decision)
    assert (message.receiver, message.state) == (Receiver.INBOX, MessageState.DELIVERED)
    assert (message.valid_until, message.ended_at) == (0, network.now)
    assert decision.outgoing == ()
    assert [one.msisdn for one in subscribers_changed(decision)] == [TELKOMSEL, INDOSAT]
    assert network.state.pending == {}


def test_an_sms_to_a_barred_number_is_taken_and_undeliverable() -> None:
    network = Network().known(TELKOMSEL, status=Status.REGISTERED).at(INCOMING_BARRED_AT)
    decision = network.one(sms(TELKOMSEL, INDOSAT))
    (message,) = stored(decision)
    assert (message.state, message.error) == (MessageState.UNDELIVERABLE, 13)
    assert "MT SMS barred" in decision.why
    accepted_id(decision)


def test_an_sms_to_oneself_arrives() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(sms(TELKOMSEL, TELKOMSEL))
    (message,) = messages_out(decision.outgoing)
    assert (message.source, message.destination) == (TELKOMSEL, TELKOMSEL)


# ---- from an ESME


def receipt_of(decision: Decision) -> tuple[MessageState, int] | None:
    made = [one.receipt for one in stored(decision) if one.receipt is not None]
    assert len(made) <= 1
    return (made[0].state, made[0].error) if made else None


def test_mt_to_a_phone_has_no_receipt_before_it_acknowledged() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(mt(TELKOMSEL, esme(registered_delivery=1)))
    (message,) = stored(decision)
    assert (message.kind, message.receiver) == (MessageKind.MT, Receiver.PHONE)
    assert message.esme == esme(registered_delivery=1)
    assert (message.account, message.session) == ("", 0)


def test_mt_validity_is_the_requested_one() -> None:
    network = Network().online(TELKOMSEL)
    (message,) = stored(network.one(mt(TELKOMSEL, esme(validity=60_000))))
    assert message.valid_until == network.now + 60_000


DELIVERED, UNDELIVERABLE = MessageState.DELIVERED, MessageState.UNDELIVERABLE


@pytest.mark.parametrize(
    ("at", "source", "ended"),
    [
        (OPEN_AT, "BANK", (DELIVERED, 0)),
        (OUTGOING_BARRED_AT, "BANK", (DELIVERED, 0)),
        (INCOMING_BARRED_AT, "BANK", (UNDELIVERABLE, 13)),
        (TOTAL_BARRED_AT, "BANK", (UNDELIVERABLE, 13)),
        (INCOMING_BARRED_AT, "4444", (DELIVERED, 0)),
        (TOTAL_BARRED_AT, "4444", (DELIVERED, 0)),
    ],
)
@pytest.mark.parametrize(
    ("registered_delivery", "of_success", "of_failure"),
    [(0, False, False), (1, True, True), (2, False, True)],
)
def test_receipts_at_each_stage(
    at: str,
    source: str,
    ended: tuple[MessageState, int],
    registered_delivery: int,
    of_success: bool,
    of_failure: bool,
) -> None:
    network = Network(at)
    decision = network.one(mt(TELKOMSEL, esme(registered_delivery), source=source))
    message = stored(decision)[0]
    assert (message.state, message.error) == ended
    wanted = of_success if ended[0] is DELIVERED else of_failure
    assert receipt_of(decision) == (ended if wanted else None)
    assert [one.kind for one in messages_out(decision.outgoing)] == (
        [MessageKind.RECEIPT] if wanted else []
    )


@pytest.mark.parametrize("status", [Status.NEW, Status.EXPIRED])
def test_mt_to_a_number_that_can_get_nothing(status: Status) -> None:
    network = Network().known(TELKOMSEL, status=status)
    decision = network.one(mt(TELKOMSEL, esme(1)))
    error = 13 if status is Status.NEW else 1
    assert receipt_of(decision) == (UNDELIVERABLE, error)
    accepted_id(decision)


def test_mt_to_an_unknown_number_where_those_are_refused() -> None:
    network = Network(unknown=Unknown.REFUSE)
    decision = network.one(mt(TELKOMSEL, esme(1)))
    assert receipt_of(decision) == (UNDELIVERABLE, 1)
    assert "is no subscriber here" in decision.why
    assert network.state.subscribers == {}


@pytest.mark.parametrize("event", [sms(TELKOMSEL, "4444"), sms(TELKOMSEL, INDOSAT)])
def test_an_unknown_sender_where_those_are_refused(event: Event) -> None:
    decision = Network(unknown=Unknown.REFUSE).one(event)
    assert cause_of(decision) is Cause.UNKNOWN_SUBSCRIBER
    assert decision.changes == ()


def test_a_receipt_goes_to_the_account_in_its_own_writing() -> None:
    network = Network()
    text = "Kode OTP Anda 123456. Jangan beritahu siapa pun."
    decision = network.one(mt(TELKOMSEL, esme(1), text=text))
    message, receipt = stored(decision)
    assert receipt.receipt is not None
    assert receipt.receipt.text == text
    assert (receipt.receipt.submitted_at, receipt.receipt.done_at) == (network.now, network.now)
    assert (receipt.source, receipt.destination) == (message.destination, message.source)
    assert (receipt.account, receipt.session) == ("a2p", 7)
    assert receipt.source_as == esme().destination
    assert receipt.destination_as == esme().source
    assert receipt.valid_until == network.now + network.rules.validity_ms


# ---- repeats


def test_a_repeated_frame_gets_the_earlier_answer() -> None:
    network = Network()
    first = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    again = network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert again == Decision(first.answer, first.why)


def test_a_frame_repeated_within_a_batch_gets_the_earlier_answer() -> None:
    frame = sms(TELKOMSEL, "4444", registration(SITI))
    first, again = Network().batch(frame, frame)
    assert again == Decision(first.answer, first.why)


def test_a_refusal_is_repeated_too() -> None:
    network = Network(OUTGOING_BARRED_AT)
    first = network.one(sms(TELKOMSEL, INDOSAT))
    network.one(sms(TELKOMSEL, "4444", registration(SITI), ref="a2"))
    again = network.one(sms(TELKOMSEL, INDOSAT))
    assert again == Decision(first.answer, first.why)
    accepted_id(network.one(sms(TELKOMSEL, INDOSAT, ref="a3")))


def test_references_are_each_phone_s_own() -> None:
    network = Network()
    network.one(sms(TELKOMSEL, OTHER, "satu"))
    decision = network.one(sms(INDOSAT, OTHER, "dua"))
    assert [one.text for one in stored(decision)] == ["dua"]


def test_an_esme_s_repeat_is_a_new_message() -> None:
    # An ESME has no reference of its own: the desk's rules keep it from registering twice.
    network = Network()
    first, again = network.batch(role_a(registration(SITI)), role_a(registration(SITI)))
    assert accepted_id(first) != accepted_id(again)
    assert "already registered" in again.why
