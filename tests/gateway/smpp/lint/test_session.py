from __future__ import annotations

import struct

import pytest

from gateway.smpp.codes import CommandStatus
from gateway.smpp.errors import Rejected
from gateway.smpp.items import Refused
from gateway.smpp.pdu import (
    BindReceiver,
    BindTransceiver,
    DataSm,
    DataSmResp,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    QuerySm,
    SubmitSmResp,
    Tlv,
    Unbind,
)
from tests.gateway.smpp.lint.client import Client, account, counts, good

THROTTLED = CommandStatus.ESME_RTHROTTLED
FULL = CommandStatus.ESME_RMSGQFUL


@pytest.fixture
def client() -> Client:
    return Client(account()).bind()


def raw(command_id: int, sequence: int, body: bytes = b"") -> bytes:
    return struct.pack(">IIII", 16 + len(body), command_id, 0, sequence) + body


def test_a_good_client_has_no_findings(client: Client) -> None:
    client.says(good(2), good(3))
    client.answered(SubmitSmResp(2), SubmitSmResp(3))
    for _ in range(5):
        client.says(EnquireLink(4), after=50)
    (number,) = client.deliver()
    client.says(DeliverSmResp(number))
    client.says(QuerySm(9))
    client.says(Unbind(10))
    client.ends()
    assert client.found == {}
    seen = client.account.seen
    assert (seen.sessions, seen.requests, seen.messages, seen.checked) == (1, 3, 2, 2)
    assert (seen.deliver_answers, seen.enquire_links) == (1, 5)
    assert counts(client.nobody) == {}


# ---- binds and ends


@pytest.mark.parametrize(("version", "count"), [(0x33, 0), (0x34, 0), (0x50, 0), (34, 1), (0, 1)])
def test_interface_versions(version: int, count: int) -> None:
    client = Client(account()).bind(BindTransceiver(1, "qa", "qa", interface_version=version))
    assert client.found.get("interface_version", 0) == count


def test_optional_parameters_of_an_old_client() -> None:
    client = Client(account()).bind(BindTransceiver(1, "qa", "qa", interface_version=0x33))
    client.says(good(2))
    assert client.found == {}
    client.says(DataSm(3, destination_addr="4444", tlvs=(Tlv(0x0424, b"x"),)))
    assert client.found == {"tlvs_before_34": 1}


def test_a_connection_without_a_bind_is_nobodys() -> None:
    client = Client(account())
    client.ends()
    assert counts(client.nobody) == {"never_bound": 1}
    assert client.found == {}


def test_a_refused_bind_and_a_connection_that_we_end_are_no_probes() -> None:
    client = Client(account())
    client.lint.bind_refused(client.account, BindTransceiver(1, "x"), 0x0F, client.now)
    client.ends()
    other = Client(account())
    other.ends(by_us=True)
    assert counts(client.nobody) == counts(other.nobody) == {}
    assert client.found == {"unknown_system_id": 1}


def test_closed_without_unbind(client: Client) -> None:
    client.ends()
    assert client.found == {"no_unbind": 1}


def test_what_we_end_needs_no_unbind(client: Client) -> None:
    client.ends(by_us=True)
    assert client.found == {}


def test_a_session_a_message() -> None:
    one = account()
    for number in range(3):
        client = Client(one, number=number).bind()
        client.says(good(2, b"%d" % number), Unbind(3))
        client.ends()
    assert counts(one) == {"bind_per_message": 1}


# ---- what the session refuses by itself


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (raw(0x111, 2), "unknown_command"),
        (raw(9, 2), "bound_twice"),
        (raw(4, 2, b"\0"), "malformed"),
        (raw(4, 2, b"\0\0\0" + b"1" * 40), "address_too_long"),
        (raw(4, 2, b"\0\1\1\0\1\1" + b"1" * 40), "address_too_long"),
        (raw(4, 2, b"\0\1\1\0\1\1\0\0\0\0\0\0\0\0\0\0\xff" + b"x" * 255), "message_too_long"),
        (raw(4, 2, b"\0\1\1\0\1\1\0\0\0\0\0\0\0\0\0\0\1x\4\x24\0\1y"), "text_twice"),
        (b"\0\0\0\4abcdefghijkl", "framing_lost"),
    ],
)
def test_refused(client: Client, octets: bytes, expected: str) -> None:
    client.octets(octets)
    assert client.found == {expected: 1}


def test_a_request_in_the_wrong_state() -> None:
    client = Client(account()).bind(BindReceiver(1, "qa", "qa"))
    client.says(good(2))
    assert client.found == {"wrong_state": 1}


def test_garbage_before_a_bind_is_nobodys() -> None:
    client = Client(account())
    client.octets(b"GET / HTTP/1.1\r\n")
    client.ends(by_us=True)
    assert counts(client.nobody) == {"framing_lost": 1}


# ---- sequence numbers


def test_a_number_may_come_back_once_it_is_answered(client: Client) -> None:
    for text in (b"a", b"b", b"c"):
        client.says(good(1, text))
        client.answered(SubmitSmResp(1))
    assert client.found == {"sequence_not_rising": 3}
    client.says(good(1, b"d"))
    client.says(good(1, b"e"))
    assert client.found == {"sequence_not_rising": 4, "sequence_repeated": 1}


def test_numbers_of_other_requests_count_in_their_order(client: Client) -> None:
    client.says(QuerySm(2), good(3), QuerySm(4), good(5))
    assert client.found == {}
    client.says(good(6), QuerySm(2))
    assert client.found == {"sequence_not_rising": 1}


# ---- windows and pace


def test_more_on_the_way_than_the_window() -> None:
    client = Client(account(window=2)).bind()
    client.says(good(2), good(3))
    assert client.found == {}
    client.says(good(4))
    assert client.found == {"window_exceeded": 1}


def test_more_on_the_way_than_is_sane(client: Client) -> None:
    client.says(*(good(number) for number in range(2, 1002)))
    assert client.found == {}
    client.says(good(2000))
    assert client.found == {"window_large": 1}


@pytest.mark.parametrize("status", [THROTTLED, FULL])
def test_going_on_at_the_same_pace(client: Client, status: int) -> None:
    for number in range(2, 62):
        client.says(good(number), after=0.05)
        client.answered(SubmitSmResp(number, status if number == 22 else 0))
    client.lint.settle(client.now + 2)
    assert client.found == {"throttle_ignored": 1}


def test_the_pace_of_data_sm_counts_too(client: Client) -> None:
    for number in range(2, 62):
        client.says(DataSm(number, destination_addr="6281234567891"), after=0.05)
        client.answered(DataSmResp(number, THROTTLED if number == 22 else 0))
    client.lint.settle(client.now + 2)
    assert client.found["throttle_ignored"] == 1


def test_slowing_down(client: Client) -> None:
    for number in range(2, 42):
        client.says(good(number), after=0.05 if number < 22 else 0.2)
        client.answered(SubmitSmResp(number, THROTTLED if number == 22 else 0))
    client.says(Unbind(50))
    client.ends()
    assert client.found == {}


def test_a_throttled_request_is_no_malformed_one(client: Client) -> None:
    refused = Refused(Rejected(THROTTLED, 4, 2, "above the rate"))
    client.lint.received([refused], client.session, client.now, 0)
    assert client.found == {}


# ---- enquire_link and silence


def test_silence_without_enquire_link(client: Client) -> None:
    client.says(good(2))
    client.says(good(3), after=61)
    client.says(good(4), after=59)
    assert client.found == {"no_enquire_link": 1}


def test_a_silent_session_is_told_in_a_report(client: Client) -> None:
    client.lint.settle(client.now + 100)
    client.lint.settle(client.now + 110)
    assert client.found == {"no_enquire_link": 1}


def test_answers_to_our_enquire_link_are_not_its_own(client: Client) -> None:
    for _ in range(3):
        number = client.session.enquire_link()
        client.says(EnquireLinkResp(number), after=30)
    client.lint.settle(client.now)
    assert client.found == {"no_enquire_link": 1}


def test_enquire_link_unanswered(client: Client) -> None:
    client.lint.silent(client.now)
    client.ends(by_us=True)
    assert client.found == {"enquire_link_unanswered": 1}


def test_enquire_link_all_the_time(client: Client) -> None:
    client.says(*(EnquireLink(number) for number in range(2, 12)))
    assert client.found == {}
    client.says(EnquireLink(12), EnquireLink(13))
    client.says(EnquireLink(14))
    client.says(EnquireLink(15), after=1)
    assert client.found == {"enquire_link_flood": 1}


# ---- answers


def test_a_response_to_nothing(client: Client) -> None:
    client.says(DeliverSmResp(77), DeliverSmResp(78))
    assert client.found == {"response_to_nothing": 2}


def test_deliver_sm_unanswered_then_late(client: Client) -> None:
    numbers = client.deliver(3)
    assert len(client.session.expire(client.session.window.sent)) == 3
    client.lint.expired(3, client.now)
    client.says(DeliverSmResp(numbers[0]), DeliverSmResp(numbers[1]), after=1)
    client.says(DeliverSmResp(numbers[2]), DeliverSmResp(99), after=1)
    assert client.found == {
        "deliver_unanswered": 3,
        "deliver_late": 3,
        "response_to_nothing": 1,
    }


def test_deliver_sm_answered_with_errors(client: Client) -> None:
    for number in client.deliver(3):
        client.says(DeliverSmResp(number, 8))
    assert client.found == {"deliver_refused": 3}
