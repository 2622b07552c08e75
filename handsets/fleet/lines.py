"""What `handsets fleet` shows. Pure."""

from __future__ import annotations

from rich.table import Table

from gateway.core.numbers import Msisdn, national_form
from handsets.fleet.play import Progress
from handsets.fleet.result import FleetResult

_FAILING_MOST = 10
# Phones that the embedded broker takes with a connection each within a minute.
_EACH_MOST = 2_000


def slow(now: Progress, *, shared: bool) -> str:
    """Say how many phones come on faster, where they do so slowly; "" where nothing is to be said.

    The embedded broker compares each new topic with every filter: work that grows with the square
    of the phones (rumqttd, router/logs.rs: matches, next_native_offset).
    """
    if shared or now.phones <= _EACH_MOST or now.on == now.phones:
        return ""
    return (
        f"handsets: {now.on:,} of {now.phones:,} phones are on: the embedded broker takes some"
        f" thousand with a connection each, ever slower; give --shared 10, or --mqtt with a"
        f" mosquitto that the gateway uses too"
    )


def progress(now: Progress) -> str:
    """Write how far it is, in a line."""
    trouble = f"; {now.trouble}" if now.trouble else ""
    return (
        f"{now.seconds:6.0f} s  {now.on:,} of {now.phones:,} phones on, {now.kept:,} stories kept, "
        f"{now.missed:,} missed, {now.memory_per_phone / 1024:.1f} KiB a phone{trouble}"
    )


def table(result: FleetResult) -> Table:
    """Draw the stories' table."""
    drawn = Table("story", "phones", "kept", "missed", "unfinished")
    for column in drawn.columns[1:]:
        column.justify = "right"
    for one in result.stories:
        drawn.add_row(
            one.name, f"{one.phones:,}", f"{one.kept:,}", f"{one.missed:,}", f"{one.unfinished:,}"
        )
    return drawn


def summary(result: FleetResult) -> list[str]:
    """Write what there is besides the table."""
    on = (
        f"all on after {result.all_on_after:.1f} s"
        if result.all_on_after is not None
        else f"at most {result.most_on:,} on at once"
    )
    lines = [
        f"{result.phones:,} phones, {result.shape}, {on}; {result.seconds:.1f} s in all, "
        f"{result.memory_per_phone / 1024:.1f} KiB a phone, "
        f"{result.reconnections:,} reconnections, seed {result.seed}"
    ]
    for one in result.failing[:_FAILING_MOST]:
        who = ", ".join(national_form(Msisdn(msisdn)) for msisdn in one.examples)
        more = ", ..." if one.phones > len(one.examples) else ""
        lines.append(
            f'"{one.story}" step {one.at} ({one.step}): {one.why}; '
            f"{one.phones:,} phones: {who}{more}"
        )
        lines += [f"    came instead: {near}" for near in one.near]
    if (more_groups := len(result.failing) - _FAILING_MOST) > 0:
        lines.append(f"and {more_groups:,} other failures; --json has all")
    return lines
