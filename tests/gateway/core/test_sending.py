"""Where messages go: for later, to phones that are off, to ESMEs; queues, priority, references."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    Denied,
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
    Receiver,
)
from gateway.core.events import Acknowledged, Lapsed, MoSms, MtSms, Presence
from gateway.core.ledger import Unknown
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body, Esme, MessagingMode, SmeAddress
from gateway.core.subscriber import Alert, Status
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    INDOSAT,
    OUTGOING_BARRED_AT,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    accepted_id,
    cause_of,
    ends,
    esme,
    messages_out,
    mt,
    receipts,
    registration,
    role_a,
    sms,
    stored,
    subscribers_changed,
    wib,
)

DELIVERED, UNDELIVERABLE = MessageState.DELIVERED, MessageState.UNDELIVERABLE
EXPIRED, REJECTED = MessageState.EXPIRED, MessageState.REJECTED
HOUR = 3_600_000
DAY = 24 * HOUR
NOON = wib("2018-02-26 12:00")


def asks(registered_delivery: int = 1, **fields: Any) -> Esme:
    """An ESME asks with what it set besides."""
    return structs.replace(esme(registered_delivery), **fields)


def scheduled(at: int = NOON, **fields: Any) -> MtSms:
    return mt(TELKOMSEL, asks(not_before=at, **fields))


def due_at(network: Network, at: int) -> list[Message]:
    """Let it be `at`; gives what is carried then."""
    network.now = at
    return [one for decision in network.catch_up() for one in messages_out(decision.outgoing)]


# ---- for later


def test_a_scheduled_message_is_kept_until_its_time() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(scheduled())
    (kept,) = stored(decision)
    assert decision.answer == Accepted(kept.id)
    assert (kept.receiver, kept.state, kept.not_before) == (
        Receiver.LATER,
        MessageState.ENROUTE,
        NOON,
    )
    assert kept.valid_until == NOON + network.rules.validity_ms
    assert decision.outgoing == ()
    assert due_at(network, NOON - 1) == []


def test_at_its_time_it_is_sent_with_the_same_id() -> None:
    network = Network().online(TELKOMSEL)
    accepted_at = network.now
    id_ = accepted_id(network.one(scheduled(priority=2)))
    (message,) = due_at(network, NOON)
    assert (message.id, message.receiver, message.text) == (id_, Receiver.PHONE, "Promo")
    assert (message.accepted_at, message.not_before) == (accepted_at, 0)
    assert message.valid_until == NOON + network.rules.validity_ms
    assert (message.priority, message.kind) == (2, MessageKind.MT)
    assert network.state.pending == {id_: message}
    assert network.state.due(NOON) == []
    ended = network.one(Acknowledged(TELKOMSEL, (id_,)))
    assert receipts(ended) == [(id_, DELIVERED, 0)]
    (receipt,) = messages_out(ended.outgoing)
    assert receipt.receipt is not None
    assert (receipt.receipt.submitted_at, receipt.receipt.done_at) == (accepted_at, NOON)


@pytest.mark.parametrize(
    ("at", "state", "error"), [(NOON, DELIVERED, 0), (wib(INCOMING_BARRED_AT), UNDELIVERABLE, 13)]
)
def test_what_needs_not_wait_at_its_time_ends_at_once(
    at: int, state: MessageState, error: int
) -> None:
    network = Network()
    id_ = accepted_id(network.one(scheduled(at)))
    network.now = at
    (decision,) = network.catch_up()
    assert [(one.id, one.state, one.error) for one in stored(decision) if not one.receipt] == [
        (id_, state, error)
    ]
    assert receipts(decision) == [(id_, state, error)]
    assert id_ not in network.state.pending


def test_validity_counts_from_the_submission() -> None:
    network = Network().online(TELKOMSEL)
    submitted = network.now
    (kept,) = stored(network.one(scheduled(validity=6 * HOUR)))
    assert kept.valid_until == submitted + 6 * HOUR
    (message,) = due_at(network, NOON)
    assert message.valid_until == submitted + 6 * HOUR


def test_a_validity_that_ends_before_the_time_lapses_it() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(scheduled(validity=HOUR)))
    network.now += HOUR
    (decision,) = network.catch_up()
    assert ends(decision) == [((id_,), EXPIRED, 27)]
    assert due_at(network, NOON) == []


def test_a_jump_over_its_time_and_its_validity_still_sends_it() -> None:
    network = Network().online(TELKOMSEL).known(TELKOMSEL, status=Status.REGISTERED, has_phone=True)
    accepted_id(network.one(scheduled(validity=6 * HOUR)))
    (message,) = due_at(network, NOON + 30 * DAY)
    # It begins to wait in the present: two hours of its six are left.
    assert message.valid_until == network.now + 2 * HOUR


def test_scheduled_messages_come_in_the_order_of_their_times() -> None:
    network = Network().online(TELKOMSEL)
    late = accepted_id(network.one(scheduled(NOON + HOUR)))
    early = accepted_id(network.one(scheduled(NOON)))
    assert [one.id for one in due_at(network, NOON + DAY)] == [early, late]


def test_a_jump_over_stages_sends_it_in_the_stage_of_its_time() -> None:
    # Incoming is barred from 15 April on; the phone is on and takes what comes before that.
    network = Network().online(TELKOMSEL)
    before = accepted_id(network.one(scheduled(wib("2018-04-14 23:59"))))
    after = accepted_id(network.one(scheduled(wib("2018-04-15 00:00"))))
    network.at(TOTAL_BARRED_AT)
    decisions = network.catch_up()
    sent = [(one.id, one.state) for d in decisions for one in stored(d) if one.receipt is None]
    assert sent == [(before, MessageState.ENROUTE), (after, UNDELIVERABLE)]
    # The phone had no time to take it: the stage ends what waits.
    assert [end for d in decisions for end in ends(d)] == [((before,), UNDELIVERABLE, 13)]


def test_a_handset_s_scheduled_sms_registers_in_the_stage_of_its_time() -> None:
    network = Network().online(TELKOMSEL)
    event = role_a(registration(SITI), registered_delivery=1)
    assert isinstance(event.via, Esme)
    via = structs.replace(event.via, not_before=wib("2018-02-27 08:00"))
    id_ = accepted_id(network.one(structs.replace(event, via=via)))
    assert network.subscriber(TELKOMSEL).status is Status.UNREGISTERED
    decision = network.at(TOTAL_BARRED_AT).catch_up()[0]
    assert network.subscriber(TELKOMSEL).registered_at == wib("2018-02-27 08:00")
    mo, reply, receipt = stored(decision)
    assert (mo.id, mo.state, mo.receiver) == (id_, DELIVERED, Receiver.DESK)
    assert (mo.accepted_at, mo.ended_at) == (wib("2018-02-26 08:00"), wib("2018-02-27 08:00"))
    assert "Blokir layanan" not in reply.text
    assert reply.valid_until == network.now + network.rules.validity_ms
    assert receipts(decision) == [(id_, DELIVERED, 0)]
    assert receipt.account == "qa"
    assert set(network.state.pending) == {reply.id, receipt.id}


def scheduled_mo(to: str, at: str) -> MoSms:
    event = role_a("Halo", to=to, registered_delivery=1)
    assert isinstance(event.via, Esme)
    return structs.replace(event, via=structs.replace(event.via, not_before=wib(at)))


def test_a_sender_that_is_barred_by_then_has_it_rejected() -> None:
    network = Network()
    id_ = accepted_id(network.one(scheduled_mo(INDOSAT, OUTGOING_BARRED_AT)))
    (decision,) = network.at(OUTGOING_BARRED_AT).catch_up()
    assert decision.answer == NOTED
    assert decision.why.startswith(f"message {id_}, at its time: {TELKOMSEL} (unregistered)")
    assert ends(decision) == [((id_,), REJECTED, 13)]
    assert receipts(decision) == [(id_, REJECTED, 13)]


def test_a_sender_who_is_no_subscriber_by_then_has_it_rejected() -> None:
    # The configuration was changed in between.
    network = Network()
    id_ = accepted_id(network.one(scheduled_mo(INDOSAT, "2018-02-26 12:00")))
    network.rules = structs.replace(network.rules, unknown=Unknown.REFUSE)
    network.now = NOON
    (decision,) = network.catch_up()
    assert decision.answer == NOTED
    assert ends(decision) == [((id_,), REJECTED, 1)]


@pytest.mark.parametrize("kind", [MessageKind.MO, MessageKind.MT])
def test_a_code_that_nobody_serves_by_then_is_not_reached(kind: MessageKind) -> None:
    network = Network()
    network.served = {"2000": "reg"}
    mo = scheduled_mo("2000", "2018-02-26 12:00")
    event = mo if kind is MessageKind.MO else structs.replace(scheduled(), to="2000")
    id_ = accepted_id(network.one(event))
    network.served = {}
    network.now = NOON
    (decision,) = network.catch_up()
    assert decision.answer == NOTED
    assert ends(decision) == [((id_,), UNDELIVERABLE, 1)]
    assert receipts(decision) == [(id_, UNDELIVERABLE, 1)]
    assert network.catch_up() == []


def test_what_was_ended_before_its_time_is_not_sent() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(scheduled()))
    network.now = NOON
    (due,) = network.state.due(NOON)
    network.one(Lapsed((id_,)))
    decision = network.one(due)
    assert decision.answer == NOTED
    assert decision.why == f"message {id_} does not wait for its time any more"
    assert decision.changes == ()
    assert (
        network.one(structs.replace(scheduled_mo("4444", "2018-02-26 12:00"), id=id_)).changes == ()
    )


def test_it_is_sent_once_when_its_time_is_told_twice() -> None:
    network = Network().online(TELKOMSEL)
    accepted_id(network.one(scheduled()))
    network.now = NOON
    (due,) = network.state.due(NOON)
    once, twice = network.batch(due, due)
    assert len(stored(once)) == 1
    assert twice.changes == ()


def test_a_phone_cannot_confirm_what_waits_for_its_time() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(scheduled()))
    assert network.one(Acknowledged(TELKOMSEL, (id_,))).changes == ()
    assert network.one(Acknowledged("", (id_,))).changes == ()


def test_a_stage_does_not_end_what_is_kept_for_later() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(scheduled(wib("2018-12-01 00:00"))))
    network.at(TOTAL_BARRED_AT).catch_up()
    assert id_ in network.state.pending


def test_more_than_one_round_s_scheduled_messages_are_all_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gateway.store.state._DUE_AT_ONCE", 2)
    network = Network().online(TELKOMSEL)
    ids = [accepted_id(network.one(scheduled())) for _ in range(5)]
    network.at(TOTAL_BARRED_AT)
    assert len(network.state.due(network.now)) == 2
    assert [one.id for one in due_at(network, network.now) if one.receipt is None] == ids


# ---- to a phone that is off


def off(**rules: Any) -> Network:
    """A phone that was on once and is off."""
    network = Network(**rules).online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    return network


@pytest.mark.parametrize("mode", [MessagingMode.DATAGRAM, MessagingMode.FORWARD])
def test_what_may_not_be_stored_is_refused_while_the_phone_is_off(mode: MessagingMode) -> None:
    network = off()
    decision = network.one(mt(TELKOMSEL, asks(mode=mode)))
    assert cause_of(decision) is Cause.ABSENT_SUBSCRIBER
    assert decision.why == f"{TELKOMSEL} is off, and the message is not to wait (esm_class)"
    assert stored(decision) == []
    network.online(TELKOMSEL)
    (message,) = stored(network.one(mt(TELKOMSEL, asks(mode=mode))))
    assert message.receiver is Receiver.PHONE


@pytest.mark.parametrize("mode", [MessagingMode.DATAGRAM, MessagingMode.FORWARD])
def test_what_may_not_be_stored_waits_shortly_for_the_phone_s_answer(mode: MessagingMode) -> None:
    network = Network().online(TELKOMSEL)
    (message,) = stored(network.one(mt(TELKOMSEL, asks(mode=mode))))
    assert message.valid_until == network.now + network.rules.transaction_ms
    (message,) = stored(network.one(mt(TELKOMSEL, asks(mode=mode, validity=1_000))))
    assert message.valid_until == network.now + 1_000


@pytest.mark.parametrize("mode", [MessagingMode.DATAGRAM, MessagingMode.FORWARD])
def test_at_its_time_what_may_not_be_stored_ends_when_the_phone_is_off(
    mode: MessagingMode,
) -> None:
    network = Network().online(TELKOMSEL)
    first, second = (accepted_id(network.one(scheduled(at, mode=mode))) for at in (NOON, NOON + 1))
    (message,) = due_at(network, NOON)
    assert (message.id, message.valid_until) == (first, NOON + network.rules.transaction_ms)
    network.one(Presence(TELKOMSEL, False))
    network.now += 1
    (decision,) = network.catch_up()
    assert ends(decision) == [((second,), UNDELIVERABLE, 27)]
    assert receipts(decision) == [(second, UNDELIVERABLE, 27)]


def test_set_dpf_is_answered_when_the_phone_is_off() -> None:
    network = off()
    asked = mt(TELKOMSEL, asks(set_dpf=True))
    decision = network.one(asked)
    assert decision.answer == Accepted(accepted_id(decision), dpf=True)
    alert = Alert("a2p", SmeAddress(5, 0, "BANK"))
    assert network.subscriber(TELKOMSEL).alerts == (alert,)
    again = network.one(asked)
    assert again.answer == Accepted(accepted_id(again), dpf=True)
    assert subscribers_changed(again) == []
    network.online(TELKOMSEL)
    on = network.one(asked)
    assert on.answer == Accepted(accepted_id(on))


def test_set_dpf_is_noted_although_the_message_may_not_wait() -> None:
    network = off()
    decision = network.one(mt(TELKOMSEL, asks(set_dpf=True, mode=MessagingMode.FORWARD)))
    assert decision.answer == Denied(Cause.ABSENT_SUBSCRIBER)
    assert [len(one.alerts) for one in subscribers_changed(decision)] == [1]
    assert len(network.subscriber(TELKOMSEL).alerts) == 1


def test_an_esme_that_does_not_ask_is_not_told() -> None:
    network = off()
    network.one(mt(TELKOMSEL, asks()))
    assert network.subscriber(TELKOMSEL).alerts == ()


# ---- to what an ESME serves


def serving() -> Network:
    network = Network()
    network.served = {"2000": "reg", TELKOMSEL: "reg"}
    return network


def test_a_phone_s_sms_to_a_served_code_waits_for_its_esme() -> None:
    network = serving()
    decision = network.one(sms(INDOSAT, "2000", "CEK"))
    (message,) = stored(decision)
    assert (message.kind, message.receiver, message.account) == (
        MessageKind.MO,
        Receiver.ESME,
        "reg",
    )
    assert (message.source, message.destination, message.session) == (INDOSAT, "2000", 0)
    assert decision.why == f"from {INDOSAT} to 2000: for reg"
    assert list(decision.outgoing) == [message]
    assert ends(network.one(Acknowledged("reg", (message.id,)))) == [((message.id,), DELIVERED, 0)]


def test_an_esme_s_sms_to_a_served_code_goes_to_the_other_esme() -> None:
    network = serving()
    event = structs.replace(mt(TELKOMSEL, esme(1)), to="2000")
    (message,) = stored(network.one(event))
    assert (message.kind, message.receiver, message.account) == (
        MessageKind.MT,
        Receiver.ESME,
        "reg",
    )
    ended = network.one(Acknowledged("reg", (message.id,)))
    assert receipts(ended) == [(message.id, DELIVERED, 0)]
    assert messages_out(ended.outgoing)[0].account == "a2p"


def test_what_phones_send_to_a_served_number_goes_to_the_esme_what_esmes_send_does_not() -> None:
    network = serving().online(TELKOMSEL)
    (mo,) = stored(network.one(sms(INDOSAT, TELKOMSEL)))
    assert (mo.receiver, mo.account) == (Receiver.ESME, "reg")
    (mt_,) = stored(network.one(mt(TELKOMSEL, esme())))
    assert (mt_.receiver, mt_.account) == (Receiver.PHONE, "")


def test_a_served_code_does_not_become_a_subscriber() -> None:
    network = serving()
    network.one(sms(INDOSAT, "2000"))
    assert set(network.state.subscribers) == {INDOSAT}


def test_barring_comes_before_the_served_code() -> None:
    network = serving().at(OUTGOING_BARRED_AT)
    assert cause_of(network.one(sms(INDOSAT, "2000"))) is Cause.OPERATOR_DETERMINED_BARRING


# ---- queues


def test_an_account_s_queue_has_its_limit() -> None:
    network = Network(queues={"a2p": 2}).online(TELKOMSEL)
    event = mt(TELKOMSEL, esme())
    first, _, third = network.batch(event, event, event)
    assert cause_of(third) is Cause.QUEUE_FULL
    assert third.why == "a2p has its most undelivered messages"
    assert cause_of(network.one(event)) is Cause.QUEUE_FULL
    other = structs.replace(event, via=structs.replace(event.via, account="other"))
    accepted_id(network.one(other))
    ended, fourth = network.batch(Acknowledged(TELKOMSEL, (accepted_id(first),)), event)
    assert ends(ended)
    accepted_id(fourth)


def test_what_needs_not_wait_is_not_in_the_queue() -> None:
    network = Network(queues={"a2p": 1})
    for decision in network.batch(*[mt(TELKOMSEL, esme())] * 3):
        accepted_id(decision)


def test_a_handset_s_esme_has_its_queue_too() -> None:
    network = Network(queues={"qa": 1}).online(INDOSAT)
    accepted_id(network.one(role_a("Halo", to=INDOSAT)))
    assert cause_of(network.one(role_a("Halo", to=INDOSAT))) is Cause.QUEUE_FULL
    accepted_id(network.one(sms(TELKOMSEL, INDOSAT)))


def test_what_is_scheduled_is_in_the_queue_and_counts_once() -> None:
    network = Network(queues={"a2p": 1}).online(TELKOMSEL)
    accepted_id(network.one(scheduled()))
    assert cause_of(network.one(scheduled())) is Cause.QUEUE_FULL
    network.now = NOON
    (due,) = network.state.due(NOON)
    event = mt(TELKOMSEL, esme())
    sent, denied = network.batch(due, event)
    assert cause_of(denied) is Cause.QUEUE_FULL
    acknowledged, taken = network.batch(Acknowledged(TELKOMSEL, (stored(sent)[0].id,)), event)
    assert ends(acknowledged)
    accepted_id(taken)


# ---- what is kept of the request


def test_priority_and_body_go_with_the_message() -> None:
    network = Network().online(TELKOMSEL)
    body = Body(data_coding=4, octets=b"\x00\x01")
    event = structs.replace(mt(TELKOMSEL, asks(priority=3)), body=body)
    (message,) = stored(network.one(event))
    assert (message.priority, message.body) == (3, body)


@pytest.mark.parametrize("reference", [-1, 0, 4321])
def test_the_receipt_carries_the_user_message_reference(reference: int) -> None:
    network = Network()
    decision = network.one(mt(TELKOMSEL, asks(reference=reference)))
    (receipt,) = messages_out(decision.outgoing)
    assert receipt.receipt is not None
    assert receipt.receipt.reference == reference


# ---- replace_if_present


def replacing(text: str, to: Msisdn = TELKOMSEL, **fields: Any) -> MtSms:
    return mt(to, asks(replaces=True, **fields), text)


def test_the_waiting_message_is_replaced_under_its_id() -> None:
    network = off()
    (old,) = stored(network.one(mt(TELKOMSEL, asks(), "Lama")))
    network.now += HOUR
    decision = network.one(replacing("Baru", registered_delivery=2, priority=1))
    (new,) = stored(decision)
    assert decision.answer == Accepted(old.id)
    assert (new.id, new.text, new.priority) == (old.id, "Baru", 1)
    # Its submit date is that of the replacement (Appendix B), and its validity begins anew.
    assert new.accepted_at == network.now
    assert new.valid_until == network.now + network.rules.validity_ms
    assert list(decision.outgoing) == [new]
    assert list(network.state.pending) == [old.id]
    assert receipts(network.one(Acknowledged(TELKOMSEL, (old.id,)))) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "TOKO"},
        {"to": INDOSAT},
        {"via": asks(replaces=True, service_type="VMN")},
        {"via": asks(replaces=True, account="other")},
    ],
)
def test_what_differs_in_an_address_or_the_service_is_another_message(
    changed: dict[str, object],
) -> None:
    network = off()
    network.one(mt(TELKOMSEL, asks()))
    decision = network.one(structs.replace(replacing("Baru"), **changed))
    assert {one.text for one in network.state.pending.values() if not one.receipt} >= {"Promo"}
    assert stored(decision)[0].id != 1


def test_within_a_batch_the_message_before_is_replaced() -> None:
    network = off()
    first, second = network.batch(replacing("Satu"), replacing("Dua"))
    assert accepted_id(first) == accepted_id(second)
    assert [one.text for one in network.state.pending.values()] == ["Dua"]


def test_what_was_confirmed_is_not_replaced() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(mt(TELKOMSEL, asks())))
    _, decision = network.batch(Acknowledged(TELKOMSEL, (id_,)), replacing("Baru"))
    assert accepted_id(decision) != id_


def test_a_scheduled_message_is_replaced_by_one_to_be_sent_now() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(scheduled()))
    (message,) = messages_out(network.one(replacing("Baru")).outgoing)
    assert (message.id, message.receiver, message.text) == (id_, Receiver.PHONE, "Baru")
    assert due_at(network, NOON) == []


def test_a_message_on_its_way_is_put_off_by_one_for_later() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(mt(TELKOMSEL, asks())))
    decision = network.one(replacing("Baru", not_before=NOON))
    (kept,) = messages_out(decision.outgoing)
    assert (kept.id, kept.receiver) == (id_, Receiver.LATER)
    assert due_at(network, NOON)[0].text == "Baru"


def test_a_scheduled_message_that_replaces_does_not_replace_itself_at_its_time() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(replacing("Nanti", not_before=NOON)))
    (message,) = due_at(network, NOON)
    assert (message.id, message.receiver, message.text) == (id_, Receiver.PHONE, "Nanti")


def test_what_replaces_may_not_be_deliverable_any_more() -> None:
    # The calendar jumped, and the timer has not come round yet.
    network = off(validity_ms=365 * DAY)
    id_ = accepted_id(network.one(mt(TELKOMSEL, asks())))
    network.at(INCOMING_BARRED_AT)
    decision = network.one(replacing("Baru"))
    assert decision.outgoing[0].__class__ is Message  # its receipt
    assert MessagesEnded((id_,), UNDELIVERABLE, network.now, 13) in decision.outgoing
    assert receipts(decision) == [(id_, UNDELIVERABLE, 13)]
    assert id_ not in network.state.pending


def test_what_may_not_wait_leaves_the_message_that_it_would_replace() -> None:
    network = off()
    id_ = accepted_id(network.one(mt(TELKOMSEL, asks(), "Lama")))
    denied, found = network.batch(replacing("Baru", mode=MessagingMode.DATAGRAM), replacing("Lain"))
    assert cause_of(denied) is Cause.ABSENT_SUBSCRIBER
    assert accepted_id(found) == id_
    assert stored(found)[0].text == "Lain"


def test_a_handset_s_esme_replaces_too() -> None:
    network = off()
    first = role_a("Lama", INDOSAT, to=TELKOMSEL)
    id_ = accepted_id(network.one(first))
    assert isinstance(first.via, Esme)
    via = structs.replace(first.via, replaces=True)
    decision = network.one(structs.replace(first, text="Baru", via=via))
    assert accepted_id(decision) == id_
    assert [one.text for one in network.state.pending.values()] == ["Baru"]
