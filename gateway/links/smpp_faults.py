"""What goes wrong on purpose on one SMPP session.

The session asks at few points: before a submit becomes an event, when it is answered, when a
message is sent. A response that is late waits in a timer: nothing else waits for it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final, Protocol

from msgspec import Struct

from gateway.core.fault_aim import Aimed, Armed, Happening
from gateway.core.faults import (
    DelayResponse,
    Disconnect,
    DuplicateDeliver,
    DuplicateResponse,
    Fault,
    Form,
    MalformedDeliver,
    MalformedResponse,
    NoResponse,
    Point,
    ReceiptFirst,
)
from gateway.core.message import Message
from gateway.links.smpp_account import Account
from gateway.links.smpp_fault_board import FaultBoard, Submit, Wake
from gateway.links.smpp_malformed import malformed
from gateway.links.smpp_pieces import Pieces
from gateway.links.smpp_responses import Asked
from gateway.smpp.codec import encode
from gateway.smpp.message import text_of
from gateway.smpp.pdu import (
    CancelSm,
    DataSm,
    DeliverSm,
    QuerySm,
    ReplaceSm,
    Response,
    SmeAddress,
    SubmitMulti,
)
from gateway.smpp.session import Session

RECEIPT_WAIT: Final = 5.0
"""Seconds that a response waits for its receipt, which may never come."""
# registered_delivery, bits 1-0: a receipt is asked for (SMPP 3.4 section 5.2.17).
_RECEIPT: Final = 3
# They submit nothing.
_ORDERS: Final = (QuerySm, CancelSm, ReplaceSm)
# Plans that are kept; those of submits that somebody else refused are never asked for.
_PLANS_MOST: Final = 10_000


class Plan(Struct, frozen=True, gc=False):
    """How a submit will be answered: after how many seconds, and what is wrong with the answer."""

    seconds: float
    fault: Fault | None


class Line(Protocol):
    """What carries the session's octets."""

    def flush_soon(self) -> None:
        """Write what is said."""

    def hang_up(self) -> None:
        """Write what is said by now, and end the connection."""


class Timers:
    """What is to be done later on one session, and then written."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting: set[asyncio.TimerHandle] = set()

    def later(self, seconds: float, work: Wake) -> Wake:
        """Do it after a time; gives what does it at once instead."""

        def once() -> None:
            timer.cancel()
            self._waiting.discard(timer)
            work()
            self._line.flush_soon()

        timer = asyncio.get_running_loop().call_later(seconds, once)
        self._waiting.add(timer)
        return once

    def cancel(self) -> None:
        """Do none of it."""
        for timer in self._waiting:
            timer.cancel()
        self._waiting.clear()


class SessionFaults:
    """What goes wrong on one bind; asked only while `on`."""

    def __init__(self, board: FaultBoard, account: Account, session: Session, line: Line) -> None:
        self.on = False
        self.name = account.name
        self._account = account
        self._board = board
        self._session = session
        self._line = line
        self._timers = Timers(line)
        self._aimed: Aimed = {}
        self._reads_text = False
        self._sends_twice = False
        # Of the submits that wait for their response, by sequence number.
        self._planned: dict[int, Plan] = {}
        # Messages whose response waits for the receipt.
        self._holds: set[tuple[str, int]] = set()
        # By rule: how many submits of this session it was aimed at.
        self._submits: Counter[str] = Counter()
        board.open(self)

    def aim(self, aimed: Aimed) -> None:
        """Let these go wrong from now on; called by the board."""
        self.on = bool(aimed)
        self._aimed = aimed
        self._reads_text = any(
            armed.pattern is not None
            for armed in (*self._at(Point.SUBMIT), *self._at(Point.RESPONSE))
        )
        self._sends_twice = any(
            isinstance(armed.rule.fault, DuplicateDeliver) for armed in self._at(Point.DELIVER)
        )
        if not self.on:
            self._planned.clear()
        ignores = Point.ENQUIRE_LINK in aimed
        self._session.ignores_enquire_link = self._ignores_enquire_link if ignores else None

    def over(self) -> None:
        """Answer nothing more: the connection is lost."""
        self._timers.cancel()
        for key in self._holds:
            self._board.held.pop(key, None)
        self._board.close(self)

    def _at(self, point: Point) -> tuple[Armed, ...]:
        return self._aimed.get(point, ())

    def _struck(self, point: Point, what: Happening) -> list[Fault]:
        """Ask every rule of a point, and count."""
        tally = self._board.tally
        return [armed.rule.fault for armed in self._at(point) if armed.strikes(what, tally)]

    def _ignores_enquire_link(self) -> bool:
        return bool(self._struck(Point.ENQUIRE_LINK, Happening(self._board.now())))

    # ---- a submit

    def pass_on(self, asked: Sequence[Asked]) -> list[Asked]:
        """Give those that are not refused; answers the others, which count as read and refused.

        Orders on messages (query_sm, cancel_sm, replace_sm) pass.
        """
        passed: list[Asked] = []
        for pdu in asked:
            status = None if isinstance(pdu, _ORDERS) else self._refusal(pdu)
            if status is None:
                passed.append(pdu)
            else:
                self._account.traffic.submits += 1
                self._account.traffic.refused += 1
                self._session.refuse(pdu, status)
        return passed

    def _refusal(self, pdu: Submit) -> int | None:
        """Give the command_status that refuses a submit; else plan how it will be answered."""
        alphabet = self._account.sender.alphabet
        text = text_of(pdu, alphabet) if self._reads_text else ""
        what = Happening(self._board.now(), pdu.source_addr, _destination(pdu), text)
        for armed in self._at(Point.SUBMIT):
            status = self._board.submit_refusal(armed, self.name, pdu, what)
            if status is not None:
                return status
        plan = self._plan(pdu.registered_delivery, what)
        if plan is not None:
            if len(self._planned) >= _PLANS_MOST:
                del self._planned[next(iter(self._planned))]
            self._planned[pdu.sequence_number] = plan
        return None

    def _plan(self, registered_delivery: int, what: Happening) -> Plan | None:
        """Ask all rules: delays add up, of the other faults the first that strikes counts."""
        tally = self._board.tally
        seconds, wrong = 0.0, None
        for armed in self._at(Point.RESPONSE):
            fault = armed.rule.fault
            if isinstance(fault, ReceiptFirst) and not registered_delivery & _RECEIPT:
                continue
            if isinstance(fault, Disconnect) and not self._is_last(fault, armed, what):
                continue
            if not armed.strikes(what, tally):
                continue
            if isinstance(fault, DelayResponse):
                seconds += armed.delay_ms(fault.delay, tally) / 1000
            else:
                wrong = wrong or fault
        return Plan(seconds, wrong) if seconds or wrong else None

    def _is_last(self, fault: Disconnect, armed: Armed, what: Happening) -> bool:
        """Count the session's submits; whether this is the one at which the connection ends."""
        if not armed.fits(what):
            return False
        self._submits[armed.rule.name] += 1
        return self._submits[armed.rule.name] == fault.after

    # ---- its response

    def respond(self, response: Response, id_: int = 0) -> None:
        """Answer a submit as it was planned; `id_` is the message's, 0 when it was not taken."""
        plan = self._planned.pop(response.sequence_number, None)
        if plan is None:
            self._session.respond(response)
        elif plan.seconds:
            self._timers.later(plan.seconds, partial(self._answer, response, plan.fault, id_))
        else:
            self._answer(response, plan.fault, id_)

    def _answer(self, response: Response, fault: Fault | None, id_: int) -> None:
        session = self._session
        match fault:
            case NoResponse():
                session.leave_unanswered()
            case DuplicateResponse():
                session.say(encode(response))
                session.respond(response)
            case MalformedResponse(form=form):
                session.say(malformed(encode(response), form))
                if form is Form.STALL:
                    session.mute()
                session.leave_unanswered()
            case Disconnect(answered=answered):
                if answered:
                    session.respond(response)
                else:
                    session.leave_unanswered()
                self._line.hang_up()
            case ReceiptFirst() if id_:
                key = (self.name, id_)
                release = self._timers.later(RECEIPT_WAIT, partial(self._release, key, response))
                self._board.held[key] = release
                self._holds.add(key)
            case _:
                session.respond(response)

    def _release(self, key: tuple[str, int], response: Response) -> None:
        self._board.held.pop(key, None)
        self._holds.discard(key)
        self._session.respond(response)

    # ---- a message for the ESME

    def free(self, free: int) -> int:
        """Leave room for the second copies of what may be sent twice."""
        return free // 2 if self._sends_twice and self._session.window.limit > 1 else free

    def send(self, message: Message, pdu: DeliverSm | DataSm, context: int | Pieces) -> None:
        """Send a message, or a piece of one, as it is to go wrong."""
        what = Happening(self._board.now(), message.source, message.destination, message.text)
        struck = self._struck(Point.DELIVER, what)
        self._session.request(pdu, context)
        for fault in struck:
            if isinstance(fault, DuplicateDeliver) and self._session.window_free():
                if isinstance(context, Pieces):
                    context.left += 1
                self._session.request(pdu, context)
            elif isinstance(fault, MalformedDeliver):
                self._session.garble(partial(malformed, form=fault.form))
                if fault.form is Form.STALL:
                    self._session.mute()
        if message.receipt is not None and self._board.held:
            release = self._board.held.get((self.name, message.receipt.message_id))
            if release is not None:
                release()


def _destination(pdu: Submit) -> str:
    """Give where a submit goes; a submit_multi goes by its first address."""
    if not isinstance(pdu, SubmitMulti):
        return pdu.destination_addr
    addresses = (one.destination_addr for one in pdu.dest_address if isinstance(one, SmeAddress))
    return next(addresses, "")
