"""Measure what exports, reports and restarts cost with many subscribers in the store.

    python -m tests.bench.bulk [--numbers 1000000] [--load 500] [--seconds 8] [--json]

Starts `gateway serve` on a database with that many subscribers, offers registrations over SMPP at
a rate (smppblast) while nothing else goes on, then again while an export runs, and while a report
is made.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench.main_job import compile_client, serving
from tests.bench.population import populate
from tests.bench.processes import cpu_seconds, rss
from tests.bench.sweep import folded, load

_PATHS = {
    "export": "export/subscribers",
    "report": "report",
    "export journal": "export/journal",
    "report again": "report",
}


@dataclass(frozen=True)
class Beside:
    """What went on beside the load: its seconds and CPU seconds, and the load's p99."""

    name: str
    seconds: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    errors: int


@dataclass(frozen=True)
class Bulk:
    """A whole measurement; the start's seconds are until ready."""

    numbers: int
    start_s: float
    start_cpu_s: float
    rss_mib: float
    octets_a_subscriber: float
    beside: list[Beside]


def measure(folder: Path, numbers: int, rate: int, seconds: float) -> Bulk:
    """Populate, start, offer the load beside each piece of work."""
    client = compile_client(folder)
    clock = 'clock.now="2018-02-20T12:00:00+07:00"'
    with serving(folder, clock) as (pid, _):
        empty = rss(pid)
    (folder / "bench.sqlite3").unlink()
    populate(folder / "bench.sqlite3", numbers)
    began = time.monotonic()
    with serving(folder, clock) as (pid, told):
        started, cpu, full = time.monotonic() - began, cpu_seconds(pid), rss(pid)
        api, port = f"http://127.0.0.1:{told['http']['port']}/api/v1", told["smpp"]["port"]
        beside = [_beside("nothing", lambda: None, client, port, rate, seconds, 0)]
        for index, (name, path) in enumerate(_PATHS.items(), start=1):
            folded(api)
            work = lambda path=path: _read(f"{api}/{path}")  # noqa: E731 - a function for one line says no more
            beside.append(_beside(name, work, client, port, rate, seconds, index * 1_000_000))
    return Bulk(numbers, started, cpu, full / 2**20, (full - empty) / numbers, beside)


def _read(url: str) -> None:
    with httpx.Client(trust_env=False, timeout=600) as http, http.stream("GET", url) as answer:
        answer.raise_for_status()
        for _ in answer.iter_raw():
            pass


def _beside(
    name: str,
    work: Callable[[], None],
    client: Path,
    port: int,
    rate: int,
    seconds: float,
    first: int,
) -> Beside:
    took: list[float] = []

    def timed() -> None:
        began = time.monotonic()
        work()
        took.append(time.monotonic() - began)

    thread = threading.Thread(target=timed)
    thread.start()
    result: dict[str, Any] = load(client, port, rate, seconds, first)
    thread.join()
    if not took:
        raise RuntimeError(f"{name}: failed, see above")
    response = result["submit_to_resp_ms"]
    errors = result["errors_total"] + result["lost"]
    return Beside(name, took[0], response["p50"], response["p99"], response["max"], errors)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--load", type=int, default=500, help="registrations offered a second")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each load")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), asked.numbers, asked.load, asked.seconds)
    if asked.json:
        print(json.dumps(asdict(found), indent=1))
        return
    print(
        f"{found.numbers:,} subscribers: ready after {found.start_s:.1f} s ({found.start_cpu_s:.1f}"
        f" s of CPU), {found.rss_mib:,.0f} MiB, {found.octets_a_subscriber:,.0f} octets each"
    )
    print(f"{'beside':18}{'seconds':>9}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}{'errors':>8}")
    for one in found.beside:
        print(
            f"{one.name:18}{one.seconds:>9.1f}{one.p50_ms:>9.2f}{one.p99_ms:>9.2f}"
            f"{one.max_ms:>9.2f}{one.errors:>8}"
        )


if __name__ == "__main__":
    main()
