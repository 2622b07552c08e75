"""Data sessions: opened, closed, ended by the network, and what is recorded of them."""

from __future__ import annotations

import pytest

from gateway.core.causes import Cause
from gateway.core.data_sessions import end_data
from gateway.core.decision import DataSession, DataSessionEnded, Decision
from gateway.core.events import DataClose, DataOpen, Event, Presence
from gateway.core.subscriber import Status, Subscriber
from gateway.store.loading import all_phones_off
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    wib,
)

SINCE = wib(INCOMING_BARRED_AT)


def sessions(*decisions: Decision) -> list[DataSession]:
    """List the sessions that decisions end."""
    return [
        change.session
        for decision in decisions
        for change in decision.changes
        if type(change) is DataSessionEnded
    ]


def opened() -> Network:
    network = Network(INCOMING_BARRED_AT).online(TELKOMSEL)
    assert sessions(network.one(DataOpen(TELKOMSEL, "d1"))) == []
    return network


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (DataClose(TELKOMSEL, "d2"), Cause.NORMAL_CLEARING),
        (Presence(TELKOMSEL, False), Cause.ABSENT_SUBSCRIBER),
    ],
)
def test_a_session_that_ends_is_recorded(event: Event, cause: Cause) -> None:
    network = opened()
    network.now += 90_000
    (session,) = sessions(network.one(event))
    assert session == DataSession(TELKOMSEL, "d1", SINCE, SINCE + 90_000, cause)
    assert network.subscriber(TELKOMSEL).data_since == 0
    assert network.state.touched_sessions == [session]
    assert sessions(network.one(event)) == []


def test_a_session_that_a_stage_ends_is_recorded_with_the_bar() -> None:
    network = opened().at(TOTAL_BARRED_AT)
    (session,) = sessions(*network.catch_up())
    assert session.cause is Cause.OPERATOR_DETERMINED_BARRING
    assert session.ended_at == wib("2018-04-30 00:00")


def test_a_second_open_goes_on_with_the_session() -> None:
    network = opened()
    network.now += 60_000
    network.one(DataOpen(TELKOMSEL, "d2"))
    (session,) = sessions(network.one(DataClose(TELKOMSEL, "d3")))
    assert (session.ref, session.started_at) == ("d2", SINCE)


def test_of_a_session_from_an_earlier_version_the_end_is_known() -> None:
    old = Subscriber(TELKOMSEL, "telkomsel", Status.REGISTERED, 1, data_ref="d1")
    _, (change,) = end_data(old, Cause.NORMAL_CLEARING, 9)
    assert change == DataSessionEnded(DataSession(TELKOMSEL, "d1", 9, 9, Cause.NORMAL_CLEARING))


def test_a_restart_ends_sessions_at_the_last_that_is_known() -> None:
    network = opened()
    all_phones_off(network.state)
    (session,) = network.state.touched_sessions
    assert (session.ref, session.cause) == ("d1", Cause.ABSENT_SUBSCRIBER)
    assert network.subscriber(TELKOMSEL).data_ref == ""
