"""Which faults there are on an SMPP server, and what its sessions remember of them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from gateway.clock import Clock, monotonic
from gateway.core.fault_aim import NO_FAULTS, Aimed, Armed, Faults, Happening, Tally
from gateway.core.faults import Point, Refuse, RefuseBind, Throttle
from gateway.links.smpp_account import Account
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import BindRequest, DataSm, SubmitMulti, SubmitSm
from gateway.smpp.rate import SubmitRate
from gateway.smpp.session import Session

Wake = Callable[[], None]
Submit = SubmitSm | SubmitMulti | DataSm


class Target(Protocol):
    """A session at which faults are aimed."""

    @property
    def name(self) -> str:
        """Its account."""

    def aim(self, aimed: Aimed) -> None:
        """Let these go wrong from now on."""


class FaultBoard:
    """The faults of one server.

    `tally` counts how often each struck; it is the flow's, for receipts are counted there. `held`
    are the responses that wait for their receipts, by account and message.
    """

    def __init__(
        self, clock: Clock, faults: Faults = NO_FAULTS, tally: Tally | None = None
    ) -> None:
        self.tally = {} if tally is None else tally
        self.held: dict[tuple[str, int], Wake] = {}
        self._clock = clock
        self._faults = faults
        # By rule and account: how fast an account submits.
        self._rates: dict[tuple[str, str], SubmitRate] = {}
        self._targets: set[Target] = set()

    def set(self, faults: Faults, tally: Tally) -> None:
        """Let other things go wrong from now on, on every session; `tally` counts them."""
        self._faults = faults
        self.tally = tally
        self._rates.clear()
        for target in self._targets:
            target.aim(faults.of(target.name))

    def open(self, target: Target) -> None:
        """Aim at a session, until `close`."""
        self._targets.add(target)
        target.aim(self._faults.of(target.name))

    def close(self, target: Target) -> None:
        """Forget a session that is over."""
        self._targets.discard(target)

    def now(self) -> int:
        """Give the calendar's time, by which rules are active."""
        return self._clock.now()

    def refuses_bind(self, account: Account, session: Session, request: BindRequest) -> bool:
        """Refuse an account's bind if a rule says so; whether it is refused."""
        if not self._faults:
            return False
        what = Happening(self.now())
        for armed in self._faults.of(account.name).get(Point.BIND, ()):
            fault = armed.rule.fault
            if isinstance(fault, RefuseBind) and armed.strikes(what, self.tally):
                account.traffic.binds_refused += 1
                session.refuse(request, fault.status)
                return True
        return False

    def submit_refusal(
        self, armed: Armed, account: str, pdu: Submit, what: Happening
    ) -> int | None:
        """Give the command_status by which this rule refuses a submit, if it does."""
        fault = armed.rule.fault
        if isinstance(fault, Refuse):
            return fault.status if armed.strikes(what, self.tally) else None
        # What is within the rate is not met by the rule: it is never struck.
        if isinstance(fault, Throttle) and armed.fits(what):
            rate = self._rate(armed.rule.name, account, fault.per_second)
            if not rate.allows(pdu, monotonic()) and armed.strikes(what, self.tally):
                return CommandStatus.ESME_RTHROTTLED
        return None

    def _rate(self, rule: str, account: str, per_second: float) -> SubmitRate:
        rate = self._rates.get((rule, account))
        if rate is None:
            rate = self._rates[rule, account] = SubmitRate(per_second, 0, monotonic())
        return rate
