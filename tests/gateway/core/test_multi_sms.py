"""One SMS to several destinations: each as one of its own, all reported under one id."""

from __future__ import annotations

from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import (
    Accepted,
    AcceptedFor,
    Decision,
    MessageKind,
    MessageState,
    Receiver,
)
from gateway.core.events import Acknowledged, MultiSms
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body, Esme, Part, PartKey, SmeAddress
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    INDOSAT,
    OUTGOING_BARRED_AT,
    TELKOMSEL,
    TRI,
    Network,
    cause_of,
    esme,
    messages_out,
    mt,
    receipts,
    stored,
    wib,
)

DELIVERED = MessageState.DELIVERED
KEY = PartKey("a2p", "BANK", "", "sar", 3, 2)


def as_written(to: str) -> SmeAddress:
    return SmeAddress(2, 8, "0" + to[2:])


def several(*to: str, via: Esme | None = None, body: Body | None = None) -> MultiSms:
    return MultiSms(
        "BANK", tuple((one, as_written(one)) for one in to), "Promo", via or esme(1), body
    )


def answer_of(decision: Decision) -> AcceptedFor:
    assert isinstance(decision.answer, AcceptedFor)
    return decision.answer


def test_each_destination_has_a_message_of_its_own() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(several(TELKOMSEL, INDOSAT, body=Body(data_coding=4)))
    first, second, _ = stored(decision)
    assert decision.answer == AcceptedFor(first.id, ())
    assert [(one.destination, one.receiver) for one in (first, second)] == [
        (TELKOMSEL, Receiver.PHONE),
        (INDOSAT, Receiver.INBOX),
    ]
    assert {one.body for one in (first, second)} == {Body(data_coding=4)}
    assert [one.esme and one.esme.destination for one in (first, second)] == [
        as_written(TELKOMSEL),
        as_written(INDOSAT),
    ]
    assert (first.reported_as, second.reported_as) == (0, first.id)
    assert decision.why == (
        f"from BANK to {TELKOMSEL}: accepted for the phone; "
        f"from BANK to {INDOSAT}: delivered to the inbox, no phone ever connected"
    )


def test_all_receipts_name_the_one_id() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(several(INDOSAT, TELKOMSEL, TRI))
    id_ = answer_of(decision).id
    assert receipts(decision) == [(id_, DELIVERED, 0)] * 2
    (phone,) = (one for one in stored(decision) if one.receiver is Receiver.PHONE)
    assert receipts(network.one(Acknowledged(TELKOMSEL, (phone.id,)))) == [(id_, DELIVERED, 0)]
    sources = [one.source_as for one in messages_out(decision.outgoing) if one.receipt]
    assert sources == [as_written(INDOSAT), as_written(TRI)]


def test_what_is_refused_is_named_by_its_place() -> None:
    network = Network()
    decision = network.one(several("777", TELKOMSEL, "888"))
    answer = answer_of(decision)
    assert answer.denied == ((0, Cause.UNASSIGNED_NUMBER), (2, Cause.UNASSIGNED_NUMBER))
    assert stored(decision)[0].id == answer.id


def test_it_is_refused_where_every_destination_is() -> None:
    decision = Network().one(several("777", "888"))
    assert cause_of(decision) is Cause.UNASSIGNED_NUMBER
    assert decision.changes == ()


def test_the_queue_may_take_only_some() -> None:
    network = Network(queues={"a2p": 1}).online(TELKOMSEL, INDOSAT)
    answer = answer_of(network.one(several(TELKOMSEL, INDOSAT)))
    assert answer.denied == ((1, Cause.QUEUE_FULL),)


def test_a_barred_destination_is_taken_and_reported() -> None:
    network = Network(INCOMING_BARRED_AT)
    decision = network.one(several(TELKOMSEL, INDOSAT))
    id_ = answer_of(decision).id
    assert receipts(decision) == [(id_, MessageState.UNDELIVERABLE, 13)] * 2


# ---- long ones, and a handset's


def test_a_long_message_to_several_is_joined_for_each() -> None:
    network = Network().online(TELKOMSEL)
    event = several(TELKOMSEL, INDOSAT)
    first, second = (
        structs.replace(event, text=text, part=Part(KEY, number))
        for number, text in enumerate(("Promo ", "besar"), 1)
    )
    kept = network.one(first)
    one = answer_of(kept).id
    assert {made.receiver for made in stored(kept)} == {Receiver.PARTS}
    joined = network.one(second)
    two = answer_of(joined).id
    wholes = [made for made in stored(joined) if made.parts]
    assert [(made.destination, made.text) for made in wholes] == [
        (TELKOMSEL, "Promo besar"),
        (INDOSAT, "Promo besar"),
    ]
    # INDOSAT has no phone: both its parts are reported at once, each under its one id.
    assert receipts(joined) == [(one, DELIVERED, 0), (two, DELIVERED, 0)]
    ended = network.one(Acknowledged(TELKOMSEL, (wholes[0].id,)))
    assert receipts(ended) == [(one, DELIVERED, 0), (two, DELIVERED, 0)]


def by_handset(*to: str) -> MultiSms:
    return structs.replace(several(*to), source=TRI, by_handset=True)


def test_a_handset_s_are_what_a_phone_sends() -> None:
    network = Network().online(TELKOMSEL)
    decision = network.one(by_handset(TELKOMSEL, INDOSAT))
    made = [one for one in stored(decision) if one.receipt is None]
    assert {(one.kind, one.source) for one in made} == {(MessageKind.MO, TRI)}
    id_ = answer_of(decision).id
    assert [one[0] for one in receipts(decision)] == [id_]
    assert [one[0] for one in receipts(network.one(Acknowledged(TELKOMSEL, (id_,))))] == [id_]
    assert TRI in network.state.subscribers


def test_a_handset_that_is_barred_sends_to_nobody() -> None:
    network = Network(OUTGOING_BARRED_AT)
    decision = network.one(by_handset(TELKOMSEL, INDOSAT))
    assert cause_of(decision) is Cause.OPERATOR_DETERMINED_BARRING
    assert decision.changes == ()


def test_a_handset_registers_by_none_of_several() -> None:
    answer = answer_of(Network().one(by_handset("4444", INDOSAT)))
    assert answer.denied == ((0, Cause.UNASSIGNED_NUMBER),)


def test_a_handset_s_scheduled_ones_are_reported_under_the_one_id() -> None:
    network = Network()
    noon = wib("2018-02-26 12:00")
    via = structs.replace(esme(1), not_before=noon)
    id_ = answer_of(network.one(structs.replace(by_handset(TELKOMSEL, INDOSAT), via=via))).id
    network.now = noon
    sent = network.catch_up()
    assert [one for decision in sent for one in receipts(decision)] == [(id_, DELIVERED, 0)] * 2


def test_a_destination_twice_gets_it_twice() -> None:
    network = Network().online(TELKOMSEL)
    assert len(messages_out(network.one(several(TELKOMSEL, TELKOMSEL)).outgoing)) == 2


def test_scheduled_for_several_all_receipts_name_the_one_id_still() -> None:
    network = Network()
    noon = wib("2018-02-26 12:00")
    via = structs.replace(esme(1), not_before=noon)
    decision = network.one(several(TELKOMSEL, INDOSAT, via=via))
    id_ = answer_of(decision).id
    network.now = noon
    sent = network.catch_up()
    assert [one for decision in sent for one in receipts(decision)] == [(id_, DELIVERED, 0)] * 2


def test_what_it_replaces_is_reported_under_the_one_id() -> None:
    network = Network().online(TELKOMSEL, INDOSAT)
    old = network.one(mt(Msisdn(INDOSAT), esme(1), "Lama")).answer
    assert isinstance(old, Accepted)
    via = structs.replace(esme(1), replaces=True)
    decision = network.one(several(TELKOMSEL, INDOSAT, via=via))
    id_ = answer_of(decision).id
    replaced = stored(decision)[1]
    assert (replaced.id, replaced.text, replaced.reported_as) == (old.id, "Promo", id_)
    assert receipts(network.one(Acknowledged(INDOSAT, (old.id,)))) == [(id_, DELIVERED, 0)]
