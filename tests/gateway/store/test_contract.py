"""What every store does, whichever it is: one suite on all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.decision import Accepted, Denied, MessageState, Questions, Receiver
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    DataClose,
    DataOpen,
    Dial,
    Lapsed,
    MtSms,
    PartKey,
    Presence,
    RingLapsed,
    StageDue,
    VerdictDue,
)
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Status, Subscriber
from gateway.store.memory import MemoryStore
from gateway.store.protocol import Store
from gateway.store.sqlite import SqliteStore
from tests.gateway.core.network import (
    INDOSAT,
    OTHER,
    SITI,
    TELKOMSEL,
    accepted_id,
    esme,
    in_parts,
    mt,
    registration,
    sms,
    stored,
    wib,
)
from tests.gateway.store.writing import RING_MS, SCHEDULE, Writer
from tests.turns import turn

PART_KEY = PartKey("a2p", "BANK", INDOSAT, "sar", 3, 2)


@pytest.fixture(params=["memory", "sqlite", "sqlite-folded"])
async def writer(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Writer]:
    """A writer on each store; the last folds after every commit."""
    store: Store
    if request.param == "memory":
        store = MemoryStore(SCHEDULE, RING_MS)
    else:
        store = SqliteStore(
            tmp_path / "gateway.sqlite3", full=False, schedule=SCHEDULE, ring_ms=RING_MS
        )
    if request.param == "sqlite-folded":
        assert isinstance(store, SqliteStore)
        _fold_after_commit(store)
    await store.open()
    yield Writer(store)
    await store.close()


def _fold_after_commit(store: SqliteStore) -> None:
    commit = store.commit

    async def commit_and_fold(records: object) -> None:
        await commit(records)  # type: ignore[arg-type]
        await store.fold()

    store.commit = commit_and_fold  # type: ignore[method-assign]


async def test_a_new_store_is_empty(writer: Writer) -> None:
    store = writer.store
    assert (store.next_seq(), store.last_at()) == (1, 0)
    assert store.pending() == []
    assert store.due(writer.now) == []
    assert store.subscriber(TELKOMSEL) is None
    assert await store.messages(None, 0, 10) == []
    assert await store.messages(TELKOMSEL, 0, 10) == []
    counts = store.numbers()
    assert counts["records"] == counts["subscribers"] == counts["pending"] == 0
    facts = await store.answer(Questions(msisdns={TELKOMSEL}, niks={("1", "telkomsel")}))
    assert (facts.next_id, facts.subscribers) == (1, {})
    assert facts.numbers_per_nik == {("1", "telkomsel"): 0}


async def test_records_are_numbered_without_gaps(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    assert writer.store.next_seq() == 3
    await writer.at("2018-02-27 08:00").batch(Presence(OTHER, True))
    assert writer.store.next_seq() == 4
    assert writer.store.last_at() == wib("2018-02-27 08:00")
    assert writer.store.numbers()["records"] == 3


async def test_what_is_committed_is_answered(writer: Writer) -> None:
    store = writer.store
    await writer.batch(
        Presence(INDOSAT, True),
        sms(TELKOMSEL, "4444", registration(SITI)),
        mt(INDOSAT, esme()),
    )
    nik = (SITI.nik.digits, "telkomsel")
    facts = await store.answer(
        Questions(
            msisdns={TELKOMSEL, INDOSAT, OTHER},
            niks={nik},
            message_ids={1, 2, 3, 99},
            refs={f"sms {TELKOMSEL}/a1", f"sms {TELKOMSEL}/a2"},
            pending_of={INDOSAT, OTHER},
        )
    )
    assert facts.next_id == 4
    assert set(facts.subscribers) == {TELKOMSEL, INDOSAT}
    assert facts.subscribers[TELKOMSEL].status is Status.REGISTERED
    assert facts.numbers_per_nik == {nik: 1}
    # 1 is the SMS to the desk, which ended at once; 2 its reply; 3 waits for the phone.
    assert set(facts.messages) == {2, 3}
    assert facts.pending_of == {INDOSAT: (3,), OTHER: ()}
    answer, why = facts.answers[f"sms {TELKOMSEL}/a1"]
    assert (answer, set(facts.answers)) == (Accepted(1), {f"sms {TELKOMSEL}/a1"})
    assert "registered on NIK" in why


async def test_pending_messages_of_a_number_come_with_the_messages(writer: Writer) -> None:
    await writer.batch(Presence(INDOSAT, True), mt(INDOSAT, esme()))
    facts = await writer.store.answer(Questions(pending_of={INDOSAT}))
    assert facts.messages[1].destination == INDOSAT


async def test_a_call_is_answered_with_both_its_parties(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    call = accepted_id((await writer.batch(Dial(TELKOMSEL, INDOSAT, "c1")))[0])
    for asked in (Questions(call_ids={call}), Questions(msisdns={INDOSAT})):
        facts = await writer.store.answer(asked)
        assert facts.calls[call].caller == TELKOMSEL
        assert set(facts.subscribers) == {TELKOMSEL, INDOSAT}
    await writer.batch(CallStep(INDOSAT, CallAction.REJECT, call))
    facts = await writer.store.answer(Questions(call_ids={call}, msisdns={INDOSAT}))
    assert facts.calls == {}


async def test_an_emergency_call_is_answered_with_its_caller(writer: Writer) -> None:
    call = accepted_id((await writer.batch(Dial(TELKOMSEL, "112", "c1")))[0])
    facts = await writer.store.answer(Questions(call_ids={call}))
    assert set(facts.subscribers) == {TELKOMSEL}


async def test_facts_are_the_asker_s_own_copy(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), mt(TELKOMSEL, esme()))
    asked = Questions(msisdns={TELKOMSEL}, message_ids={1}, pending_of={TELKOMSEL})
    facts = await writer.store.answer(asked)
    facts.next_id = 100
    facts.subscribers.clear()
    facts.messages.clear()
    facts.pending_of.clear()
    again = await writer.store.answer(asked)
    assert (again.next_id, set(again.subscribers), set(again.messages)) == (2, {TELKOMSEL}, {1})
    assert again.pending_of == {TELKOMSEL: (1,)}


async def test_what_was_decided_but_not_committed_is_nowhere(writer: Writer) -> None:
    await writer.decided(sms(TELKOMSEL, "4444", registration(SITI)))
    assert writer.store.next_seq() == 1
    assert writer.store.subscriber(TELKOMSEL) is None
    assert await writer.store.messages(None, 0, 10) == []


async def test_messages_wait_in_order_until_they_end(writer: Writer) -> None:
    store = writer.store
    await writer.batch(Presence(TELKOMSEL, True), *[mt(TELKOMSEL, esme())] * 3)
    assert [message.id for message in store.pending()] == [1, 2, 3]
    await writer.batch(Acknowledged(TELKOMSEL, (2,)))
    assert [message.id for message in store.pending()] == [1, 3]
    assert store.numbers()["pending"] == 2
    await writer.batch(Acknowledged(TELKOMSEL, (1, 3)))
    assert store.pending() == []


async def test_messages_are_listed_by_number_and_id(writer: Writer) -> None:
    store = writer.store
    await writer.batch(Presence(INDOSAT, True))
    await writer.batch(
        sms(TELKOMSEL, INDOSAT, "satu"),
        sms(INDOSAT, TELKOMSEL, "dua"),
        mt(OTHER, esme(), "tiga"),
        sms(OTHER, INDOSAT, "empat"),
    )

    async def texts(*asked: object) -> list[str]:
        return [message.text for message in await store.messages(*asked)]  # type: ignore[arg-type]

    assert await texts(None, 0, 10) == ["satu", "dua", "tiga", "empat"]
    assert await texts(INDOSAT, 0, 10) == ["satu", "dua", "empat"]
    assert await texts(TELKOMSEL, 0, 10) == ["satu", "dua"]
    assert await texts(OTHER, 0, 10) == ["tiga", "empat"]
    assert await texts(INDOSAT, 1, 10) == ["dua", "empat"]
    assert await texts(INDOSAT, 2, 10) == ["empat"]
    assert await texts(INDOSAT, 4, 10) == []
    assert await texts(INDOSAT, 0, 2) == ["satu", "dua"]
    assert await texts(None, 1, 2) == ["dua", "tiga"]
    assert await texts(None, 0, 0) == []


async def test_a_listed_message_shows_how_it_ended(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), *[mt(TELKOMSEL, esme())] * 2)
    writer.now += 1_000
    await writer.batch(Acknowledged(TELKOMSEL, (1,)))
    ended, waiting = await writer.store.messages(TELKOMSEL, 0, 10)
    assert (ended.state, ended.ended_at) == (MessageState.DELIVERED, writer.now)
    assert (waiting.state, waiting.ended_at) == (MessageState.ENROUTE, 0)


async def test_a_message_to_oneself_is_listed_once(writer: Writer) -> None:
    await writer.batch(sms(TELKOMSEL, TELKOMSEL))
    assert len(await writer.store.messages(TELKOMSEL, 0, 10)) == 1


async def test_subscribers_are_found(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), mt(INDOSAT, esme()))
    phone, other = map(writer.store.subscriber, (TELKOMSEL, INDOSAT))
    assert phone is not None
    assert other is not None
    assert (phone.has_phone, phone.operator) == (True, "telkomsel")
    assert (other.has_phone, other.operator) == (False, "indosat")
    assert writer.store.subscriber(OTHER) is None
    assert writer.store.numbers()["subscribers"] == 2


async def test_stages_fall_due_for_phones_one_at_a_time(writer: Writer) -> None:
    store = writer.store
    await writer.batch(Presence(TELKOMSEL, True), mt(INDOSAT, esme()))
    assert store.due(wib("2018-02-28 23:59")) == []
    first = StageDue(TELKOMSEL, wib("2018-03-01 00:00"))
    assert store.due(wib("2018-12-31 00:00")) == [first]
    writer.at("2018-12-31 00:00")
    await writer.batch(first)
    assert store.due(writer.now) == [StageDue(TELKOMSEL, wib("2018-04-15 00:00"))]
    await writer.catch_up()
    phone = store.subscriber(TELKOMSEL)
    assert phone is not None
    assert phone.announced is BlockStage.TOTAL_BARRED
    assert store.due(writer.now) == []


async def test_messages_and_rings_lapse(writer: Writer) -> None:
    store = writer.store
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    decisions = await writer.batch(
        mt(TELKOMSEL, esme(validity=5_000)), Dial(TELKOMSEL, INDOSAT, "c1")
    )
    message, call = (accepted_id(decision) for decision in decisions)
    assert store.due(writer.now + 4_999) == []
    assert store.due(writer.now + 5_000) == [Lapsed((message,))]
    assert store.due(writer.now + RING_MS) == [RingLapsed(call), Lapsed((message,))]
    writer.now += RING_MS
    await writer.catch_up()
    assert store.pending() == []
    assert store.due(writer.now) == []


async def test_repeats_are_found_over_batches(writer: Writer) -> None:
    first = await writer.batch(DataOpen(TELKOMSEL, "d1"), Dial(TELKOMSEL, "112", "c1"))
    first += await writer.at("2018-03-05 08:00").batch(sms(INDOSAT, TELKOMSEL, ref="s1"))
    again = await writer.batch(
        DataOpen(TELKOMSEL, "d1"), Dial(TELKOMSEL, "112", "c1"), sms(INDOSAT, TELKOMSEL, ref="s1")
    )
    assert [one.answer for one in again] == [one.answer for one in first]
    assert type(again[2].answer) is Denied
    assert all(one.changes == () for one in again)


async def test_any_text_is_kept(writer: Writer) -> None:
    texts = ["", "\x00\x1b", "\u20ac \U0001f600 \u202e", "'; DROP TABLE journal; --", '"\\\n' * 500]
    decisions = await writer.batch(*(mt(TELKOMSEL, esme(), text) for text in texts))
    kept = await writer.store.messages(None, 0, 100)
    assert [message.text for message in kept] == texts
    assert kept == [stored(decision)[0] for decision in decisions]


# ---- what an ESME asks about, schedules, and sends in parts


async def asked_about(writer: Writer, *ids: int) -> dict[int, MessageState]:
    facts = await writer.store.answer(Questions(asked_about=set(ids)))
    assert not set(facts.messages) & set(facts.ended)
    found = facts.messages | facts.ended
    return {id_: found[id_].state for id_ in sorted(found)}


async def test_messages_are_found_however_long_ago_they_ended(writer: Writer) -> None:
    await writer.batch(Presence(INDOSAT, True), mt(TELKOMSEL, esme()), mt(INDOSAT, esme()))
    states = {1: MessageState.DELIVERED, 2: MessageState.ENROUTE}
    assert await asked_about(writer, 1, 2, 99) == states
    await writer.batch(Acknowledged(INDOSAT, (2,)))
    states[2] = MessageState.DELIVERED
    assert await asked_about(writer, 1, 2, 99) == states
    assert await asked_about(writer) == {}


async def test_what_is_pending_is_not_among_the_ended(writer: Writer) -> None:
    await writer.batch(Presence(INDOSAT, True), mt(INDOSAT, esme()))
    facts = await writer.store.answer(Questions(asked_about={1}, message_ids={1}))
    assert (set(facts.messages), facts.ended) == ({1}, {})


async def test_a_scheduled_message_falls_due(writer: Writer) -> None:
    noon = wib("2018-02-26 12:00")
    via = msgspec.structs.replace(esme(), not_before=noon)
    await writer.batch(Presence(INDOSAT, True), mt(INDOSAT, via))
    assert writer.store.due(noon - 1) == []
    (due,) = writer.store.due(noon)
    assert isinstance(due, MtSms)
    assert (due.id, due.via.not_before) == (1, 0)
    writer.now = noon
    await writer.catch_up()
    (pending,) = writer.store.pending()
    assert (pending.id, pending.receiver) == (1, Receiver.PHONE)
    assert [one.id for one in await writer.store.messages(INDOSAT, 0, 10)] == [1]


async def test_a_scheduled_message_comes_before_the_stage_after_it(writer: Writer) -> None:
    via = msgspec.structs.replace(esme(), not_before=wib("2018-02-28 23:00"))
    await writer.batch(Presence(TELKOMSEL, True), mt(TELKOMSEL, via))
    kinds = [type(event) for event in writer.store.due(wib("2018-04-01 00:00"))]
    assert kinds == [MtSms, StageDue]


async def test_parts_are_joined_over_batches(writer: Writer) -> None:
    await writer.batch(Presence(INDOSAT, True))
    first, second = in_parts(mt(INDOSAT, esme(1)), "Promo ", "besar")
    await writer.batch(first)
    facts = await writer.store.answer(Questions(parts={PART_KEY}))
    assert facts.parts == {PART_KEY: {1: 1}}
    assert set(facts.messages) == {1}
    await writer.batch(second)
    assert [(one.id, one.text) for one in writer.store.pending()] == [
        (1, "Promo "),
        (2, "besar"),
        (3, "Promo besar"),
    ]
    assert (await writer.store.answer(Questions(parts={PART_KEY}))).parts == {}
    await writer.batch(Acknowledged(INDOSAT, (3,)))
    assert await asked_about(writer, 1, 2, 3) == dict.fromkeys((1, 2, 3), MessageState.DELIVERED)
    assert [one.receipt and one.receipt.message_id for one in writer.store.pending()] == [1, 2]


async def test_undelivered_messages_are_counted(writer: Writer) -> None:
    await writer.batch(Presence(INDOSAT, True), *[mt(INDOSAT, esme())] * 3)
    await writer.batch(Acknowledged(INDOSAT, (1,)))
    asked = Questions(accounts={"a2p", "other"})
    assert (await writer.store.answer(asked)).queued == {"a2p": 2, "other": 0}


async def test_background_work_ends_when_cancelled(writer: Writer) -> None:
    task = asyncio.create_task(writer.store.run(), name="store")
    await turn()
    await writer.batch(Presence(TELKOMSEL, True))
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert writer.store.subscriber(TELKOMSEL) is not None


async def test_the_journal_is_read_from_any_record_on(writer: Writer) -> None:
    store = writer.store
    await writer.batch(*(Presence(TELKOMSEL, True) for _ in range(3)))
    await writer.batch(Presence(INDOSAT, True))
    whole = [record async for records in store.records() for record in records]
    part = [record async for records in store.records(2) for record in records]
    none = [record async for records in store.records(4) for record in records]
    few = [one async for records in store.records(0, ["no such word", INDOSAT]) for one in records]
    if store.keeps_journal:
        assert [record.seq for record in whole] == [1, 2, 3, 4]
        assert whole[3].event == Presence(INDOSAT, True)
        assert part == whole[2:]
        assert few == whole[3:]
    else:
        assert whole == part == few == []
    assert none == []


async def test_subscribers_are_listed_as_they_are(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), Presence(INDOSAT, True))
    found = writer.store.subscribers()
    assert {one.msisdn for one in found} == {TELKOMSEL, INDOSAT}
    await writer.batch(Presence(TELKOMSEL, False))
    assert all(one.online for one in found)


async def test_subscribers_are_read_page_by_page_as_each_is_then(writer: Writer) -> None:
    await writer.batch(*(Presence(one, True) for one in (INDOSAT, TELKOMSEL, OTHER)))
    store, seen, newcomer = writer.store, list[Subscriber](), Msisdn("6281310000009")
    async for page in store.in_pages(2):
        seen += page
        if len(seen) == 2:
            # One that is read later is as it is now; who comes now is too late.
            await writer.batch(Presence(OTHER, False), Presence(newcomer, True))
    assert [one.msisdn for one in seen] == [INDOSAT, TELKOMSEL, OTHER]
    assert [one.online for one in seen] == [True, True, False]
    rising = [one.msisdn async for page in store.in_order(3) for one in page]
    assert rising == sorted([INDOSAT, TELKOMSEL, OTHER, newcomer])


async def test_calls_and_data_sessions_that_ended_are_read(writer: Writer) -> None:
    await writer.batch(Presence(TELKOMSEL, True), Dial(TELKOMSEL, "112", "c1"))
    await writer.batch(
        CallStep(TELKOMSEL, CallAction.HANGUP, 1),
        Dial(TELKOMSEL, "110", "c2"),
        DataOpen(TELKOMSEL, "d1"),
        DataClose(TELKOMSEL, "d2"),
        DataOpen(TELKOMSEL, "d3"),
    )
    found = [record async for page in writer.store.call_records() for record in page]
    assert [getattr(one, "callee", "") or getattr(one, "ref", "") for one in found] == ["112", "d1"]


async def test_a_pending_verdict_falls_due_in_its_time(writer: Writer) -> None:
    writer.rules = structs.replace(writer.rules, verdict_delay=Fixed(60_000))
    await writer.batch(sms(TELKOMSEL, "4444", registration(SITI)))
    assert writer.store.due(writer.now) == []
    writer.now += 60_000
    assert writer.store.due(writer.now) == [VerdictDue(TELKOMSEL, writer.now)]
    await writer.catch_up()
    found = writer.store.subscriber(TELKOMSEL)
    assert found is not None
    assert (found.status, found.pending) == (Status.REGISTERED, None)
