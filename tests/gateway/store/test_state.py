"""The state folded from records: the same whether folded at once or from a prefix and a tail."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from gateway.core.ageing import DAY_MS, SCHEDULES
from gateway.core.decision import CallState, MessageState, Questions, Receiver, Record
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    Cancel,
    DataClose,
    DataOpen,
    Dial,
    Event,
    Lapsed,
    StageDue,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Status, Tries
from gateway.store import state as state_module
from gateway.store.state import State
from tests.gateway.core.network import (
    BUDI,
    INDOSAT,
    OTHER,
    RULES,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    accepted_id,
    esme,
    in_parts,
    mt,
    registration,
    sms,
    stored,
    wib,
)
from tests.properties.happenings import stories
from tests.properties.test_switch import Story, same, same_waiting, tell


def empty() -> State:
    return State(RULES.schedule, RULES.ring_ms)


# ---- replaying


@given(stories)
def test_a_replay_of_the_journal_gives_the_state(story: Story) -> None:
    network, _ = tell(story)
    written = msgspec.json.encode(network.records)
    replayed = empty()
    replayed.apply(msgspec.json.decode(written, type=list[Record]))
    assert same(replayed, network.state)
    assert (replayed.seq, replayed.at) == (network.state.seq, network.state.at)


def test_records_that_are_applied_twice_change_nothing() -> None:
    network = Network().online(TELKOMSEL)
    network.batch(sms(TELKOMSEL, "4444", registration(SITI)), Dial(TELKOMSEL, "112", "c1"))
    once = empty()
    once.apply(network.records)
    once.apply(network.records)
    assert same(once, network.state)


@given(stories, st.data())
def test_a_prefix_and_its_tail_give_the_same_as_all_at_once(
    story: Story, data: st.DataObject
) -> None:
    network, _ = tell(story)
    cut = data.draw(st.integers(0, len(network.records)))
    behind = folded(network.records[:cut])
    behind.remember_answers(network.records[:cut])
    behind.apply(network.records[cut:])
    assert same_to_the_flow(behind, network.state)


@given(stories, st.data())
def test_tables_that_are_ahead_of_what_they_say_give_the_same(
    story: Story, data: st.DataObject
) -> None:
    # A fold was interrupted: the tables hold all, and say that they hold a prefix.
    network, _ = tell(story)
    cut = data.draw(st.integers(0, len(network.records)))
    prefix = empty()
    prefix.apply(network.records[:cut])
    behind = folded(network.records)
    behind.next_id = prefix.next_id
    behind.calls, behind.campaigns = dict(prefix.calls), dict(prefix.campaigns)
    behind.remember_answers(network.records[:cut])
    behind.apply(network.records[cut:])
    assert same_to_the_flow(behind, network.state)


def test_a_part_that_was_cancelled_is_in_no_whole_after_a_restart() -> None:
    network = Network().online(INDOSAT)
    network.batch(*in_parts(mt(INDOSAT, esme()), "Promo ", "besar"))
    network.one(Cancel("a2p", 1, "BANK", "", ""))
    assert network.state.waiting.whole_of == {2: 3}
    assert same_waiting(folded(network.records), network.state)


def folded(records: list[Record]) -> State:
    """Load a state as a store's tables have it after folding these records."""
    tables = empty()
    tables.apply(records)
    subscribers, messages, calls, _ = tables.take_touched()
    loaded = empty()
    for subscriber in subscribers.values():
        loaded.put(subscriber)
    for id_ in sorted(messages):
        if messages[id_].state is MessageState.ENROUTE:
            loaded.keep_pending(messages[id_])
    loaded.calls = {id_: call for id_, call in calls.items() if call.state is not CallState.ENDED}
    loaded.next_id, loaded.campaigns = tables.next_id, dict(tables.campaigns)
    loaded.take_touched()
    return loaded


def same_to_the_flow(one: State, other: State) -> bool:
    return same_waiting(one, other) and all(
        getattr(one, name) == getattr(other, name)
        for name in (
            "seq", "at", "next_id", "subscribers", "numbers_per_nik", "calls", "answers",
            "campaigns",
        )
    )  # fmt: skip


@given(stories, st.integers(0, 100))
def test_what_falls_due_is_the_same_after_a_replay(story: Story, days: int) -> None:
    network, _ = tell(story)
    replayed = empty()
    replayed.apply(network.records)
    then = network.now + days * DAY_MS
    assert in_any_order(replayed.due(then)) == in_any_order(network.state.due(then))


def in_any_order(events: list[Event]) -> set[Event]:
    return {
        structs.replace(event, ids=tuple(sorted(event.ids))) if type(event) is Lapsed else event
        for event in events
    }


# ---- counting by NIK


def test_a_number_that_changes_its_identity_counts_on_the_new_one() -> None:
    network = Network()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    first = (SITI.nik.digits, "telkomsel")
    assert network.state.numbers_per_nik == {first: 1}
    subscriber = network.subscriber(TELKOMSEL)
    network.state.put(structs.replace(subscriber, nik=BUDI.nik))
    assert network.state.numbers_per_nik == {(BUDI.nik.digits, "telkomsel"): 1}
    network.state.put(structs.replace(subscriber, nik=None))
    assert network.state.numbers_per_nik == {}


def numbers_on(network: Network, asker: Msisdn) -> dict[tuple[str, str], tuple[Msisdn, ...]]:
    return network.state.answer(Questions(askers={asker})).numbers_on


def test_a_number_is_answered_which_others_its_nik_has() -> None:
    network = Network(numbers_per_nik=0)
    slot = (SITI.nik.digits, "telkomsel")
    sims = [Msisdn(f"62812100001{index:02}") for index in range(12)]
    for sim in sims:
        network.one(sms(sim, "4444", registration(SITI)))
    assert numbers_on(network, sims[11]) == {slot: tuple(sims[:10])}
    for gone in (sims[0], sims[11]):
        network.state.put(structs.replace(network.subscriber(gone), nik=None))
    assert numbers_on(network, sims[1]) == {slot: tuple(sims[1:10])}
    assert numbers_on(network, sims[0]) == {}
    assert numbers_on(network, OTHER) == {}


def test_a_number_is_answered_about_the_nik_that_failed() -> None:
    network = Network().known(TELKOMSEL, tries=Tries(SITI.nik, BUDI.kk, 5))
    network.one(sms(OTHER, "4444", registration(SITI)))
    facts = network.state.answer(Questions(askers={TELKOMSEL}))
    assert facts.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


# ---- what falls due


def test_what_lapses_before_a_stage_comes_before_it() -> None:
    network = Network("2018-02-28 12:00").online(TELKOMSEL)
    network.batch(mt(TELKOMSEL, esme(validity=3_600_000)), mt(TELKOMSEL, esme()))
    later = wib(TOTAL_BARRED_AT)
    first = network.state.due(later)
    assert first == [Lapsed((1,)), StageDue(TELKOMSEL, wib("2018-03-01 00:00"))]
    network.now = later
    network.batch(*first)
    assert network.state.due(later) == [
        Lapsed((2,)),
        StageDue(TELKOMSEL, wib("2018-04-15 00:00")),
    ]


def test_a_stage_waits_until_all_that_lapsed_before_it_has_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state_module, "_DUE_AT_ONCE", 2)
    network = Network("2018-02-27 12:00").online(TELKOMSEL)
    network.batch(*[mt(TELKOMSEL, esme(validity=1))] * 3)
    network.at("2018-03-01 08:00")
    rounds = []
    while due := network.state.due(network.now):
        rounds.append(due)
        network.batch(*due)
    assert rounds == [
        [Lapsed((1, 2))],
        [Lapsed((3,)), StageDue(TELKOMSEL, wib("2018-03-01 00:00"))],
    ]


def test_a_jump_comes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "_DUE_AT_ONCE", 2)
    network = Network().online(TELKOMSEL, INDOSAT, OTHER)
    network.at(TOTAL_BARRED_AT)
    rounds = []
    while due := network.state.due(network.now):
        rounds.append(len(due))
        network.batch(*due)
    assert rounds == [2, 1, 2, 1, 2, 1]
    assert all(
        network.subscriber(one).announced is BlockStage.TOTAL_BARRED
        for one in (TELKOMSEL, INDOSAT, OTHER)
    )


def test_numbers_with_their_own_notice_age_each_by_its_own() -> None:
    network = Network(schedule=SCHEDULES["permen"])
    network.known(TELKOMSEL, has_phone=True, notice_at=wib("2018-06-01 10:00"))
    network.known(INDOSAT, has_phone=True)
    network.at("2018-12-31 00:00")
    found = []
    while due := network.state.due(network.now):
        found += [event for event in due if type(event) is StageDue]
        network.batch(*due)
    assert [(event.msisdn, event.at) for event in found] == [
        (INDOSAT, wib("2018-03-31 00:00")),
        (INDOSAT, wib("2018-04-15 00:00")),
        (INDOSAT, wib("2018-04-30 00:00")),
        (TELKOMSEL, wib("2018-07-01 00:00")),
        (TELKOMSEL, wib("2018-07-16 00:00")),
        (TELKOMSEL, wib("2018-07-31 00:00")),
    ]


def test_a_number_without_a_phone_needs_no_stages() -> None:
    network = Network()
    network.one(mt(TELKOMSEL, esme()))
    assert network.state.due(wib("2019-01-01 00:00")) == []


def test_a_session_without_presence_is_watched_while_it_lasts() -> None:
    network = Network()
    network.one(DataOpen(TELKOMSEL, "d1"))
    assert network.state.due(wib(TOTAL_BARRED_AT)) == [StageDue(TELKOMSEL, wib("2018-03-01 00:00"))]
    network.one(DataClose(TELKOMSEL, "d2"))
    assert network.state.due(wib(TOTAL_BARRED_AT)) == []


def test_a_registered_phone_ages_no_more() -> None:
    network = Network().online(TELKOMSEL)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    assert not any(type(event) is StageDue for event in network.state.due(wib("2019-01-01 00:00")))


# ---- answers kept for repeats


def test_old_answers_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "ANSWERS_KEPT", 5)
    monkeypatch.setattr(state_module, "_ANSWERS_DROPPED", 3)
    network = Network()
    for number in range(6):
        network.one(DataOpen(TELKOMSEL, f"d{number}"))
    assert list(network.state.answers) == [f"open {TELKOMSEL}/d{number}" for number in (3, 4, 5)]


def test_remembered_answers_change_nothing_else() -> None:
    network = Network()
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    state = empty()
    state.remember_answers(network.records)
    assert state.answers == network.state.answers
    assert (state.seq, state.at) == (network.state.seq, network.state.at)
    assert (state.subscribers, state.pending, state.next_id) == ({}, {}, 1)


# ---- written behind


def test_what_could_not_be_written_is_taken_back_unless_it_is_newer() -> None:
    network = Network().online(TELKOMSEL, INDOSAT)
    network.batch(mt(TELKOMSEL, esme()), mt(INDOSAT, esme()), Dial(TELKOMSEL, INDOSAT, "c1"))
    taken = network.state.take_touched()
    assert network.state.take_touched() == ({}, {}, {}, [])
    network.batch(Acknowledged(TELKOMSEL, (1,)), CallStep(TELKOMSEL, CallAction.HANGUP, 3))
    network.state.give_back(taken)
    subscribers, messages, calls, _ = network.state.take_touched()
    assert subscribers == network.state.subscribers
    assert messages[1].state is MessageState.DELIVERED
    assert messages[2].state is MessageState.ENROUTE
    assert calls[3].state is CallState.ENDED


# ---- single changes


def test_an_end_of_what_is_not_pending_changes_nothing() -> None:
    network = Network().online(TELKOMSEL)
    network.one(mt(TELKOMSEL, esme()))
    before = dict(network.state.touched_messages)
    records = network.records[-1:]
    network.one(Acknowledged(TELKOMSEL, (1,)))
    ended = network.state.touched_messages[1]
    network.state.apply([structs.replace(network.records[-1], seq=99)])
    assert network.state.touched_messages[1] is ended
    assert before[1].state is MessageState.ENROUTE
    assert records


def test_messages_of_esmes_wait_under_no_number() -> None:
    network = Network()
    reply = stored(network.one(sms(TELKOMSEL, "4444", "halo")))[1]
    assert network.state.waiting.pending_of == {TELKOMSEL: {reply.id: None}}
    network.one(mt(INDOSAT, esme(1)))
    assert set(network.state.waiting.pending_of) == {TELKOMSEL}
    assert len(network.state.pending) == 2
    network.one(Acknowledged(TELKOMSEL, (reply.id,)))
    assert network.state.waiting.pending_of == {}


def test_ids_of_calls_are_not_given_again() -> None:
    network = Network()
    call = accepted_id(network.one(Dial(TELKOMSEL, "112", "c1")))
    assert network.state.answer(Questions()).next_id == call + 1


def test_an_unvalidated_number_does_not_age() -> None:
    network = Network().known(
        TELKOMSEL, status=Status.REGISTERED_UNVALIDATED, has_phone=True, nik=SITI.nik
    )
    assert network.state.due(wib("2019-01-01 00:00")) == []


@settings(max_examples=50)
@given(stories)
def test_the_calendar_is_caught_up_in_the_end(story: Story) -> None:
    network, _ = tell(story)
    network.now += 200 * DAY_MS
    network.catch_up()
    assert network.state.due(network.now) == []
    # Receipts of what lapsed just now are on their way, and what was scheduled: it begins to wait.
    pending, whole_of = network.state.pending, network.state.waiting.whole_of
    for one in pending.values():
        # A part waits as long as the whole that it is in.
        assert pending[whole_of.get(one.id, one.id)].valid_until > network.now
        assert one.receiver is not Receiver.LATER


def test_parts_wait_as_long_as_the_scheduled_whole_that_they_are_in() -> None:
    network = Network()
    network.served = {"2000": "qa"}
    now = mt(Msisdn("2000"), esme())
    later = structs.replace(now, via=structs.replace(now.via, not_before=network.now + DAY_MS))
    first, second = in_parts(later, "a", "b")[0], in_parts(now, "a", "b")[1]
    for part in (second, first):
        network.one(part)
    network.now += 200 * DAY_MS
    network.catch_up()
    whole = next(one for one in network.state.pending.values() if one.parts)
    assert whole.receiver is Receiver.ESME
    assert set(network.state.pending) == {whole.id, *whole.parts}
    network.now = whole.valid_until
    network.catch_up()
    assert network.state.pending == {}
