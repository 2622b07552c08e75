"""What an ESME orders for a message that it sent: query, cancel, replace."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import (
    Accepted,
    Decision,
    Denied,
    Found,
    Message,
    MessagesEnded,
    MessageState,
    Receiver,
)
from gateway.core.events import Acknowledged, Cancel, Event, MtSms, Presence, Query, Replace
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body, Esme
from tests.gateway.core.network import (
    BUDI,
    INCOMING_BARRED_AT,
    INDOSAT,
    SITI,
    TELKOMSEL,
    Network,
    accepted_id,
    cause_of,
    ends,
    esme,
    in_parts,
    messages_out,
    mt,
    receipts,
    registration,
    role_a,
    sms,
    stored,
    wib,
)

DELETED = MessageState.DELETED
HOUR = 3_600_000
NOON = wib("2018-02-26 12:00")


def asks(registered_delivery: int = 1, **fields: object) -> Esme:
    return structs.replace(esme(registered_delivery), **fields)


def waiting(*events: MtSms) -> tuple[Network, list[int]]:
    """Messages that wait for a phone that went off."""
    network = Network().online(TELKOMSEL, INDOSAT)
    network.batch(Presence(TELKOMSEL, False), Presence(INDOSAT, False))
    return network, [accepted_id(one) for one in network.batch(*events)]


def query(id_: int, by: str = "a2p", source: str = "BANK") -> Query:
    return Query(by, id_, source)


def cancel(id_: int, to: str = "", by: str = "a2p", source: str = "BANK") -> Cancel:
    return Cancel(by, id_, source, to, "")


def replace(id_: int, text: str = "Baru", by: str = "a2p", source: str = "BANK") -> Replace:
    return Replace(by, id_, source, text, 1)


NONE = Denied(Cause.NO_SUCH_MESSAGE)

# ---- query


def test_a_message_on_its_way_is_found() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    decision = network.one(query(id_))
    assert decision == Decision(
        Found(id_, MessageState.ENROUTE, 0, 0), f"a2p asked about message {id_}: ENROUTE"
    )


@pytest.mark.parametrize("together", [True, False])
def test_a_message_that_ended_is_found(together: bool) -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    network.now += HOUR
    events: list[Event] = [Acknowledged(TELKOMSEL, (id_,)), query(id_)]
    decision = (network.batch(*events) if together else [network.one(one) for one in events])[-1]
    assert decision.answer == Found(id_, MessageState.DELIVERED, network.now, 0)


@pytest.mark.parametrize("together", [True, False])
def test_a_message_that_never_waited_is_found(together: bool) -> None:
    network = Network(INCOMING_BARRED_AT)
    events: list[Event] = [mt(TELKOMSEL, asks()), query(1)]
    decision = (network.batch(*events) if together else [network.one(one) for one in events])[-1]
    assert decision.answer == Found(1, MessageState.UNDELIVERABLE, network.now, 13)


@pytest.mark.parametrize("together", [True, False])
def test_what_went_to_the_desk_is_found(together: bool) -> None:
    network = Network()
    events: list[Event] = [role_a(registration(SITI)), query(1, "qa", TELKOMSEL)]
    decision = (network.batch(*events) if together else [network.one(one) for one in events])[-1]
    assert decision.answer == Found(1, MessageState.DELIVERED, network.now, 0)


@pytest.mark.parametrize("event", [query(99), query(0), query(1, by="qa"), query(1, source="TOKO")])
def test_others_messages_are_not_found(event: Query) -> None:
    network, _ = waiting(mt(TELKOMSEL, asks()))
    decision = network.one(event)
    assert decision.answer == NONE
    assert decision.changes == ()


def test_a_phone_s_message_is_no_esme_s() -> None:
    network = Network().online(INDOSAT)
    id_ = accepted_id(network.one(sms(TELKOMSEL, INDOSAT)))
    assert network.one(query(id_, "", TELKOMSEL)).answer == NONE


# ---- cancel


def test_a_waiting_message_is_taken_back() -> None:
    network, (id_, other) = waiting(mt(TELKOMSEL, asks()), mt(TELKOMSEL, asks()))
    decision = network.one(cancel(id_))
    assert decision.answer == Accepted(id_)
    assert decision.why == f"a2p cancelled {id_}"
    assert ends(decision) == [((id_,), DELETED, 0)]
    assert decision.outgoing[0] == MessagesEnded((id_,), DELETED, network.now)
    assert receipts(decision) == [(id_, DELETED, 0)]
    assert other in network.state.pending
    assert network.one(cancel(id_)).answer == NONE


def test_what_the_phone_has_is_not_taken_back() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    _, decision = network.batch(Acknowledged(TELKOMSEL, (id_,)), cancel(id_))
    assert decision.answer == NONE
    assert decision.why == f"message {id_} is not a2p's, or does not wait any more"


def test_a_scheduled_message_is_taken_back_before_its_time() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks(not_before=NOON)))
    assert ends(network.one(cancel(id_))) == [((id_,), DELETED, 0)]
    network.now = NOON
    assert network.catch_up() == []


def test_what_was_taken_back_in_the_batch_of_its_time_is_not_sent() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks(not_before=NOON)))
    network.now = NOON
    (due,) = network.state.due(NOON)
    cancelled, sent = network.batch(cancel(id_), due)
    assert ends(cancelled)
    assert sent.changes == ()
    assert [one for one in network.state.pending.values() if not one.receipt] == []


@pytest.mark.parametrize(
    "event",
    [
        cancel(99),
        cancel(1, by="qa"),
        cancel(1, source="TOKO"),
        cancel(1, to=INDOSAT),
        cancel(0, to=INDOSAT),
        cancel(0, to=TELKOMSEL, by="qa"),
        cancel(0, to=TELKOMSEL, source="TOKO"),
    ],
)
def test_others_messages_are_not_taken_back(event: Cancel) -> None:
    network, _ = waiting(mt(TELKOMSEL, asks()))
    decision = network.one(event)
    assert decision.answer == NONE
    assert decision.changes == ()
    assert ("what it named" in decision.why) is (event.id == 0)


def test_all_to_a_destination_are_taken_back() -> None:
    network, ids = waiting(
        mt(TELKOMSEL, asks()),
        mt(TELKOMSEL, asks(not_before=NOON)),
        mt(INDOSAT, asks()),
        mt(TELKOMSEL, asks(), source="TOKO"),
    )
    decision = network.one(cancel(0, TELKOMSEL))
    assert decision.answer == Accepted(ids[0])
    assert ends(decision) == [((ids[0], ids[1]), DELETED, 0)]
    assert set(network.state.pending) >= set(ids[2:])


def test_all_to_a_destination_includes_those_before_it_in_the_batch() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    event = mt(TELKOMSEL, asks())
    made, decision, after = network.batch(event, cancel(0, TELKOMSEL), event)
    assert ends(decision) == [((id_, accepted_id(made)), DELETED, 0)]
    assert accepted_id(after) in network.state.pending


def test_all_to_a_served_code_are_taken_back() -> None:
    network = Network()
    network.served = {"2000": "reg"}
    id_ = accepted_id(network.one(mt(Msisdn("2000"), asks())))
    assert ends(network.one(cancel(0, "2000"))) == [((id_,), DELETED, 0)]


def test_a_handset_s_message_is_taken_back_by_the_esme_that_plays_it() -> None:
    network, _ = waiting()
    id_ = accepted_id(network.one(role_a("Halo", to=INDOSAT)))
    assert ends(network.one(cancel(0, INDOSAT, "qa", TELKOMSEL))) == [((id_,), DELETED, 0)]


@pytest.mark.parametrize(("service_type", "ended"), [("", 2), ("VMN", 1)])
def test_the_service_type_narrows_what_is_taken_back(service_type: str, ended: int) -> None:
    network, _ = waiting(mt(TELKOMSEL, asks()), mt(TELKOMSEL, asks(service_type="VMN")))
    decision = network.one(Cancel("a2p", 0, "BANK", TELKOMSEL, service_type))
    assert len(ends(decision)[0][0]) == ended


# ---- replace


def replaced(decision: Decision) -> Message:
    (message,) = stored(decision)
    return message


def test_a_waiting_message_is_given_another_text() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    until = network.state.pending[id_].valid_until
    network.now += HOUR
    decision = network.one(structs.replace(replace(id_), registered_delivery=2))
    message = replaced(decision)
    assert decision.answer == Accepted(id_)
    assert decision.why == f"message {id_} to {TELKOMSEL} was replaced"
    assert (message.id, message.text, message.receiver) == (id_, "Baru", Receiver.PHONE)
    assert (message.accepted_at, message.valid_until) == (network.now, until)
    assert message.esme is not None
    assert message.esme.registered_delivery == 2
    assert list(decision.outgoing) == [message]
    assert network.state.pending == {id_: message}


def test_the_body_of_the_old_text_goes() -> None:
    network, (id_,) = waiting(structs.replace(mt(TELKOMSEL, asks()), body=Body(data_coding=4)))
    assert replaced(network.one(replace(id_))).body is None


def test_a_new_validity_counts_from_now() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    network.now += HOUR
    event = structs.replace(replace(id_), validity=2 * HOUR)
    assert replaced(network.one(event)).valid_until == network.now + 2 * HOUR


def test_a_scheduled_message_keeps_its_time() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks(not_before=NOON)))
    assert replaced(network.one(replace(id_))).not_before == NOON
    network.now = NOON
    assert messages_out(network.catch_up()[0].outgoing)[0].text == "Baru"


@pytest.mark.parametrize("before", [0, NOON, NOON + 2 * HOUR])
def test_a_new_time_puts_it_off(before: int) -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks(not_before=before)))
    at = NOON + HOUR
    decision = network.one(structs.replace(replace(id_), not_before=at))
    message = replaced(decision)
    assert (message.receiver, message.not_before) == (Receiver.LATER, at)
    assert message.valid_until >= at + network.rules.validity_ms
    assert list(decision.outgoing) == [message]
    network.now = at - 1
    assert network.catch_up() == []
    network.now = at
    (sent,) = messages_out(network.catch_up()[0].outgoing)
    assert (sent.id, sent.text, sent.receiver) == (id_, "Baru", Receiver.PHONE)


def test_a_new_time_with_a_validity_lapses_with_that() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    event = structs.replace(replace(id_), not_before=NOON, validity=HOUR)
    assert replaced(network.one(event)).valid_until == network.now + HOUR


def test_a_time_that_is_over_leaves_it_on_its_way() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    event = structs.replace(replace(id_), not_before=network.now)
    assert replaced(network.one(event)).receiver is Receiver.PHONE


def test_a_scheduled_registration_registers_by_its_new_text() -> None:
    network = Network()
    event = role_a(registration(SITI))
    assert isinstance(event.via, Esme)
    via = structs.replace(event.via, not_before=NOON)
    id_ = accepted_id(network.one(structs.replace(event, via=via)))
    network.one(Replace("qa", id_, TELKOMSEL, registration(BUDI), 0))
    network.now = NOON
    network.catch_up()
    assert network.subscriber(TELKOMSEL).nik == BUDI.nik


def test_a_message_for_an_esme_is_replaced_and_put_off() -> None:
    network = Network()
    network.served = {"2000": "reg"}
    id_ = accepted_id(network.one(mt(Msisdn("2000"), asks())))
    assert replaced(network.one(replace(id_))).account == "reg"
    message = replaced(network.one(structs.replace(replace(id_), not_before=NOON)))
    assert (message.receiver, message.account) == (Receiver.LATER, "")
    assert network.one(Acknowledged("reg", (id_,))).changes == ()
    network.now = NOON
    assert messages_out(network.catch_up()[0].outgoing)[0].account == "reg"


@pytest.mark.parametrize("event", [replace(99), replace(1, by="qa"), replace(1, source="TOKO")])
def test_others_messages_are_not_replaced(event: Replace) -> None:
    network, _ = waiting(mt(TELKOMSEL, asks()))
    assert cause_of(network.one(event)) is Cause.NO_SUCH_MESSAGE


def test_what_ended_is_not_replaced() -> None:
    network, (id_,) = waiting(mt(TELKOMSEL, asks()))
    _, decision = network.batch(cancel(id_), replace(id_))
    assert decision.answer == NONE


def test_a_part_is_not_replaced() -> None:
    network, _ = waiting()
    id_ = accepted_id(network.one(in_parts(mt(TELKOMSEL, asks()), "a", "b")[0]))
    assert network.one(replace(id_)).answer == NONE


def test_replacing_does_not_count_in_the_queue_twice() -> None:
    network = Network(queues={"a2p": 2}).online(TELKOMSEL)
    first, *_ = network.batch(mt(TELKOMSEL, asks()), replace(1), replace(1))
    assert accepted_id(first) == 1
    second, third = network.batch(mt(TELKOMSEL, asks()), mt(TELKOMSEL, asks()))
    accepted_id(second)
    assert cause_of(third) is Cause.QUEUE_FULL
