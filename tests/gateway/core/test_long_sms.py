"""Long messages: parts in any order, repeats, reused references, lapses; whole to their ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import (
    Accepted,
    Decision,
    Message,
    MessageKind,
    MessageState,
    Receiver,
)
from gateway.core.events import Acknowledged, Cancel, Lapsed, MoSms, MtSms, Presence, Query
from gateway.core.message import texts_joined
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body, Esme, MessagingMode
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    BUDI,
    INCOMING_BARRED_AT,
    INDOSAT,
    OUTGOING_BARRED_AT,
    RULES,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
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
    stored,
    subscribers_changed,
    wib,
)

DELIVERED, UNDELIVERABLE = MessageState.DELIVERED, MessageState.UNDELIVERABLE
EXPIRED, REJECTED, DELETED = MessageState.EXPIRED, MessageState.REJECTED, MessageState.DELETED
HALF = 20


def promo(*texts: str, via: Esme | None = None, reference: int = 3) -> list[MoSms | MtSms]:
    """The parts of what an ESME sends to a phone; it wants a receipt of each."""
    return in_parts(mt(TELKOMSEL, via or esme(1)), *texts, reference=reference)


def register(
    sender: Msisdn = TELKOMSEL, registered_delivery: int = 1, text: str = registration(SITI)
) -> list[MoSms | MtSms]:
    """A registration in two parts, by an ESME that plays the phone."""
    event = role_a("", sender, registered_delivery)
    return in_parts(event, text[:HALF], text[HALF:])


def whole_of(decision: Decision) -> Message:
    """Give the message that the parts made."""
    (whole,) = (one for one in stored(decision) if one.parts)
    return whole


def ids_of(decisions: Sequence[Decision]) -> list[int]:
    return [accepted_id(decision) for decision in decisions]


# ---- parts


def test_a_part_is_kept_until_its_others_come() -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    decision = network.one(first)
    (part,) = stored(decision)
    assert decision.answer == Accepted(part.id)
    assert decision.why == f"part 1 of 2 from BANK to {TELKOMSEL}: waits for 1 more"
    assert (part.receiver, part.state, part.part) == (
        Receiver.PARTS,
        MessageState.ENROUTE,
        first.part,
    )
    assert part.valid_until == network.now + network.rules.parts_ms
    assert decision.outgoing == ()
    whole = whole_of(network.one(second))
    assert (whole.text, whole.receiver, whole.kind) == (
        "Promo besar",
        Receiver.PHONE,
        MessageKind.MT,
    )


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("together", [True, False])
def test_parts_come_in_any_order(order: tuple[int, ...], together: bool) -> None:
    network = Network().online(TELKOMSEL)
    parts = promo("satu ", "dua ", "tiga")
    events = [parts[place] for place in order]
    decisions = network.batch(*events) if together else [network.one(one) for one in events]
    whole = whole_of(decisions[-1])
    assert whole.text == "satu dua tiga"
    assert sorted(whole.parts) == sorted(ids_of(decisions))
    # Who completed it is told of its own part.
    assert accepted_id(decisions[-1]) == whole.parts[-1] == whole.id - 1
    assert messages_out(decisions[-1].outgoing) == [whole]
    assert not any(decision.outgoing for decision in decisions[:-1])
    assert network.state.waiting.parts == {}


def test_the_whole_has_the_parts_receipts_and_none_of_its_own() -> None:
    network = Network().online(TELKOMSEL)
    decisions = network.batch(*promo("Promo ", "besar"))
    one, two = ids_of(decisions)
    whole = whole_of(decisions[-1])
    ended = network.one(Acknowledged(TELKOMSEL, (whole.id,)))
    assert ends(ended) == [((whole.id, one, two), DELIVERED, 0)]
    assert receipts(ended) == [(one, DELIVERED, 0), (two, DELIVERED, 0)]
    reported = [made.receipt.text for made in stored(ended) if made.receipt is not None]
    assert reported == ["Promo ", "besar"]
    assert not any(made.parts or made.part for made in network.state.pending.values())


def test_each_part_has_the_receipt_that_it_asked_for() -> None:
    network = Network()
    first, second = promo("Promo ", "besar")
    second = structs.replace(second, via=esme(2))
    _, decision = network.batch(first, second)
    assert [one[0] for one in receipts(decision)] == [1]
    assert network.state.pending.keys() == {4}


def test_each_part_is_notified_of_when_it_is_taken() -> None:
    network = Network().online(TELKOMSEL)
    decisions = network.batch(*promo("Promo ", "besar", via=esme(0x10)))
    one, two = ids_of(decisions)
    assert [receipts(decision) for decision in decisions] == [
        [(one, MessageState.ENROUTE, 0)],
        [(two, MessageState.ENROUTE, 0)],
    ]


def test_parts_come_over_any_session_of_the_account() -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    second = structs.replace(second, via=structs.replace(esme(1), session=8))
    network.one(first)
    assert whole_of(network.one(second)).text == "Promo besar"


@pytest.mark.parametrize("together", [True, False])
def test_a_part_that_is_there_already_is_answered_with_its_id(together: bool) -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    events = [first, first, second]
    decisions = network.batch(*events) if together else [network.one(one) for one in events]
    assert accepted_id(decisions[0]) == accepted_id(decisions[1])
    assert decisions[1].changes == ()
    assert decisions[1].why == f"part 1 of 2 from BANK to {TELKOMSEL}: is there already"
    assert whole_of(decisions[2]).text == "Promo besar"


def test_octets_tell_parts_apart_whose_text_is_the_same() -> None:
    network = Network().online(TELKOMSEL)
    first, *_ = promo("\N{REPLACEMENT CHARACTER}", "")
    one = structs.replace(first, body=Body(data_coding=8, octets=b"\xd8"))
    other = structs.replace(first, body=Body(data_coding=8, octets=b"\xd9"))
    network.one(one)
    again = structs.replace(one, body=Body(8, octets=b"\xd8", tlvs=((0x0204, b"\0\1"),)))
    assert "is there already" in network.one(again).why
    assert "waits for 1 more" in network.one(other).why


@pytest.mark.parametrize("together", [True, False])
def test_a_reference_that_is_used_again_ends_what_never_became_whole(together: bool) -> None:
    network = Network().online(TELKOMSEL)
    one, two, _ = promo("satu ", "dua ", "tiga")
    events = [one, two, *promo("Ein ", "zwei ", "drei")]
    decisions = network.batch(*events) if together else [network.one(event) for event in events]
    assert ends(decisions[2]) == [((1, 2), EXPIRED, 27)]
    assert receipts(decisions[2]) == [(1, EXPIRED, 27), (2, EXPIRED, 27)]
    assert whole_of(decisions[4]).text == "Ein zwei drei"


@pytest.mark.parametrize(
    "changed",
    [
        {"source": "TOKO"},
        {"destination": INDOSAT},
        {"account": "other"},
        {"kind": "8 bits"},
        {"reference": 4},
        {"total": 3},
    ],
)
def test_what_has_another_key_is_of_another_message(changed: dict[str, object]) -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    assert second.part is not None
    part = structs.replace(second.part, key=structs.replace(second.part.key, **changed))
    network.one(first)
    decision = network.one(structs.replace(second, part=part))
    assert "waits for" in decision.why
    assert len(network.state.waiting.parts) == 2


def test_a_reference_is_free_again_once_the_message_is_whole() -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    texts = [whole_of(network.batch(first, second)[1]).text for _ in range(2)]
    assert texts == ["Promo besar", "Promo besar"]
    decisions = network.batch(first, second, first, second)
    assert [whole_of(decisions[place]).text for place in (1, 3)] == ["Promo besar"] * 2


# ---- lapses


@pytest.mark.parametrize(("validity", "wait"), [(0, RULES.parts_ms), (60_000, 60_000)])
def test_a_part_lapses_alone(validity: int, wait: int) -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar", via=esme(1, validity=validity))
    id_ = accepted_id(network.one(first))
    network.now += wait
    (decision,) = network.catch_up()
    assert ends(decision) == [((id_,), EXPIRED, 27)]
    assert receipts(decision) == [(id_, EXPIRED, 27)]
    assert network.state.waiting.parts == {}
    assert "waits for 1 more" in network.one(second).why


@pytest.mark.parametrize("validity", [0, 3_600_000])
def test_the_parts_of_a_whole_message_wait_as_long_as_that(validity: int) -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    decisions = network.batch(*promo("Promo ", "besar", via=esme(1, validity=validity)))
    whole = whole_of(decisions[-1])
    assert whole.valid_until == network.now + (validity or network.rules.validity_ms)
    network.now = whole.valid_until - 1
    assert network.state.due(network.now) == []
    network.now += 1
    assert network.state.due(network.now) == [Lapsed((whole.id,))]
    (decision,) = network.catch_up()
    assert ends(decision) == [((whole.id, *whole.parts), EXPIRED, 27)]
    assert [one[0] for one in receipts(decision)] == list(whole.parts)


def test_a_part_that_was_to_lapse_does_not_once_it_is_in_a_whole() -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    id_ = accepted_id(network.one(first))
    network.now += network.rules.parts_ms
    (due,) = network.state.due(network.now)
    joined, lapsed = network.batch(second, due)
    assert whole_of(joined).parts[0] == id_
    assert lapsed.changes == ()


def test_a_part_that_lapsed_in_the_batch_is_not_joined() -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    id_ = accepted_id(network.one(first))
    lapsed, kept = network.batch(Lapsed((id_,)), second)
    assert ends(lapsed) == [((id_,), EXPIRED, 27)]
    assert "waits for 1 more" in kept.why


def test_a_part_cannot_be_confirmed() -> None:
    network = Network().online(TELKOMSEL)
    id_ = accepted_id(network.one(promo("Promo ", "besar")[0]))
    assert network.one(Acknowledged(TELKOMSEL, (id_,))).changes == ()


# ---- the whole that ends at once


@pytest.mark.parametrize(
    ("at", "state", "error"),
    [("2018-02-26 08:00", DELIVERED, 0), (INCOMING_BARRED_AT, UNDELIVERABLE, 13)],
)
def test_what_needs_not_wait_ends_with_its_parts(at: str, state: MessageState, error: int) -> None:
    network = Network(at)
    decisions = network.batch(*promo("Promo ", "besar"))
    one, two = ids_of(decisions)
    assert (whole_of(decisions[-1]).state, whole_of(decisions[-1]).error) == (state, error)
    assert ends(decisions[-1]) == [((one, two), state, error)]
    assert receipts(decisions[-1]) == [(one, state, error), (two, state, error)]
    assert not any(made.part for made in network.state.pending.values())


def test_barring_ends_a_waiting_whole_with_its_parts() -> None:
    network = Network(validity_ms=365 * 86_400_000).online(TELKOMSEL)
    decisions = network.batch(*promo("Promo ", "besar"))
    whole = whole_of(decisions[-1])
    ended = [end for one in network.at(TOTAL_BARRED_AT).catch_up() for end in ends(one)]
    assert ended[0] == ((whole.id, *whole.parts), UNDELIVERABLE, 13)


# ---- the desk


@pytest.mark.parametrize("together", [True, False])
def test_a_registration_in_two_parts_registers(together: bool) -> None:
    network = Network()
    events = register()
    decisions = network.batch(*events) if together else [network.one(one) for one in events]
    one, two = ids_of(decisions)
    assert network.subscriber(TELKOMSEL).nik == SITI.nik
    assert receipts(decisions[-1]) == [(one, DELIVERED, 0), (two, DELIVERED, 0)]
    replies = [made for made in stored(decisions[-1]) if made.kind is MessageKind.REPLY]
    assert [reply.text[:8] for reply in replies] == ["Selamat,"]
    desk = [made for made in stored(decisions[-1]) if made.receiver is Receiver.DESK]
    assert [made.text for made in desk] == [registration(SITI)]
    assert stored(decisions[0])[0].receiver is Receiver.PARTS
    assert not any(made.part for made in network.state.pending.values())


@pytest.mark.parametrize("together", [True, False])
def test_three_numbers_per_nik_holds_when_the_text_came_in_parts(together: bool) -> None:
    network = Network()
    numbers = [Msisdn(f"62812100001{number:02}") for number in range(4)]
    events = [part for number in numbers for part in register(number)]
    if together:
        network.batch(*events)
    else:
        for event in events:
            network.one(event)
    registered = [network.subscriber(number).status.registered for number in numbers]
    assert registered == [True, True, True, False]
    assert network.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 3}


def test_the_limit_holds_for_each_text_under_a_reference_that_is_used_again() -> None:
    network = Network()
    for number in range(3):
        network.batch(*register(Msisdn(f"62812100001{number:02}")))
    # Both come in one batch, under the same reference; the count of both is looked up.
    again = [*register(), *register(text=registration(BUDI))]
    _, first, _, second = network.batch(*again)
    assert "over limit" in first.why
    assert "registered on NIK" in second.why
    assert network.subscriber(TELKOMSEL).nik == BUDI.nik


def test_the_limit_holds_for_the_text_that_takes_a_reference_over() -> None:
    network = Network()
    for number in range(3):
        network.batch(*register(Msisdn(f"62812100001{number:02}")))
    abandoned = register(text=registration(BUDI))[0]
    *_, decision = network.batch(abandoned, *register())
    assert "over limit" in decision.why
    assert not network.subscriber(TELKOMSEL).status.registered


def test_a_barred_handset_may_still_register_in_parts_and_nothing_else() -> None:
    network = Network(OUTGOING_BARRED_AT)
    event = role_a("", to=INDOSAT)
    first = in_parts(event, "Halo ", "semua")[0]
    refused = network.one(first)
    assert cause_of(refused) is Cause.OPERATOR_DETERMINED_BARRING
    assert refused.changes == ()
    for part in register():
        accepted_id(network.one(part))
    assert network.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_parts_to_nobody_are_refused() -> None:
    network = Network()
    refused = [
        in_parts(role_a("", to="777"), "a", "b"),
        in_parts(mt(Msisdn("777"), esme()), "a", "b"),
    ]
    for first, _ in refused:
        decision = network.one(first)
        assert cause_of(decision) is Cause.UNASSIGNED_NUMBER
        assert decision.changes == ()


# ---- phones, ESMEs, for later


def test_a_handset_s_long_sms_is_one_message_for_a_phone() -> None:
    network = Network().online(INDOSAT)
    decisions = network.batch(*in_parts(role_a("", to=INDOSAT), "Halo ", "semua"))
    (message,) = messages_out(decisions[-1].outgoing)
    assert (message.text, message.receiver, message.kind) == (
        "Halo semua",
        Receiver.PHONE,
        MessageKind.MO,
    )
    assert {one.msisdn for one in subscribers_changed(decisions[-1])} == {TELKOMSEL}


def test_a_long_sms_to_a_served_code_goes_to_its_esme_whole() -> None:
    network = Network()
    network.served = {"2000": "reg"}
    decisions = network.batch(*in_parts(role_a("", to="2000", registered_delivery=1), "a", "b"))
    whole = whole_of(decisions[-1])
    assert (whole.account, whole.text) == ("reg", "ab")
    ended = network.one(Acknowledged("reg", (whole.id,)))
    assert [one[0] for one in receipts(ended)] == ids_of(decisions)


NOON = wib("2018-02-26 12:00")


def test_a_scheduled_long_message_keeps_its_parts_until_it_ends() -> None:
    network = Network().online(TELKOMSEL)
    via = structs.replace(esme(1), not_before=NOON)
    decisions = network.batch(*promo("Promo ", "besar", via=via))
    kept = whole_of(decisions[-1])
    assert (kept.receiver, kept.parts) == (Receiver.LATER, tuple(ids_of(decisions)))
    network.now = NOON - 1
    assert network.state.due(network.now) == []
    network.now = NOON
    (decision,) = network.catch_up()
    (sent,) = messages_out(decision.outgoing)
    assert (sent.id, sent.text, sent.parts) == (kept.id, "Promo besar", kept.parts)
    ended = network.one(Acknowledged(TELKOMSEL, (kept.id,)))
    assert [one[0] for one in receipts(ended)] == ids_of(decisions)


@pytest.mark.parametrize("to", ["4444", INDOSAT])
def test_a_scheduled_long_message_that_ends_at_once_ends_its_parts(to: str) -> None:
    network = Network()
    event = role_a("", to=to, registered_delivery=1)
    assert isinstance(event.via, Esme)
    event = structs.replace(event, via=structs.replace(event.via, not_before=NOON))
    text = registration(SITI)
    ids = ids_of(network.batch(*in_parts(event, text[:HALF], text[HALF:])))
    network.now = NOON
    (decision,) = network.catch_up()
    assert receipts(decision) == [(id_, DELIVERED, 0) for id_ in ids]
    assert (to == "4444") is network.subscriber(TELKOMSEL).status.registered
    assert not any(made.part or made.parts for made in network.state.pending.values())


def test_a_scheduled_long_message_of_a_sender_barred_by_then_is_rejected_whole() -> None:
    network = Network()
    event = role_a("", to=INDOSAT, registered_delivery=1)
    assert isinstance(event.via, Esme)
    via = structs.replace(event.via, not_before=wib(OUTGOING_BARRED_AT))
    ids = ids_of(network.batch(*in_parts(structs.replace(event, via=via), "a", "b")))
    (decision,) = network.at(OUTGOING_BARRED_AT).catch_up()
    assert receipts(decision) == [(id_, REJECTED, 13) for id_ in ids]


@pytest.mark.parametrize("to", [TELKOMSEL, INDOSAT])
def test_parts_of_what_may_not_wait_are_refused_while_the_phone_is_off(to: Msisdn) -> None:
    network = Network().online(TELKOMSEL, INDOSAT)
    for phone in (TELKOMSEL, INDOSAT):
        network.one(Presence(phone, False))
    event = role_a("", to=to) if to == INDOSAT else mt(to, esme())
    assert isinstance(event.via, Esme)
    via = structs.replace(event.via, mode=MessagingMode.DATAGRAM, set_dpf=True)
    first, second = in_parts(structs.replace(event, via=via), "a", "b")
    decision = network.one(first)
    assert cause_of(decision) is Cause.ABSENT_SUBSCRIBER
    assert stored(decision) == []
    assert len(network.subscriber(to).alerts) == 1
    network.online(to)
    assert whole_of(network.batch(first, second)[1]).receiver is Receiver.PHONE


def test_parts_of_what_may_not_wait_go_to_esmes_and_inboxes_and_may_be_scheduled() -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    network.served = {"2000": "reg"}
    via = structs.replace(esme(), mode=MessagingMode.DATAGRAM)
    for to in (Msisdn("2000"), INDOSAT):
        whole_of(network.batch(*in_parts(mt(to, via), "a", "b"))[-1])
    later = structs.replace(via, not_before=NOON)
    whole_of(network.batch(*promo("a", "b", via=later))[-1])


def test_set_dpf_is_answered_with_the_part_that_completes() -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    via = structs.replace(esme(), set_dpf=True)
    first, second = network.batch(*promo("a", "b", via=via))
    assert (first.answer, second.answer) == (Accepted(1), Accepted(2, dpf=True))


# ---- queues, orders, questions about parts


def test_parts_count_in_the_queue_and_the_whole_does_not_besides() -> None:
    network = Network(queues={"a2p": 3}).online(TELKOMSEL)
    network.batch(*promo("a", "b"))
    third, fourth = network.batch(*[mt(TELKOMSEL, esme())] * 2)
    accepted_id(third)
    assert cause_of(fourth) is Cause.QUEUE_FULL
    assert network.state.waiting.queued == {"a2p": 3}
    network.one(Acknowledged(TELKOMSEL, (3,)))
    assert network.state.waiting.queued == {"a2p": 1}


def test_a_part_that_finds_the_queue_full_is_refused() -> None:
    network = Network(queues={"a2p": 1}).online(TELKOMSEL)
    accepted, denied = network.batch(*promo("a", "b"))
    accepted_id(accepted)
    assert cause_of(denied) is Cause.QUEUE_FULL


def test_a_part_that_was_cancelled_in_the_batch_is_not_joined() -> None:
    network = Network().online(TELKOMSEL)
    first, second = promo("Promo ", "besar")
    id_ = accepted_id(network.one(first))
    cancelled, kept = network.batch(Cancel("a2p", id_, "BANK", "", ""), second)
    assert ends(cancelled) == [((id_,), DELETED, 0)]
    assert "waits for 1 more" in kept.why


def test_the_whole_goes_on_until_all_its_parts_are_cancelled() -> None:
    network = Network().online(TELKOMSEL)
    one, two = ids_of(network.batch(*promo("Promo ", "besar")))
    whole = two + 1
    first = network.one(Cancel("a2p", one, "BANK", "", ""))
    assert (ends(first), receipts(first)) == ([((one,), DELETED, 0)], [(one, DELETED, 0)])
    assert set(network.state.pending) >= {two, whole}
    last = network.one(Cancel("a2p", two, "BANK", "", ""))
    assert ends(last) == [((two, whole), DELETED, 0)]
    assert receipts(last) == [(two, DELETED, 0)]


def test_all_of_a_long_message_is_cancelled_by_its_destination() -> None:
    network = Network().online(TELKOMSEL)
    one, two = ids_of(network.batch(*promo("Promo ", "besar")))
    apart = accepted_id(network.one(promo("lain", "", reference=9)[0]))
    decision = network.one(Cancel("a2p", 0, "BANK", TELKOMSEL, ""))
    ((ended, state, _),) = ends(decision)
    assert (set(ended), len(ended), state) == ({one, two, two + 1, apart}, 4, DELETED)
    assert [one[0] for one in receipts(decision)] == [one, two, apart]


def test_a_part_s_state_is_the_whole_message_s() -> None:
    network = Network().online(TELKOMSEL)
    one, _ = ids_of(network.batch(*promo("Promo ", "besar")))
    assert "ENROUTE" in network.one(Query("a2p", one, "BANK")).why
    network.one(Acknowledged(TELKOMSEL, (3,)))
    assert "DELIVERED" in network.one(Query("a2p", one, "BANK")).why


# ---- how the whole is written


def written(*bodies: Body, **rules: Any) -> Body | None:
    network = Network(**rules).online(TELKOMSEL)
    parts = promo(*[str(place) for place in range(len(bodies))])
    events = [structs.replace(part, body=body) for part, body in zip(parts, bodies, strict=True)]
    return whole_of(network.batch(*events)[-1]).body


def test_a_plain_text_needs_no_body_once_it_is_whole() -> None:
    header = b"\x05\x00\x03\x01\x02"
    one, two = (Body(esm_class=0x40, header=header + bytes((n,)), octets=b"x") for n in (1, 2))
    assert written(one, two) is None


def test_octets_are_joined_and_the_header_of_a_part_goes() -> None:
    header = b"\x05\x00\x03\x01\x02"
    tlvs = ((0x0204, b"\x00\x07"),)
    one, two = (
        Body(4, 0x41, 0, header + bytes((number,)), octets, tlvs)
        for number, octets in ((1, b"\x00\x01"), (2, b"\x02"))
    )
    assert written(one, two) == Body(4, 0x01, 0, b"", b"\x00\x01\x02", tlvs)


def test_what_the_rules_keep_of_the_first_part_s_header_stays() -> None:
    header = b"\x0b\x00\x03\x01\x02"
    one, two = (
        Body(4, 0x41, 0, header + bytes((number,)) + b"\x05\x04\x0b\x84\x23\xf0", b"x")
        for number in (1, 2)
    )

    def behind_place(body: Body) -> bytes:
        return b"\x06" + body.header[6:]

    whole = Body(4, 0x41, 0, b"\x06\x05\x04\x0b\x84\x23\xf0", b"xx")
    assert written(one, two, header_kept=behind_place) == whole


def test_the_text_is_read_as_the_rules_say() -> None:
    def backwards(parts: Sequence[Message]) -> str:
        return texts_joined(parts)[::-1]

    network = Network(joined=backwards).online(TELKOMSEL)
    assert whole_of(network.batch(*promo("abc", "def"))[-1]).text == "fedcba"


# ---- replace_if_present


REPLACES = structs.replace(esme(1), replaces=True)


def test_a_long_message_replaces_what_waits() -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    old = accepted_id(network.one(mt(TELKOMSEL, esme(1), "Lama")))
    decisions = network.batch(*promo("Promo ", "baru", via=REPLACES))
    whole = whole_of(decisions[-1])
    assert (whole.id, whole.text) == (old, "Promo baru")
    # Its sender knows it by its parts.
    assert accepted_id(decisions[-1]) == whole.parts[-1]
    assert whole.accepted_at == network.now
    waiting = network.state.pending
    assert [one.text for one in waiting.values() if not one.part] == ["Promo baru"]
    ended = network.one(Acknowledged(TELKOMSEL, (whole.id,)))
    assert [one.receipt.message_id for one in stored(ended) if one.receipt] == list(whole.parts)


def test_a_long_message_replaces_a_long_one_whose_parts_end_with_it() -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    old = whole_of(network.batch(*promo("Satu ", "lama"))[-1])
    new = whole_of(network.batch(*promo("Dua ", "baru", via=REPLACES, reference=4))[-1])
    assert (new.id, new.text) == (old.id, "Dua baru")
    assert set(old.parts) < set(new.parts)
    network.one(Acknowledged(TELKOMSEL, (new.id,)))
    assert [one for one in network.state.pending.values() if not one.receipt] == []


def test_a_long_message_of_a_handset_s_esme_replaces_too() -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    first = role_a("Lama", INDOSAT, to=TELKOMSEL)
    assert isinstance(first.via, Esme)
    old = accepted_id(network.one(first))
    again = structs.replace(first, via=structs.replace(first.via, replaces=True))
    whole = whole_of(network.batch(*in_parts(again, "Pesan ", "baru"))[-1])
    assert (whole.id, whole.text) == (old, "Pesan baru")


def test_with_nothing_to_replace_a_long_message_is_a_new_one() -> None:
    network = Network().online(TELKOMSEL)
    whole = whole_of(network.batch(*promo("Promo ", "baru", via=REPLACES))[-1])
    assert whole.id not in whole.parts
    assert whole.text == "Promo baru"
