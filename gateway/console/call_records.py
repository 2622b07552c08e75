"""Call records (CDR): calls and data sessions that ended, as lines of CSV or JSON.

`cause` is the network's name for why it ended; `q850` its number in ITU-T Q.850, for calls; `sm`
that in TS 24.008 10.5.6.6, for data sessions. `duration_s` counts from the answer.
"""

from __future__ import annotations

from gateway.core.ageing import iso
from gateway.core.causes import CODES
from gateway.core.decision import Call, DataSession
from gateway.core.numbers import EMERGENCY_NUMBERS

COLUMNS = (
    "type", "id", "caller", "callee", "start", "answer", "end", "duration_s", "cause", "q850", "sm",
)  # fmt: skip


def record_fields(record: Call | DataSession) -> dict[str, str]:
    """Give a call record by column; what there is not is empty."""
    if isinstance(record, DataSession):
        values = (
            "data",
            record.ref,
            record.msisdn,
            "",
            iso(record.started_at),
            iso(record.started_at),
            iso(record.ended_at),
            _seconds(record.ended_at - record.started_at),
            record.cause.value,
            "",
            str(CODES[record.cause].sm),
        )
    else:
        answered = record.answered_at
        values = (
            "emergency" if record.callee in EMERGENCY_NUMBERS else "voice",
            str(record.id),
            record.caller,
            record.callee,
            iso(record.started_at),
            iso(answered) if answered else "",
            iso(record.ended_at),
            _seconds(record.ended_at - answered if answered else 0),
            record.cause.value,
            str(CODES[record.cause].q850),
            "",
        )
    return dict(zip(COLUMNS, values, strict=True))


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}"
