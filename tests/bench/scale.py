"""Measure what grows: with subscribers in the store, with sessions, with those who only stay.

    python -m tests.bench.scale [--numbers 1000000] [--messages 20000] [--rounds 3] [--json]

Server CPU per registration, committed and answered, with 1,000 and with that many subscribers in
the store; from 1 and from 500 sessions that have the same window each; and from 500 that share the
window of one, so that each message is a packet of its own. Once until all are answered, once until
the tables are written as well. Settings alternate, medians count, ratios are to the setting above
that has one session and the same window (or the same window in all). Then 10,000 handsets and 500
ESMEs that do nothing: CPU and memory of the gateway and its broker together.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.idle import esmes, handsets
from tests.bench.main_job import compile_client, pinned, serving
from tests.bench.population import populate
from tests.bench.processes import cpu_seconds, family, rss
from tests.bench.sweep import folded

_FEW = 1_000
# Unanswered requests of a session.
_WIDE, _NARROW = 500, 10
_CLOCK = 'clock.now="2018-02-20T12:00:00+07:00"'


@dataclass(frozen=True)
class Setting:
    """Subscribers in the store, sessions, and how many unanswered requests each of these has."""

    numbers: int
    sessions: int
    window: int


@dataclass(frozen=True)
class Cost:
    """Server CPU in microseconds a registration, until answered and until in the tables.

    `ratio` and `written_ratio` are to the setting that this one is compared with.
    """

    numbers: int
    sessions: int
    window: int
    answered_us: float
    ratio: float
    written_us: float
    written_ratio: float


@dataclass(frozen=True)
class Idle:
    """What those who stay cost: per cent of a core, MiB of gateway and broker together."""

    handsets: int
    esmes: int
    core_pct: float
    mib: float


def registrations(client: Path, port: int, by: Setting, count: int, first: int) -> dict[str, Any]:
    """Register scattered numbers, each session with its share unanswered."""
    command = [
        *pinned(1),
        *(str(client), "-q", "-p", str(port), "-u", "qa", "-P", "qa", "-T", "600"),
        *("-n", str(by.sessions), "-w", str(by.window), "-m", str(count)),
        *("-s", "62812{8}", "-d", "4444", "-z", "-B", str(first)),
        *("-t", "REG 32010101{8}#3201060401130027#"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"smppblast: {done.stderr or done.stdout}")
    result: dict[str, Any] = json.loads(done.stdout)
    if result["errors_total"] or result["lost"]:
        raise RuntimeError(f"not all were answered: {result}")
    return result


def cost(client: Path, setting: Setting, messages: int) -> tuple[float, float]:
    """Measure one setting on a gateway of its own, warm; until answered, until written."""
    with tempfile.TemporaryDirectory() as name:
        populate(Path(name) / "bench.sqlite3", setting.numbers)
        with serving(Path(name), _CLOCK) as (pid, told):
            api, port = f"http://127.0.0.1:{told['http']['port']}/api/v1", told["smpp"]["port"]
            registrations(client, port, setting, messages // 4, 50_000_000)
            folded(api)
            before = cpu_seconds(pid)
            registrations(client, port, setting, messages, 10_000_000)
            answered = cpu_seconds(pid) - before
            folded(api)
            written = cpu_seconds(pid) - before
    return answered / messages * 1e6, written / messages * 1e6


def costs(folder: Path, numbers: int, many: int, messages: int, rounds: int) -> list[Cost]:
    """Measure each setting in turn, so often; gives medians."""
    client = compile_client(folder)
    one, wide = Setting(_FEW, 1, _NARROW), Setting(_FEW, 1, _WIDE)
    compared = {
        wide: wide,
        Setting(numbers, 1, _WIDE): wide,
        one: one,
        Setting(_FEW, many, _NARROW): one,
        Setting(_FEW, many, max(1, _WIDE // many)): wide,
    }
    found: dict[Setting, list[tuple[float, float]]] = {setting: [] for setting in compared}
    for _ in range(rounds):
        for setting in compared:
            found[setting].append(cost(client, setting, messages))
    answered = {setting: median(one for one, _ in each) for setting, each in found.items()}
    written = {setting: median(one for _, one in each) for setting, each in found.items()}
    return [
        Cost(
            **asdict(setting),
            answered_us=answered[setting],
            ratio=answered[setting] / answered[base],
            written_us=written[setting],
            written_ratio=written[setting] / written[base],
        )
        for setting, base in compared.items()
    ]


async def _stay(told: dict[str, Any], pid: int, phones: int, bound: int, seconds: float) -> Idle:
    async with esmes(told["smpp"]["port"], bound), handsets(told["mqtt"]["port"], phones):
        # What the arrival costs is another matter: it takes a moment until all are known.
        await asyncio.sleep(seconds)
        before = sum(map(cpu_seconds, family(pid)))
        await asyncio.sleep(seconds)
        spent = sum(map(cpu_seconds, family(pid))) - before
        memory = sum(map(rss, family(pid)))
    return Idle(phones, bound, spent / seconds * 100, memory / 2**20)


def idle(phones: int, bound: int, seconds: float) -> Idle:
    """Measure those who only stay."""
    with tempfile.TemporaryDirectory() as name, serving(Path(name), _CLOCK) as (pid, told):
        return asyncio.run(_stay(told, pid, phones, bound, seconds))


def table(measured: list[Cost], stays: list[Idle]) -> str:
    """Lay the results out as text."""
    head = f"{'subscribers':>12}{'sessions':>10}{'window':>8}{'us answered':>13}{'ratio':>7}"
    lines = [head + f"{'us in tables':>14}{'ratio':>7}"]
    lines += [
        f"{one.numbers:>12,}{one.sessions:>10}{one.window:>8}{one.answered_us:>13.1f}"
        f"{one.ratio:>7.2f}{one.written_us:>14.1f}{one.written_ratio:>7.2f}"
        for one in measured
    ]
    lines += ["", f"{'handsets':>12}{'ESMEs':>10}{'% of a core':>13}{'MiB':>7}"]
    lines += [
        f"{one.handsets:>12,}{one.esmes:>10}{one.core_pct:>13.1f}{one.mib:>7.0f}" for one in stays
    ]
    return "\n".join(lines)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--sessions", type=int, default=500)
    parser.add_argument("--messages", type=int, default=20_000, help="registrations a measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--handsets", type=int, default=10_000)
    parser.add_argument("--esmes", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long those who stay do")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        measured = costs(Path(name), asked.numbers, asked.sessions, asked.messages, asked.rounds)
    stays = [
        idle(0, 0, asked.seconds),
        idle(0, asked.esmes, asked.seconds),
        idle(asked.handsets, asked.esmes, asked.seconds),
    ]
    if asked.json:
        print(json.dumps([*map(asdict, measured), *map(asdict, stays)], indent=1))
    else:
        print(table(measured, stays))


if __name__ == "__main__":
    main()
