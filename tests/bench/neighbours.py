"""Measure this gateway beside other SMPP servers, in turns, each on one core.

    python -m tests.bench.neighbours [--seconds 3] [--rounds 3] [--server NAME=HOST:PORT] [--json]

Every server is driven by the same C client (smppblast, on the other core) at the same settings;
the servers take turns, and each figure is the median of the rounds. `echo` answers submit_sm and
stores nothing; `reply` sends a deliver_sm back besides. Of this gateway: `sink` only counts,
`registration` is parsed, decided, committed to SQLite before its response and answered by 4444,
with scattered MSISDNs. A server that is not installed is left out, and named. More servers, for
example a jSMPP simulator, can be given by their address; they take any system_id and password, or
NAME=USER:PASSWORD@HOST:PORT.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.main_job import blast, compile_client, gateway, pinned
from tests.interop.esmes.driver import NODE_MODULES, NODE_SMPP
from tests.ports import free_port

HERE = Path(__file__).parent
SETTINGS = ((1, 1), (1, 10), (10, 10), (10, 100))
# What the others are compared with, as peers.md does.
BASE = "node-smpp, echo"


class Place(NamedTuple):
    """Where a server listens; `pid` is 0 for one that is not ours."""

    host: str
    port: int
    user: str
    password: str
    pid: int = 0


class Server(NamedTuple):
    """One row: how it is started, and whether it replies; `place` where it runs already."""

    name: str
    command: tuple[str, ...] = ()
    replies: bool = False
    account: str = ""
    place: Place | None = None


def servers(elsewhere: list[str]) -> tuple[list[Server], list[str]]:
    """List the servers that can run here, and why others cannot."""
    found = [
        Server("this gateway, sink", account="sink"),
        Server("this gateway, registration", account="qa", replies=True),
    ]
    missing: list[str] = []
    node = shutil.which("node")
    modules = Path(os.environ.get("NODE_PATH") or NODE_MODULES)
    if node is None or not (modules / "smpp").is_dir():
        missing.append(f"node-smpp: npm install --prefix {NODE_MODULES.parent} {NODE_SMPP}")
    else:
        started = ("env", f"NODE_PATH={modules}", node, str(HERE / "servers" / "node_smpp.js"))
        found += [Server(BASE, started), Server("node-smpp, reply", started, replies=True)]
    script = (sys.executable, "-m", "tests.bench.servers.smpp34_server")
    found += [Server("smpp34, echo", script), Server("smpp34, reply", script, replies=True)]
    for text in elsewhere:
        name, _, address = text.partition("=")
        login, _, where = address.rpartition("@")
        user, _, password = login.partition(":")
        host, _, port = where.rpartition(":")
        place = Place(host, int(port), user or "bench", password or "bench")
        found.append(Server(name, place=place))
    return found, missing


@contextmanager
def running(server: Server) -> Iterator[Place]:
    """Run a server, on one core."""
    if server.place is not None:
        yield server.place
    elif server.account:
        with tempfile.TemporaryDirectory() as name, gateway(Path(name)) as (pid, port):
            yield Place("127.0.0.1", port, server.account, server.account, pid)
    else:
        port = free_port()
        command = [*pinned(0), *server.command, str(port), *(["reply"] if server.replies else [])]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[1], env=dict(os.environ)
        )
        assert process.stdout is not None
        try:
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError(f"{server.name} did not start")
            yield Place("127.0.0.1", port, "bench", "bench", process.pid)
        finally:
            process.kill()
            process.wait(10)
            process.stdout.close()


def measure(client: Path, server: Server, sessions: int, window: int, seconds: float) -> Any:
    """Drive one server at one setting; gives smppblast's result."""
    with running(server) as place:
        where = ("-h", place.host, "-p", str(place.port), "-u", place.user, "-P", place.password)
        return blast(client, where, sessions, window, seconds, pid=place.pid)


def table(results: dict[str, dict[tuple[int, int], list[dict[str, Any]]]]) -> str:
    """Lay out the medians as text: messages a second, ratio to the base, p99 in milliseconds."""
    head = "".join(f"{f'{sessions} x {window}':>24}" for sessions, window in SETTINGS)
    lines = [f"{'':32}{head}", f"{'':32}" + f"{'per s':>10}{'ratio':>7}{'p99':>7}" * len(SETTINGS)]
    for name, by_setting in results.items():
        cells = []
        for setting in SETTINGS:
            rate = _median(by_setting[setting], "ok_per_s")
            base = _median(results[BASE][setting], "ok_per_s") if BASE in results else 0.0
            ratio = f"{rate / base:>7.2f}" if base else f"{'-':>7}"
            p99 = statistics.median(one["submit_to_resp_ms"]["p99"] for one in by_setting[setting])
            cells.append(f"{rate:>10,.0f}{ratio}{p99:>7.1f}")
        lines.append(f"{name:32}{''.join(cells)}")
    return "\n".join(lines)


def _median(results: list[dict[str, Any]], key: str) -> float:
    return statistics.median(float(one[key]) for one in results)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="length of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="turns; the median counts")
    parser.add_argument("--server", action="append", default=[], metavar="NAME=HOST:PORT")
    parser.add_argument("--json", action="store_true", help="print smppblast's objects")
    arguments = parser.parse_args()
    chosen, missing = servers(arguments.server)
    results: dict[str, dict[tuple[int, int], list[dict[str, Any]]]] = {
        one.name: {setting: [] for setting in SETTINGS} for one in chosen
    }
    with tempfile.TemporaryDirectory() as name:
        client = compile_client(Path(name))
        for turn in range(arguments.rounds):
            for setting in SETTINGS:
                for one in chosen:
                    found = measure(client, one, *setting, arguments.seconds)
                    results[one.name][setting].append(found)
                    told = f"round {turn + 1}, {setting[0]} x {setting[1]}, {one.name}"
                    print(f"{told}: {found['ok_per_s']:,.0f}/s", file=sys.stderr, flush=True)
    if arguments.json:
        shown = {
            server: {f"{one[0]}x{one[1]}": rows for one, rows in by_setting.items()}
            for server, by_setting in results.items()
        }
        print(json.dumps(shown, indent=1))
    else:
        print(table(results))
        for line in missing:
            print(f"not measured: {line}")


if __name__ == "__main__":
    main()
