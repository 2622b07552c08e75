"""Fault profiles: useful sets of rules under one name.

No operator was measured for them: every row is invented, to be a plausible kind of trouble.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct, structs

from gateway.config.delays import DelayConfig, DelayKind
from gateway.config.faults import FaultConfig, FaultKind
from gateway.core.faults import FinalState, Form

_K = FaultKind
_INVENTED: Final = "invented: plausible, measured nowhere"


class FaultProfile(Struct, frozen=True, kw_only=True):
    """One profile; its rules are named after it, `profile.rule`."""

    name: str
    what: str
    rows: tuple[FaultConfig, ...]
    provenance: str = _INVENTED

    def rows_for(self, account: str) -> tuple[FaultConfig, ...]:
        """Give its rows, aimed at an account ("" for all)."""
        return tuple(
            structs.replace(row, name=f"{self.name}.{row.name}", account=account)
            for row in self.rows
        )


_ROWS = (
    FaultProfile(
        name="flaky-operator",
        what="a busy operator: slow now and then, some errors, few lost or failed messages",
        rows=(
            FaultConfig(
                name="slow",
                kind=_K.DELAY_RESPONSE,
                delay=DelayConfig(kind=DelayKind.LOGNORMAL, median=0.2, sigma=1.0),
            ),
            FaultConfig(name="error", kind=_K.REFUSE, status="ESME_RSYSERR", probability=0.02),
            FaultConfig(name="full", kind=_K.REFUSE, status="ESME_RMSGQFUL", probability=0.02),
            FaultConfig(name="silent", kind=_K.NO_RESPONSE, probability=0.002),
            FaultConfig(
                name="failed",
                kind=_K.CHANGE_RECEIPT,
                state=FinalState.UNDELIVERABLE,
                error=27,
                probability=0.05,
            ),
            FaultConfig(name="lost", kind=_K.DROP_RECEIPT, probability=0.01),
        ),
    ),
    FaultProfile(
        name="throttling",
        what="ten messages a second and no more",
        rows=(FaultConfig(name="rate", kind=_K.THROTTLE, per_second=10.0),),
    ),
    FaultProfile(
        name="lost-receipts",
        what="a receipt in ten never comes, one in twenty comes twice",
        rows=(
            FaultConfig(name="drop", kind=_K.DROP_RECEIPT, probability=0.1),
            FaultConfig(name="twice", kind=_K.DUPLICATE_RECEIPT, probability=0.05),
        ),
    ),
    FaultProfile(
        name="disordered-receipts",
        what="receipts before the response, twice, or hours later",
        rows=(
            FaultConfig(name="first", kind=_K.RECEIPT_FIRST, probability=0.3),
            FaultConfig(name="twice", kind=_K.DUPLICATE_RECEIPT, probability=0.2),
            FaultConfig(
                name="late",
                kind=_K.DELAY_RECEIPT,
                delay=DelayConfig(kind=DelayKind.UNIFORM, least=3600.0, most=36_000.0),
                probability=0.2,
            ),
        ),
    ),
    FaultProfile(
        name="failing-deliveries",
        what="messages are taken and then fail: two in five, in four ways",
        rows=tuple(
            FaultConfig(
                name=state.name.lower(),
                kind=_K.CHANGE_RECEIPT,
                state=state,
                error=error,
                probability=0.125,
            )
            for state, error in (
                (FinalState.UNDELIVERABLE, 27),
                (FinalState.EXPIRED, 27),
                (FinalState.REJECTED, 32),
                (FinalState.UNKNOWN, 34),
            )
        ),
    ),
    FaultProfile(
        name="overloaded-desk",
        what="4444 on its first day: busy, silent, hours late, successes that get lost",
        rows=(
            FaultConfig(name="busy", kind=_K.BUSY_DESK, probability=0.1),
            FaultConfig(name="silent", kind=_K.SILENT_DESK, probability=0.2),
            FaultConfig(
                name="late",
                kind=_K.LATE_VERDICT,
                delay=DelayConfig(kind=DelayKind.LOGNORMAL, median=600.0, sigma=1.5),
                probability=0.5,
            ),
            FaultConfig(name="lost", kind=_K.LOST_SUCCESS, probability=0.15),
        ),
    ),
    FaultProfile(
        name="late-verdicts",
        what="4444 says thanks at once, and its verdict three minutes later",
        rows=(
            FaultConfig(
                name="late",
                kind=_K.LATE_VERDICT,
                delay=DelayConfig(kind=DelayKind.FIXED, seconds=180.0),
            ),
        ),
    ),
    FaultProfile(
        name="broken-wire",
        what="connections that end, PDUs that are none",
        rows=(
            FaultConfig(
                name="ends-unanswered",
                kind=_K.DISCONNECT,
                after=200,
                answered=False,
            ),
            FaultConfig(
                name="wrong-sequence",
                kind=_K.MALFORMED_RESPONSE,
                form=Form.WRONG_SEQUENCE,
                probability=0.01,
            ),
            FaultConfig(
                name="unknown-command",
                kind=_K.MALFORMED_RESPONSE,
                form=Form.UNKNOWN_COMMAND,
                probability=0.01,
            ),
            FaultConfig(name="cut", kind=_K.MALFORMED_RESPONSE, form=Form.CUT, probability=0.005),
            FaultConfig(
                name="stall", kind=_K.MALFORMED_RESPONSE, form=Form.STALL, probability=0.001
            ),
        ),
    ),
    FaultProfile(
        name="dead-peer",
        what="the connection stays open and nobody answers any more",
        rows=(
            FaultConfig(name="submits", kind=_K.NO_RESPONSE),
            FaultConfig(name="enquire-link", kind=_K.IGNORE_ENQUIRE_LINK),
        ),
    ),
    FaultProfile(
        name="closed",
        what="nobody may bind",
        rows=(FaultConfig(name="bind", kind=_K.REFUSE_BIND, status="ESME_RBINDFAIL"),),
    ),
)

PROFILES: Final[Mapping[str, FaultProfile]] = {row.name: row for row in _ROWS}
"""The profiles by name."""


def profile_rows(names: Iterable[str]) -> tuple[FaultConfig, ...]:
    """Give the rows of these profiles, each once, aimed at everybody; unknown names give none."""
    known = (PROFILES[name] for name in dict.fromkeys(names) if name in PROFILES)
    return tuple(row for profile in known for row in profile.rows_for(""))
