"""A run as one HTML page: charts and the numbers under them; needs nothing but itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import pairwise
from math import log10

from handsets.load.charts import WIDE, Axis, Line, bars, lines, time_axis
from handsets.load.expect import duration
from handsets.load.latency import Latencies
from handsets.load.lines import beginning, clock, late, trouble
from handsets.load.report_style import STYLE
from handsets.load.result import SHARES, Result, Summary, is_good, latencies, summary
from handsets.load.tally import Tally, largest, total_of

_MOST = 10
_KINDS = (
    ("reply", "c0", "reply"),
    ("receipt", "c2", "receipt"),
    ("response", "c1", "response"),
)
_AT = ((0.5, "50"), (0.9, "90"), (0.99, "99"), (0.999, "99.9"), (0.9999, "99.99"))
_NAMES = {"end": "to the end", "response": "response", "reply": "reply", "receipt": "receipt"}


def report_page(result: Result) -> str:
    """Write the page."""
    one, total = summary(result), total_of(result.tallies)
    mark = ("good", "held") if is_good(result) else ("bad", "not held")
    shown = result.findings or mark[0] == "bad"
    verdict = f'<span class="mark {mark[0]}">{mark[1]}</span>' if shown else ""
    early = f"ended early: {result.ended_early}" if result.ended_early else ""
    told = [early, trouble(result), late(total)]
    bad = "".join(f'<p class="bad">{escape(one[0].upper() + one[1:])}</p>' for one in told if one)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Load: {escape(result.name)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(result.name)} {verdict}</h1>"
        f'<p class="faint">{escape(result.about)}</p>'
        f'<p class="faint">{escape(result.way)} &middot; {escape(result.started)} &middot; '
        f"seed {result.seed}</p>{bad}"
        f'<div class="cards">{_cards(one, total, result)}</div>'
        f'<div class="grid2">{_findings(result)}{_over_time(result.tallies)}'
        f"{_percentiles(total)}{_under_way(result.tallies)}{_errors(result, total)}"
        f"{_counts(total)}{_agents(result)}{_target(result)}{_numbers(one, total)}</div>"
        "</main></body></html>\n"
    )


def _cards(one: Summary, total: Tally, result: Result) -> str:
    p50, p99, most = total.to_the_end().percentiles((0.5, 0.99, 1.0))
    return "".join(
        (
            _card("Messages", f"{one.offered:,}", f"over {clock(result.sending_seconds)}"),
            _card("Dealt with", f"{one.rate:,.1f}/s", f"{total.ended:,} in all"),
            _card("p50", duration(p50), "from the intended time"),
            _card("p99", duration(p99), f"longest {duration(most)}"),
            _card(
                "Errors",
                f"{one.errors:.2%}",
                f"{one.refused:,} refused, {one.lost:,} lost, {one.unsent:,} never sent",
            ),
        )
    )


def _card(what: str, number: str, below: str) -> str:
    return (
        f'<div class="card"><small>{escape(what)}</small><b>{escape(number)}</b>'
        f"<small>{escape(below)}</small></div>"
    )


def _section(title: str, body: str, note: str = "", wide: bool = False) -> str:
    said = f'<p class="faint">{escape(note)}</p>' if note else ""
    return f"<section{' class=wide' if wide else ''}><h2>{escape(title)}</h2>{said}{body}</section>"


def _findings(result: Result) -> str:
    if not result.findings:
        return ""
    rows = "".join(
        f'<tr><td><span class="mark {"good" if one.holds else "bad"}">'
        f"{'holds' if one.holds else 'broken'}</span></td>"
        f"<td>{escape(one.threshold)}</td><td>{escape(one.value)}</td></tr>"
        for one in result.findings
    )
    body = f"<table class=text><tr><th></th><th>threshold</th><th>measured</th></tr>{rows}</table>"
    return _section("Thresholds", body, wide=True)


def _over_time(tallies: Sequence[Tally]) -> str:
    axis = _times(tallies)
    measured = [one.to_the_end().percentiles((0.5, 0.99, 1.0)) for one in tallies]
    latency = [
        Line(name, colour, tuple(row[at] for row in measured))
        for at, name, colour in ((1, "p99", "c0"), (0, "p50", "c1"), (2, "longest", "c3"))
    ]
    rates = [
        Line("offered", "c1", tuple(float(one.offered) for one in tallies)),
        Line("dealt with", "c0", tuple(float(one.ended) for one in tallies)),
    ]
    return _section(
        "Latency over time",
        lines(axis, latency, "Latency over time", _short, WIDE),
        "From the intended time of a message to its last step: the first reply or the receipt.",
        wide=True,
    ) + _section(
        "Messages a second", lines(axis, rates, "Messages a second", _whole, WIDE), wide=True
    )


def _percentiles(total: Tally) -> str:
    places = [0.0, *(share for share, _ in _AT)]
    found = latencies(total)
    shares = sorted({*places, *(1 - 10 ** (-at / 12) for at in range(1, 48))})
    series = [
        Line(name, colour, tuple(found[kind].percentiles(shares)))
        for kind, colour, name in _KINDS
        if kind in found
    ]
    if not series:
        return ""
    nines = [_nines(share) for share in shares]
    marks = tuple((_nines(share), f"{label} %") for share, label in _AT)
    axis = Axis(tuple(nines), marks, tuple(f"{share:.4%}" for share in shares))
    body = lines(axis, series, "Latency by percentile", _short)
    return _section("Latency by percentile", body)


def _nines(share: float) -> float:
    """Place a percentile so that each further nine has the same room."""
    return -log10(1 - share)


def _under_way(tallies: Sequence[Tally]) -> str:
    series = [Line("under way", "c0", tuple(float(one.waiting) for one in tallies))]
    if any(one.queued for one in tallies):
        queued = tuple(float(one.queued) for one in tallies)
        series.append(Line("due, not sent yet", "c3", queued))
    body = lines(_times(tallies), series, "Messages under way", _whole)
    return _section("Messages under way", body)


def _errors(result: Result, total: Tally) -> str:
    if not total.errors:
        return _section("Errors", '<p class="faint">None: every message was dealt with.</p>')
    series = [
        Line(shown, colour, tuple(float(getattr(one, name)) for one in result.tallies))
        for name, shown, colour in (
            ("refused", "refused", "c3"),
            ("lost", "lost", "bad"),
            ("unsent", "never sent", "c2"),
        )
        if getattr(total, name)
    ]
    drawn = lines(_times(result.tallies), series, "Errors a second", _whole)
    return _section("Errors a second", drawn) + "".join(
        _section(title, bars(largest(causes, _MOST), colour))
        for title, causes, colour in (
            ("Refused and lost, by cause", total.causes, "bad"),
            ("Never sent, by cause", total.unsent_causes, "c2"),
        )
        if causes
    )


def _counts(total: Tally) -> str:
    if not total.replies:
        return ""
    body = bars([(beginning(one), times) for one, times in largest(total.replies, _MOST)], "c0")
    return _section("What came back", body, "Replies and receipts by how they begin.")


def _agents(result: Result) -> str:
    if not result.agents:
        return ""
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{escape(one.state)}</td></tr>" for one in result.agents
    )
    body = f"<table class=text><tr><th>agent</th><th>state</th></tr>{rows}</table>"
    return _section("Agents", body)


def _target(result: Result) -> str:
    readings = result.readings
    if len(readings) < 2:
        return ""
    axis = time_axis([one.second for one in readings], clock)
    pairs = list(pairwise(readings))
    shown: list[tuple[str, tuple[float | None, ...], Callable[[float], str]]] = [
        (
            "CPU of the target",
            (None, *(_slope(a.cpu_seconds, b.cpu_seconds, b.second - a.second) for a, b in pairs)),
            lambda value: f"{value:.0%}",
        ),
        (
            "Memory of the target",
            tuple(None if one.memory is None else one.memory / 2**20 for one in readings),
            lambda value: f"{value:,.0f} MiB",
        ),
        (
            "Events that the target has not decided",
            tuple(one.events_waiting for one in readings),
            _whole,
        ),
        (
            "Submits that the target counts, a second",
            (None, *(_slope(a.submits, b.submits, b.second - a.second) for a, b in pairs)),
            _whole,
        ),
    ]
    return "".join(
        _section(title, lines(axis, [Line(title, "c2", values)], title, write))
        for title, values, write in shown
        # A way that the load does not take has no submits to show.
        if any(values)
    )


def _slope(before: float | None, after: float | None, seconds: int) -> float | None:
    if before is None or after is None or seconds <= 0:
        return None
    return max(0.0, (after - before) / seconds)


def _numbers(one: Summary, total: Tally) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("", *SHARES))
    rows = "".join(_row(_NAMES[name], found) for name, found in latencies(total).items())
    named = ("offered", "sent", "replied", "reported", "refused", "lost", "unsent")
    counts = "".join(f"<td>{getattr(one, name):,}</td>" for name in named)
    titles = "".join(f"<th>{'never sent' if name == 'unsent' else name}</th>" for name in named)
    return _section(
        "The numbers",
        f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'
        f'<div class="scroll"><table><tr>{titles}</tr><tr>{counts}</tr></table></div>',
        "sent = replied + reported + refused + lost; latencies are exact to a thousandth.",
        wide=True,
    )


def _row(name: str, found: Latencies) -> str:
    cells = "".join(f"<td>{duration(one)}</td>" for one in found.percentiles(SHARES.values()))
    return f"<tr><td>{escape(name)}</td>{cells}</tr>"


def _times(tallies: Sequence[Tally]) -> Axis:
    return time_axis([one.second for one in tallies], clock)


def _short(micros: float) -> str:
    return duration(micros).replace(".0 ", " ") if micros else "0"


def _whole(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 10 else f"{value:,.1f}"
