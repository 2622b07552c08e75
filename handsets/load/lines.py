"""A run as text for people: the line of each second, the table at the end, the comparison. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from handsets.load.book import SHOWN
from handsets.load.curve import Closed
from handsets.load.expect import duration
from handsets.load.profile import Profile
from handsets.load.result import SHARES, Result, latencies, outage, summary
from handsets.load.tally import Tally, largest, total_of

_CAUSES_MOST = 8
# Below this share, messages that the tool sent late say nothing of it.
_LATE_SHARE = 0.01
_NAMES = {"end": "to the end", "response": "response", "reply": "reply", "receipt": "receipt"}


def clock(seconds: float) -> str:
    """Write a time as minutes and seconds, 61:05."""
    whole = max(0, round(seconds))
    return f"{whole // 60:02}:{whole % 60:02}"


def announced(profile: Profile) -> str:
    """Tell before it begins what will be sent."""
    curve = profile.curve
    if isinstance(curve, Closed):
        return f"{curve.window:,} at a time for {clock(curve.seconds)}"
    messages, seconds = curve.messages, curve.seconds
    rate = f", {messages / seconds:,.0f}/s" if seconds else ""
    return f"about {messages:,.0f} messages in {clock(seconds)}{rate}"


def progress(recent: Sequence[Tally], total: Tally, planned: float) -> str:
    """Tell how it goes: over the recent seconds, and since the start."""
    now = recent[-1]
    span = total_of(recent)
    p50, p99 = span.to_the_end().percentiles((0.5, 0.99))
    left = planned - now.second - 1
    rest = f"{clock(left)} left" if left > 0 else "waiting for the last"
    return (
        f"{clock(now.second + 1)}  {span.ended / len(recent):>7,.0f}/s  under way {now.waiting:,}"
        f"{f' + {now.queued:,} queued' if now.queued else ''}  p50 {duration(p50)}"
        f"  p99 {duration(p99)}  errors {total.errors:,}  {rest}"
    )


def causes(total: Tally) -> list[str]:
    """List what was refused and lost by cause, the most frequent first."""
    return [f"  {times:>9,}  {name}" for name, times in largest(total.causes, _CAUSES_MOST)]


def table(result: Result) -> list[str]:
    """Tell what a run came to."""
    one, total = summary(result), total_of(result.tallies)
    told = [
        f"{result.name}: {result.way}",
        f"offered {one.offered:,}, sent {one.sent:,} = replied {one.replied:,} + reported"
        f" {one.reported:,} + refused {one.refused:,} + lost {one.lost:,}"
        + (f" + UNACCOUNTED {one.unaccounted:,}" if one.unaccounted else ""),
        f"never sent {one.unsent:,}{_unsent(total)}",
        f"{one.rate:,.1f}/s over {result.sending_seconds:,.0f} s; errors {one.errors:.3%}",
    ]
    if said := late(total):
        told.append(said)
    told.append("")
    told.append(f"{'latency':<12}" + "".join(f"{name:>11}" for name in SHARES))
    for name, measured in latencies(total).items():
        found = measured.percentiles(SHARES.values())
        told.append(f"{_NAMES[name]:<12}" + "".join(f"{duration(one):>11}" for one in found))
    if total.replies:
        told += ["", "what came back"]
        told += [
            f"  {times:>9,}  {beginning(name)}"
            for name, times in largest(total.replies, _CAUSES_MOST)
        ]
    if total.causes:
        told += ["", "refused and lost, by cause", *causes(total)]
    for agent in result.agents:
        if agent.state != "done":
            told.append(f"agent {agent.name}: {agent.state}")
    if result.ended_early:
        told += ["", f"ended early: {result.ended_early}"]
    if said := trouble(result):
        told += ["", said]
    if result.findings:
        told.append("")
    for finding in result.findings:
        mark = "holds " if finding.holds else "BROKEN"
        told.append(f"{mark}  {finding.threshold}  ({finding.value})")
    return told


def _unsent(total: Tally) -> str:
    named = largest(total.unsent_causes, _CAUSES_MOST)
    return f" ({', '.join(f'{times:,} {name}' for name, times in named)})" if named else ""


def late(total: Tally) -> str:
    """Tell of messages that the tool itself sent late; "" where these are few."""
    if total.late <= _LATE_SHARE * total.offered:
        return ""
    return (
        f"{total.late:,} were sent late by this tool itself, and count from when they were due:"
        " give it a machine of its own, or a part of the load"
    )


def beginning(name: str) -> str:
    """Show how a reply begins, and that it goes on."""
    return f"{name}..." if len(name) >= SHOWN else name


def trouble(result: Result) -> str:
    """Tell of connections that broke and of a target that fell silent; "" where all was well."""
    one = outage(result)
    if one is None:
        return ""
    from_ = f"from {clock(one.first)}"
    if one.down:
        return (
            f"target lost: {one.broken:,} connections broke, {from_} on; {one.down:,} were down to"
            " the end: is it still running?"
        )
    if one.broken:
        return f"connections broke: {one.broken:,}, {from_} on; all were made again"
    return f"target silent: nothing was answered {from_} to the end: is it still running?"


def comparison(name_a: str, a: Result, name_b: str, b: Result) -> list[str]:
    """Set two runs side by side, with the change from the first to the second."""
    wide = max(14, len(name_a), len(name_b))
    told = [f"{'':<18}{name_a:>{wide + 2}}{name_b:>{wide + 2}}{'change':>10}"]

    def row(name: str, left: float | None, right: float | None, texts: tuple[str, str]) -> None:
        change = f"{right / left - 1:+.1%}" if left and right is not None else ""
        told.append(f"{name:<18}{texts[0]:>{wide + 2}}{texts[1]:>{wide + 2}}{change:>10}")

    one, two = summary(a), summary(b)
    row("rate", one.rate, two.rate, (f"{one.rate:,.1f}/s", f"{two.rate:,.1f}/s"))
    row("errors", one.errors, two.errors, (f"{one.errors:.3%}", f"{two.errors:.3%}"))
    for count in ("offered", "sent", "replied", "reported", "refused", "lost", "unsent"):
        left, right = getattr(one, count), getattr(two, count)
        if left or right:
            name = "never sent" if count == "unsent" else count
            row(name, left, right, (f"{left:,}", f"{right:,}"))
    mine, other = latencies(total_of(a.tallies)), latencies(total_of(b.tallies))
    for kind in [kind for kind in mine if kind in other]:
        # Where all that was sent is replied to, the replies are the end.
        if kind != "end" and all(one[kind].counts == one["end"].counts for one in (mine, other)):
            continue
        pairs = zip(
            SHARES,
            mine[kind].percentiles(SHARES.values()),
            other[kind].percentiles(SHARES.values()),
            strict=True,
        )
        for share, was, becomes in pairs:
            name = share if kind == "end" else f"{kind} {share}"
            row(name, was, becomes, (duration(was), duration(becomes)))
    return told
