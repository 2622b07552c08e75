"""Thresholds: `p99<200ms`, `errors<1%`; read, and held against what was measured. Pure."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from handsets.load.latency import Latencies
from handsets.load.tally import Tally

_COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM: Final = re.compile(
    r"\s*(?:(?P<of>response|reply|receipt)\.)?(?P<what>[a-z]+|p[0-9]{1,2}(?:\.?[0-9]+)?)"
    r"\s*(?P<sign><=|>=|<|>)\s*(?P<limit>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>us|ms|s|%|/s)?\s*"
).fullmatch
_MICROS: Final = {"us": 1, "ms": 1_000, "s": 1_000_000}
_UNITS: Final = {
    "lost": ("", "%"),
    "refused": ("", "%"),
    "unsent": ("", "%"),
    "errors": ("", "%"),
    "rate": ("", "/s"),
}

FORM: Final = (
    "write it like p99<200ms, reply.p99.9<1s, max<5s, errors<1%, lost<=0, refused<5 or rate>500"
)
"""What a threshold may look like, for those who wrote another."""


class Threshold(Struct, frozen=True, gc=False):
    """A limit: `of` is what latency, "" for to the end; `limit` in microseconds or as a share."""

    text: str
    of: str
    what: str
    share: float
    sign: str
    limit: float
    is_share: bool


class Finding(Struct, frozen=True, gc=False):
    """Whether a threshold holds, and the value as people read it."""

    threshold: str
    holds: bool
    value: str


def parse_threshold(text: str) -> Threshold | None:
    """Read a threshold; None for what is none."""
    match = _FORM(text)
    if match is None:
        return None
    of, what, sign = match["of"] or "", match["what"], match["sign"]
    limit, unit = float(match["limit"]), match["unit"] or ""
    share = _share_of(what)
    if share is not None:
        if unit not in _MICROS:
            return None
        limit *= _MICROS[unit]
    elif of or unit not in _UNITS.get(what, ()):
        return None
    plain = limit / 100 if unit == "%" else limit
    return Threshold(text.strip(), of, what, share or 0.0, sign, plain, unit == "%")


def _share_of(what: str) -> float | None:
    """Read p99, p99.9 or p999 as a share; max as all of them."""
    if what == "max":
        return 1.0
    if not re.fullmatch(r"p[0-9]{1,2}(\.?[0-9]+)?", what):
        return None
    digits = what[1:]
    return float(digits) / 100 if "." in digits or len(digits) <= 2 else float(f"0.{digits}")


def judge(threshold: Threshold, tally: Tally, seconds: float) -> Finding:
    """Hold a threshold against a tally of so many seconds.

    A latency of which there was none holds no threshold: nothing was shown.
    """
    compare = _COMPARE[threshold.sign]
    what = threshold.what
    if threshold.share:
        micros = _latency(tally, threshold.of).percentile(threshold.share)
        if micros is None:
            return Finding(threshold.text, False, "none measured")
        return Finding(threshold.text, compare(micros, threshold.limit), duration(micros))
    if what == "rate":
        rate = tally.ended / seconds if seconds > 0 else 0.0
        return Finding(threshold.text, compare(rate, threshold.limit), f"{rate:,.1f}/s")
    counts = {
        "lost": tally.lost,
        "refused": tally.refused,
        "unsent": tally.unsent,
        "errors": tally.errors,
    }
    count = counts[what]
    if threshold.is_share:
        part = count / tally.offered if tally.offered else 0.0
        return Finding(threshold.text, compare(part, threshold.limit), f"{part:.3%}")
    return Finding(threshold.text, compare(count, threshold.limit), f"{count:,}")


def _latency(tally: Tally, of: str) -> Latencies:
    match of:
        case "response":
            return Latencies(tally.response)
        case "reply":
            return Latencies(tally.reply)
        case "receipt":
            return Latencies(tally.receipt)
        case _:
            return tally.to_the_end()


def duration(micros: float | None) -> str:
    """Write microseconds as people read them: `850 us`, `12.4 ms`, `3.20 s`; a dash for none."""
    if micros is None:
        return "-"
    if micros < 1_000:
        return f"{micros:.0f} us"
    if micros < 1_000_000:
        return f"{micros / 1_000:.1f} ms"
    return f"{micros / 1_000_000:.2f} s"
