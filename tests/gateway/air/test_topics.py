"""A topic names one phone and one kind of frame, or says what to write instead."""

import pytest

from gateway.air.topics import (
    DOWN_FILTER,
    UP_FILTER,
    BadTopic,
    DownKind,
    UpKind,
    down_filter,
    down_topic,
    parse_down,
    parse_up,
    up_topic,
)
from gateway.core.numbers import Msisdn

SITI = Msisdn("6281210000001")


@pytest.mark.parametrize("kind", UpKind)
def test_up_topics_are_read_as_they_are_written(kind: UpKind) -> None:
    assert parse_up(up_topic(SITI, kind)) == (SITI, kind)


@pytest.mark.parametrize("kind", DownKind)
def test_down_topics_are_read_as_they_are_written(kind: DownKind) -> None:
    assert parse_down(down_topic(SITI, kind)) == (SITI, kind)


def test_the_filters_cover_the_topics() -> None:
    assert up_topic(SITI, UpKind.SMS) == "handsets/6281210000001/up/sms"
    assert UP_FILTER == "handsets/+/up/#"
    assert DOWN_FILTER == "handsets/+/down/#"
    assert down_topic(SITI, DownKind.SMS) == "handsets/6281210000001/down/sms"
    assert down_filter(SITI) == "handsets/6281210000001/down/#"


@pytest.mark.parametrize(
    ("topic", "remedy"),
    [
        ("handsets/6281210000001/up", "handsets/MSISDN/up/KIND"),
        ("phones/6281210000001/up/sms", "handsets/MSISDN/up/KIND"),
        ("handsets/6281210000001/down/sms", "handsets/MSISDN/up/KIND"),
        ("handsets/siti/up/sms", "use digits only"),
        ("handsets/+6281210000001/up/sms", "handsets/6281210000001/"),
        ("handsets/081210000001/up/sms", "handsets/6281210000001/"),
        ("handsets/+/up/sms", "its number is none"),
    ],
)
def test_a_topic_without_a_phone_says_what_to_write(topic: str, remedy: str) -> None:
    read = parse_up(topic)
    assert isinstance(read, BadTopic)
    assert remedy in read.why
    assert read.msisdn is None
    assert read.topic == topic


@pytest.mark.parametrize("kind", ["mms", "", "sms/2", "SMS"])
def test_an_unknown_kind_still_names_the_phone(kind: str) -> None:
    read = parse_up(f"handsets/{SITI}/up/{kind}")
    assert isinstance(read, BadTopic)
    assert read.msisdn == SITI
    assert "state, sms, ack, call, data" in read.why


def test_down_topics_are_refused_alike() -> None:
    strange = parse_down(f"handsets/{SITI}/down/mms")
    assert isinstance(strange, BadTopic)
    assert "result, sms, call, data, ussd, barring" in strange.why
    assert isinstance(parse_down(f"handsets/{SITI}/up/sms"), BadTopic)


def test_an_identity_in_a_topic_is_masked_and_a_long_topic_cut() -> None:
    read = parse_up("handsets/3201060401139001/up/sms")
    assert isinstance(read, BadTopic)
    assert read.topic == "handsets/3201********9001/up/sms"
    long = parse_up("x" * 60_000)
    assert isinstance(long, BadTopic)
    assert len(long.topic) == 80
