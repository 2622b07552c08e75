"""Every fault over a real connection: what an ESME sees of it, and that others see nothing."""

from __future__ import annotations

import struct
from operator import itemgetter
from typing import Any

import pytest
from msgspec import structs

from gateway.core.chance import Fixed
from gateway.core.fault_aim import Count, arm
from gateway.core.faults import (
    ChangeReceipt,
    DelayReceipt,
    DelayResponse,
    Disconnect,
    DropReceipt,
    DuplicateDeliver,
    DuplicateReceipt,
    DuplicateResponse,
    Fault,
    FaultRule,
    FinalState,
    Form,
    IgnoreEnquireLink,
    MalformedDeliver,
    MalformedResponse,
    NoResponse,
    ReceiptFirst,
    Refuse,
    RefuseBind,
    Throttle,
)
from tests.gateway.links.esme import (
    BIND_RX,
    BIND_TRX,
    BIND_TX,
    DATA_SM,
    DELIVER_SM,
    ENQUIRE_LINK,
    RESP,
    SUBMIT_SM,
    UNBIND,
    Frame,
    RawEsme,
    Running,
    bind_body,
    c,
    pdu,
    running,
    submit_body,
)

HANDSET = "6281234567890"
OTHER = "6285612345678"
SUBMIT_RESP = SUBMIT_SM | RESP
HEADER = 16


def go_wrong(parts: Running, *faults: Fault, **settings: Any) -> None:
    """Let these go wrong from now on, as the node does it."""
    rules = [
        structs.replace(FaultRule(name=f"f{n}", fault=fault), **settings)
        for n, fault in enumerate(faults)
    ]
    armed = arm(rules, 1)
    parts.flow.set_faults(armed)
    parts.server.set_faults(armed, parts.flow.tally)


def body(to: str = HANDSET, text: str = "Promo", registered: int = 0) -> bytes:
    return submit_body("BANK", to, text, ton=(5, 1), registered=registered)


async def accepted(esme: RawEsme, to: str = HANDSET) -> Frame:
    """Submit what must be accepted."""
    frame = await esme.ask(SUBMIT_SM, body(to))
    assert (frame.command_id, frame.status) == (SUBMIT_RESP, 0)
    return frame


# ---- binds and enquire_link


@pytest.mark.parametrize("status", [0x0D, 0x400])
async def test_binds_are_refused(status: int) -> None:
    async with running() as parts:
        go_wrong(parts, RefuseBind(status), account="a2p", limit=1)
        await parts.esme("qa")
        esme = await parts.esme()
        assert (await esme.bind("a2p")).status == status
        assert parts.server.traffic()["a2p"].binds_refused == 1
        assert (await esme.bind("a2p")).status == 0


async def test_enquire_link_is_left_unanswered() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, IgnoreEnquireLink(), limit=2)
        esme.send(ENQUIRE_LINK)
        esme.send(ENQUIRE_LINK)
        assert (await esme.ask(ENQUIRE_LINK)).status == 0
        assert parts.flow.tally == {"f0": Count(3, 2)}


# ---- refused


async def test_submits_are_refused_by_number_and_text() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, Refuse(0x08), destination="0812*", text="(?i)promo")
        assert (await esme.ask(SUBMIT_SM, body())).status == 0x08
        assert (await esme.ask(SUBMIT_SM, body(text="Kode"))).status == 0
        await accepted(esme, OTHER)
        # Nothing else happens to what is refused.
        assert len(parts.records) == 2
        assert parts.server.traffic()["a2p"].refused == 1


async def test_submits_are_refused_at_a_rate_and_the_same_again() -> None:
    async def statuses() -> list[int]:
        async with running() as parts:
            esme = await parts.esme("sink")
            go_wrong(parts, Refuse(0x14), probability=0.3)
            for _ in range(100):
                esme.send(SUBMIT_SM, body())
            # What is refused is answered before what is decided.
            frames = sorted([await esme.receive() for _ in range(100)], key=itemgetter(2))
            return [frame.status for frame in frames]

    found = await statuses()
    assert 15 < found.count(0x14) < 45
    assert found.count(0) == 100 - found.count(0x14)
    assert await statuses() == found


async def test_submits_are_throttled_above_a_rate() -> None:
    async with running() as parts:
        esme = await parts.esme("sink")
        go_wrong(parts, Throttle(5.0), account="sink")
        for _ in range(20):
            esme.send(SUBMIT_SM, body())
        statuses = [(await esme.receive()).status for _ in range(20)]
        assert set(statuses) == {0, 0x58}
        assert 5 <= statuses.count(0) < 10
        other = await parts.esme("a2p")
        for _ in range(10):
            await accepted(other)


async def test_data_sm_is_refused_too() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, Refuse(0x08))
        frame = await esme.ask(
            DATA_SM, c("") + b"\5\0" + c("BANK") + b"\1\1" + c(HANDSET) + b"\0\0\0"
        )
        assert (frame.command_id, frame.status) == (DATA_SM | RESP, 0x08)


# ---- responses


async def test_a_response_never_comes() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, NoResponse(), limit=1)
        esme.send(SUBMIT_SM, body())
        await parts.until(lambda: len(parts.records) == 1)
        assert (await esme.nothing_but(ENQUIRE_LINK)).status == 0
        await accepted(esme)
        # An unbind does not wait for it.
        assert (await esme.ask(UNBIND)).status == 0


async def test_a_late_response_holds_no_other_up() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DelayResponse(Fixed(100)), destination=HANDSET)
        late = esme.send(SUBMIT_SM, body())
        for _ in range(3):
            await accepted(esme, OTHER)
        await esme.nothing_but(ENQUIRE_LINK)
        frame = await esme.receive()
        assert (frame.sequence, frame.command_id, frame.status) == (late, SUBMIT_RESP, 0)


async def test_an_unbind_waits_for_a_late_response() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DelayResponse(Fixed(50)))
        submit, unbind = esme.send(SUBMIT_SM, body()), esme.send(UNBIND)
        assert [(await esme.receive()).sequence for _ in range(2)] == [submit, unbind]
        assert await esme.closed() == b""


async def test_a_late_response_dies_with_its_connection() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DelayResponse(Fixed(60_000)))
        esme.send(SUBMIT_SM, body())
        await parts.until(lambda: len(parts.records) == 1)
        await esme.close()
        await parts.until(lambda: not parts.server.peers)


async def test_a_response_comes_twice() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DuplicateResponse(), limit=1)
        esme.send(SUBMIT_SM, body())
        assert await esme.receive() == await esme.receive()
        await accepted(esme)


async def test_a_response_has_another_sequence_number() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, MalformedResponse(Form.WRONG_SEQUENCE), limit=1)
        sequence = esme.send(SUBMIT_SM, body())
        frame = await esme.receive()
        assert (frame.command_id, frame.sequence) == (SUBMIT_RESP, 0x40000000 + sequence)
        await accepted(esme)


async def test_a_response_has_an_unknown_command_id() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, MalformedResponse(Form.UNKNOWN_COMMAND), limit=1)
        sequence = esme.send(SUBMIT_SM, body())
        assert (await esme.receive())[:3] == (0x80000F00, 0, sequence)
        await accepted(esme)


async def test_a_response_is_cut() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, MalformedResponse(Form.CUT), skip=9, limit=1)
        for _ in range(9):
            await accepted(esme)
        esme.send(SUBMIT_SM, body())
        frame = await esme.receive()
        assert frame.status == 0
        assert b"\0" not in frame.body
        await accepted(esme)


async def test_a_response_has_a_bad_length() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, MalformedResponse(Form.BAD_LENGTH))
        sequence = esme.send(SUBMIT_SM, body())
        head = await esme.reader.readexactly(HEADER)
        assert struct.unpack(">IIII", head) == (15, SUBMIT_RESP, 0, sequence)


async def test_after_half_a_response_the_session_is_silent() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, MalformedResponse(Form.STALL))
        sequence = esme.send(SUBMIT_SM, body())
        await parts.until(lambda: len(parts.records) == 1)
        esme.send(ENQUIRE_LINK)
        esme.send(SUBMIT_SM, body())
        await parts.until(lambda: len(parts.records) == 2)
        go_wrong(parts)
        esme.send(UNBIND)
        heard = await esme.closed()
        whole = pdu(SUBMIT_RESP, sequence, c("1"))
        assert heard == whole[: len(whole) // 2]


@pytest.mark.parametrize("answered", [True, False])
async def test_the_connection_ends_at_a_submit(answered: bool) -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, Disconnect(3, answered))
        for _ in range(5):
            esme.send(SUBMIT_SM, body())
        heard = await esme.closed()
        sequences = []
        while heard:
            length, command_id, status, sequence = struct.unpack_from(">IIII", heard)
            assert (command_id, status) == (SUBMIT_RESP, 0)
            sequences.append(sequence)
            heard = heard[length:]
        assert sequences == ([2, 3, 4] if answered else [2, 3])
        # What had no response is accepted all the same.
        assert len(parts.records) == 5
        again = await parts.esme("a2p")
        await accepted(again)


# ---- messages to the ESME


async def test_the_receipt_comes_before_the_response() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, ReceiptFirst())
        sequence = esme.send(SUBMIT_SM, body(registered=1))
        receipt = await esme.deliver()
        response = await esme.receive()
        assert response.sequence == sequence
        assert receipt.receipt["id"] == response.body.rstrip(b"\0").decode()
        # Without a receipt nothing is waited for.
        await accepted(esme)


async def test_the_receipt_of_another_session_comes_before_the_response() -> None:
    async with running() as parts:
        sender = await parts.esme("a2p", BIND_TX)
        receiver = await parts.esme("a2p", BIND_RX)
        go_wrong(parts, ReceiptFirst())
        sequence = sender.send(SUBMIT_SM, body(registered=1))
        await receiver.deliver()
        assert (await sender.receive()).sequence == sequence


async def test_a_message_comes_twice_and_ends_once() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        go_wrong(parts, DuplicateDeliver(), account="qa", limit=1)
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", "no format"))
        first, second = await esme.deliver(), await esme.deliver()
        assert first.sequence != second.sequence
        assert first.text == second.text
        esme.answer(first)
        esme.answer(second)
        await esme.nothing_but(ENQUIRE_LINK)
        await parts.until(lambda: parts.courier.waiting() == 0)


async def test_many_messages_come_twice_within_the_window() -> None:
    async with running(window=5) as parts:
        esme = await parts.esme("qa")
        go_wrong(parts, DuplicateDeliver())
        for n in range(6):
            esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", f"no format {n}"))
        delivers: list[Frame] = []
        while len(delivers) < 12:
            frame = await esme.receive()
            if frame.command_id == DELIVER_SM:
                delivers.append(frame)
                esme.answer(frame)
        await parts.until(lambda: parts.courier.waiting() == 0)
        assert len({frame.sequence for frame in delivers}) == 12


async def test_a_message_is_malformed_and_comes_again_whole() -> None:
    async with running(response_timeout=0.05) as parts:
        esme = await parts.esme("qa")
        go_wrong(parts, MalformedDeliver(Form.CUT), limit=1)
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", "no format"))
        cut = await esme.receive()
        # It is not answered, so it is carried again.
        await parts.until(lambda: parts.courier._retries.next() is not None)
        parts.courier.tick(1e12)
        whole = await esme.receive()
        assert cut.command_id == whole.command_id == DELIVER_SM
        assert cut.body == whole.body[: len(whole.body) // 2]


# ---- receipts


async def receipts(esme: RawEsme, count: int, registered: int = 1) -> list[dict[str, str]]:
    """Submit one message; gives the receipts that come, which must be so many."""
    frame = await esme.ask(SUBMIT_SM, body(registered=registered))
    assert frame.status == 0
    found = [await esme.deliver() for _ in range(count)]
    for one in found:
        esme.answer(one)
    await esme.nothing_but(ENQUIRE_LINK)
    return [one.receipt for one in found]


async def test_a_receipt_is_lost() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DropReceipt(), limit=1)
        assert await receipts(esme, 0) == []
        assert len(await receipts(esme, 1)) == 1
        assert parts.flow.tally == {"f0": Count(2, 1)}


async def test_a_receipt_comes_twice() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DuplicateReceipt(), limit=1)
        first, second = await receipts(esme, 2)
        assert first == second


async def test_a_receipt_reports_another_end() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, ChangeReceipt(FinalState.UNDELIVERABLE, 27), text="Promo")
        [receipt] = await receipts(esme, 1)
        assert (receipt["stat"], receipt["err"], receipt["dlvrd"]) == ("UNDELIV", "027", "000")
        assert len(await receipts(esme, 1, registered=2)) == 1


async def test_a_receipt_comes_when_the_calendar_is_there() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        go_wrong(parts, DelayReceipt(Fixed(3_600_000)))
        assert await receipts(esme, 0) == []
        parts.clock.set(parts.clock.now() + 3_600_000, 1.0)
        assert (await esme.deliver()).receipt["stat"] == "DELIVRD"


# ---- in all


async def test_faults_are_switched_on_and_off_while_sessions_are_bound() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        await accepted(esme)
        go_wrong(parts, Refuse(0x08))
        assert (await esme.ask(SUBMIT_SM, body())).status == 0x08
        go_wrong(parts)
        await accepted(esme)


async def test_other_accounts_see_nothing() -> None:
    async with running() as parts:
        bad, good = await parts.esme("a2p"), await parts.esme("reg4444")
        go_wrong(parts, NoResponse(), IgnoreEnquireLink(), DropReceipt(), account="a2p")
        bad.send(SUBMIT_SM, body(registered=1))
        bad.send(ENQUIRE_LINK)
        await accepted(good)
        await good.nothing_but(ENQUIRE_LINK)
        await parts.until(lambda: len(parts.records) == 2)
        go_wrong(parts)
        await bad.nothing_but(ENQUIRE_LINK)


async def test_what_is_only_counted_goes_wrong_too() -> None:
    async with running() as parts:
        esme = await parts.esme("sink")
        go_wrong(parts, DuplicateResponse(), limit=1)
        esme.send(SUBMIT_SM, body())
        assert await esme.receive() == await esme.receive()
        assert (await esme.ask(SUBMIT_SM, body())).status == 0


async def test_faults_hold_for_binds_that_come_later() -> None:
    async with running() as parts:
        go_wrong(parts, Refuse(0x08), account="a2p")
        esme = await parts.esme()
        assert (await esme.ask(BIND_TRX, bind_body("a2p", "a2p"))).status == 0
        assert (await esme.ask(SUBMIT_SM, body())).status == 0x08
