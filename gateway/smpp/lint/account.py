"""What the lint remembers of one account, over all its sessions."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from gateway.smpp.codes import CommandStatus
from gateway.smpp.errors import Rejected
from gateway.smpp.items import Answered
from gateway.smpp.lint import message_rules, session_rules
from gateway.smpp.lint.findings import AccountReport, Findings, Note, Seen
from gateway.smpp.lint.message import Submitted, data_of, message_notes
from gateway.smpp.lint.repeats import Repeats
from gateway.smpp.lint.rules import Rule
from gateway.smpp.lint.segments import Segments
from gateway.smpp.pdu import BindRequest, GenericNack, SubmitMulti
from gateway.smpp.text import DefaultAlphabet

CHECKS_A_SECOND: Final = 1000
"""How many messages are looked at closely; of more only a stretch of some reads."""

STRETCH: Final = 8
_SOME_READS: Final = 16

_AGAIN: Final = 3
_AGAIN_WITHIN_S: Final = 60.0

_REFUSED_BINDS: Final[dict[int, Rule]] = {
    CommandStatus.ESME_RINVSYSID: session_rules.UNKNOWN_SYSTEM_ID,
    CommandStatus.ESME_RALYBND: session_rules.TOO_MANY_BINDS,
    CommandStatus.ESME_RBINDFAIL: session_rules.BIND_REFUSED,
    CommandStatus.ESME_RTHROTTLED: session_rules.TOO_MANY_BINDS,
}


class AccountLint:
    """One account's findings; its sessions (`session.SessionLint`) add to them.

    `mask` hides what must not be shown. `alphabet` is what data_coding 0 means for this client;
    `window` how many requests it may have on the way, 0 for any.
    """

    def __init__(
        self,
        name: str,
        mask: Callable[[str], str],
        *,
        alphabet: DefaultAlphabet = DefaultAlphabet.GSM,
        window: int = 0,
    ) -> None:
        """Begin without findings."""
        self.name = name
        self.window = window
        self._mask = mask
        self.forget()
        self._alphabet = alphabet
        self._segments = Segments()
        self._repeats = Repeats()
        self._turn = 0
        self._checks = float(CHECKS_A_SECOND)
        self._checked_at = 0.0
        self._accepted = 0
        self._refused = 0
        # When the last sessions of one message ended, and the last wrong passwords came.
        self._single: deque[float] = deque(maxlen=_AGAIN)
        self._wrong: deque[float] = deque(maxlen=_AGAIN)

    def report(self, offset: float) -> AccountReport:
        """Give what was found until now; `offset` makes Unix seconds of steady ones."""
        seen = Seen(**{name: getattr(self.seen, name) for name in Seen.__struct_fields__})
        return AccountReport(self.name, seen, self.findings.found(offset))

    def forget(self) -> None:
        """Begin without findings again."""
        self.seen = Seen()
        self.findings = Findings(self._mask)

    # ---- binds and ends

    def bind_refused(self, bind: BindRequest, status: int, now: float, standing: int) -> None:
        """Note a bind that was answered with an error while so many sessions stood."""
        self.seen.binds_refused += 1
        rule = _REFUSED_BINDS.get(status)
        if status == CommandStatus.ESME_RBINDFAIL and standing:
            rule = session_rules.TOO_MANY_BINDS
        if status == CommandStatus.ESME_RINVPASWD and self._again(self._wrong, now):
            rule = session_rules.WRONG_PASSWORD
        if rule is not None:
            shown = f"system_id {bind.system_id!r}, answered with 0x{status:08x}, {standing} bound"
            self.findings.add((rule, shown), now, 0, bind.sequence_number)

    def ended(self, messages: int, now: float, session: int) -> None:
        """Note the end of a bound session that brought so many messages."""
        if messages != 1:
            self._single.clear()
        elif self._again(self._single, now):
            shown = f"{_AGAIN} sessions of one message within {now - self._single[0]:.0f} s"
            self.findings.add((session_rules.BIND_PER_MESSAGE, shown), now, session)

    @staticmethod
    def _again(times: deque[float], now: float) -> bool:
        """Note a time; say whether there were several lately."""
        times.append(now)
        return len(times) == _AGAIN and now - times[0] <= _AGAIN_WITHIN_S

    # ---- messages

    def check(
        self, session: int, messages: Sequence[Submitted], now: float, calendar_ms: int
    ) -> None:
        """Look at the messages of one read: at all, while there are not too many."""
        count = len(messages)
        self.seen.messages += count
        left = self._checks + (now - self._checked_at) * CHECKS_A_SECOND
        self._checks, self._checked_at = min(left, CHECKS_A_SECOND), now
        if count > self._checks:
            self._segments.skipped(now)
            messages = self._stretch(messages)
        self._checks -= len(messages)
        self.seen.checked += len(messages)
        add = self.findings.add
        for pdu in messages:
            for note in self._notes(pdu, now, calendar_ms):
                add(note, now, session, pdu.sequence_number)

    def _stretch(self, messages: Sequence[Submitted]) -> Sequence[Submitted]:
        """Give neighbours out of too many messages, others each time; of most reads none."""
        self._turn += 1
        if self._checks < 0 and self._turn % _SOME_READS:
            return ()
        size = max(STRETCH, int(self._checks))
        start = self._turn * STRETCH % max(1, len(messages) - size + 1)
        return messages[start : start + size]

    def _notes(self, pdu: Submitted, now: float, calendar_ms: int) -> list[Note]:
        octets = data_of(pdu)
        found = message_notes(pdu, octets, calendar_ms, self._alphabet)
        found += self._segments.notes(pdu, octets, now)
        to = pdu.dest_address if type(pdu) is SubmitMulti else pdu.destination_addr
        if self._repeats.seen(hash((pdu.source_addr, to, octets)), now):
            shown = f"{pdu.source_addr} to {to}" if isinstance(to, str) else pdu.source_addr
            found.append((message_rules.RESUBMITTED, shown))
        return found

    # ---- answers to deliver_sm

    def accepted(self, count: int) -> None:
        """Note deliver_sm that the client took."""
        self._accepted += count
        self.seen.deliver_answers += count

    def not_accepted(self, answer: Answered, now: float, session: int) -> None:
        """Note an answer to deliver_sm that is no acceptance."""
        self.seen.deliver_answers += 1
        response, add = answer.response, self.findings.add
        if isinstance(response, Rejected):
            note = (session_rules.RESPONSE_MALFORMED, response.why)
            add(note, now, session, response.sequence_number)
            return
        status, sequence = response.command_status, response.sequence_number
        shown = f"answered with 0x{status:08x}"
        if isinstance(response, GenericNack):
            add((session_rules.DELIVER_NACKED, shown), now, session, sequence)
        self._refused += 1
        if not self._accepted and self._refused >= _AGAIN:
            count = _AGAIN if self._refused == _AGAIN else 1
            add((session_rules.DELIVER_REFUSED, shown), now, session, sequence, count)
