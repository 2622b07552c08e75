"""What has not ended: found by id, by destination, by long message, by when it is due."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.decision import Facts, Message, MessageKind, MessageState, Questions, Receiver
from gateway.core.events import MoSms, MtSms
from gateway.core.origin import Body, Part, PartKey
from gateway.store.waiting import Waiting, sent_again
from tests.gateway.core.network import INDOSAT, TELKOMSEL, esme

PHONE, LATER, PARTS, ESME = Receiver.PHONE, Receiver.LATER, Receiver.PARTS, Receiver.ESME
KEY = PartKey("a2p", "BANK", TELKOMSEL, "sar", 3, 2)


def message(id_: int, receiver: Receiver = PHONE, **fields: object) -> Message:
    made = Message(
        id_,
        MessageKind.MT,
        "BANK",
        TELKOMSEL,
        "halo",
        receiver,
        MessageState.ENROUTE,
        1,
        valid_until=1_000,
        esme=esme(1),
    )
    return structs.replace(made, **fields)


def part(id_: int, number: int, **fields: object) -> Message:
    return message(id_, PARTS, part=Part(KEY, number), **fields)


def holding(*messages: Message) -> Waiting:
    waiting = Waiting()
    for one in messages:
        waiting.add(one)
    return waiting


def answers(waiting: Waiting, asked: Questions) -> Facts:
    facts = Facts(1)
    waiting.answer(asked, facts)
    return facts


def empty(waiting: Waiting) -> bool:
    """Whether nothing is left of what was held, in any index."""
    counts = set(waiting.queued.values()) <= {0}
    indexes = (waiting.pending, waiting.pending_of, waiting.parts, waiting.whole_of)
    return counts and not any(indexes) and waiting.deliveries_due(1 << 60, 9) == []


# ---- by id and by destination


def test_a_message_is_held_until_it_is_removed() -> None:
    waiting = holding(message(1))
    assert answers(waiting, Questions(message_ids={1, 2})).messages == {1: message(1)}
    assert answers(waiting, Questions(asked_about={1, 2})).messages == {1: message(1)}
    assert waiting.remove(1) == message(1)
    assert waiting.remove(1) is None
    assert empty(waiting)


@pytest.mark.parametrize(
    ("held", "found"),
    [
        (message(1), True),
        (message(1, LATER), True),
        (part(1, 1), True),
        (message(1, ESME), True),
        (message(1, PHONE, esme=None), True),
        # Replies and receipts for ESMEs: nobody asks for them by their destination.
        (message(1, ESME, esme=None), False),
    ],
)
def test_who_waits_for_a_destination(held: Message, found: bool) -> None:
    waiting = holding(held)
    facts = answers(waiting, Questions(pending_of={TELKOMSEL, INDOSAT}))
    assert facts.pending_of == {TELKOMSEL: (1,) if found else (), INDOSAT: ()}
    assert set(facts.messages) == ({1} if found else set())
    waiting.remove(1)
    assert empty(waiting)


def test_ids_of_a_destination_come_in_their_order() -> None:
    waiting = holding(message(1), message(2), message(3))
    waiting.add(message(1, LATER, not_before=5))
    facts = answers(waiting, Questions(pending_of={TELKOMSEL}))
    assert facts.pending_of == {TELKOMSEL: (1, 2, 3)}


def test_a_new_value_takes_the_place_of_the_old() -> None:
    waiting = holding(message(1, LATER, not_before=5))
    waiting.add(message(1, ESME, destination="2000"))
    assert waiting.deliveries_due(9, 9) == []
    asked = Questions(pending_of={TELKOMSEL})
    assert answers(waiting, asked).pending_of == {TELKOMSEL: ()}
    assert waiting.queued == {"a2p": 1}
    waiting.remove(1)
    assert empty(waiting)


# ---- queues


def test_each_account_s_messages_are_counted() -> None:
    other = structs.replace(esme(), account="other")
    waiting = holding(message(1), message(2, LATER), part(3, 1), message(4, esme=other))
    waiting.add(message(5, esme=None))
    asked = Questions(accounts={"a2p", "other", "idle"})
    assert answers(waiting, asked).queued == {"a2p": 3, "other": 1, "idle": 0}
    waiting.remove(3)
    assert answers(waiting, asked).queued["a2p"] == 2


def test_a_whole_does_not_count_besides_its_parts() -> None:
    waiting = holding(part(1, 1), part(2, 2), message(3, parts=(1, 2)))
    assert waiting.queued == {"a2p": 2}
    for id_ in (3, 1, 2):
        waiting.remove(id_)
    assert empty(waiting)


# ---- long messages


def test_parts_are_answered_by_their_long_message() -> None:
    waiting = holding(part(1, 1), part(5, 2))
    other = structs.replace(KEY, reference=4)
    facts = answers(waiting, Questions(parts={KEY, other}))
    assert facts.parts == {KEY: {1: 1, 2: 5}}
    assert set(facts.messages) == {1, 5}
    facts.parts[KEY].clear()
    assert waiting.parts == {KEY: {1: 1, 2: 5}}


@pytest.mark.parametrize("asked", [1, 2, 3])
def test_a_whole_and_its_parts_are_answered_together(asked: int) -> None:
    whole = message(3, parts=(1, 2))
    waiting = holding(part(1, 1), part(2, 2), whole)
    assert waiting.parts == {}
    for questions in (Questions(message_ids={asked}), Questions(asked_about={asked})):
        facts = answers(waiting, questions)
        assert facts.messages == {1: part(1, 1), 2: part(2, 2), 3: whole}
        assert facts.whole_of == {1: 3, 2: 3}


def test_a_part_that_ended_before_its_whole_is_not_answered() -> None:
    waiting = holding(part(1, 1), part(2, 2), message(3, parts=(1, 2)))
    waiting.remove(1)
    facts = answers(waiting, Questions(message_ids={3}))
    assert set(facts.messages) == {2, 3}
    assert facts.whole_of == {2: 3}


def test_a_part_that_ended_is_not_in_the_whole_s_new_value_either() -> None:
    whole = message(3, parts=(1, 2))
    waiting = holding(part(1, 1), part(2, 2), whole)
    waiting.remove(1)
    waiting.add(structs.replace(whole, text="baru"))
    assert waiting.whole_of == {2: 3}
    loaded = holding(part(2, 2), whole)
    assert loaded.whole_of == {2: 3}
    for id_ in (3, 2):
        loaded.remove(id_)
    assert empty(loaded)


def test_a_part_in_another_s_place_is_left_there() -> None:
    waiting = holding(part(1, 1), part(2, 1))
    waiting.remove(1)
    assert waiting.parts == {KEY: {1: 2}}
    waiting.remove(2)
    assert empty(waiting)


# ---- what lapses


def test_what_lapsed_is_listed_until_it_has_ended() -> None:
    waiting = holding(message(1, valid_until=10), message(2, valid_until=20))
    assert waiting.lapsed(9, 9) == []
    assert waiting.lapsed(10, 9) == [1]
    assert waiting.lapsed(10, 9) == [1]
    waiting.remove(1)
    assert waiting.lapsed(19, 9) == []
    assert waiting.lapsed(20, 9) == [2]


def test_what_lapsed_is_listed_in_rounds() -> None:
    waiting = holding(*(message(id_, valid_until=10) for id_ in range(1, 6)))
    assert waiting.lapsed(10, 2) == [1, 2]
    for id_ in (1, 2):
        waiting.remove(id_)
    assert waiting.lapsed(10, 9) == [3, 4, 5]


def test_parts_of_a_whole_do_not_lapse_and_parts_alone_do() -> None:
    waiting = holding(part(1, 1, valid_until=10))
    assert waiting.lapsed(10, 9) == [1]
    waiting.add(part(2, 2, valid_until=10))
    waiting.add(message(3, parts=(1, 2), valid_until=20))
    assert waiting.lapsed(19, 9) == []
    assert waiting.lapsed(20, 9) == [3]


def test_what_has_its_time_before_its_end_is_sent_first() -> None:
    sent = message(1, LATER, not_before=10, valid_until=10)
    lapses = message(2, LATER, not_before=11, valid_until=10)
    waiting = holding(sent, lapses)
    assert waiting.lapsed(99, 9) == [2]


# ---- what has its time


def test_what_is_due_is_listed_in_the_order_of_times() -> None:
    waiting = holding(
        *(
            message(id_, LATER, not_before=at)
            for id_, at in ((1, 30), (2, 10), (3, 20), (4, 10), (5, 99))
        )
    )
    assert [event.id for event in waiting.deliveries_due(30, 9)] == [2, 4, 3, 1]
    assert [event.id for event in waiting.deliveries_due(30, 3)] == [2, 4, 3]
    assert waiting.deliveries_due(9, 9) == []


def test_what_is_due_is_listed_until_it_is_decided() -> None:
    waiting = holding(message(1, LATER, not_before=10), message(2, LATER, not_before=20))
    assert len(waiting.deliveries_due(10, 9)) == 1
    assert len(waiting.deliveries_due(10, 9)) == 1
    waiting.add(message(1))
    assert waiting.deliveries_due(19, 9) == []
    assert [event.id for event in waiting.deliveries_due(20, 9)] == [2]
    waiting.remove(2)
    waiting.add(message(3, LATER, not_before=15))
    assert [event.id for event in waiting.deliveries_due(15, 9)] == [3]


def test_a_message_becomes_its_sender_s_event_anew() -> None:
    via = structs.replace(esme(1), not_before=10, priority=2, replaces=True)
    body = Body(data_coding=4)
    kept = message(7, LATER, not_before=10, esme=via, body=body, reported_as=5)
    now = structs.replace(via, not_before=0)
    assert sent_again(kept) == MtSms("BANK", TELKOMSEL, "halo", now, body=body, id=7, reported_as=5)
    mo = structs.replace(kept, kind=MessageKind.MO, source=INDOSAT, reported_as=0)
    assert sent_again(mo) == MoSms(INDOSAT, TELKOMSEL, "halo", now, body=body, id=7)
