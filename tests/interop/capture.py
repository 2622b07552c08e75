"""tshark as a witness: captures a port on loopback and says what its SMPP dissector thinks."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

WAIT_S = 20
# Looks into the growing capture, each of which takes tshark some tenths of a second.
TRIES = 30


def available() -> bool:
    """Whether tshark is there and may capture on loopback."""
    if shutil.which("tshark") is None:
        return False
    probe = ["tshark", "-i", "lo", "-a", "duration:0", "-w", "/dev/null"]
    return subprocess.run(probe, capture_output=True, check=False, timeout=WAIT_S).returncode == 0


class Capture:
    """Capture one TCP port of loopback while the block runs."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.file = folder / f"smpp-{port}.pcapng"
        self._process = subprocess.Popen(
            ["tshark", "-i", "lo", "-f", f"tcp port {port}", "-w", str(self.file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Capture:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if "Capture started" in line:
                return self
        raise AssertionError("tshark did not start to capture")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._caught_up()
        self._process.terminate()
        self._process.wait(WAIT_S)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _caught_up(self) -> None:
        """Wait until the capture has what was sent last: it lags behind by up to a second."""
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            mine = last.getsockname()[1]
            last.connect_ex(("127.0.0.1", self.port))
        for _ in range(TRIES):
            if self._read("-Y", f"tcp.srcport=={mine}").stdout:
                return
        raise AssertionError("tshark does not see loopback")

    def _read(self, *options: str) -> subprocess.CompletedProcess[str]:
        # While the capture runs, the file may end in the middle of a packet (exit code 2).
        command = ["tshark", "-r", str(self.file), "-d", f"tcp.port=={self.port},smpp", *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=WAIT_S)

    def frames(self, display: str) -> list[dict[str, Any]]:
        """List the captured packets that a display filter picks, decoded as SMPP."""
        done = self._read("-Y", display, "-T", "json", "--no-duplicate-keys")
        assert done.returncode == 0, done.stderr
        found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
        return found

    def commands(self) -> set[str]:
        """List the SMPP command ids seen, as tshark writes them ("0x00000004")."""
        done = self._read("-T", "fields", "-e", "smpp.command_id", "-Y", "smpp")
        assert done.returncode == 0, done.stderr
        return {word for line in done.stdout.split() for word in line.split(",")}
