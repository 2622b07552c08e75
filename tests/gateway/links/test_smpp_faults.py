"""What goes wrong on one session: the plan for each submit, and how its answer comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from gateway.clock import SimulatedClock
from gateway.config import AccountConfig
from gateway.core.chance import Fixed
from gateway.core.decision import Message, MessageKind, MessageState, ReceiptOf, Receiver
from gateway.core.fault_aim import arm
from gateway.core.faults import (
    DelayResponse,
    Disconnect,
    DuplicateDeliver,
    DuplicateResponse,
    Fault,
    FaultRule,
    Form,
    IgnoreEnquireLink,
    MalformedDeliver,
    MalformedResponse,
    NoResponse,
    ReceiptFirst,
    Refuse,
)
from gateway.links import smpp_faults
from gateway.links.smpp_account import Account
from gateway.links.smpp_fault_board import FaultBoard
from gateway.links.smpp_faults import SessionFaults
from gateway.links.smpp_malformed import malformed
from gateway.links.smpp_mapping import Sender
from gateway.smpp.codec import decode, encode
from gateway.smpp.codes import CommandStatus
from gateway.smpp.items import Refused
from gateway.smpp.pdu import (
    DataSm,
    DeliverSm,
    DistributionList,
    EnquireLink,
    GenericNack,
    QuerySm,
    SmeAddress,
    SubmitMulti,
    SubmitSm,
    SubmitSmResp,
)
from gateway.smpp.session import Answered
from gateway.smpp.text import DefaultAlphabet
from tests.gateway.smpp.samples import bound
from tests.turns import until

MS = 0.001
TO = "6281290000001"
DELIVER = DeliverSm(source_addr="4444", destination_addr=TO, short_message=b"Selamat")
MESSAGE = Message(
    5, MessageKind.MT, "4444", TO, "Selamat", Receiver.ESME, MessageState.ENROUTE, 1000
)
RECEIPT = structs.replace(
    MESSAGE,
    kind=MessageKind.RECEIPT,
    text="",
    receipt=ReceiptOf(9, MessageState.DELIVERED, 0, 1000, 1000, ""),
)


class Bench:
    """One bind of `qa`, both ends, and what is to go wrong on it."""

    def __init__(self, *faults: Fault, board: FaultBoard | None = None, **settings: Any) -> None:
        self.esme, self.smsc = bound(window=4)
        config = AccountConfig(system_id="qa", password="qa")
        self.account = Account(config, Sender("qa", False, frozenset()), 0.0)
        self.board = board or FaultBoard(SimulatedClock(1000, 0.0))
        self.woken = 0
        self.hung_up: list[bytes] = []
        self.faults = SessionFaults(self.board, self.account, self.smsc, self)
        if board is None:
            self.set(*faults, **settings)

    def set(self, *faults: Fault, **settings: Any) -> None:
        """Let these go wrong."""
        rules = [
            structs.replace(FaultRule(name=f"f{n}", fault=fault), **settings)
            for n, fault in enumerate(faults)
        ]
        self.board.set(arm(rules, 1), {})

    def flush_soon(self) -> None:
        """Be the pipe."""
        self.woken += 1

    def hang_up(self) -> None:
        """Be the pipe."""
        self.hung_up.append(self.smsc.take())

    def submit(self, count: int = 1, **fields: Any) -> list[SubmitSm]:
        """Submit; gives what is not refused."""
        pdu = structs.replace(SubmitSm(source_addr="BANK", destination_addr=TO), **fields)
        for n in range(count):
            self.esme.request(pdu, n)
        items = self.smsc.receive(self.esme.take())
        submits = [item for item in items if isinstance(item, SubmitSm)]
        return [item for item in self.faults.pass_on(submits) if isinstance(item, SubmitSm)]

    def said(self) -> list[Any]:
        """What the ESME reads now."""
        items = self.esme.receive(self.smsc.take())
        return [item.response if isinstance(item, Answered) else item for item in items]

    def answer(self, pdu: SubmitSm, id_: int = 9) -> bytes:
        """Answer a submit; gives what is to be written at once."""
        self.faults.respond(SubmitSmResp(pdu.sequence_number, 0, str(id_)), id_)
        return self.smsc.take()


def response(pdu: SubmitSm, id_: int = 9) -> bytes:
    """The octets of a proper answer."""
    return encode(SubmitSmResp(pdu.sequence_number, 0, str(id_)))


# ---- refused


def test_a_refused_submit_is_answered_and_counted() -> None:
    bench = Bench(Refuse(8), every_n=2)
    passed = bench.submit(3)
    assert [pdu.sequence_number for pdu in passed] == [2, 4]
    assert bench.said() == [SubmitSmResp(3, CommandStatus.ESME_RSYSERR)]
    assert (bench.account.traffic.submits, bench.account.traffic.refused) == (1, 1)


@pytest.mark.parametrize(
    ("text", "struck"), [(b"Promo hari ini", True), (b"Halo", False), (b"", False)]
)
def test_a_text_is_looked_at_only_where_a_rule_asks(text: bytes, struck: bool) -> None:
    bench = Bench(Refuse(8), text="(?i)promo")
    assert len(bench.submit(short_message=text)) == (0 if struck else 1)


def test_a_text_is_read_in_the_account_s_alphabet() -> None:
    bench = Bench(Refuse(8), text="caf\u00e9")
    bench.account.sender = structs.replace(bench.account.sender, alphabet=DefaultAlphabet.LATIN_1)
    assert not bench.submit(short_message=b"caf\xe9")


@pytest.mark.parametrize(
    ("pdu", "struck"),
    [
        (DataSm(1, destination_addr=TO), True),
        (DataSm(1, destination_addr="1"), False),
        (SubmitMulti(1, dest_address=(DistributionList("x"), SmeAddress(TO))), True),
        (SubmitMulti(1, dest_address=(DistributionList("x"),)), False),
    ],
)
def test_every_kind_of_submit_has_a_destination(pdu: DataSm | SubmitMulti, struck: bool) -> None:
    bench = Bench(Refuse(8), destination="62812*")
    assert (bench.faults.pass_on([pdu]) == []) is struck


def test_orders_on_messages_are_let_pass() -> None:
    bench = Bench(Refuse(8))
    assert bench.faults.pass_on([QuerySm(1)]) == [QuerySm(1)]
    assert bench.board.tally == {}


# ---- answered


def test_what_no_rule_meets_is_answered_as_ever() -> None:
    bench = Bench(NoResponse(), destination="4444")
    [pdu] = bench.submit()
    assert bench.answer(pdu) == response(pdu)


def test_no_response_keeps_no_unbind_waiting() -> None:
    bench = Bench(NoResponse())
    [pdu] = bench.submit()
    assert bench.answer(pdu) == b""
    assert bench.smsc.unanswered == 0


def test_a_second_response_comes_with_the_first() -> None:
    bench = Bench(DuplicateResponse())
    [pdu] = bench.submit()
    assert bench.answer(pdu) == response(pdu) * 2
    assert bench.smsc.unanswered == 0


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.STALL])
def test_a_malformed_response_comes_in_place_of_the_proper_one(form: Form) -> None:
    bench = Bench(MalformedResponse(form), limit=1)
    first, second = bench.submit(2)
    assert bench.answer(first) == malformed(response(first), form)
    assert bench.answer(second) == response(second)
    assert bench.smsc.unanswered == 0


def test_after_half_a_response_there_is_silence() -> None:
    bench = Bench(MalformedResponse(Form.STALL), limit=1)
    first, second = bench.submit(2)
    assert bench.answer(first) == malformed(response(first), Form.STALL)
    assert bench.answer(second) == b""


@pytest.mark.parametrize("answered", [True, False])
def test_the_connection_ends_at_the_session_s_nth_submit(answered: bool) -> None:
    bench = Bench(Disconnect(2, answered), destination=TO)
    bench.submit(destination_addr="6285690000001")
    first, last = bench.submit(2)
    assert bench.answer(first) == response(first)
    bench.answer(last)
    assert bench.hung_up == [response(last) if answered else b""]
    # Another bind of the account counts for itself.
    other = Bench(board=bench.board)
    [pdu] = other.submit()
    assert other.answer(pdu) == response(pdu)
    assert other.hung_up == []


def test_of_two_faults_the_first_counts() -> None:
    bench = Bench(NoResponse(), DuplicateResponse())
    [pdu] = bench.submit()
    assert bench.answer(pdu) == b""
    assert {name: count.struck for name, count in bench.board.tally.items()} == {"f0": 1, "f1": 1}


def test_plans_that_nobody_asks_for_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_faults, "_PLANS_MOST", 2)
    bench = Bench(NoResponse())
    first, second, third = bench.submit(3)
    assert bench.answer(first) == response(first)
    assert bench.answer(second) == bench.answer(third) == b""


def test_what_is_switched_off_strikes_no_more() -> None:
    bench = Bench(NoResponse())
    [pdu] = bench.submit()
    states = [bench.faults.on]
    bench.set()
    assert [*states, bench.faults.on] == [True, False]
    assert bench.answer(pdu) == response(pdu)


# ---- answered later


async def test_a_late_response_holds_nobody_up() -> None:
    bench = Bench(DelayResponse(Fixed(20)), limit=1)
    first, second = bench.submit(2)
    assert bench.answer(first) == b""
    assert bench.answer(second, 10) == response(second, 10)
    await until(lambda: bench.woken > 0)
    assert bench.smsc.take() == response(first)


async def test_delays_add_up_and_go_with_another_fault() -> None:
    bench = Bench(DelayResponse(Fixed(5)), DuplicateResponse(), DelayResponse(Fixed(5)))
    [pdu] = bench.submit()
    start = asyncio.get_running_loop().time()
    assert bench.answer(pdu) == b""
    await until(lambda: bench.woken > 0)
    assert asyncio.get_running_loop().time() - start >= 10 * MS
    assert bench.smsc.take() == response(pdu) * 2


async def test_nothing_is_answered_after_the_end() -> None:
    bench = Bench(DelayResponse(Fixed(10_000)))
    [pdu] = bench.submit()
    bench.answer(pdu)
    bench.faults.over()
    assert not bench.faults._timers._waiting
    bench.set(NoResponse())
    # The board aims at it no more.
    assert [len(armed) for armed in bench.faults._aimed.values()] == [1]


# ---- the receipt before the response


async def test_the_response_waits_for_the_receipt() -> None:
    bench = Bench(ReceiptFirst())
    [pdu] = bench.submit(registered_delivery=1)
    assert bench.answer(pdu) == b""
    deliver(bench, MESSAGE)
    assert bench.smsc.take() == encode(DELIVER, 1)
    other = structs.replace(
        RECEIPT, receipt=ReceiptOf(8, MessageState.DELIVERED, 0, 1000, 1000, "")
    )
    deliver(bench, other)
    assert bench.smsc.take() == encode(DELIVER, 2)
    deliver(bench, RECEIPT)
    assert bench.smsc.take() == encode(DELIVER, 3) + response(pdu)
    assert bench.board.held == {}
    deliver(bench, RECEIPT)
    assert bench.smsc.take() == encode(DELIVER, 4)


async def test_the_receipt_may_go_to_another_session() -> None:
    bench = Bench(ReceiptFirst())
    other = Bench(board=bench.board)
    [pdu] = bench.submit(registered_delivery=1)
    bench.answer(pdu)
    deliver(other, RECEIPT)
    assert bench.woken == 1
    assert bench.smsc.take() == response(pdu)


async def test_the_response_waits_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_faults, "RECEIPT_WAIT", 0.01)
    bench = Bench(ReceiptFirst())
    [pdu] = bench.submit(registered_delivery=1)
    bench.answer(pdu)
    await until(lambda: bench.woken > 0)
    assert bench.smsc.take() == response(pdu)
    assert bench.board.held == {}


async def test_without_a_receipt_there_is_nothing_to_wait_for() -> None:
    bench = Bench(ReceiptFirst())
    [pdu] = bench.submit()
    assert bench.answer(pdu) == response(pdu)
    [pdu] = bench.submit(registered_delivery=1)
    assert bench.answer(pdu, 0) == response(pdu, 0)


async def test_a_session_that_is_over_waits_for_no_receipt() -> None:
    bench = Bench(ReceiptFirst())
    [pdu] = bench.submit(registered_delivery=1)
    bench.answer(pdu)
    bench.faults.over()
    assert bench.board.held == {}


# ---- messages for the ESME


def deliver(bench: Bench, message: Message = MESSAGE) -> None:
    """Send a message as the session does."""
    bench.faults.send(message, DELIVER, message.id)


def test_a_message_is_sent_twice_with_two_numbers() -> None:
    bench = Bench(DuplicateDeliver(), limit=1)
    deliver(bench)
    deliver(bench)
    frames = bench.smsc.take()
    assert frames == b"".join(encode(DELIVER, number) for number in (1, 2, 3))


def test_there_is_room_for_the_second_copies() -> None:
    bench = Bench(DuplicateDeliver())
    assert [bench.faults.free(free) for free in (0, 1, 4, 5)] == [0, 0, 2, 2]
    bench.smsc.window.limit = 1
    assert bench.faults.free(1) == 1
    bench.set(NoResponse())
    assert bench.faults.free(4) == 4


def test_without_room_there_is_no_second_copy() -> None:
    bench = Bench(DuplicateDeliver())
    for _ in range(2):
        deliver(bench)
    assert bench.smsc.window_free() == 0
    bench = Bench(DuplicateDeliver())
    for n in range(3):
        bench.smsc.deliver(DELIVER, n)
    deliver(bench)
    assert bench.smsc.window_free() == 0


def test_a_malformed_message_comes_in_place_of_the_proper_one() -> None:
    bench = Bench(MalformedDeliver(Form.CUT), text="Selamat", limit=1)
    deliver(bench, RECEIPT)
    deliver(bench)
    deliver(bench)
    assert bench.smsc.take() == (
        encode(DELIVER, 1) + malformed(encode(DELIVER, 2), Form.CUT) + encode(DELIVER, 3)
    )


def test_after_half_a_message_there_is_silence() -> None:
    bench = Bench(MalformedDeliver(Form.STALL))
    deliver(bench)
    deliver(bench)
    assert bench.smsc.take() == malformed(encode(DELIVER, 1), Form.STALL)


# ---- enquire_link


def test_enquire_link_is_ignored_as_often_as_the_rule_says() -> None:
    bench = Bench(IgnoreEnquireLink(), every_n=2)
    bench.smsc.receive(encode(EnquireLink(5)) + encode(EnquireLink(6)) + encode(EnquireLink(7)))
    assert [decode(frame).sequence_number for frame in frames(bench.smsc.take())] == [5, 7]
    bench.set()
    assert bench.smsc.ignores_enquire_link is None


def frames(data: bytes) -> Iterator[bytes]:
    """Cut octets into frames."""
    while data:
        length = int.from_bytes(data[:4], "big")
        yield data[:length]
        data = data[length:]


# ---- what a client of ours makes of it


def test_our_own_esme_is_told_of_an_unknown_command() -> None:
    bench = Bench(MalformedResponse(Form.UNKNOWN_COMMAND))
    [pdu] = bench.submit()
    bench.faults.respond(SubmitSmResp(pdu.sequence_number, 0, "9"), 9)
    assert bench.said() == []
    assert bench.esme.unsolicited == 1


def test_our_own_esme_refuses_an_unknown_request() -> None:
    bench = Bench(MalformedDeliver(Form.UNKNOWN_COMMAND))
    deliver(bench)
    [refused] = bench.said()
    assert isinstance(refused, Refused)
    assert decode(bench.esme.take()) == GenericNack(1, CommandStatus.ESME_RINVCMDID)
