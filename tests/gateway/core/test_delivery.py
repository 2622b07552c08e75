"""How messages end: who may end them, with which receipt, and what barring does to waiting ones."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.chance import Fixed, Uniform
from gateway.core.decision import (
    NOTED,
    Decision,
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
)
from gateway.core.events import Acknowledged, Lapsed, Presence, Refused
from gateway.core.ledger import Unknown
from gateway.core.subscriber import Status
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    INDOSAT,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    ends,
    esme,
    messages_out,
    mt,
    receipts,
    registration,
    role_a,
    sms,
    stored,
)

DELIVERED, UNDELIVERABLE = MessageState.DELIVERED, MessageState.UNDELIVERABLE
EXPIRED, REJECTED = MessageState.EXPIRED, MessageState.REJECTED


LONG = 100 * 86_400_000


def waiting(
    registered_delivery: int = 0, count: int = 1, validity_ms: int = 86_400_000
) -> tuple[Network, list[Message]]:
    """Messages on their way from an ESME to a phone."""
    network = Network(validity_ms=validity_ms).online(TELKOMSEL)
    decisions = network.batch(*[mt(TELKOMSEL, esme(registered_delivery))] * count)
    return network, [stored(decision)[0] for decision in decisions]


# ---- acknowledged


@pytest.mark.parametrize(("registered_delivery", "wanted"), [(0, False), (1, True), (2, False)])
def test_a_receipt_of_success_is_made_when_the_phone_acknowledged(
    registered_delivery: int, wanted: bool
) -> None:
    network, (message,) = waiting(registered_delivery)
    decision = network.one(Acknowledged(TELKOMSEL, (message.id,)))
    assert decision.answer == NOTED
    assert ends(decision) == [((message.id,), DELIVERED, 0)]
    assert decision.outgoing[0] == MessagesEnded((message.id,), DELIVERED, network.now)
    assert receipts(decision) == ([(message.id, DELIVERED, 0)] if wanted else [])
    assert message.id not in network.state.pending


def test_many_are_acknowledged_at_once() -> None:
    network, messages = waiting(1, count=5)
    ids = tuple(message.id for message in messages)
    decision = network.one(Acknowledged(TELKOMSEL, (*ids, 999)))
    assert ends(decision) == [(ids, DELIVERED, 0)]
    assert [one[0] for one in receipts(decision)] == list(ids)
    shown = ", ".join(str(id_) for id_ in ids[:3])
    assert decision.why == f"{TELKOMSEL} acknowledged: {shown} and 2 more"


def test_an_id_named_twice_ends_once() -> None:
    network, (message,) = waiting(1)
    decision = network.one(Acknowledged(TELKOMSEL, (message.id, message.id)))
    assert ends(decision) == [((message.id,), DELIVERED, 0)]
    assert len(receipts(decision)) == 1


@pytest.mark.parametrize("together", [True, False])
def test_the_second_acknowledgement_finds_nothing(together: bool) -> None:
    network, (message,) = waiting(1)
    twice = [Acknowledged(TELKOMSEL, (message.id,))] * 2
    again = network.batch(*twice)[1] if together else [network.one(one) for one in twice][1]
    assert again == Decision(NOTED, f"{TELKOMSEL} acknowledged nothing that was pending")


@pytest.mark.parametrize("stranger", [INDOSAT, "a2p", "qa"])
def test_a_stranger_s_acknowledgement_is_ignored(stranger: str) -> None:
    network, (message,) = waiting(1)
    decision = network.one(Acknowledged(stranger, (message.id,)))
    assert decision.changes == ()
    assert network.state.pending == {message.id: message}


def test_only_one_s_own_of_the_ids_end() -> None:
    network, (mine,) = waiting()
    network.online(INDOSAT)
    (other,) = stored(network.one(mt(INDOSAT, esme())))
    decision = network.one(Acknowledged(INDOSAT, (mine.id, other.id)))
    assert ends(decision) == [((other.id,), DELIVERED, 0)]
    assert list(network.state.pending) == [mine.id]


def test_a_message_is_acknowledged_in_the_batch_that_made_it() -> None:
    # The gateway never does this; a batch's decisions see those before them all the same.
    network = Network().online(TELKOMSEL)
    first = network.state.next_id
    made, acknowledged = network.batch(mt(TELKOMSEL, esme(1)), Acknowledged(TELKOMSEL, (first,)))
    assert stored(made)[0].id == first
    assert ends(acknowledged) == [((first,), DELIVERED, 0)]
    assert first not in network.state.pending


def test_a_reply_ends_when_its_phone_acknowledged() -> None:
    network = Network().online(TELKOMSEL)
    reply = stored(network.one(sms(TELKOMSEL, "4444", registration(SITI))))[1]
    decision = network.one(Acknowledged(TELKOMSEL, (reply.id,)))
    assert ends(decision) == [((reply.id,), DELIVERED, 0)]
    assert receipts(decision) == []
    assert network.state.pending == {}


def test_an_esme_s_reply_and_receipt_end_by_its_account() -> None:
    network = Network()
    decision = network.one(role_a(registration(SITI), registered_delivery=1))
    reply, receipt = (one for one in stored(decision) if one.kind is not MessageKind.MO)
    assert network.one(Acknowledged(TELKOMSEL, (reply.id, receipt.id))).changes == ()
    ended = network.one(Acknowledged("qa", (reply.id, receipt.id)))
    assert ends(ended) == [((reply.id, receipt.id), DELIVERED, 0)]
    assert receipts(ended) == []


# ---- refused


def test_an_esme_refuses_for_good() -> None:
    network = Network()
    reply = stored(network.one(role_a(registration(SITI))))[1]
    decision = network.one(Refused("qa", reply.id, 0x400))
    assert ends(decision) == [((reply.id,), REJECTED, 32)]
    assert decision.why == f"qa refused with command_status 0x00000400: {reply.id}"


@pytest.mark.parametrize(("by", "offset"), [("a2p", 0), ("qa", 99)])
def test_a_refusal_of_what_is_not_pending_is_ignored(by: str, offset: int) -> None:
    network = Network()
    reply = stored(network.one(role_a(registration(SITI))))[1]
    decision = network.one(Refused(by, reply.id + offset, 0x400))
    assert decision == Decision(NOTED, f"{by} refused nothing that was pending")


# ---- lapsed


@pytest.mark.parametrize(("registered_delivery", "wanted"), [(0, False), (1, True), (2, True)])
def test_a_lapsed_message_is_expired(registered_delivery: int, wanted: bool) -> None:
    network, (message,) = waiting(registered_delivery)
    network.batch(Presence(TELKOMSEL, False))
    network.now = message.valid_until - 1
    assert network.state.due(network.now) == []
    network.now += 1
    assert network.state.due(network.now) == [Lapsed((message.id,))]
    (decision,) = network.catch_up()
    assert ends(decision) == [((message.id,), EXPIRED, 27)]
    assert receipts(decision) == ([(message.id, EXPIRED, 27)] if wanted else [])
    assert decision.why == f"validity ended: {message.id}"


def test_what_ended_before_does_not_lapse() -> None:
    network, (message,) = waiting(1)
    acknowledged, lapsed, twice = network.batch(
        Acknowledged(TELKOMSEL, (message.id,)),
        Lapsed((message.id,)),
        Lapsed((message.id, message.id)),
    )
    assert len(receipts(acknowledged)) == 1
    assert lapsed == twice == Decision(NOTED, "nothing pending had lapsed")


def test_an_id_that_lapses_twice_ends_once() -> None:
    network, (message,) = waiting(1)
    decision = network.one(Lapsed((message.id, message.id)))
    assert len(receipts(decision)) == 1


# ---- barred while it waited


def offline_with_mail(registered_delivery: int) -> tuple[Network, Message, Message]:
    """A phone that went off with an ESME's message and a reply of 4444 waiting."""
    network, (message,) = waiting(registered_delivery, validity_ms=LONG)
    reply = stored(network.one(sms(TELKOMSEL, "4444", "halo")))[1]
    network.batch(Presence(TELKOMSEL, False))
    network.at(INCOMING_BARRED_AT)
    return network, message, reply


def incoming_barred(network: Network) -> Decision:
    (decision,) = (one for one in network.catch_up() if "entered INCOMING_BARRED" in one.why)
    return decision


@pytest.mark.parametrize(("registered_delivery", "wanted"), [(0, False), (1, True), (2, True)])
def test_what_waits_when_incoming_gets_barred_is_undeliverable(
    registered_delivery: int, wanted: bool
) -> None:
    network, message, reply = offline_with_mail(registered_delivery)
    decision = incoming_barred(network)
    assert ends(decision) == [((message.id,), UNDELIVERABLE, 13)]
    assert receipts(decision) == ([(message.id, UNDELIVERABLE, 13)] if wanted else [])
    assert reply.id in network.state.pending


def test_the_receipt_of_a_stage_that_a_jump_passed_waits_from_the_present_on() -> None:
    network, message, _ = offline_with_mail(1)
    network.at(TOTAL_BARRED_AT).catch_up()
    (kept,) = [one for one in network.state.pending.values() if one.receipt is not None]
    assert kept.receipt is not None
    assert (kept.receipt.message_id, kept.receipt.state) == (message.id, UNDELIVERABLE)
    assert kept.valid_until == network.now + network.rules.validity_ms


def test_what_lapsed_before_the_bar_is_expired() -> None:
    # The calendar jumps over both; the order in time decides.
    network, (message,) = waiting(1)
    decisions = network.at(INCOMING_BARRED_AT).catch_up()
    assert [ends(decision) for decision in decisions] == [[((message.id,), EXPIRED, 27)], [], []]


def test_nothing_is_undeliverable_while_only_outgoing_is_barred() -> None:
    network, (message,) = waiting(validity_ms=LONG)
    network.at("2018-03-01 00:00")
    decisions = network.catch_up()
    assert "entered OUTGOING_BARRED" in decisions[0].why
    assert ends(decisions[0]) == []
    assert message.id in network.state.pending


def test_the_phone_of_a_number_that_may_receive_nothing_keeps_no_mail() -> None:
    # A number can be made barred by other ways than ageing: its phone's return ends the mail.
    network, (message,) = waiting(1)
    network.known(TELKOMSEL, status=Status.NEW, has_phone=True)
    decision = network.one(Presence(TELKOMSEL, True))
    assert ends(decision) == [((message.id,), UNDELIVERABLE, 13)]


def test_acknowledging_needs_no_subscriber() -> None:
    network = Network(unknown=Unknown.REFUSE)
    assert network.one(Acknowledged(TELKOMSEL, (1,))).answer == NOTED


# ---- which receipts, and when


@pytest.mark.parametrize(
    ("registered_delivery", "delivered", "failed", "notified"),
    [
        (0x00, False, False, False),
        (0x01, True, True, False),
        (0x02, False, True, False),
        (0x03, True, False, False),
        (0x04, False, False, False),
        (0x0D, True, True, False),
        (0x10, False, False, True),
        (0x11, True, True, True),
        (0x12, False, True, True),
        (0x13, True, False, True),
        (0xFC, False, False, True),
    ],
)
def test_registered_delivery_says_which_receipts_come(
    registered_delivery: int, delivered: bool, failed: bool, notified: bool
) -> None:
    network = Network().online(TELKOMSEL)
    first, second = network.batch(*[mt(TELKOMSEL, esme(registered_delivery))] * 2)
    one, two = (stored(decision)[0].id for decision in (first, second))
    taken = [(one, MessageState.ENROUTE, 0)] if notified else []
    assert receipts(first) == taken
    kept = [made.receipt for made in stored(first) if made.receipt is not None]
    assert all(receipt.intermediate for receipt in kept)
    ended = network.one(Acknowledged(TELKOMSEL, (one,)))
    assert receipts(ended) == ([(one, DELIVERED, 0)] if delivered else [])
    lapsed = network.one(Lapsed((two,)))
    assert receipts(lapsed) == ([(two, EXPIRED, 27)] if failed else [])
    final = [made.receipt for made in stored(ended) + stored(lapsed) if made.receipt is not None]
    assert not any(receipt.intermediate for receipt in final)


def test_a_message_that_ends_at_once_is_notified_of_before_its_receipt() -> None:
    network = Network()
    decision = network.one(mt(TELKOMSEL, esme(0x11)))
    id_ = stored(decision)[0].id
    assert receipts(decision) == [(id_, MessageState.ENROUTE, 0), (id_, DELIVERED, 0)]
    desk = network.one(role_a("halo", registered_delivery=0x11))
    states = [state for _, state, _ in receipts(desk)]
    assert states == [MessageState.ENROUTE, DELIVERED]


def test_what_is_scheduled_is_notified_of_at_its_time() -> None:
    network = Network().online(TELKOMSEL)
    at = network.now + 3_600_000
    kept = network.one(mt(TELKOMSEL, structs.replace(esme(0x10), not_before=at)))
    assert receipts(kept) == []
    network.now = at
    (decision,) = network.catch_up()
    assert receipts(decision) == [(stored(kept)[0].id, MessageState.ENROUTE, 0)]


def test_receipts_are_held_back_as_the_account_s_delay_says() -> None:
    network = Network(receipt_delays={"a2p": Fixed(2_500)})
    decision = network.one(mt(TELKOMSEL, esme(1)))
    (receipt,) = messages_out(decision.outgoing)
    assert receipt.not_before == network.now + 2_500
    assert receipt.valid_until == network.now + 2_500 + network.rules.validity_ms
    other = structs.replace(esme(1), account="other")
    (at_once,) = messages_out(network.one(mt(TELKOMSEL, other)).outgoing)
    assert at_once.not_before == 0


def test_a_delay_is_drawn_for_each_message_and_again_the_same() -> None:
    def delays(seed: int) -> list[int]:
        network = Network(receipt_delays={"a2p": Uniform(1_000, 9_000)}, seed=seed)
        decisions = network.batch(*[mt(TELKOMSEL, esme(1))] * 5)
        return [messages_out(one.outgoing)[0].not_before - network.now for one in decisions]

    drawn = delays(1)
    assert len(set(drawn)) == 5
    assert all(1_000 <= delay <= 9_000 for delay in drawn)
    assert delays(1) == drawn
    assert delays(2) != drawn


def test_a_notification_is_not_held_back() -> None:
    network = Network(receipt_delays={"a2p": Fixed(2_500)}).online(TELKOMSEL)
    decision = network.one(mt(TELKOMSEL, esme(0x10)))
    assert [one.not_before for one in stored(decision) if one.receipt is not None] == [0]


def test_a_long_text_is_in_the_receipt_only_at_its_beginning() -> None:
    network = Network()
    decision = network.one(mt(TELKOMSEL, esme(1), "x" * 500))
    (receipt,) = messages_out(decision.outgoing)
    assert receipt.receipt is not None
    assert receipt.receipt.text == "x" * 160
