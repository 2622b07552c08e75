"""MQTT 3.1.1 octets, against those of the standard and of paho's own encoder where it has one."""

import pytest

from gateway.air import packets
from gateway.air.packets import (
    ConnAck,
    FramingLost,
    PingResp,
    PubAck,
    Publish,
    SubAck,
    UnsubAck,
    Will,
)

MOST = 1 << 20


def test_connect_has_will_user_and_password_in_the_standards_order() -> None:
    octets = packets.connect("c", 60, Will("w", b"x"), "u", "p")
    assert octets == (
        b"\x10\x19\x00\x04MQTT\x04\xe6\x00\x3c\x00\x01c\x00\x01w\x00\x01x\x00\x01u\x00\x01p"
    )


def test_a_client_without_will_or_user_shows_a_clean_session_only() -> None:
    assert packets.connect("c", 0, None)[9] == 0x02


def test_a_user_may_have_no_password() -> None:
    octets = packets.connect("c", 0, None, "u")
    assert octets[9] == 0x82
    assert octets.endswith(b"\x00\x01c\x00\x01u")


def test_no_password_without_a_user() -> None:
    assert packets.connect("c", 0, None, "", "secret") == packets.connect("c", 0, None)


@pytest.mark.parametrize("size", [0, 100, 121, 122, 16_000, 16_384, 200_000])
@pytest.mark.parametrize("qos", [0, 1])
def test_what_is_published_is_read_as_it_was(size: int, qos: int) -> None:
    octets = packets.publish("a/b", b"x" * size, qos=qos, retain=True, id_=7)
    assert packets.read(octets, MOST) == (
        [Publish("a/b", b"x" * size, qos, True, 7 if qos else 0)],
        b"",
    )


def test_packets_are_read_however_they_are_cut() -> None:
    stream = (
        b"\x20\x02\x00\x00"
        b"\x90\x04\x00\x01\x00\x80"
        b"\x40\x02\x00\x09"
        b"\xb0\x02\x00\x02"
        b"\xd0\x00" + packets.publish("t", b"y" * 300, qos=0, retain=False)
    )
    for cut in range(len(stream) + 1):
        first, rest = packets.read(stream[:cut], MOST)
        second, rest = packets.read(rest + stream[cut:], MOST)
        assert (first + second, rest) == (
            [
                ConnAck(0),
                SubAck(1, b"\x00\x80"),
                PubAck(9),
                UnsubAck(2),
                PingResp(),
                Publish("t", b"y" * 300),
            ],
            b"",
        )


def test_a_topic_that_is_no_text_is_read_as_none_of_ours() -> None:
    assert packets.read(b"\x30\x03\x00\x01\xff", MOST) == ([Publish("\ufffd", b"")], b"")


def test_subscribe_and_puback() -> None:
    assert packets.unsubscribe(1, "a") == b"\xa2\x05\x00\x01\x00\x01a"
    assert packets.subscribe(1, ["a", "b"], qos=1) == b"\x82\x0a\x00\x01\x00\x01a\x01\x00\x01b\x01"
    assert packets.puback(258) == b"\x40\x02\x01\x02"


@pytest.mark.parametrize(
    "octets",
    [
        b"\x30\xff\xff\xff\xff\x01",
        b"\x20\x01\x00",
        b"\x10\x02\x00\x00",
        b"\x34\x05\x00\x01a\x00\x01",
        b"\x30\x03\x00\x09a",
        b"\x30\x00",
        b"\x30\x80\x80\x80\x01",
    ],
    ids=["length", "short", "kind", "qos2", "topic", "empty", "long"],
)
def test_what_is_no_mqtt_ends_the_connection(octets: bytes) -> None:
    with pytest.raises(FramingLost):
        packets.read(octets, MOST)


def test_a_text_that_no_packet_can_hold_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="65535"):
        packets.publish("t" * 65_536, b"", qos=0, retain=False)
