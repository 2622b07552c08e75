"""What a record stores: in full, or as the event that it is of."""

from __future__ import annotations

from gateway.core.decision import MessageStored, TakenByDesk
from gateway.core.message import MessageKind, MessageState, Receiver
from gateway.core.stored import stored
from tests.gateway.core.network import SITI, TELKOMSEL, Network, registration, role_a


def test_what_the_desk_took_is_told_by_its_event() -> None:
    network = Network()
    network.one(role_a(registration(SITI)))
    record = network.records[-1]
    kinds = [type(change) for change in record.changes]
    assert kinds.count(TakenByDesk) == kinds.count(MessageStored) == 1
    taken, reply = stored(record)
    assert (taken.kind, taken.source, taken.destination) == (MessageKind.MO, TELKOMSEL, "4444")
    assert (taken.receiver, taken.state) == (Receiver.DESK, MessageState.DELIVERED)
    assert (taken.text, taken.accepted_at) == (registration(SITI), network.now)
    assert taken == network.state.touched_messages[taken.id]
    assert reply.kind is MessageKind.REPLY


def test_other_changes_store_nothing() -> None:
    network = Network()
    network.online(TELKOMSEL)
    assert stored(network.records[-1]) == []
