"""Which faults there are: aimed at sessions as they come and as the faults change."""

from __future__ import annotations

import pytest

from gateway.clock import SimulatedClock
from gateway.config import AccountConfig
from gateway.core.fault_aim import Aimed, Count, Happening, arm
from gateway.core.faults import FaultRule, NoResponse, Point, Refuse, RefuseBind, Throttle
from gateway.links import smpp_fault_board
from gateway.links.smpp_account import Account
from gateway.links.smpp_fault_board import FaultBoard
from gateway.links.smpp_mapping import Sender
from gateway.smpp.codec import encode
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import BindTransceiver, BindTransceiverResp, SubmitSm
from gateway.smpp.session import Role, Session

CLOCK = SimulatedClock(1000, 0.0)
SUBMIT = SubmitSm(1, source_addr="BANK", destination_addr="6281290000001")
WHAT = Happening(1000, "BANK", "6281290000001")


class Target:
    """A session of an account, which keeps what is aimed at it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.aimed: list[Aimed] = []

    def aim(self, aimed: Aimed) -> None:
        """Keep it."""
        self.aimed.append(aimed)


def test_sessions_are_aimed_at_when_they_come_and_when_faults_change() -> None:
    rule = FaultRule(name="x", fault=NoResponse(), account="qa")
    board = FaultBoard(CLOCK)
    qa, a2p = Target("qa"), Target("a2p")
    board.open(qa)
    board.open(a2p)
    board.set(arm([rule], 1), {})
    late = Target("qa")
    board.open(late)
    assert [list(aimed) for aimed in qa.aimed] == [[], [Point.RESPONSE]]
    assert a2p.aimed == [{}, {}]
    assert [list(aimed) for aimed in late.aimed] == [[Point.RESPONSE]]
    board.close(qa)
    board.close(qa)
    board.set(arm([], 1), {})
    assert len(qa.aimed) == 2
    assert late.aimed[-1] == {}


def bind(board: FaultBoard, name: str) -> bytes:
    """Bind as an account; gives what is answered."""
    config = AccountConfig(system_id=name, password="x")
    account = Account(config, Sender(name, False, frozenset()), 0.0)
    esme, smsc = Session(Role.ESME), Session(Role.SMSC)
    esme.request(BindTransceiver(system_id=name))
    (request,) = smsc.receive(esme.take())
    assert isinstance(request, BindTransceiver)
    refused = board.refuses_bind(account, smsc, request)
    assert account.traffic.binds_refused == refused
    assert smsc.unanswered == (not refused)
    return smsc.take()


def test_binds_are_refused_as_the_rule_says() -> None:
    rule = FaultRule(name="x", fault=RefuseBind(0x400), account="q*", limit=2)
    board = FaultBoard(CLOCK, arm([rule], 1))
    refused = encode(BindTransceiverResp(1, 0x400))
    assert [bind(board, name) for name in ("qa", "a2p", "qb", "qa")] == [refused, b"", refused, b""]
    assert board.tally == {"x": Count(3, 2)}


def test_without_faults_everybody_may_bind() -> None:
    assert bind(FaultBoard(CLOCK), "qa") == b""


def test_a_submit_is_refused_with_the_status_of_the_rule() -> None:
    board = FaultBoard(CLOCK)
    [armed] = arm([FaultRule(name="x", fault=Refuse(8), every_n=2)], 1).armed
    answers = [board.submit_refusal(armed, "qa", SUBMIT, WHAT) for _ in range(4)]
    assert answers == [None, 8, None, 8]


def test_what_is_above_the_rate_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    steady = [50.0]
    monkeypatch.setattr(smpp_fault_board, "monotonic", lambda: steady[0])
    board = FaultBoard(CLOCK)
    rule = FaultRule(name="x", fault=Throttle(2.0), destination="62812*")
    [armed] = arm([rule], 1).armed

    def submit(account: str = "qa", what: Happening = WHAT) -> int | None:
        return board.submit_refusal(armed, account, SUBMIT, what)

    throttled = CommandStatus.ESME_RTHROTTLED
    assert [submit() for _ in range(3)] == [None, None, throttled]
    # Each account has a rate of its own, and others' numbers are not counted.
    assert submit("a2p") is None
    assert submit(what=Happening(1000, "BANK", "6285690000001")) is None
    steady[0] += 0.5
    assert [submit() for _ in range(2)] == [None, throttled]
    assert board.tally == {"x": Count(2, 2)}
    # Another rate begins anew.
    board.set(arm([rule], 1), {})
    assert submit() is None


def test_other_faults_refuse_no_submit() -> None:
    [armed] = arm([FaultRule(name="x", fault=NoResponse())], 1).armed
    assert FaultBoard(CLOCK).submit_refusal(armed, "qa", SUBMIT, WHAT) is None
