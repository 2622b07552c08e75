"""What holds whatever happens, in whichever order: the switch over random stories."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gateway.core.ageing import DAY_MS, stage_at
from gateway.core.barring import BARRED
from gateway.core.chance import Uniform
from gateway.core.decision import (
    Accepted,
    CallState,
    Change,
    Decision,
    Message,
    MessageKind,
    MessagesEnded,
    MessageState,
    MessageStored,
    Receiver,
    TakenByDesk,
)
from gateway.core.events import DataOpen, Dial, Esme, Event, MoSms, Replace
from gateway.core.numbers import EMERGENCY_NUMBERS, is_msisdn
from gateway.core.subscriber import Service
from gateway.store.state import State
from tests.gateway.core.network import Network, messages_out, stored
from tests.properties.happenings import SERVED, batches, stories

Story = list[tuple[float, list[Event]]]
Told = list[tuple[int, Event | None, Decision]]


def tell(story: Story) -> tuple[Network, Told]:
    """Let a story happen; gives each decision with its time and event (None for what fell due)."""
    network = Network(queues={"a2p": 9}, receipt_delays={"qa": Uniform(0, 5_000)})
    network.served = SERVED
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
            "touched_sessions", "campaigns",
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
        and mine.whole_of == others.whole_of
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
    # A message that waits may be stored anew: replaced, or decided when its time has come.
    _, told = tell(story)
    waiting: set[int] = set()
    last = 0
    for _, _, decision in told:
        for change in decision.changes:
            match change:
                case TakenByDesk(id_):
                    assert id_ > last
                    last = id_
                case MessageStored(message):
                    assert message.id > last or message.id in waiting
                    last = max(last, message.id)
                    if message.state is MessageState.ENROUTE:
                        waiting.add(message.id)
                    else:
                        waiting.discard(message.id)
                case MessagesEnded(ids):
                    waiting.difference_update(ids)
                case _:
                    pass


@given(stories)
def test_every_message_ends_once_at_most_and_what_waits_has_not(story: Story) -> None:
    network, told = tell(story)
    made = {message.id: message for _, _, decision in told for message in stored(decision)}
    ended = Counter(one.id for _, _, decision in told for one in ended_by(decision, made))
    assert all(count == 1 for count in ended.values())
    assert set(network.state.pending) == set(made) - set(ended)
    assert set(ended) <= set(made)


def ended_by(decision: Decision, made: dict[int, Message]) -> list[Message]:
    """List what a decision ends, as it is then; `made` has what was made until now."""
    ended: list[Message] = []
    for change in decision.changes:
        match change:
            case TakenByDesk(id_):
                ended.append(made[id_])
            case MessageStored(message) if message.state is not MessageState.ENROUTE:
                ended.append(message)
            case MessagesEnded(ids, state, _, error):
                ended += [structs.replace(made[id_], state=state, error=error) for id_ in ids]
            case _:
                pass
    return ended


def wants_receipt(message: Message) -> bool:
    wanted = message.esme.registered_delivery & 3 if message.esme is not None else 0
    if message.state is MessageState.DELIVERED:
        return wanted in (1, 3)
    return wanted in (1, 2)


@given(stories)
def test_receipts_are_made_exactly_as_asked_when_a_message_ends(story: Story) -> None:
    _, told = tell(story)
    made: dict[int, Message] = {}
    for _, _, decision in told:
        made |= {message.id: message for message in stored(decision)}
        wanted = Counter(
            (one.reported_as or one.id, one.state, one.error, one.text[:160])
            for one in ended_by(decision, made)
            if wants_receipt(one)
        )
        receipts = [one.receipt for one in stored(decision) if one.receipt is not None]
        final = [one for one in receipts if not one.intermediate]
        assert wanted == Counter((one.message_id, one.state, one.error, one.text) for one in final)


@given(stories)
def test_a_message_is_notified_of_once_if_asked_when_it_is_taken(story: Story) -> None:
    _, told = tell(story)
    for _, event, decision in told:
        wanted = Counter(
            one.reported_as or one.id
            for one in stored(decision)
            if one.esme is not None
            and one.esme.registered_delivery & 0x10
            and one.receiver is not Receiver.LATER
            and type(event) is not Replace
        )
        receipts = [one.receipt for one in stored(decision) if one.receipt is not None]
        assert wanted == Counter(one.message_id for one in receipts if one.intermediate)


@given(stories)
def test_parts_wait_for_others_or_for_the_whole_that_they_are_in(story: Story) -> None:
    network, _ = tell(story)
    waiting = network.state.waiting
    apart = {id_ for known in waiting.parts.values() for id_ in known.values()}
    parts = {one.id for one in waiting.pending.values() if one.receiver is Receiver.PARTS}
    assert apart | set(waiting.whole_of) == parts
    assert not apart & set(waiting.whole_of)
    for part, whole in waiting.whole_of.items():
        assert part in waiting.pending[whole].parts
    assert all(1 <= len(known) < key.total for key, known in waiting.parts.items())


@given(stories)
def test_an_account_s_undelivered_messages_are_counted_and_limited(story: Story) -> None:
    network, _ = tell(story)
    counts = Counter(
        one.esme.account
        for one in network.state.pending.values()
        if one.esme is not None and not one.parts
    )
    queued = network.state.waiting.queued
    assert counts == {account: count for account, count in queued.items() if count}
    assert counts["a2p"] <= 9


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
    for at, event, decision in told:
        replies = [one for one in stored(decision) if one.kind is MessageKind.REPLY]
        taken = [one for one in stored(decision) if one.receiver is Receiver.DESK]
        assert len(replies) == len(taken)
        for reply in replies:
            assert len(reply.text) <= 160
            assert reply in messages_out(decision.outgoing)
        if type(event) is MoSms and event.to == "4444" and decision.changes:
            via = event.via
            kept = event.part is not None or (type(via) is Esme and via.not_before > at)
            assert kept or len(taken) == 1


@given(stories)
def test_what_leaves_was_stored_by_the_same_decision(story: Story) -> None:
    _, told = tell(story)
    for _, _, decision in told:
        waiting = [one for one in stored(decision) if one.state is MessageState.ENROUTE]
        assert carried(messages_out(decision.outgoing)) == carried(waiting)


def carried(messages: list[Message]) -> list[Message]:
    """List by id what a link could take: not what waits for its time, or for other parts."""
    taken = [one for one in messages if one.receiver in (Receiver.PHONE, Receiver.ESME)]
    return sorted(taken, key=lambda one: one.id)


def spelled_out(decisions: list[Decision]) -> list[Decision]:
    """Write what the desk took in full: in which form it is noted depends on who asks for it."""
    return [
        structs.replace(one, changes=tuple(in_full(change, one) for change in one.changes))
        for one in decisions
    ]


def in_full(change: Change, decision: Decision) -> Change:
    if type(change) is not TakenByDesk:
        return change
    (message,) = (one for one in stored(decision) if one.id == change.id)
    return MessageStored(message)


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
    assert spelled_out(decisions) == spelled_out([apart.one(event) for event in events])
    assert same(together.state, apart.state)


@given(stories)
def test_identities_are_in_no_line_for_people(story: Story) -> None:
    _, told = tell(story)
    for _, _, decision in told:
        assert not any(len(word) == 16 and word.isdigit() for word in decision.why.split())
