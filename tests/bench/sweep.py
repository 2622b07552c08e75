"""Measure the sweep: how fast numbers are barred in bulk, and what others feel of it.

    python -m tests.bench.sweep [--numbers 100000] [--per-second 5000] [--load 500] [--json]

Starts `gateway serve` on a temporary database with synchronous = FULL, imports unregistered
numbers, offers registrations over SMPP at a rate (smppblast) while it is quiet, then sets the
calendar to the first stage and offers the same load while the numbers are swept.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.bench.main_job import compile_client, pinned, serving

_SESSIONS, _WINDOW = 4, 25
_SWEEP_S = 3_600.0
_FOLD_S = 600.0
_POLL_S = 0.2


@dataclass(frozen=True)
class Swept:
    """Rates a second, p99 of the response to a registration in milliseconds."""

    numbers: int
    imported_per_s: float
    swept_per_s: float
    quiet_p99_ms: float
    swept_p99_ms: float
    errors: int


def write_numbers(path: Path, count: int) -> None:
    """Write unregistered numbers of Indosat, scattered, as the import takes them."""
    with path.open("w") as out:
        out.write("msisdn,status\n")
        for index in range(count):
            out.write(f"62815{index * 7_919 % 10**8:08},unregistered\n")


def load(client: Path, port: int, rate: int, seconds: float, first: int) -> dict[str, Any]:
    """Offer registrations of Telkomsel's numbers; gives smppblast's result."""
    command = [
        *pinned(1),
        *(str(client), "-q", "-p", str(port), "-u", "qa", "-P", "qa", "-r", str(rate)),
        *("-n", str(_SESSIONS), "-w", str(_WINDOW), "-T", str(seconds)),
        *("-s", "62812{8}", "-d", "4444", "-z", "-B", str(first)),
        *("-t", "REG 32010101{8}#3201060401130027#"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"smppblast: {done.stderr or done.stdout}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def folded(api: str) -> None:
    """Wait until the store has written all it knows into its tables."""
    deadline = time.monotonic() + _FOLD_S
    with httpx.Client(base_url=api, trust_env=False, timeout=60) as http:
        while http.get("/health").raise_for_status().json()["store"]["unfolded"]:
            if time.monotonic() > deadline:
                raise RuntimeError("the tables are not written")
            time.sleep(_POLL_S)


def measure(folder: Path, numbers: int, per_second: float, rate: int, seconds: float) -> Swept:
    """Import, load in the quiet, sweep under load."""
    client = compile_client(folder)
    file = folder / "numbers.csv"
    write_numbers(file, numbers)
    rules = f"schedule.sweep_per_second={per_second}"
    with serving(folder, rules, 'clock.now="2018-02-28T12:00:00+07:00"') as (_, told):
        api = f"http://127.0.0.1:{told['http']['port']}"
        began = time.monotonic()
        command = [sys.executable, "-m", "gateway", "import", "subscribers", str(file)]
        subprocess.run([*command, "--api", api], check=True, stdout=subprocess.DEVNULL)
        imported = time.monotonic() - began
        # The tables are written behind an import; what is quiet begins after that.
        folded(f"{api}/api/v1")
        port = told["smpp"]["port"]
        quiet = load(client, port, rate, seconds, 0)
        with httpx.Client(base_url=f"{api}/api/v1", trust_env=False, timeout=60) as http:
            http.put("/clock", json={"now": "2018-03-01"}).raise_for_status()
            swept = load(client, port, rate, seconds, 50_000_000)
            deadline = time.monotonic() + _SWEEP_S
            view = http.get("/sweep").json()
            while view["running"]:
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the sweep does not end: {view}")
                view = http.get("/sweep", params={"wait": 30}).json()
    return Swept(
        numbers,
        numbers / imported,
        view["done"] / view["seconds"],
        quiet["submit_to_resp_ms"]["p99"],
        swept["submit_to_resp_ms"]["p99"],
        quiet["errors_total"] + swept["errors_total"] + quiet["lost"] + swept["lost"],
    )


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--numbers", type=int, default=100_000)
    parser.add_argument("--per-second", type=float, default=5_000)
    parser.add_argument("--load", type=int, default=500, help="registrations offered a second")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each load")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = measure(Path(name), asked.numbers, asked.per_second, asked.load, asked.seconds)
    if asked.json:
        print(json.dumps(asdict(found), indent=1))
        return
    print(f"imported {found.numbers:,} numbers, {found.imported_per_s:,.0f} a second")
    print(f"swept {found.swept_per_s:,.0f} a second, {asked.per_second:,.0f} asked")
    ratio = found.swept_p99_ms / found.quiet_p99_ms
    print(f"p99 at {asked.load:,} registrations a second: {found.quiet_p99_ms:.2f} ms in the quiet")
    print(f"  {found.swept_p99_ms:.2f} ms during the sweep, {ratio:.2f} times")
    print(f"errors and lost responses: {found.errors}")


if __name__ == "__main__":
    main()
