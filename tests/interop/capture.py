"""tshark as a witness: captures a port on loopback and says what its SMPP dissector thinks."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

WAIT_S = 20


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
            if "Capturing on" in line:
                return self
        raise AssertionError("tshark did not start to capture")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(WAIT_S)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def frames(self, display: str) -> list[dict[str, Any]]:
        """List the captured packets that a display filter picks, decoded as SMPP."""
        command = ["tshark", "-r", str(self.file), "-d", f"tcp.port=={self.port},smpp"]
        command += ["-Y", display, "-T", "json", "--no-duplicate-keys"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=WAIT_S)
        found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
        return found

    def commands(self) -> set[str]:
        """List the SMPP command ids seen, as tshark writes them ("0x00000004")."""
        command = ["tshark", "-r", str(self.file), "-d", f"tcp.port=={self.port},smpp"]
        command += ["-T", "fields", "-e", "smpp.command_id", "-Y", "smpp"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=WAIT_S)
        return {word for line in done.stdout.split() for word in line.split(",")}
