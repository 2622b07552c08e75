"""Let atheris look for octets that break a target.

    python -m tests.fuzz codec --seconds 20
    python -m tests.fuzz all --seconds 20
    python -m tests.fuzz codec --again crash-...      plays a find again

Needs the extra `fuzz` (`pip install -e '.[fuzz]'`); a find is kept as a file and named at the end.
Put it into corpus/ with a name once it is mended. Exit codes: 0 nothing found, 1 a find,
2 wrong arguments, 3 no atheris here.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz import corpus

TARGETS = ("codec", "session", "stream", "text", "udh", "receipt", "address")
LONGEST = 2048


def fuzz(target: str, seconds: int, finds: Path) -> None:
    """Run one target in this process; libFuzzer ends it."""
    import atheris

    with atheris.instrument_imports(include=["gateway.smpp", "gateway.links", "gateway.core"]):
        targets = importlib.import_module("tests.fuzz.targets")
    with tempfile.TemporaryDirectory() as folder:
        for number, octets in enumerate(corpus.rows(target).values()):
            (Path(folder) / f"{number:03}").write_bytes(octets)
        options = (
            folder,
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            f"-artifact_prefix={finds}/",
            "-timeout=10",
            "-rss_limit_mb=1024",
            "-print_final_stats=1",
            "-verbosity=0",
        )
        atheris.Setup([sys.argv[0], *options], targets.TARGETS[target])
        atheris.Fuzz()


def main() -> int:
    """Read the arguments; a process for each target, for libFuzzer ends the one it runs in."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("target", choices=(*TARGETS, "all"))
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--finds", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--again", type=Path, help="a find to play again")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.again is not None:
        targets = importlib.import_module("tests.fuzz.targets")
        targets.TARGETS[given.target](given.again.read_bytes())
        return 0
    try:
        importlib.import_module("atheris")
    except ImportError:
        sys.stderr.write("no atheris here: pip install -e '.[fuzz]' (Linux, CPython)\n")
        return 3
    if given.here:
        fuzz(given.target, given.seconds, given.finds)
    wanted = TARGETS if given.target == "all" else (given.target,)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # As many at once as there are cores; told of in their order.
        runs = pool.map(lambda target: apart(target, given.seconds, given.finds), wanted)
        return max(told(target, done) for target, done in zip(wanted, runs, strict=True))


def apart(target: str, seconds: int, finds: Path) -> subprocess.CompletedProcess[str]:
    """Fuzz one target in a process of its own."""
    command = [sys.executable, "-m", "tests.fuzz", target, "--here"]
    command += [f"--seconds={seconds}", f"--finds={finds}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def told(target: str, done: subprocess.CompletedProcess[str]) -> int:
    """Tell how a target's run went; gives the exit code that follows."""
    wanted = ("number_of_executed_units", "exec/s", "average_exec_per_sec")
    lines = [line for line in done.stderr.splitlines() if any(one in line for one in wanted)]
    sys.stdout.write(f"{target}: {'ok' if done.returncode == 0 else 'FOUND'} {lines}\n")
    if not done.returncode:
        return 0
    sys.stdout.write(done.stdout + done.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
