"""One connection's state, without a network."""

import pytest

from gateway.air import packets
from gateway.air.packets import Publish, Will
from gateway.air.session import Came, Manner, Refused, Session, State

ACCEPTED = b"\x20\x02\x00\x00"
MANNER = Manner("user", "word", keepalive=100, patience=10.0)


def session(*filters: str) -> Session:
    return Session("me", filters, Will("gone", b"x"), MANNER)


def state(one: Session) -> State:
    return one.state


def up(one: Session, now: float = 0.0) -> Session:
    one.opened(now)
    one.received(ACCEPTED, now)
    one.outgoing(now)
    if one.filters:
        one.received(bytes((0x90, 2 + len(one.filters), 0, 1)) + bytes(len(one.filters)), now)
    one.outgoing(now)
    assert one.state is State.UP
    return one


def test_it_introduces_itself_subscribes_and_is_up() -> None:
    one = session("a/#", "b")
    one.opened(0.0)
    assert one.outgoing(0.0) == packets.connect("me", 100, Will("gone", b"x"), "user", "word")
    assert one.received(ACCEPTED, 1.0) == Came([], [], [], [])
    assert one.outgoing(1.0) == packets.subscribe(1, ["a/#", "b"])
    assert state(one) is State.SUBSCRIBING
    assert one.received(b"\x90\x04\x00\x01\x00\x00", 2.0) == Came([], [], ["a/#", "b"], [])
    assert state(one) is State.UP
    assert one.outgoing(2.0) == b""


def test_without_filters_it_is_up_at_once() -> None:
    up(session())


def test_many_filters_go_in_several_packets_and_all_are_awaited() -> None:
    one = session(*map(str, range(201)))
    one.opened(0.0)
    one.received(ACCEPTED, 0.0)
    one.received(b"\x90\xca\x01\x00\x01" + bytes(200), 0.0)
    assert state(one) is State.SUBSCRIBING
    one.received(b"\x90\x03\x00\x02\x00", 0.0)
    assert state(one) is State.UP


@pytest.mark.parametrize(
    ("code", "why"), [(4, "wrong user name or password"), (5, "may not"), (9, "return code 9")]
)
def test_a_refused_connection_says_why(code: int, why: str) -> None:
    one = session()
    one.opened(0.0)
    with pytest.raises(Refused, match=why) as refused:
        one.received(bytes((0x20, 2, 0, code)), 0.0)
    assert refused.value.code == code


def test_a_refused_subscription_names_the_filter() -> None:
    one = session("a", "secret")
    one.opened(0.0)
    one.received(ACCEPTED, 0.0)
    came = one.received(b"\x90\x04\x00\x01\x00\x80", 0.0)
    assert (came.granted, came.refused) == (["a"], ["secret"])


def test_a_broker_that_answers_neither_connect_nor_subscribe_nor_ping_is_given_up() -> None:
    one = session("a")
    one.opened(0.0)
    assert one.next_due() == 10.0
    one.tick(9.0)
    with pytest.raises(TimeoutError, match="CONNECT"):
        one.tick(10.0)
    one.received(ACCEPTED, 5.0)
    with pytest.raises(TimeoutError, match="SUBSCRIBE"):
        one.tick(15.0)
    one = up(session(), 5.0)
    assert one.next_due() == 85.0
    one.tick(85.0)
    assert one.outgoing(85.0) == packets.PINGREQ
    with pytest.raises(TimeoutError, match="PINGREQ"):
        one.tick(95.0)


def test_the_answer_to_a_ping_keeps_it_alive() -> None:
    one = up(session())
    one.tick(80.0)
    one.outgoing(80.0)
    one.received(b"\xd0\x00", 81.0)
    assert one.next_due() == 160.0
    one.publish("t", b"")
    one.outgoing(100.0)
    assert one.next_due() == 180.0


def test_at_qos_0_a_message_needs_a_connection() -> None:
    one = session()
    assert one.publish("t", b"1") is None
    up(one)
    assert one.publish("t", b"1", retain=True) == 0
    assert one.outgoing(0.0) == packets.publish("t", b"1", qos=0, retain=True)


def test_at_qos_1_a_message_survives_connections_until_the_broker_has_it() -> None:
    one = session()
    assert one.publish("t", b"1", qos=1) == 1
    one.opened(0.0)
    one.outgoing(0.0)
    one.received(ACCEPTED, 0.0)
    again = packets.publish("t", b"1", qos=1, retain=False, id_=1)
    assert one.outgoing(0.0) == again
    one.lost()
    assert one.state is State.DOWN
    one.opened(1.0)
    one.outgoing(1.0)
    one.received(ACCEPTED, 1.0)
    assert one.outgoing(1.0) == again
    assert one.received(packets.puback(1), 1.0).acknowledged == [1]
    assert one.received(packets.puback(1), 1.0).acknowledged == []
    one.lost()
    one.opened(2.0)
    one.outgoing(2.0)
    one.received(ACCEPTED, 2.0)
    assert one.outgoing(2.0) == b""


def test_messages_of_qos_1_that_nobody_takes_are_bounded() -> None:
    one = session()
    taken = [one.publish("t", b"", qos=1) for _ in range(1001)]
    assert taken == [*range(1, 1001), None]


def test_a_number_that_waits_for_its_acknowledgement_is_not_given_again() -> None:
    one = session()
    assert one.publish("kept", b"", qos=1) == 1
    one.opened(0.0)
    one.received(ACCEPTED, 0.0)
    for number in range(2, 0x10000):
        assert one.publish("t", b"", qos=1) == number
        one.received(packets.puback(number), 0.0)
    assert one.publish("t", b"", qos=1) == 2


def test_a_message_of_qos_1_is_acknowledged() -> None:
    one = up(session("a"))
    octets = packets.publish("a", b"1", qos=1, retain=True, id_=9)
    assert one.received(octets, 0.0).messages == [Publish("a", b"1", 1, True, 9)]
    assert one.outgoing(0.0) == packets.puback(9)


def test_a_message_of_qos_0_is_not() -> None:
    one = up(session("a"))
    octets = packets.publish("a", b"1", qos=0, retain=False)
    assert one.received(octets, 0.0).messages == [Publish("a", b"1")]
    assert one.outgoing(0.0) == b""


def test_filters_come_and_last_over_connections() -> None:
    one = up(session("a"))
    one.subscribe(["b"], 1.0)
    assert one.outgoing(1.0) == packets.subscribe(2, ["b"])
    one.received(b"\x90\x03\x00\x02\x00", 1.0)
    one.lost()
    one.subscribe(["c"], 2.0)
    assert one.filters == ["a", "b", "c"]
    assert one.outgoing(2.0) == b""


def test_filters_end_now_and_for_the_connections_to_come() -> None:
    one = up(session("a", "b"))
    one.unsubscribe("a")
    assert one.filters == ["b"]
    assert one.outgoing(0.0) == packets.unsubscribe(2, "a")
    one.received(b"\xb0\x02\x00\x02", 0.0)
    one.lost()
    one.unsubscribe("b")
    assert one.outgoing(0.0) == b""


def test_messages_come_at_the_qos_that_is_wanted() -> None:
    one = Session("me", ["a"], None, Manner(qos=1))
    one.opened(0.0)
    one.received(ACCEPTED, 0.0)
    assert one.outgoing(0.0).endswith(packets.subscribe(1, ["a"], 1))


def test_it_says_goodbye_where_there_is_somebody() -> None:
    one = session()
    one.leave()
    assert one.outgoing(0.0) == b""
    one.tick(1e9)
    up(one).leave()
    assert one.outgoing(0.0) == packets.DISCONNECT
