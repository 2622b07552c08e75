"""How values lie in SQL, and that they come back as they were."""

from __future__ import annotations

import sqlite3

import msgspec

from gateway.core.decision import Call, CallState, Message
from gateway.core.events import Presence
from gateway.core.programme import Campaign, Target
from gateway.store import rows
from tests.gateway.core.network import (
    INDOSAT,
    SITI,
    TELKOMSEL,
    Network,
    esme,
    mt,
    registration,
    role_a,
    sms,
    stored,
)


def messages() -> list[Message]:
    network = Network().online(TELKOMSEL)
    decisions = network.batch(
        sms(TELKOMSEL, "4444", registration(SITI)),
        sms(TELKOMSEL, INDOSAT, ref="a2"),
        mt(TELKOMSEL, esme(1)),
    )
    return [message for decision in decisions for message in stored(decision)]


def test_a_batch_is_one_row() -> None:
    network = Network()
    network.batch(Presence(TELKOMSEL, True), mt(TELKOMSEL, esme()))
    records = network.records
    first, last, at, written = rows.append_row(records)
    assert (first, last, at) == (1, 2, network.now)
    assert rows.read_records(written.decode()) == records


def test_bodies_come_back_as_they_were() -> None:
    made = messages()
    bodies = [(msgspec.json.encode(message).decode(),) for message in made]
    assert rows.read_rows(bodies, Message) == made
    assert rows.read_rows([], Message) == []
    call = Call(1, TELKOMSEL, INDOSAT, CallState.RINGING, 5)
    assert rows.read_calls([(rows.json_rows([call])[1:-1],)]) == [call]


def test_how_far_the_tables_are_comes_back() -> None:
    rounds = {"weekly": Campaign("weekly", "xl", Target.UNVALIDATED, 2.5, 7, 5)}
    seq, next_id, use, written = rows.how_far(9, 4, {"xl": (17591, 3)}, rounds)
    assert (seq, next_id) == (9, 4)
    assert rows.read_use(use.decode()) == {"xl": (17591, 3)}
    assert rows.read_rounds(written.decode()) == rounds


def test_messages_are_found_under_their_mobile_numbers_only() -> None:
    pairs = rows.index_rows(messages())
    by_number = [(TELKOMSEL, 1), (TELKOMSEL, 2), (TELKOMSEL, 3), (TELKOMSEL, 4), (INDOSAT, 3)]
    assert pairs == [(0, int(number), id_) for number, id_ in by_number]


def test_every_json_function_that_the_statements_use_is_in_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    assert connection.execute("SELECT value FROM json_each('[1]')").fetchall() == [(1,)]
    connection.close()


def test_an_ordinary_submit_sm_costs_the_journal_no_more_than_it_says() -> None:
    # What is as by default is not written: most messages are neither long, scheduled nor replaced.
    network = Network()
    network.batch(mt(TELKOMSEL, esme()), role_a("halo"))
    sent, played = msgspec.json.decode(msgspec.json.encode(network.records))
    via = {"type", "account", "session", "source", "destination"}
    assert set(sent["event"]) == {"type", "source", "to", "text", "via"}
    assert set(sent["event"]["via"]) == via
    assert set(played["event"]) == {"type", "sender", "to", "text", "via"}
    assert set(played["event"]["via"]) == via
    for record in (sent, played):
        assert set(record["answer"]) == {"type", "id"}
    plain = {
        "id", "kind", "source", "destination", "text", "receiver", "state", "accepted_at",
        "ended_at", "esme",
    }  # fmt: skip
    messages = [one["message"] for one in sent["changes"] if one["type"] == "message"]
    assert [set(message) for message in messages] == [plain]
