"""Each way to break a PDU breaks it as it says, and the codec survives all of them."""

from __future__ import annotations

import struct

import pytest

from gateway.core.faults import Form
from gateway.links.smpp_malformed import malformed
from gateway.smpp.codec import encode
from gateway.smpp.codes import CommandId, CommandStatus
from gateway.smpp.pdu import DeliverSm, SubmitSmResp
from gateway.smpp.session import Role, Session

RESPONSE = encode(SubmitSmResp(7, 0, "1234"))
REQUEST = encode(DeliverSm(7, source_addr="4444", destination_addr="1", short_message=b"x"))
ERROR = encode(SubmitSmResp(7, CommandStatus.ESME_RSYSERR))


def header(frame: bytes) -> tuple[int, int, int, int]:
    """Give length, id, status and sequence number."""
    length, command_id, status, sequence = struct.unpack_from(">IIII", frame)
    return length, command_id, status, sequence


def test_a_bad_length_is_shorter_than_a_header() -> None:
    broken = malformed(RESPONSE, Form.BAD_LENGTH)
    assert header(broken) == (15, *header(RESPONSE)[1:])
    assert broken[4:] == RESPONSE[4:]


@pytest.mark.parametrize(
    ("frame", "command_id"), [(RESPONSE, 0x80000F00), (REQUEST, 0x00000F00), (ERROR, 0x80000F00)]
)
def test_an_unknown_command_is_in_no_specification(frame: bytes, command_id: int) -> None:
    broken = malformed(frame, Form.UNKNOWN_COMMAND)
    assert header(broken)[1] == command_id
    assert command_id not in {known.value for known in CommandId}


def test_a_response_has_the_number_of_no_request() -> None:
    assert header(malformed(RESPONSE, Form.WRONG_SEQUENCE))[3] == 0x40000007
    high = encode(SubmitSmResp(0x7FFFFFFF, 0, "1"))
    assert header(malformed(high, Form.WRONG_SEQUENCE))[3] == 0x40000000


def test_a_request_has_no_number() -> None:
    assert header(malformed(REQUEST, Form.WRONG_SEQUENCE))[3] == 0


def test_a_cut_pdu_has_the_length_of_what_is_there() -> None:
    broken = malformed(RESPONSE, Form.CUT)
    assert broken[16:] == b"12"
    assert header(broken)[0] == len(broken) == 18


def test_without_a_body_nothing_is_cut() -> None:
    assert malformed(ERROR, Form.CUT) == ERROR


def test_half_a_pdu_is_left_of_it() -> None:
    assert malformed(RESPONSE, Form.STALL) == RESPONSE[: len(RESPONSE) // 2]


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("frame", [RESPONSE, REQUEST, ERROR])
def test_our_own_codec_survives_it(form: Form, frame: bytes) -> None:
    session = Session(Role.ESME)
    session.receive(malformed(frame, form) + frame)
