"""What passes an account's limits; over a whole connection in test_smpp_peer."""

from __future__ import annotations

from gateway.links.smpp_gate import SubmitGate, gate
from gateway.links.tally import Tally
from gateway.smpp.pdu import BindTransmitter, SubmitSm
from gateway.smpp.session import Role, Session
from tests.gateway.links.esme import BIND_TX, RESP, SUBMIT_SM, bind_body, pdu, submit_body
from tests.gateway.links.test_smpp_account import account


def bound() -> Session:
    session = Session(Role.SMSC)
    (bind,) = session.receive(pdu(BIND_TX, 1, bind_body("bank", "bank", 0x33)))
    assert isinstance(bind, BindTransmitter)
    session.accept_bind(bind, "SMSC")
    session.take()
    return session


def submits(session: Session, *numbers: int) -> list[SubmitSm]:
    read = b"".join(pdu(SUBMIT_SM, one, submit_body("BANK", "6281")) for one in numbers)
    items = session.receive(read)
    found = [item for item in items if isinstance(item, SubmitSm)]
    assert len(found) == len(items) == len(numbers)
    return found


async def test_without_limits_there_is_no_gate() -> None:
    assert gate(account(max_sessions=1), bound(), Tally("")) is None


async def test_all_sessions_of_an_account_share_its_rate() -> None:
    bank = account(submits_per_second=1.0, submit_burst=3)
    passed = []
    for _ in range(2):
        session = bound()
        one = SubmitGate(bank, session, Tally("throttled"))
        passed.append([pdu.sequence_number for pdu in one.pass_on(submits(session, 1, 2), 0.0)])
    assert passed == [[1, 2], [1]]
    assert session.take() == pdu(SUBMIT_SM | RESP, 2, status=0x58)


async def test_a_window_that_is_full_costs_no_rate() -> None:
    bank = account(submits_per_second=1.0, submit_burst=2, submit_window=1)
    session = bound()
    one = SubmitGate(bank, session, Tally("throttled"))
    assert len(one.pass_on(submits(session, 1, 2, 3), 0.0)) == 1
    assert session.unanswered == 1
    session.leave_unanswered()
    assert len(one.pass_on(submits(session, 4), 0.0)) == 1
    assert (bank.traffic.submits, bank.traffic.refused) == (2, 2)
