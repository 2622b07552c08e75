"""Measure the main job: submit_sm to response, and to 4444's reply.

    python -m tests.bench.main_job [--seconds 5] [--json]

Starts `gateway serve` on a temporary database, pinned to one core, drives it with smppblast
(C, compiled here, pinned to another core) and prints messages a second and percentiles, with
each setting's ratio to the first one. Registrations are committed to SQLite before they are
answered; their MSISDNs are scattered.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Setting:
    """One row of the table."""

    name: str
    account: str
    sessions: int
    window: int
    rate: int = 0
    registers: bool = True


SETTINGS = (
    Setting("answer only, 10 x 100", "sink", 10, 100, registers=False),
    Setting("registration, 10 x 100", "qa", 10, 100),
    Setting("registration, 10 x 10", "qa", 10, 10),
    Setting("registration, 1 x 10", "qa", 1, 10),
    Setting("registration, 1 x 1", "qa", 1, 1),
    Setting("registration, 5,000/s offered", "qa", 10, 100, rate=5_000),
)


def compile_client(folder: Path) -> Path:
    """Compile smppblast; raises FileNotFoundError where there is no C compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError("no C compiler: install gcc to measure")
    target = folder / "smppblast"
    source = str(HERE / "smppblast.c")
    subprocess.run([compiler, "-O2", "-o", str(target), source, "-lm"], check=True)
    return target


def pinned(core: int) -> list[str]:
    """Give the command prefix that pins a process to a core, where that can be done."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if shutil.which("taskset") is None or len(cores) < 2:
        return []
    return ["taskset", "-c", str(cores[core % len(cores)])]


@contextmanager
def gateway(folder: Path, *sets: str) -> Iterator[tuple[int, int]]:
    """Run `gateway serve` on one core; gives its process id and SMPP port."""
    with serving(folder, *sets) as (pid, told):
        yield pid, told["smpp"]["port"]


@contextmanager
def serving(folder: Path, *sets: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Run `gateway serve` on one core; gives its process id and what it told when ready."""
    command = [
        *pinned(0),
        *(sys.executable, "-m", "gateway", "serve", "--json"),
        *(f"--set={text}" for text in ("smpp.port=0", "mqtt.port=0", "http.port=0")),
        *(f"--set={text}" for text in sets),
        f'--set=store.path="{folder / "bench.sqlite3"}"',
        '--set=registry.mode="accept"',
        '--set=log.level="error"',
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            told = json.loads(line)
            if told["event"] == "ready":
                yield process.pid, told
                break
        else:
            raise RuntimeError("the gateway did not start; see above")
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def measure(client: Path, setting: Setting, seconds: float, first: int = 0) -> dict[str, Any]:
    """Run one setting against a fresh gateway; gives smppblast's result."""
    with tempfile.TemporaryDirectory() as name, gateway(Path(name)) as (pid, port):
        where = ("-p", str(port), "-u", setting.account, "-P", setting.account)
        more = ("-B", str(first), *(("-r", str(setting.rate)) if setting.rate else ()))
        sessions, window = setting.sessions, setting.window
        return blast(client, where, sessions, window, seconds, pid=pid, more=more)


def blast(
    client: Path,
    where: tuple[str, ...],
    sessions: int,
    window: int,
    seconds: float,
    *,
    pid: int = 0,
    more: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Drive a server with registrations; gives smppblast's result."""
    # 10^8 numbers of one operator; the NIK differs by message, so no NIK is over its limit.
    command = [
        *pinned(1),
        *(str(client), "-q", *where, "-n", str(sessions), "-w", str(window), "-T", str(seconds)),
        *("-s", "62812{8}", "-d", "4444", "-z", "-t", "REG 32010101{8}#3201060401130027#"),
        *(("-c", str(pid)) if pid else ()),
        *(("-k", str(seconds / 5)) if seconds >= 1 else ()),
        *more,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"smppblast: {done.stderr or done.stdout}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def table(results: list[tuple[Setting, dict[str, Any]]]) -> str:
    """Lay the results out as text."""
    head = f"{'setting':34}{'per s':>10}{'ratio':>8}{'resp p50':>10}{'p99':>9}{'reply p50':>11}"
    lines = [head + f"{'p99':>9}{'server CPU':>12}{'MiB':>7}"]
    base = results[0][1]["ok_per_s"] or 1.0
    for setting, result in results:
        response, reply = result["submit_to_resp_ms"], result.get("submit_to_reply_ms") or {}
        lines.append(
            f"{setting.name:34}{result['ok_per_s']:>10,.0f}{result['ok_per_s'] / base:>8.3f}"
            f"{response['p50']:>10.2f}{response['p99']:>9.2f}"
            f"{reply.get('p50', 0.0):>11.2f}{reply.get('p99', 0.0):>9.2f}"
            f"{result['server_cpu_pct']:>11.0f}%{result['server_rss_mib']:>7.0f}"
        )
        if result["errors"] or result["lost"]:
            lines.append(f"    errors {result['errors']}, lost {result['lost']}")
    return "\n".join(lines)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each setting")
    parser.add_argument("--json", action="store_true", help="print smppblast's objects")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        client = compile_client(Path(name))
        results = [(one, measure(client, one, arguments.seconds)) for one in SETTINGS]
    if arguments.json:
        print(json.dumps({setting.name: result for setting, result in results}, indent=1))
    else:
        print(table(results))


if __name__ == "__main__":
    main()
