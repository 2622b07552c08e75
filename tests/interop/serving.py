"""A real `gateway serve` in a process of its own, for tests that need one to kill or to capture."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.interop import capture

START_S = 30.0
STOP_S = 20.0


class Served:
    """One gateway process; a context manager that ends it.

    tshark listens to its SMPP port (where it may: `capture.available`) and must find nothing
    wrong there, unless the test puts something malformed on the wire by intention.
    """

    def __init__(
        self,
        folder: Path,
        *sets: str,
        malformed_by_intention: bool = False,
        extra: Sequence[str] = (),
    ) -> None:
        """`sets` are values of the configuration, `extra` other options of the command."""
        self.wire: capture.Capture | None = None
        self._watched = not malformed_by_intention
        self._folder = folder
        self.database = folder / "gateway.sqlite3"
        command = [sys.executable, "-m", "gateway", "serve", "--json"]
        ports = ("smpp.port=0", "mqtt.port=0", "http.port=0")
        for text in (*ports, f'store.path="{self.database}"', *sets):
            command += ["--set", text]
        command += extra
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder
        )
        self.lines: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self._told: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._threads = [
            threading.Thread(target=self._read_told, name="stdout", daemon=True),
            threading.Thread(target=self._read_errors, name="stderr", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _read_told(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._told.put(json.loads(line))
        self._told.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self.errors.extend(self.process.stderr)

    def ready(self) -> dict[str, Any]:
        """Wait for the ready line."""
        while True:
            told = self._told.get(timeout=START_S)
            if told is None:
                raise AssertionError(f"the gateway ended: {''.join(self.errors)}")
            self.lines.append(told)
            if told["event"] == "ready":
                self._watch(told["smpp"]["port"])
                return told

    def _watch(self, port: int) -> None:
        if self._watched and capture.available():
            self.wire = capture.Capture(self._folder, port)
            self.wire.__enter__()

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(STOP_S)

    def stop(self) -> int:
        """SIGTERM; gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)

    def __enter__(self) -> Served:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.wire is not None:
            self.wire.__exit__(kind, error, trace)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(STOP_S)
        for thread in self._threads:
            thread.join(STOP_S)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        if self.wire is not None and kind is None:
            complaints = self.wire.complaints()
            assert not complaints, f"tshark complains:\n{complaints}"


def address(listener: dict[str, Any]) -> str:
    """Write a listener of the ready line as HOST:PORT."""
    return f"{listener['host']}:{listener['port']}"


def environment() -> dict[str, str]:
    """Give the environment for the commands: no colours, no proxies."""
    return {**os.environ, "NO_COLOR": "1", "TERM": "dumb"}
