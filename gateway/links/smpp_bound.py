"""A bound ESME: its submit_sm become events, its account's messages become deliver_sm.

All that one read brought is one offer to the flow. A deliver_sm that is not answered in time is
taken as not processed (SMPP 3.4 §7.2 leaves the action to us): the courier sends it again after a
pause, and the session stays, for enquire_link finds out by itself whether anybody is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import structlog

from gateway.core.decision import Decision, Denied, Message
from gateway.core.events import Acknowledged, MoSms, MtSms, Refused
from gateway.core.numbers import mask_identities
from gateway.links.smpp_delivery import Taken, deliver_sm, taken
from gateway.links.smpp_exchange import Account, Exchange
from gateway.links.smpp_mapping import Refusal, event_of, response_to
from gateway.smpp.codes import INTERFACE_VERSION_34
from gateway.smpp.items import Answered
from gateway.smpp.pdu import SubmitSm, SubmitSmResp
from gateway.smpp.session import Session

log = structlog.get_logger()


class BoundEsme:
    """One bind from its acceptance to its end; the courier's carrier if it is one to receive.

    `number` is this process's number of the bind. `paused` is set by the connection while nothing
    more may be sent. `wake` asks the connection to write what the session has.
    """

    repeats = False

    def __init__(
        self, exchange: Exchange, account: Account, session: Session, wake: Callable[[], None]
    ) -> None:
        self.account = account
        self.number = next(exchange.sessions)
        self.paused = False
        self._exchange = exchange
        self._session = session
        self._wake = wake
        self._tlvs = session.interface_version >= INTERFACE_VERSION_34
        self._receives = session.can_receive
        self._offers = 0
        self._lost = False

    def open(self) -> None:
        """Count the bind, and take what waits for the account."""
        self.account.traffic.binds += 1
        self.account.traffic.sessions += 1
        if self._receives:
            self._exchange.courier.open(self.account.name, self.number, self)

    # ---- from the ESME

    def take(self, submits: Sequence[SubmitSm], answers: Sequence[Answered]) -> None:
        """Take all that one read brought: submit_sm, and answers to deliver_sm."""
        sms: list[MoSms | MtSms] = []
        sequences: list[int] = []
        if submits:
            self.account.traffic.submits += len(submits)
            if self.account.config.counts_only:
                self._count(submits)
            else:
                self._read(submits, sms, sequences)
        ends = self._read_answers(answers) if answers else []
        if sms or ends:
            self._offers += 1
            self._exchange.offer((*sms, *ends), partial(self._decided, sequences, sms, ends))
        if answers:
            # The window has room as soon as they are answered, whenever that is committed.
            self.room()

    def _count(self, submits: Sequence[SubmitSm]) -> None:
        respond, ids = self._session.respond, self._exchange.counted_ids
        for pdu in submits:
            respond(SubmitSmResp(pdu.sequence_number, 0, str(next(ids))))

    def _read(
        self, submits: Sequence[SubmitSm], sms: list[MoSms | MtSms], sequences: list[int]
    ) -> None:
        sender, number, now = self.account.sender, self.number, self._exchange.clock.now()
        refused: list[Refusal] = []
        for pdu in submits:
            event = event_of(pdu, sender, number, now)
            if isinstance(event, Refusal):
                self._session.refuse(pdu, event.status)
                refused.append(event)
            else:
                sms.append(event)
                sequences.append(pdu.sequence_number)
        if refused:
            self.account.traffic.refused += len(refused)
            log.info(
                "submit_sm refused",
                account=self.account.name,
                session=number,
                count=len(refused),
                first=f"{refused[0].status.name}: {mask_identities(refused[0].why)}",
            )

    def _read_answers(self, answers: Sequence[Answered]) -> list[Acknowledged | Refused]:
        name = self.account.name
        confirmed: list[int] = []
        ends: list[Acknowledged | Refused] = []
        for answer in answers:
            meaning, status = taken(answer.response)
            if meaning is Taken.CONFIRMED:
                confirmed.append(answer.context)
            elif meaning is Taken.LATER:
                self._exchange.courier.again(answer.context)
            else:
                ends.append(Refused(name, answer.context, status))
        if confirmed:
            ends.append(Acknowledged(name, tuple(confirmed)))
        return ends

    def _decided(
        self,
        sequences: list[int],
        sms: list[MoSms | MtSms],
        ends: list[Acknowledged | Refused],
        decisions: Sequence[Decision],
    ) -> None:
        """Answer what was submitted; called by the flow after the commit."""
        self._exchange.settled()
        self._offers -= 1
        respond = self._session.respond
        for sequence, event, decision in zip(sequences, sms, decisions, strict=False):
            respond(response_to(sequence, event, decision.answer))
        for end, decision in zip(ends, decisions[len(sms) :], strict=True):
            if isinstance(decision.answer, Denied):
                self._not_stored(end)
        self._wake()
        if self._lost and not self._offers:
            self._release()

    def _not_stored(self, end: Acknowledged | Refused) -> None:
        """Deliver again what the store could not note as ended: better twice than never."""
        for id_ in end.ids if isinstance(end, Acknowledged) else (end.id,):
            self._exchange.courier.again(id_)

    # ---- to the ESME, for the courier

    def free(self) -> int:
        """Say how many more deliver_sm may be sent now."""
        return 0 if self.paused else self._session.window_free()

    def carry(self, messages: Sequence[Message]) -> None:
        """Send these as deliver_sm."""
        deliver, tlvs = self._session.deliver, self._tlvs
        for message in messages:
            deliver(deliver_sm(message, tlvs=tlvs), message.id)
        self.account.traffic.delivers += len(messages)
        self._wake()

    def room(self) -> None:
        """Let the courier send what waits, as far as there is room."""
        if self._receives:
            self._exchange.courier.room(self.account.name, self.number)

    def unanswered(self, ids: Sequence[int]) -> None:
        """Have sent again what had no answer in time."""
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
        if not self._offers:
            self._release()

    def _release(self) -> None:
        if self._receives:
            self._exchange.courier.close(self.account.name, self.number)
