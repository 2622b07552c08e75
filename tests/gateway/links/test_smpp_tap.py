"""What is watched of one connection, by octets through a real peer."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.links.smpp_watch import NOBODY
from tests.gateway.links.esme import (
    BIND_TRX,
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
from tests.gateway.links.watched import found, line_of
from tests.gateway.links.wire import Steady, turns

HANDSET = "6281234567890"
SUBMIT = submit_body(HANDSET, "4444", REG)


def logged(entries: list[Any]) -> list[tuple[int, str, str]]:
    return [
        (entry["session"], entry["direction"], entry["pdu"])
        for entry in entries
        if entry["event"] == "pdu"
    ]


async def test_a_session_from_its_bind_to_its_end_is_logged_decoded_and_masked() -> None:
    line = line_of()
    with capture_logs() as logs:
        await line.bind()
        await line.say(pdu(SUBMIT_SM, 2, SUBMIT))
        await line.decide()
        await line.say(pdu(DELIVER_SM | RESP, 1, c("")), pdu(UNBIND, 3))
        line.peer.connection_lost(None)
    lines = logged(logs)
    assert lines[:2] == [
        (1, "received", "bind_transceiver 1; system_id: qa; interface_version: 3.4"),
        (1, "sent", "bind_transceiver_resp 1; ESME_ROK; system_id: SMSC4444; "
         "tlvs: sc_interface_version 52"),
    ]  # fmt: skip
    assert lines[2] == (
        1,
        "received",
        "submit_sm 2; source_addr: 6281234567890 (international, isdn); destination_addr: 4444 "
        "(unknown, isdn); text: 'REG 3201********0001#3201********0002#'",
    )
    assert [(direction, text.split(" ")[0]) for _, direction, text in lines[3:]] == [
        ("sent", "submit_sm_resp"),
        ("sent", "deliver_sm"),
        ("received", "deliver_sm_resp"),
        ("received", "unbind"),
        ("sent", "unbind_resp"),
    ]
    assert "3201010101010001" not in str(logs)
    pdus = line.watching.pdus("qa", 100)
    assert pdus is not None
    assert [seen.received for seen in pdus] == [True, False, True, False, False, True, True, False]


async def test_pdus_in_pieces_are_logged_whole() -> None:
    line = line_of()
    await line.bind()
    octets = pdu(SUBMIT_SM, 2, SUBMIT)
    with capture_logs() as logs:
        for start in range(0, len(octets), 10):
            await line.say(octets[start : start + 10])
    assert len([one for one in logged(logs) if one[2].startswith("submit_sm 2;")]) == 1
    line.peer.connection_lost(None)


async def test_the_log_is_switched_in_the_middle_of_a_pdu() -> None:
    line = line_of()
    await line.bind("narrow")
    octets = pdu(SUBMIT_SM, 2, SUBMIT)
    await line.say(octets[:20])
    line.watching.log_pdus("narrow", True)
    assert line.watching.logs_pdus("narrow") is True
    with capture_logs() as logs:
        await line.say(octets[20:])
        line.watching.log_pdus("narrow", True)
        line.watching.log_pdus("narrow", False)
        await line.say(pdu(ENQUIRE_LINK, 3))
    assert [one[2].split(" ")[0] for one in logged(logs)] == ["submit_sm", "submit_sm_resp"]
    line.peer.connection_lost(None)


async def test_an_account_that_is_not_logged_stays_silent() -> None:
    line = line_of()
    with capture_logs() as logs:
        await line.bind("narrow")
        await line.say(pdu(ENQUIRE_LINK, 2))
    assert logged(logs) == []
    assert line.watching.pdus("narrow", 10) == []
    line.peer.connection_lost(None)


async def test_a_refused_bind_is_logged_for_the_account_that_it_names() -> None:
    line = line_of()
    with capture_logs() as logs:
        await line.say(pdu(BIND_TRX, 1, bind_body("qa", "wrong")))
        await line.say(pdu(BIND_TRX, 2, bind_body("stranger", "x")))
    assert [one[1:] for one in logged(logs)][:1] == [
        ("received", "bind_transceiver 1; system_id: qa; interface_version: 3.4")
    ]
    assert "wrong" not in str([one for one in logs if one["event"] == "pdu"])
    assert found(line.watching, NOBODY) == {"unknown_system_id": 1}
    line.peer.connection_lost(None)


async def test_a_caller_that_never_binds_fills_no_memory() -> None:
    line = line_of()
    for number in range(1, 50):
        await line.say(pdu(ENQUIRE_LINK, number))
    assert len(line.tap._held or ()) == 8
    line.peer.connection_lost(None)
    assert found(line.watching, NOBODY)["never_bound"] == 1


async def test_what_is_no_smpp_is_logged_once() -> None:
    line = line_of()
    await line.bind()
    with capture_logs() as logs:
        await line.say(pdu(ENQUIRE_LINK, 2), b"GET / HTTP/1.1\r\n\r\n")
        await line.say(b"more")
    received = [text for _, direction, text in logged(logs) if direction == "received"]
    assert received == [
        "enquire_link 2",
        "0x2f204854 774966538; malformed: command_length; answer: ESME_RINVCMDLEN",
    ]
    assert found(line.watching, "qa") == {"framing_lost": 1}
    line.peer.connection_lost(None)


async def test_octets_broken_on_purpose_are_logged_as_they_are() -> None:
    line = line_of()
    await line.bind()
    with capture_logs() as logs:
        line.tap.sent(pdu(ENQUIRE_LINK, 1) + b"\0\0\0\1" + pdu(ENQUIRE_LINK, 2)[4:] + b"\0\0\1")
    assert [text.split(";")[0] for _, _, text in logged(logs)] == [
        "enquire_link 1",
        "enquire_link 2",
        "0x00000000 0",
    ]
    line.peer.connection_lost(None)


# ---- lint


async def test_the_lint_of_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    steady = Steady(monkeypatch)
    line = line_of(enquire_link_interval=200.0, response_timeout=10.0)
    await line.bind()
    await line.say(pdu(SUBMIT_SM, 2, submit_body(HANDSET, "4444", REG, ton=(2, 0))))
    await line.decide()
    await steady.passes(30)
    assert found(line.watching, "qa") == {
        "international_as_national": 1,
        "deliver_unanswered": 1,
    }
    await steady.passes(200)
    await turns()
    line.peer.connection_lost(None)
    assert found(line.watching, "qa") == {
        "international_as_national": 1,
        "deliver_unanswered": 1,
        "enquire_link_unanswered": 1,
        "no_enquire_link": 1,
    }


async def test_who_leaves_without_unbind_is_told_from_whom_we_send_away() -> None:
    line = line_of()
    await line.bind()
    line.peer.connection_lost(None)
    assert found(line.watching, "qa") == {"no_unbind": 1}
    for end in ("unbind", "abort"):
        line = line_of()
        await line.bind()
        getattr(line.peer, end)()
        line.peer.connection_lost(None)
        assert found(line.watching, "qa") == {}


async def test_windows_are_the_accounts_own() -> None:
    line = line_of()
    await line.bind("narrow")
    await line.say(pdu(SUBMIT_SM, 2, SUBMIT), pdu(SUBMIT_SM, 3, submit_body("", HANDSET)))
    assert found(line.watching, "narrow")["window_exceeded"] == 1
    line.peer.connection_lost(None)


async def test_a_bind_beside_a_session_that_still_stands() -> None:
    line = line_of()
    await line.bind("narrow")
    first = line.peer
    line.connect()
    await line.say(pdu(BIND_TRX, 1, bind_body("narrow", "narrow")))
    assert found(line.watching, "narrow") == {"too_many_binds": 1}
    first.connection_lost(None)
    line.peer.connection_lost(None)
    assert "never_bound" not in found(line.watching, NOBODY)


async def test_an_account_without_lint_has_none() -> None:
    line = line_of()
    await line.bind("quiet")
    await line.say(pdu(SUBMIT_SM, 9, submit_body("", "")), pdu(SUBMIT_SM, 9, submit_body("", "")))
    line.tap.expired(1)
    line.tap.silent()
    line.tap.settle(0.0)
    line.peer.connection_lost(None)
    assert line.watching.lint("quiet") == []
