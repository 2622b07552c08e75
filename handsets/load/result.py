"""What a run came to, as a value: written as JSON, shown, compared. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from handsets.load.expect import Finding, Threshold, judge
from handsets.load.latency import Latencies
from handsets.load.tally import Tally, total_of

SHARES: Final = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p99.9": 0.999, "max": 1.0}
"""The percentiles that are shown."""


# Seconds without any answer, while messages are sent, that are an outage.
_SILENT_S: Final = 2
_JUDGING: Final = re.compile(r"\s*(errors|lost|unsent)\b").match


class Reading(Struct, frozen=True):
    """The target's own metrics at a second; what it does not tell is None."""

    second: int
    cpu_seconds: float | None = None
    memory: float | None = None
    events_waiting: float | None = None
    submits: float | None = None


class Agent(Struct, frozen=True):
    """One of several senders, and what became of it: "done", or why it is not."""

    name: str
    state: str


class Result(Struct, frozen=True):
    """A run. `tallies` by second; `agents` only where there were several senders."""

    name: str
    target: str
    way: str
    started: str
    seed: int
    seconds: float
    tallies: list[Tally]
    about: str = ""
    ended_early: str = ""
    agents: tuple[Agent, ...] = ()
    findings: tuple[Finding, ...] = ()
    readings: tuple[Reading, ...] = ()

    @property
    def sending_seconds(self) -> float:
        """How long messages were sent, without the wait for the last replies."""
        last = max((one.second for one in self.tallies if one.offered), default=0)
        return min(self.seconds, last + 1.0) if self.seconds else last + 1.0


class Summary(Struct, frozen=True):
    """A run in few numbers; latencies in milliseconds, None where there were none."""

    offered: int
    sent: int
    replied: int
    reported: int
    refused: int
    lost: int
    unsent: int
    extra: int
    late: int
    unaccounted: int
    rate: float
    errors: float
    causes: dict[str, int]
    replies: dict[str, int]
    kinds: dict[str, int]
    latency_ms: dict[str, dict[str, float | None]]
    unsent_causes: dict[str, int] = {}
    outage: Outage | None = None


class Written(Struct, frozen=True):
    """A result as `--json` writes it."""

    summary: Summary
    run: Result


def latencies(total: Tally) -> dict[str, Latencies]:
    """Give the latencies that were measured, by what they led to; `end` is to the last step."""
    found = {
        "end": total.to_the_end(),
        "response": Latencies(total.response),
        "reply": Latencies(total.reply),
        "receipt": Latencies(total.receipt),
    }
    return {name: one for name, one in found.items() if one.counts or name == "end"}


def summary(result: Result) -> Summary:
    """Sum a run up."""
    total = total_of(result.tallies)
    seconds = result.sending_seconds
    return Summary(
        offered=total.offered,
        sent=total.sent,
        replied=total.replied,
        reported=total.reported,
        refused=total.refused,
        lost=total.lost,
        unsent=total.unsent,
        extra=total.extra,
        late=total.late,
        unaccounted=total.unaccounted,
        rate=round(total.ended / seconds, 2) if seconds else 0.0,
        errors=round(total.errors / total.offered, 6) if total.offered else 0.0,
        causes=total.causes,
        replies=total.replies,
        kinds=total.kinds,
        latency_ms={name: _milliseconds(one) for name, one in latencies(total).items()},
        unsent_causes=total.unsent_causes,
        outage=outage(result),
    )


def _milliseconds(one: Latencies) -> dict[str, float | None]:
    found = one.percentiles(SHARES.values())
    return {
        name: None if micros is None else micros / 1_000
        for name, micros in zip(SHARES, found, strict=True)
    }


def judged(result: Result, thresholds: Sequence[Threshold]) -> Result:
    """Hold the thresholds against a result."""
    total, seconds = total_of(result.tallies), result.sending_seconds
    findings = tuple(judge(one, total, seconds) for one in thresholds)
    return msgspec.structs.replace(result, findings=findings)


def is_good(result: Result) -> bool:
    """Whether a run went to its end, with its target and all its senders, and held its thresholds.

    Connections that broke and were made again are bad only where no threshold judges what they
    cost: one of errors, lost or unsent.
    """
    found = outage(result)
    judges = any(_JUDGING(finding.threshold) for finding in result.findings)
    return (
        not result.ended_early
        and (found is None or (found.passed and judges))
        and all(agent.state == "done" for agent in result.agents)
        and all(finding.holds for finding in result.findings)
    )


class Outage(Struct, frozen=True):
    """A target that went away: `first` is the second in which it did.

    `broken` connections broke, `down` were still missing at the end; with neither it was silent.
    """

    first: int
    broken: int = 0
    down: int = 0

    @property
    def passed(self) -> bool:
        """Whether the target was there again."""
        return self.broken > 0 and not self.down


def outage(result: Result) -> Outage | None:
    """Find whether connections broke, or nothing was answered any more; None if all was well."""
    tallies = result.tallies
    total = total_of(tallies)
    broke = [one.second for one in tallies if one.broken or one.down]
    if broke:
        return Outage(broke[0], total.broken, total.down)
    # Silence: lost messages, and no answer to any for as long as messages were sent yet.
    sending = max((one.second for one in tallies if one.sent), default=0)
    answered = max((one.second for one in tallies if one.ended or one.response), default=-1)
    if total.lost and (answered < 0 or sending - answered >= _SILENT_S):
        return Outage(answered + 1)
    return None


def encode(result: Result) -> bytes:
    """Write a result as JSON."""
    return msgspec.json.encode(Written(summary(result), result))


def decode(text: bytes) -> Result | None:
    """Read a result; None for what is none."""
    try:
        return msgspec.json.decode(text, type=Written).run
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
