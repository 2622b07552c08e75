"""Holds an account to its rate and window: what is too much is refused before it is read further.

Parts of a long message count once (gateway.smpp.rate). ESME_RTHROTTLED: SMPP 3.4 §5.1.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gateway.links.smpp_account import Account
from gateway.links.smpp_responses import Asked
from gateway.links.tally import Tally
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import CancelSm, QuerySm, ReplaceSm
from gateway.smpp.session import Session

# They submit nothing: the window holds them, the rate does not.
_ORDERS: Final = (QuerySm, CancelSm, ReplaceSm)


class SubmitGate:
    """What one session's submits must pass; `None` from `gate` means that nothing is limited."""

    def __init__(self, account: Account, session: Session, throttled: Tally) -> None:
        self._account = account
        self._session = session
        self._throttled = throttled
        self._rate = account.rate
        self._window = account.config.limits.submit_window

    def pass_on(self, submits: Sequence[Asked], now: float) -> list[Asked]:
        """Give those that may pass; answers the others, which count as read and refused.

        All of them must be unanswered requests of this session.
        """
        room = len(submits)
        if self._window:
            room = self._window - (self._session.unanswered - len(submits))
        passed: list[Asked] = []
        for pdu in submits:
            if len(passed) >= room:
                self._refuse(pdu, "submit_window")
            elif isinstance(pdu, _ORDERS) or self._rate is None or self._rate.allows(pdu, now):
                passed.append(pdu)
            else:
                self._refuse(pdu, "submits_per_second")
        return passed

    def _refuse(self, pdu: Asked, limit: str) -> None:
        account = self._account
        account.traffic.submits += 1
        account.traffic.refused += 1
        self._session.refuse(pdu, CommandStatus.ESME_RTHROTTLED)
        self._throttled.note(f"{account.name}: above its {limit}")


def gate(account: Account, session: Session, throttled: Tally) -> SubmitGate | None:
    """Make the gate of a session, if its account limits what it submits."""
    if account.rate is None and not account.config.limits.submit_window:
        return None
    return SubmitGate(account, session, throttled)
