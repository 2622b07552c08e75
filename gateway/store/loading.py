"""A start: what SQLite's tables have becomes the state; after the journal's tail no phone is on."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.data_sessions import end_data
from gateway.core.decision import Call, CallState, DataSessionEnded, Message
from gateway.core.subscriber import Subscriber
from gateway.store import rows
from gateway.store.history import Fetch
from gateway.store.state import State

# Subscribers that are read at once: one text, made by SQLite while Python does something else.
_SUBSCRIBERS = 10_000


async def load_tables(fetch: Fetch, state: State) -> int:
    """Read all that lives on; gives the number of the last record that the tables have."""
    folded, next_id, use, rounds = (await fetch(rows.HOW_FAR, ()))[0]
    # A row by itself costs more to fetch than to read.
    names: dict[str, str] = {}
    text, last = (await fetch(rows.SUBSCRIBERS_PAGE, (0, _SUBSCRIBERS)))[0]
    while text is not None:
        found = rows.read_list(text, Subscriber)
        _share_names(found, names)
        state.take_in(found)
        text, last = (await fetch(rows.SUBSCRIBERS_PAGE, (last, _SUBSCRIBERS)))[0]
    waiting = "SELECT body FROM messages WHERE state = 'ENROUTE' ORDER BY id"
    for message in rows.read_rows(await fetch(waiting, ()), Message):
        state.keep_pending(message)
    ongoing = f"SELECT body FROM calls WHERE state <> '{CallState.ENDED.value}'"
    for call in rows.read_rows(await fetch(ongoing, ()), Call):
        state.calls[call.id] = call
    state.next_id, state.registry_use = next_id, rows.read_use(use)
    state.campaigns = rows.read_rounds(rounds)
    state.take_touched()
    return int(folded)


def _share_names(subscribers: Iterable[Subscriber], names: dict[str, str]) -> None:
    """Let all subscribers of an operator have one text of its name: 60 octets less for each."""
    for one in subscribers:
        name = names.setdefault(one.operator, one.operator)
        if one.operator is not name:
            structs.force_setattr(one, "operator", name)


def all_phones_off(state: State) -> None:
    """Forget presence, data sessions and calls: no phone has said yet that it is on."""
    for subscriber in list(state.subscribers.values()):
        if subscriber.online or subscriber.data_ref or subscriber.call_id:
            subscriber, ended = end_data(subscriber, Cause.ABSENT_SUBSCRIBER, state.at)
            state.put(structs.replace(subscriber, online=False, call_id=0))
            state.touched_sessions += [
                change.session for change in ended if isinstance(change, DataSessionEnded)
            ]
    for call in list(state.calls.values()):
        state.put_call(
            structs.replace(
                call, state=CallState.ENDED, ended_at=state.at, cause=Cause.ABSENT_SUBSCRIBER
            )
        )
