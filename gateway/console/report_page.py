"""A report as one HTML page: charts, and the numbers under them. Pure."""

from __future__ import annotations

from html import escape

from gateway.console.charts import WIDE, Cell, Series, across, parts_across, upwards
from gateway.core.ageing import moment
from gateway.core.report.identity import UNKNOWN
from gateway.core.report.report import Due, Report
from gateway.core.report.tables import Table

# How a number stands -> its colour, from what is well to what is barred (people.Standing).
_COLOURS = {
    "registered": "good",
    "unvalidated": "good2",
    "new": "c0",
    "not yet barred": "wait",
    "outgoing barred": "bar1",
    "incoming barred": "bar2",
    "all barred": "bar3",
    "gone": "gone",
}

# Tables whose columns have different units: no chart.
_LISTS = ("many", "outlets")

_STYLE = """
:root{--ink:#1c2733;--faint:#5d6b7a;--paper:#fff;--ground:#f3f5f8;--edge:#dde3ea;--c0:#2f6fb3;
--good:#2e8b57;--good2:#8cc5a2;--wait:#e3b23c;--bar1:#e08a3c;--bar2:#cf5c36;--bar3:#9c2c2c;
--gone:#8b95a1}
@media (prefers-color-scheme:dark){:root{--ink:#e7ecf2;--faint:#a3afbc;--paper:#1d2530;
--ground:#131a22;--edge:#36414e;--c0:#6aa5e3;--good:#53b37f;--good2:#3b6f54}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:26px;margin:0 0 4px}h2{font-size:17px;margin:0 0 12px}
p{margin:0 0 12px}.faint,small{color:var(--faint)}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:18px}
section,.card{background:var(--paper);border:1px solid var(--edge);border-radius:10px;
padding:18px 20px}
.wide{grid-column:1/-1}.stack{display:flex;flex-direction:column;gap:18px;min-width:0}
section{min-width:0}.wide{overflow-x:auto}.wide>svg{min-width:760px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(160px,1fr));gap:14px;
margin:20px 0 18px}
.card b{display:block;font-size:26px;line-height:1.2;font-variant-numeric:tabular-nums}
svg{width:100%;height:auto;display:block}
svg text{font-size:12.5px;fill:var(--ink);dominant-baseline:middle}
svg .end{text-anchor:end}svg .middle{text-anchor:middle;font-size:11px}svg .faint{fill:var(--faint)}
.c0{fill:var(--c0)}.good{fill:var(--good)}.good2{fill:var(--good2)}.wait{fill:var(--wait)}
.bar1{fill:var(--bar1)}.bar2{fill:var(--bar2)}.bar3{fill:var(--bar3)}.gone{fill:var(--gone)}
.axis{stroke:var(--faint)}.grid{stroke:var(--edge)}
.key{display:flex;flex-wrap:wrap;gap:4px 16px;margin:10px 0 0;padding:0;list-style:none;
font-size:13px}
.key svg{width:11px;height:11px;display:inline-block;margin-right:6px}
details{margin-top:12px}summary{cursor:pointer;color:var(--faint);font-size:13px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px;margin-top:8px}
th,td{padding:4px 10px 4px 0;border-bottom:1px solid var(--edge);text-align:right;
font-variant-numeric:tabular-nums;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
tfoot td{font-weight:600}
@media print{body{background:#fff}section{break-inside:avoid}details{display:none}}
"""


def report_page(report: Report) -> str:
    """Write the page; it needs nothing but itself."""
    at = moment(report.at)
    least = report.smallest_cell
    note = (
        f"Counts only. Groups of 1 to {least - 1} are hidden, and with them what they could be "
        "computed from."
        if least > 1
        else "Counts only."
    )
    show = {
        table.name: _list(table) if table.name in _LISTS else _section(table)
        for table in report.tables
    }
    beside = "".join(show[name] for name in ("age", "sex", "hour"))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Registrations</title><style>{_STYLE}</style></head><body><main>"
        "<h1>Prepaid registration</h1>"
        f'<p class="faint">{at:%d %B %Y, %H:%M} WIB &middot; schedule {escape(report.schedule)}'
        f" &middot; {escape(note)}</p>"
        f'<div class="cards">{_cards(report)}</div>'
        f'<div class="grid2">{show["standing"]}{show["funnel"]}{show["failures"]}'
        f'{show["province"]}<div class="stack">{beside}</div>{show["many"]}{show["outlets"]}</div>'
        "</main></body></html>\n"
    )


def _cards(report: Report) -> str:
    standing = report.table("standing")
    totals = dict(zip(standing.columns, standing.totals, strict=True))
    registered, everybody = totals["registered"], totals["all"]
    share = f"{registered / everybody:.0%} of all" if registered and everybody else "&nbsp;"
    cards = [
        _card("Numbers", _shown(everybody), "&nbsp;"),
        _card("Registered", _shown(registered), share),
    ]
    return "".join([*cards, *(_countdown(due) for due in report.countdown)])


def _countdown(due: Due) -> str:
    stage = due.stage.value.replace("_", " ").capitalize()
    when = f"from {moment(due.at):%d %b %Y}"
    if due.days > 0:
        return _card(stage, f"{due.days} day{'s' if due.days > 1 else ''}", when)
    return _card(stage, "in force", when)


def _card(what: str, number: str, below: str) -> str:
    name = f"<small>{escape(what)}</small>"
    return f'<div class="card">{name}<b>{number}</b><small>{below}</small></div>'


def _section(table: Table) -> str:
    wide = " class=wide" if len(table.columns) > 1 else ""
    return (
        f"<section{wide}><h2>{escape(table.title)}</h2>{_chart(table)}"
        f"<details><summary>The numbers</summary>{_numbers(table)}</details></section>"
    )


def _list(table: Table) -> str:
    shown = _numbers(table) if table.rows else '<p class="faint">None.</p>'
    return f"<section class=wide><h2>{escape(table.title)}</h2>{shown}</section>"


def _chart(table: Table) -> str:
    if not any(cell != 0 for row in table.rows for cell in row.cells):
        return '<p class="faint">Nothing yet.</p>'
    if len(table.columns) == 1:
        # Who is unknown is shown where there are such.
        rows = [row for row in table.rows if row.label != UNKNOWN or row.cells != (0,)]
        labels, counts = [row.label for row in rows], [row.cells[0] for row in rows]
        draw = upwards if table.name == "hour" else across
        return draw(labels, counts, table.title)
    labels = [row.label for row in table.rows]
    series = [
        Series(name, _COLOURS.get(name, "c0"), tuple(row.cells[at] for row in table.rows))
        for at, name in enumerate(table.columns[:-1])
        if any(row.cells[at] != 0 for row in table.rows)
    ]
    key = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" rx="2" '
        f'class="{one.colour}"/></svg>{escape(one.name)}</li>'
        for one in series
    )
    return parts_across(labels, series, table.title, WIDE) + f'<ul class="key">{key}</ul>'


def _numbers(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in (table.of, *table.columns))
    rows = "".join(_line(row.label, row.cells) for row in table.rows)
    foot = f"<tfoot>{_line('all', table.totals)}</tfoot>" if table.totals else ""
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody>{foot}</table></div>"
    )


def _line(label: str, cells: tuple[Cell, ...]) -> str:
    shown = "".join(f"<td>{_shown(cell)}</td>" for cell in cells)
    return f"<tr><td>{escape(label)}</td>{shown}</tr>"


def _shown(cell: Cell) -> str:
    return '<span class="faint">hidden</span>' if cell is None else f"{cell:,}"
