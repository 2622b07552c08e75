"""The commands as a user runs them: a process each, with what it printed and its exit code."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from tests.interop.serving import address, environment

RUN_S = 30.0
HEAR_S = 15.0


class Done(NamedTuple):
    """What a command that ended left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object that it printed."""
        (line,) = self.out.splitlines()
        found: dict[str, Any] = json.loads(line)
        return found

    def complaint(self) -> str:
        """Give the one line that it complained in."""
        assert "Traceback" not in self.err, self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        return lines[0]


def run(program: str, *words: str, folder: Path | None = None) -> Done:
    """Run a command to its end."""
    done = subprocess.run(
        [sys.executable, "-m", program, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_S,
        cwd=folder,
        env=environment(),
    )
    return Done(done.returncode, done.stdout, done.stderr)


class Commands:
    """The commands, told where the gateway of a ready line listens."""

    def __init__(self, ready: dict[str, Any]) -> None:
        self.mqtt = address(ready["mqtt"])
        self.smpp = address(ready["smpp"])
        self.api = f"http://{address(ready['http'])}"

    def handsets(self, *words: str) -> Done:
        """Run `handsets` over MQTT; over SMPP where the words say so."""
        return run("handsets", *words, "--mqtt", self.mqtt, "--json")

    def sms(self, sender: str, to: str, text: str, *words: str) -> Done:
        """Run `handsets sms`."""
        return self.handsets("sms", "--from", sender, "--to", to, text, *words)

    def gateway(self, *words: str) -> dict[str, Any]:
        """Run a command on the running gateway, which must do it."""
        done = run("gateway", *words, "--api", self.api, "--json")
        assert done.code == 0, done.err
        return done.json

    def phone(self, msisdn: str) -> Phone:
        """Run `handsets phone`."""
        return Phone(msisdn, self.mqtt)


class Phone:
    """`handsets phone` at the end of two pipes; a context manager that switches it off."""

    def __init__(self, msisdn: str, mqtt: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "handsets", "phone", msisdn, "--mqtt", mqtt],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(),
        )
        self.heard: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name=f"phone {msisdn}", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def types(self, line: str) -> None:
        """Type a line."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def shows(self, part: str) -> str:
        """Wait for a line with this in it; what came before is passed over."""
        while True:
            try:
                line = self._lines.get(timeout=HEAR_S)
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"no {part!r} in:\n" + "\n".join(self.heard))
            self.heard.append(line)
            if part in line:
                return line

    def asks(self, line: str, part: str) -> str:
        """Type a line and wait for what it brings."""
        self.types(line)
        return self.shows(part)

    def switch_off(self) -> int:
        """Type quit; gives the exit code."""
        self.types("quit")
        return self._process.wait(HEAR_S)

    def __enter__(self) -> Phone:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(HEAR_S)
        self._reader.join(HEAR_S)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
