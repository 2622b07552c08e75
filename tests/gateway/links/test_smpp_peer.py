"""One connection, on a transport that shows what is done to it."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from gateway.config import AccountConfig, LimitsConfig
from gateway.links.smpp_peer import SmppPeer
from gateway.links.smpp_pipe import LINGER
from tests.gateway.links.esme import (
    BIND_TRX,
    BIND_TX,
    DELIVER_SM,
    ENQUIRE_LINK,
    REG,
    RESP,
    SUBMIT_SM,
    UNBIND,
    bind_body,
    c,
    pdu,
    submit_body,
)
from tests.gateway.links.wire import Line, Steady, Wire, turns

HANDSET = "6281234567890"


@pytest.fixture
async def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    return Steady(monkeypatch)


async def test_one_write_for_all_answers_and_deliveries() -> None:
    line = Line()
    await line.bind()
    body = submit_body(HANDSET, "4444", REG)
    await line.say(*(pdu(SUBMIT_SM, n, body) for n in range(2, 12)))
    assert len(line.wire.writes) == 1
    await line.decide()
    assert len(line.wire.writes) == 2
    assert line.wire.writes[1].count(b"\x80\x00\x00\x04") == 10
    assert line.wire.writes[1].count(b"Selamat") == 1
    line.peer.connection_lost(None)


async def test_refused_and_accepted_of_one_read() -> None:
    line = Line()
    await line.bind()
    good, bad = submit_body(HANDSET, "4444", REG), submit_body(HANDSET, "")
    with capture_logs() as logs:
        at_once = await line.say(
            pdu(SUBMIT_SM, 2, bad), pdu(SUBMIT_SM, 3, good), pdu(SUBMIT_SM, 4, bad)
        )
    assert at_once == pdu(SUBMIT_SM | RESP, 2, status=0x0B) + pdu(SUBMIT_SM | RESP, 4, status=0x0B)
    (told,) = [entry for entry in logs if entry["event"] == "refused"]
    assert told["count"] == 2
    assert told["first"].startswith("ESME_RINVDSTADR: destination ''")
    await line.decide()
    assert line.wire.writes[-1].startswith(pdu(SUBMIT_SM | RESP, 3, c("1")))
    line.peer.connection_lost(None)


async def test_paused_writing_pauses_reading_and_deliveries() -> None:
    line = Line(window=1)
    await line.bind()
    body = submit_body(HANDSET, "4444", REG)
    await line.say(pdu(SUBMIT_SM, 2, body), pdu(SUBMIT_SM, 3, body))
    line.peer.pause_writing()
    assert line.wire.pauses == 1
    await line.decide()
    assert DELIVER_SM.to_bytes(4, "big") not in line.wire.writes[-1][4:8]
    assert b"Selamat" not in line.wire.writes[-1]
    line.peer.resume_writing()
    await turns()
    assert line.wire.resumes == 1
    assert b"Selamat" in line.wire.writes[-1]
    line.peer.connection_lost(None)


async def test_a_range_leads_to_a_receiver_while_it_is_bound() -> None:
    line = Line()
    await line.say(pdu(BIND_TRX, 1, bind_body("qa", "qa", address_range="^55")))
    assert line.exchange.route("5555") == "qa"
    assert line.exchange.route("4444") == "reg4444"
    line.peer.connection_lost(None)
    assert line.exchange.route("5555") is None


async def test_a_transmitter_has_no_range() -> None:
    line = Line()
    await line.say(pdu(BIND_TX, 1, bind_body("qa", "qa", address_range="^55")))
    assert line.exchange.route("5555") is None
    line.peer.connection_lost(None)


async def test_a_transmitter_gets_no_deliveries() -> None:
    line = Line()
    await line.say(pdu(BIND_TX, 1, bind_body("qa", "qa")))
    line.peer.pause_writing()
    line.peer.resume_writing()
    await line.say(pdu(SUBMIT_SM, 2, submit_body(HANDSET, "4444", REG)))
    await line.decide()
    assert line.wire.writes[-1] == pdu(SUBMIT_SM | RESP, 2, c("1"))
    line.peer.connection_lost(None)


async def test_response_timer_passes_over_what_was_answered(steady: Steady) -> None:
    line = Line(response_timeout=2, enquire_link_interval=0)
    await line.bind()
    await line.say(pdu(SUBMIT_SM, 2, submit_body(HANDSET, "4444", REG)))
    await line.decide()
    await line.say(pdu(DELIVER_SM | RESP, 1, c("")))
    with capture_logs() as logs:
        await steady.passes(5)
    assert logs == []
    line.peer.connection_lost(None)


async def test_paused_before_the_bind() -> None:
    line = Line()
    line.peer.pause_writing()
    line.peer.resume_writing()
    assert line.wire.reading
    await line.bind()
    line.peer.connection_lost(None)
    assert line.gone == [line.peer]


async def test_answers_after_the_connection_is_lost_go_nowhere() -> None:
    line = Line()
    await line.bind()
    await line.say(pdu(SUBMIT_SM, 2, submit_body(HANDSET, "4444", REG)))
    line.peer.connection_lost(ConnectionResetError("gone"))
    line.wire.closing = True
    written = len(line.wire.writes)
    await line.decide()
    assert len(line.wire.writes) == written
    assert line.parts.courier.waiting() == 1


async def test_a_peer_that_is_gone_before_it_is_met() -> None:
    line = Line()
    wire = Wire(peername=None)
    peer = SmppPeer(line.exchange, line.met.append, line.gone.append)
    peer.connection_made(wire)
    peer.connection_lost(ConnectionResetError("gone"))
    assert line.gone == [peer]


async def test_passwords_are_not_logged() -> None:
    line = Line()
    with capture_logs() as logs:
        await line.say(pdu(BIND_TRX, 1, bind_body("qa", "s3cret")))
        await line.say(pdu(BIND_TRX, 2, bind_body("\x1b[31mqa", "s3cret")))
    assert [entry["why"] for entry in logs] == [
        "ESME_RINVPASWD: wrong password for qa",
        r"ESME_RINVSYSID: no such system_id: '\x1b[31mqa'",
    ]
    assert "s3cret" not in str(logs)


async def test_refused_binds_end_the_connection() -> None:
    line = Line(bind_attempts=2)
    wrong = bind_body("qa", "wrong")
    first = await line.say(pdu(BIND_TRX, 1, wrong))
    assert first == pdu(BIND_TRX | RESP, 1, status=0x0E)
    closing = [line.wire.closing]
    last = await line.say(pdu(BIND_TRX, 2, wrong))
    assert last == pdu(BIND_TRX | RESP, 2, status=0x0E)
    closing.append(line.wire.closing)
    assert closing == [False, True]
    line.peer.connection_lost(None)


async def test_any_number_of_attempts() -> None:
    line = Line(bind_attempts=0)
    for number in range(1, 10):
        await line.say(pdu(BIND_TRX, number, bind_body("qa", "wrong")))
    await line.bind()
    line.peer.connection_lost(None)


async def test_knobs_of_the_listener() -> None:
    line = Line(enquire_before_bind=False, error_body=True)
    assert await line.say(pdu(ENQUIRE_LINK, 1)) == pdu(ENQUIRE_LINK | RESP, 1, status=0x04)
    refused = await line.say(pdu(BIND_TRX, 2, bind_body("qa", "wrong")))
    assert refused == pdu(BIND_TRX | RESP, 2, c(""), status=0x0E)
    line.peer.connection_lost(None)


def account(**limits: object) -> tuple[AccountConfig, ...]:
    made = LimitsConfig(**limits)  # type: ignore[arg-type]
    return (AccountConfig(system_id="qa", password="qa", speaks_for_handsets=True, limits=made),)


async def test_too_fast_is_throttled(steady: Steady) -> None:
    line = Line(accounts=account(submits_per_second=2.0))
    await line.bind()
    body = submit_body(HANDSET, "4444", REG)
    at_once = await line.say(*(pdu(SUBMIT_SM, n, body) for n in range(2, 6)))
    assert at_once == b"".join(pdu(SUBMIT_SM | RESP, n, status=0x58) for n in (4, 5))
    await steady.passes(0.5)
    assert await line.say(pdu(SUBMIT_SM, 6, body)) == b""
    traffic = line.exchange.traffic()["qa"]
    assert (traffic.submits, traffic.refused) == (5, 2)
    await line.decide()
    line.peer.connection_lost(None)
    line.exchange.close()


async def test_more_than_the_window_is_throttled() -> None:
    line = Line(accounts=account(submit_window=3))
    await line.bind()
    body = submit_body(HANDSET, "4444", REG)
    assert await line.say(pdu(SUBMIT_SM, 2, body), pdu(SUBMIT_SM, 3, body)) == b""
    above = await line.say(pdu(SUBMIT_SM, 4, body), pdu(SUBMIT_SM, 5, body))
    assert above == pdu(SUBMIT_SM | RESP, 5, status=0x58)
    await line.decide()
    # Answered: there is room again.
    assert await line.say(pdu(SUBMIT_SM, 6, body)) == b""
    line.peer.connection_lost(None)
    line.exchange.close()


async def test_closing_takes_no_longer_than_the_linger(steady: Steady) -> None:
    line = Line()
    await line.say(b"GET / HTTP/1.1\r\n\r\n")
    assert line.wire.closing
    aborted = []
    for seconds in (LINGER - 0.5, 0.5):
        await steady.passes(seconds)
        aborted.append(line.wire.aborted)
    assert aborted == [False, True]
    # What still rings or speaks after that does nothing.
    line.peer.unbind()
    line.peer.regulate()
    line.peer.connection_lost(None)


async def test_stopping_reads_again_only_for_the_goodbye() -> None:
    line = Line()
    await line.bind()
    line.peer.stop_reading()
    line.peer.pause_writing()
    line.peer.resume_writing()
    assert (line.wire.pauses, line.wire.resumes) == (1, 0)
    line.peer.unbind()
    await turns()
    assert line.wire.resumes == 1
    assert line.wire.writes[-1][4:8] == UNBIND.to_bytes(4, "big")
    await line.say(pdu(UNBIND | RESP, 1))
    assert line.wire.closing
    line.peer.connection_lost(None)


async def test_unbinding_twice_says_it_once() -> None:
    line = Line()
    await line.bind()
    line.peer.unbind()
    line.peer.unbind()
    await turns()
    assert sum(UNBIND.to_bytes(4, "big") == write[4:8] for write in line.wire.writes) == 1
    line.peer.connection_lost(None)


async def test_no_enquire_link_while_unbinding(steady: Steady) -> None:
    line = Line(enquire_link_interval=0.5, response_timeout=0)
    await line.bind()
    line.peer.unbind()
    await turns()
    written = len(line.wire.writes)
    closing = []
    for seconds in (0.75, 0.25):
        await steady.passes(seconds)
        closing.append(line.wire.closing)
    assert closing == [False, True]
    assert len(line.wire.writes) == written
    line.peer.connection_lost(None)


async def test_an_alarm_on_a_closing_connection_does_nothing(steady: Steady) -> None:
    line = Line(session_init_timeout=1)
    line.wire.closing = True
    with capture_logs() as logs:
        await steady.passes(3)
    assert logs == []
    line.peer.connection_lost(None)


async def test_enquire_link_only_when_nothing_was_heard(steady: Steady) -> None:
    line = Line(enquire_link_interval=5)
    await line.bind()
    for _ in range(4):
        await steady.passes(2)
        assert await line.say(pdu(ENQUIRE_LINK, 9)) == pdu(ENQUIRE_LINK | RESP, 9)
    assert not [
        write for write in line.wire.writes if write[4:8] == ENQUIRE_LINK.to_bytes(4, "big")
    ]
    line.peer.connection_lost(None)


async def test_an_unbind_waits_for_the_answers_that_are_owed() -> None:
    line = Line()
    await line.bind()
    submit = pdu(SUBMIT_SM, 2, submit_body(HANDSET, "4444", REG))
    assert await line.say(submit, pdu(UNBIND, 3)) == b""
    await line.decide()
    answered = pdu(SUBMIT_SM | RESP, 2, c("1")) + pdu(UNBIND | RESP, 3)
    assert line.wire.writes[-1] == answered
    assert line.wire.closing
    # The desk's reply waits for the next bind.
    assert line.parts.courier.waiting() == 1
    line.peer.connection_lost(None)
