"""Measure the REST API: requests a second and their time, on connections that stay open.

    python -m tests.bench.api [--seconds 3] [--json]

Starts `gateway serve` on a temporary database, pinned to one core; the clients are threads of this
process. What changes the network is committed before it is answered, as over SMPP.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.main_job import serving

_TIMEOUT_S = 30.0
_NUMBERS = count(81_290_000_000)
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Setting:
    """One row of the table: what is asked, on how many connections at once."""

    name: str
    path: str
    connections: int = 1
    body: dict[str, Any] | None = None


_VERDICT = {
    "outcome": "registered",
    "nik": "3201014107859001",
    "kk": "3201010203179000",
    "by": "bench",
}
_SMS = {"to": "4444", "text": "REG 3201014107859001#3201010203179000#"}
SETTINGS = (
    Setting("the clock", "/clock"),
    Setting("the clock, 8 at once", "/clock", 8),
    Setting("a verdict", "/registrations", 1, _VERDICT),
    Setting("a verdict, 8 at once", "/registrations", 8, _VERDICT),
    Setting("an SMS to 4444, 8 at once", "/sms", 8, _SMS),
)


@dataclass(frozen=True)
class Found:
    """What came of a row; milliseconds are those of one request."""

    name: str
    per_s: float
    p50_ms: float
    longest_ms: float


def _body(wish: dict[str, Any] | None) -> bytes | None:
    if wish is None:
        return None
    key = "from" if "to" in wish else "msisdn"
    return json.dumps({**wish, key: f"0{next(_NUMBERS)}"}).encode()


def _ask(port: int, setting: Setting, ends: float) -> list[float]:
    """Ask until the end, one request after the other; gives the seconds of each."""
    connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_S)
    took: list[float] = []
    method = "GET" if setting.body is None else "POST"
    while (began := time.perf_counter()) < ends:
        connection.request(method, f"/api/v1{setting.path}", _body(setting.body), _JSON)
        answer = connection.getresponse()
        said = answer.read()
        took.append(time.perf_counter() - began)
        if answer.status >= 300:
            raise RuntimeError(f"{setting.name}: {answer.status} {said.decode()}")
    connection.close()
    return took


def measure(folder: Path, setting: Setting, seconds: float) -> Found:
    """Run one setting against a fresh gateway."""
    with (
        serving(folder) as (_, told),
        ThreadPoolExecutor(setting.connections, thread_name_prefix="client") as clients,
    ):
        port = told["http"]["port"]
        # The first request of a process is dearer; it is not what is measured.
        _ask(port, setting, time.perf_counter() + seconds / 10)
        ends = time.perf_counter() + seconds
        asking = [clients.submit(_ask, port, setting, ends) for _ in range(setting.connections)]
        took = [one for each in asking for one in each.result()]
    return Found(setting.name, len(took) / seconds, median(took) * 1e3, max(took) * 1e3)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each row")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = []
    for setting in SETTINGS:
        with tempfile.TemporaryDirectory() as name:
            found.append(measure(Path(name), setting, asked.seconds))
    if asked.json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return
    print(f"{'asked':<28}{'per s':>9}{'ratio':>8}{'p50 ms':>9}{'longest':>9}")
    for one in found:
        ratio = one.per_s / found[0].per_s
        print(
            f"{one.name:<28}{one.per_s:>9,.0f}{ratio:>8.2f}{one.p50_ms:>9.2f}{one.longest_ms:>9.2f}"
        )


if __name__ == "__main__":
    main()
