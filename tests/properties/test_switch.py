"""What holds whatever happens, in whichever order: the switch over random stories."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.core.ageing import DAY_MS, stage_at
from gateway.core.barring import BARRED
from gateway.core.decision import (
    Accepted,
    CallState,
    Decision,
    Message,
    MessageKind,
    MessageState,
    Receiver,
)
from gateway.core.events import DataOpen, Dial, Event, MoSms
from gateway.core.numbers import EMERGENCY_NUMBERS, is_msisdn
from gateway.core.subscriber import Service
from gateway.store.state import State
from tests.gateway.core.network import Network, ends, messages_out, stored
from tests.properties.happenings import batches, stories

Story = list[tuple[float, list[Event]]]
Told = list[tuple[int, Event | None, Decision]]


def tell(story: Story) -> tuple[Network, Told]:
    """Let a story happen; gives each decision with its time and event (None for what fell due)."""
    network = Network()
    told: Told = []
    for days, batch in story:
        network.now += round(days * DAY_MS)
        told += [(network.now, None, decision) for decision in network.catch_up()]
        decisions = network.batch(*batch)
        told += zip([network.now] * len(batch), batch, decisions, strict=True)
    return network, told


def same(one: State, other: State) -> bool:
    """Whether two states are the same to everybody who asks them."""
    return same_waiting(one, other) and all(
        getattr(one, name) == getattr(other, name)
        for name in (
            "next_id", "subscribers", "numbers_per_nik", "calls",
            "answers", "touched_subscribers", "touched_messages", "touched_calls",
        )
    )  # fmt: skip


def same_waiting(one: State, other: State) -> bool:
    """Whether the same messages wait in both, for the same."""
    mine, others = one.waiting, other.waiting
    counted = {account: count for account, count in mine.queued.items() if count}
    return (
        mine.pending == others.pending
        and mine.pending_of == others.pending_of
        and mine.parts == others.parts
        and counted == {account: count for account, count in others.queued.items() if count}
    )


@given(stories)
def test_no_nik_has_more_than_three_numbers_of_an_operator(story: Story) -> None:
    network, _ = tell(story)
    held = Counter(
        (one.nik.digits, one.operator)
        for one in network.state.subscribers.values()
        if one.nik is not None
    )
    assert all(count <= 3 for count in held.values())
    assert held == network.state.numbers_per_nik


@given(stories)
def test_a_number_is_registered_exactly_when_it_has_an_identity(story: Story) -> None:
    network, _ = tell(story)
    for one in network.state.subscribers.values():
        assert one.status.registered is (one.nik is not None) is (one.registered_at is not None)


@given(stories)
def test_ids_rise_and_are_given_once(story: Story) -> None:
    _, told = tell(story)
    ids = [message.id for _, _, decision in told for message in stored(decision)]
    assert ids == sorted(set(ids))


@given(stories)
def test_every_message_ends_once_at_most_and_what_waits_has_not(story: Story) -> None:
    network, told = tell(story)
    ended = Counter(id_ for _, _, decision in told for ids, _, _ in ends(decision) for id_ in ids)
    assert all(count == 1 for count in ended.values())
    made = {message.id: message for _, _, decision in told for message in stored(decision)}
    waiting = {id_ for id_, one in made.items() if one.state is MessageState.ENROUTE} - set(ended)
    assert set(network.state.pending) == waiting
    assert set(ended) <= set(made)


@given(stories)
def test_a_message_has_one_receipt_at_most_and_only_if_asked(story: Story) -> None:
    network, told = tell(story)
    made = {message.id: message for _, _, decision in told for message in stored(decision)}
    receipts = Counter(
        message.receipt.message_id for message in made.values() if message.receipt is not None
    )
    assert all(count == 1 for count in receipts.values())
    for message in made.values():
        esme = message.esme
        wanted = (esme.registered_delivery & 3) if esme is not None else 0
        final = [
            one.receipt
            for one in made.values()
            if one.receipt is not None and one.receipt.message_id == message.id
        ]
        if message.id in network.state.pending or wanted == 0:
            assert receipts[message.id] == 0
        elif wanted == 3:
            assert all(one.state is MessageState.DELIVERED for one in final)
        elif wanted == 1:
            assert receipts[message.id] == 1


@given(stories)
def test_calls_and_their_parties_agree(story: Story) -> None:
    network, _ = tell(story)
    state = network.state
    parties = {
        (party, call.id)
        for call in state.calls.values()
        for party in (call.caller, call.callee)
        if is_msisdn(party)
    }
    in_calls = {(one.msisdn, one.call_id) for one in state.subscribers.values() if one.call_id}
    assert in_calls == parties
    assert all(call.state is not CallState.ENDED for call in state.calls.values())


def barred(network: Network, msisdn: str, service: Service, at: int) -> bool:
    one = network.state.subscribers.get(msisdn)  # type: ignore[call-overload]
    return one is not None and service in BARRED[stage_at(network.rules.schedule, one, at)]


@given(stories)
def test_nobody_is_let_through_whom_the_stage_of_that_time_bars(story: Story) -> None:
    # Who is unregistered at the end of a story was so at any time before.
    network, told = tell(story)
    for at, event, decision in told:
        if type(decision.answer) is not Accepted or decision.changes == ():
            continue
        match event:
            case MoSms() if event.to != "4444":
                assert not barred(network, event.sender, Service.MO_SMS, at)
            case Dial() if event.to not in EMERGENCY_NUMBERS:
                assert not barred(network, event.caller, Service.MO_CALL, at)
            case DataOpen():
                assert not barred(network, event.msisdn, Service.DATA, at)
            case _:
                pass


@given(stories)
def test_nothing_is_on_its_way_to_who_may_not_get_it(story: Story) -> None:
    network, _ = tell(story)
    network.catch_up()
    for message in network.state.pending.values():
        if message.receiver is Receiver.PHONE and message.source != "4444":
            assert not barred(network, message.destination, Service.MT_SMS, network.now)
    for one in network.state.subscribers.values():
        if one.data_ref:
            assert not barred(network, one.msisdn, Service.DATA, network.now)


@given(stories)
def test_every_sms_to_4444_is_answered_once_or_refused(story: Story) -> None:
    _, told = tell(story)
    for _, event, decision in told:
        if type(event) is MoSms and event.to == "4444" and decision.changes:
            replies = [one for one in stored(decision) if one.kind is MessageKind.REPLY]
            assert len(replies) == 1
            assert len(replies[0].text) <= 160
            assert replies[0] in messages_out(decision.outgoing)


@given(stories)
def test_what_leaves_was_stored_by_the_same_decision(story: Story) -> None:
    _, told = tell(story)
    for _, _, decision in told:
        waiting = [one for one in stored(decision) if one.state is MessageState.ENROUTE]
        assert by_id(messages_out(decision.outgoing)) == by_id(waiting)


def by_id(messages: list[Message]) -> list[Message]:
    return sorted(messages, key=lambda one: one.id)


@settings(max_examples=200)
@given(stories, batches, st.data())
def test_a_batch_decides_as_its_events_one_by_one(
    story: Story, batch: list[Event], data: st.DataObject
) -> None:
    together, _ = tell(story)
    apart, _ = tell(story)
    together.now = apart.now = together.now + data.draw(st.sampled_from([0, 30 * DAY_MS]))
    due = list(together.state.due(together.now))
    events = data.draw(st.permutations([*batch, *due]))
    decisions = together.batch(*events)
    assert decisions == [apart.one(event) for event in events]
    assert same(together.state, apart.state)


@given(stories)
def test_identities_are_in_no_line_for_people(story: Story) -> None:
    _, told = tell(story)
    for _, _, decision in told:
        assert not any(len(word) == 16 and word.isdigit() for word in decision.why.split())
