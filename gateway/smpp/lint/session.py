"""What the lint remembers of one session: fed once for each read and each write."""

from collections.abc import Sequence
from typing import Final

from gateway.smpp.codes import RESPONSE_BIT, CommandStatus
from gateway.smpp.items import Answered, Closed, CloseReason, Item, Refused
from gateway.smpp.lint import address_rules, message_rules
from gateway.smpp.lint import session_rules as rules
from gateway.smpp.lint.account import AccountLint
from gateway.smpp.lint.message import Submitted
from gateway.smpp.lint.pace import Pace
from gateway.smpp.lint.rules import Rule
from gateway.smpp.lint.sequences import Sequences
from gateway.smpp.pdu import (
    BindRequest,
    DataSm,
    DeliverSmResp,
    SubmitMulti,
    SubmitSm,
)
from gateway.smpp.pdu_link import RequestPdu
from gateway.smpp.session import Session

_SUBMITTED: Final = (SubmitSm, SubmitMulti, DataSm)
_ANSWERED: Final = frozenset({Answered})
_IDLE_S: Final = 60.0
_WINDOW_SANE: Final = 1000
_ENQUIRES_A_SECOND: Final = 10
_VERSIONS: Final = frozenset({0x33, 0x34, 0x50})
_TLVS_FROM: Final = 0x34

_LOAD: Final = frozenset({CommandStatus.ESME_RTHROTTLED, CommandStatus.ESME_RMSGQFUL})
_TOO_MUCH: Final = {
    pdu: tuple(
        (pdu.command_id | RESPONSE_BIT).to_bytes(4, "big") + status.to_bytes(4, "big")
        for status in _LOAD
    )
    for pdu in (SubmitSm, SubmitMulti, DataSm)
}
"""How a response begins, after its length, that asks the client to slow down."""

_REFUSED: Final[dict[int, Rule]] = {
    CommandStatus.ESME_RINVBNDSTS: rules.WRONG_STATE,
    CommandStatus.ESME_RALYBND: rules.BOUND_TWICE,
    CommandStatus.ESME_RINVCMDID: rules.UNKNOWN_COMMAND,
    CommandStatus.ESME_RINVSRCADR: address_rules.ADDRESS_TOO_LONG,
    CommandStatus.ESME_RINVDSTADR: address_rules.ADDRESS_TOO_LONG,
    CommandStatus.ESME_RINVMSGLEN: message_rules.MESSAGE_TOO_LONG,
    CommandStatus.ESME_ROPTPARNOTALLWD: message_rules.TEXT_TWICE,
}


class SessionLint:
    """One connection: of `account`, which is nobody's until the bind.

    Times are steady seconds, `calendar_ms` the network's time in Unix milliseconds.
    """

    def __init__(self, account: AccountLint, number: int, now: float) -> None:
        """Start with the connection."""
        self._account = account
        self._number = number
        self._pace = Pace()
        self._bound = False
        self._refused = False
        self._unbound = False
        self._version = _TLVS_FROM
        self._messages = 0
        # What answers the kinds of messages that came, when it is too much.
        self._kinds: set[type] = set()
        self._too_much: tuple[bytes, ...] = ()
        self._sequences = Sequences()
        self._active = now
        self._enquired = 0
        self._enquires = (0, 0)
        self._unsolicited = 0
        self._expired = 0

    def bound(self, account: AccountLint, bind: BindRequest, number: int, now: float) -> None:
        """Note the bind: the session is this account's from now on, under this number."""
        self._account, self._number = account, number
        self._bound = True
        self._version = bind.interface_version
        self._sequences.last = bind.sequence_number
        self._active = now
        account.seen.sessions += 1
        if bind.interface_version not in _VERSIONS:
            shown = f"interface_version 0x{bind.interface_version:02x}"
            self._note(rules.INTERFACE_VERSION, shown, now, bind.sequence_number)

    def bind_refused(
        self, account: AccountLint, bind: BindRequest, status: int, now: float, standing: int = 0
    ) -> None:
        """Note that the bind was answered with an error while so many of the account's stood."""
        self._refused = True
        account.bind_refused(bind, status, now, standing)

    def received(
        self, items: Sequence[Item], session: Session, now: float, calendar_ms: int
    ) -> None:
        """Take what one read brought, `session` having taken it already."""
        submits: list[Submitted] = [one for one in items if type(one) is SubmitSm]
        if len(submits) == len(items):
            if submits:
                self._requests(submits, now)
        else:
            if not _ANSWERED.issuperset(map(type, items)):
                self._requests([one for one in items if isinstance(one, RequestPdu)], now)
                submits = [one for one in items if isinstance(one, _SUBMITTED)]
            self._others(items, now)
        if submits:
            self._submitted(submits, session, now, calendar_ms)
        self._link(session, now, active=bool(items))

    def sent(self, data: bytes, now: float) -> None:
        """Take what was written to the client."""
        for beginning in self._too_much:
            if beginning in data:
                self._pace.refused(now)
        self._sequences.answered(data)

    def expired(self, count: int, now: float) -> None:
        """Note deliver_sm that were not answered in time."""
        self._expired += count
        self._account.findings.add(
            (rules.DELIVER_UNANSWERED, f"{count} deliver_sm"), now, self._number, 0, count
        )

    def silent(self, now: float) -> None:
        """Note that enquire_link was not answered in time."""
        self._note(rules.ENQUIRE_LINK_UNANSWERED, "closed for silence", now)

    def settle(self, now: float) -> None:
        """Judge what only time shows; for a report while the session lasts."""
        self._slower(self._pace.verdict(now), now)
        self._quiet(now)

    def ended(self, now: float, *, by_us: bool) -> None:
        """Note the end of the connection."""
        if not self._bound:
            if not (self._refused or by_us):
                self._note(rules.NEVER_BOUND, "closed before a bind", now)
            return
        self.settle(now)
        if not (self._unbound or by_us):
            self._note(rules.NO_UNBIND, f"after {self._messages} messages", now)
        self._account.ended(self._messages, now, self._number)

    # ---- parts of a read

    def _note(self, rule: Rule, shown: str, now: float, sequence: int = 0) -> None:
        self._account.findings.add((rule, shown), now, self._number, sequence)

    def _submitted(
        self, submits: list[Submitted], session: Session, now: float, calendar_ms: int
    ) -> None:
        account, first = self._account, submits[0].sequence_number
        self._messages += len(submits)
        if type(submits[0]) not in self._kinds:
            self._kinds.add(type(submits[0]))
            self._too_much += _TOO_MUCH[type(submits[0])]
        waiting = session.unanswered
        if account.window and waiting > account.window:
            self._note(rules.WINDOW_EXCEEDED, f"{waiting} of {account.window}", now, first)
        elif waiting > _WINDOW_SANE:
            self._note(rules.WINDOW_LARGE, f"{waiting} at once", now, first)
        self._slower(self._pace.sent(len(submits), now), now)
        if self._version < _TLVS_FROM and any(one.tlvs for one in submits):
            self._note(rules.TLVS_BEFORE_34, f"interface_version 0x{self._version:02x}", now, first)
        account.check(self._number, submits, now, calendar_ms)

    def _requests(self, requests: Sequence[RequestPdu], now: float) -> None:
        self._account.seen.requests += len(requests)
        for note, sequence in self._sequences.notes(requests):
            self._account.findings.add(note, now, self._number, sequence)

    def _others(self, items: Sequence[Item], now: float) -> None:
        """Look at what is no request."""
        accepted = 0
        for item in items:
            if type(item) is Answered:
                response = item.response
                if type(response) is DeliverSmResp and not response.command_status:
                    accepted += 1
                else:
                    self._account.not_accepted(item, now, self._number)
            elif isinstance(item, Refused):
                self._on_refused(item, now)
            elif isinstance(item, Closed):
                self._on_closed(item, now)
        if accepted:
            self._account.accepted(accepted)

    def _on_refused(self, item: Refused, now: float) -> None:
        rejected = item.rejected
        if rejected.command_status not in _LOAD:
            rule = _REFUSED.get(rejected.command_status, rules.MALFORMED)
            shown = f"command_id 0x{rejected.command_id:08x}: {rejected.why}"
            self._note(rule, shown, now, rejected.sequence_number)

    def _on_closed(self, item: Closed, now: float) -> None:
        self._unbound = True
        if item.reason is CloseReason.FRAMING_LOST and item.lost is not None:
            shown = f"command_length 0x{item.lost.command_length:08x}"
            self._note(rules.FRAMING_LOST, shown, now)

    def _link(self, session: Session, now: float, *, active: bool) -> None:
        """Look at what the session has dealt with by itself."""
        unsolicited = session.unsolicited - self._unsolicited
        if unsolicited:
            self._unsolicited += unsolicited
            late = min(unsolicited, self._expired)
            self._expired -= late
            for rule, count in (
                (rules.DELIVER_LATE, late),
                (rules.RESPONSE_TO_NOTHING, unsolicited - late),
            ):
                if count:
                    note = (rule, f"{count} responses")
                    self._account.findings.add(note, now, self._number, 0, count)
        if session.enquired != self._enquired:
            self._on_enquired(session.enquired - self._enquired, now)
            self._enquired = session.enquired
            active = True
        if active:
            self._quiet(now)
            self._active = now

    def _on_enquired(self, count: int, now: float) -> None:
        self._account.seen.enquire_links += count
        second, before = self._enquires
        before = before if second == int(now) else 0
        self._enquires = (int(now), before + count)
        if before <= _ENQUIRES_A_SECOND < before + count:
            self._note(rules.ENQUIRE_LINK_FLOOD, f"{before + count} in a second", now)

    def _quiet(self, now: float) -> None:
        silence = now - self._active
        if self._bound and silence > _IDLE_S and not self._enquired:
            self._active = now
            self._note(rules.NO_ENQUIRE_LINK, f"silent for {silence:.0f} s", now)

    def _slower(self, verdict: str, now: float) -> None:
        if verdict:
            self._note(rules.THROTTLE_IGNORED, verdict, now)
