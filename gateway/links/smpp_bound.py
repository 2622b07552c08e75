"""A bound ESME: what it asks becomes events, its account's messages become deliver_sm.

All that one read brought is one offer to the flow. A deliver_sm that is not answered in time is
taken as not processed (SMPP 3.4 §7.2 leaves the action to us): the courier sends it again after a
pause, and the session stays, for enquire_link finds out by itself whether anybody is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import structlog

from gateway.core.decision import Accepted, Decision, Denied
from gateway.core.events import Acknowledged, Refused
from gateway.core.message import Message
from gateway.core.numbers import mask_identities
from gateway.links.smpp_asks import Ask, Asker, asks_of, respond_counted
from gateway.links.smpp_exchange import Account, Exchange
from gateway.links.smpp_faults import SessionFaults
from gateway.links.smpp_mapping import Refusal
from gateway.links.smpp_outbound import Outbound
from gateway.links.smpp_pieces import Pieces, ends_of, late
from gateway.links.smpp_pipe import Pipe
from gateway.links.smpp_responses import Asked, response_to
from gateway.links.smpp_transactions import held
from gateway.smpp.codes import INTERFACE_VERSION_34
from gateway.smpp.items import Answered
from gateway.smpp.pdu import Response, SubmitSm
from gateway.smpp.session import Session

log = structlog.get_logger()


class BoundEsme:
    """One bind from its acceptance to its end; the courier's carrier if it is one to receive.

    `number` is this process's number of the bind. `paused` is set by the connection while nothing
    more may be sent. `pipe` writes what the session has. `picky` says that it serves only the
    addresses of its address_range. `faults` is what goes wrong on purpose.
    """

    repeats = False

    def __init__(
        self,
        exchange: Exchange,
        account: Account,
        session: Session,
        pipe: Pipe,
        *,
        picky: bool = False,
    ) -> None:
        self.account = account
        self.number = next(exchange.sessions)
        self.paused = False
        self.picky = picky
        self._exchange = exchange
        self._session = session
        self._wake = pipe.flush_soon
        self.faults = SessionFaults(exchange.faults, account, session, pipe)
        self._asker = Asker(account.sender, self.number, account.receipts.read_id)
        tlvs = session.interface_version >= INTERFACE_VERSION_34
        self._receives = session.can_receive
        self._offers = 0
        self._lost = False
        self._out = Outbound(account, session, self.faults, tlvs=tlvs)

    def open(self) -> None:
        """Count the bind, and take what waits for the account."""
        self.account.traffic.binds += 1
        self.account.traffic.sessions += 1
        if self._receives:
            self._exchange.courier.open(self.account.name, self.number, self)

    # ---- from the ESME

    def take(self, asked: Sequence[Asked], answers: Sequence[Answered]) -> None:
        """Take all that one read brought: requests, and answers to deliver_sm."""
        asks: list[Ask] = []
        if asked and self.faults.on:
            asked = self.faults.pass_on(asked)
        if asked:
            self.account.traffic.submits += len(asked)
            if self.account.config.counts_only:
                ids = map(self.account.receipts.written_id, self._exchange.counted_ids)
                respond = self._respond if self.faults.on else self._session.respond
                respond_counted(asked, self._session, ids, respond)
            else:
                asks = self._read(asked)
        ends = self._read_answers(answers) if answers else []
        if asks or ends:
            self._offers += 1
            events = [ask.event for ask in asks]
            self._exchange.offer((*events, *ends), partial(self._decided, asks, ends))
        if answers:
            # The window has room as soon as they are answered, whenever that is committed.
            self.room()

    def _read(self, asked: Sequence[Asked]) -> list[Ask]:
        asks, refused = asks_of(asked, self._asker, self._exchange.clock.now())
        if refused:
            self._refuse(refused)
        return asks

    def _refuse(self, refused: Sequence[tuple[Asked, Refusal]]) -> None:
        for pdu, refusal in refused:
            self._session.refuse(pdu, refusal.status)
        self.account.traffic.refused += len(refused)
        first = refused[0][1]
        log.info(
            "refused",
            account=self.account.name,
            session=self.number,
            count=len(refused),
            first=f"{first.status.name}: {mask_identities(first.why)}",
        )

    def _read_answers(self, answers: Sequence[Answered]) -> list[Acknowledged | Refused]:
        ends, again = ends_of(self.account.name, answers)
        for id_ in again:
            self._exchange.courier.again(id_)
        return ends

    def _decided(
        self,
        asks: Sequence[Ask],
        ends: Sequence[Acknowledged | Refused],
        decisions: Sequence[Decision],
    ) -> None:
        """Answer what was asked; called by the flow after the commit."""
        self._exchange.settled()
        self._offers -= 1
        session, faults, written = self._session, self.faults, self.account.receipts.written_id
        for ask, decision in zip(asks, decisions, strict=False):
            answer, pdu = decision.answer, ask.pdu
            if ask.transaction and self._hold(ask, decision):
                continue
            if type(pdu) is SubmitSm and type(answer) is Accepted and not faults.on:
                session.accept_submit(pdu.sequence_number, written(answer.id))
            else:
                response = response_to(pdu, ask.event, answer, ask.bad, written)
                self._respond(response, getattr(answer, "id", 0))
        for end, decision in zip(ends, decisions[len(asks) :], strict=True):
            if isinstance(decision.answer, Denied):
                self._not_stored(end)
        self._wake()
        if self._lost and not self._offers:
            self._release()

    def _hold(self, ask: Ask, decision: Decision) -> bool:
        """Answer a message in transaction mode when it has ended; False to do it now."""

        def respond(failed: Response | None) -> None:
            written = self.account.receipts.written_id
            self._respond(
                failed or response_to(ask.pdu, ask.event, decision.answer, ask.bad, written)
            )
            self._wake()

        return held(self._exchange.courier, ask, decision, respond)

    def _respond(self, response: Response, id_: int = 0) -> None:
        if self.faults.on:
            self.faults.respond(response, id_)
        else:
            self._session.respond(response)

    def _not_stored(self, end: Acknowledged | Refused) -> None:
        """Deliver again what the store could not note as ended: better twice than never."""
        for id_ in end.ids if isinstance(end, Acknowledged) else (end.id,):
            self._exchange.courier.again(id_)

    # ---- to the ESME, for the courier

    def free(self) -> int:
        """Say how many more messages may be sent now."""
        return 0 if self.paused else self._out.free()

    def takes(self, destination: str) -> bool:
        """Whether its address_range, if it gave one, holds this destination."""
        return self._exchange.routes.accepts(self.number, destination)

    def carry(self, messages: Sequence[Message]) -> None:
        """Send these as deliver_sm, as alert_notification those that are one."""
        alerts = self._out.send(messages)
        self.account.traffic.delivers += len(messages)
        if alerts:
            # An alert_notification has no answer: it ends when it is sent (§4.12).
            self._offers += 1
            end = Acknowledged(self.account.name, tuple(alerts))
            self._exchange.offer((end,), partial(self._decided, (), (end,)))
        self._wake()

    def room(self) -> None:
        """Send what found no room before, and let the courier send what waits."""
        if not self._receives or self.paused:
            return
        if self._out.send_rest():
            self._wake()
        self._exchange.courier.room(self.account.name, self.number)

    def unanswered(self, contexts: Sequence[int | Pieces]) -> None:
        """Have sent again what had no answer in time."""
        ids = late(contexts)
        if not ids:
            return
        log.warning(
            "deliver_sm had no answer in time and will be sent again",
            account=self.account.name,
            session=self.number,
            count=len(ids),
        )
        for id_ in ids:
            self._exchange.courier.again(id_)
        self.room()

    # ---- the end

    def lost(self) -> None:
        """Give back what was not confirmed: the connection is over.

        Not before what was confirmed is committed, or the next session would get it again.
        """
        self.account.traffic.sessions -= 1
        self.paused = True
        self._lost = True
        self.faults.over()
        if not self._offers:
            self._release()

    def _release(self) -> None:
        if self._receives:
            self._exchange.courier.close(self.account.name, self.number)
