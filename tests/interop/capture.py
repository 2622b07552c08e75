"""tshark as a witness: captures a port on loopback and says what its SMPP dissector thinks.

Every `serving.Served` runs under one, so every interop test does: what its dissector finds
malformed, or rates an error, fails the test that put it on the wire.
"""

from __future__ import annotations

import io
import json
import shutil
import socket
import struct
import subprocess
import threading
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.interop.foreign import end

WAIT_S = 20.0
PCAP_HEADER_LENGTH = 24
# A malformed packet, or expert information of severity "error" (PI_ERROR in Wireshark's proto.h)
WRONG = "_ws.malformed || _ws.expert.severity >= 8388608"
UNAVAILABLE = "tshark is not installed (Debian package tshark), or may not capture on loopback"


def _dumpcap(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["dumpcap", "-q", "-i", "lo", "-f", f"tcp port {port}", "-P", "-w", "-"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@cache
def available() -> bool:
    """Whether tshark is there and may capture on loopback."""
    if shutil.which("tshark") is None or shutil.which("dumpcap") is None:
        return False
    with _dumpcap(1) as probe:
        assert probe.stdout is not None
        captures = len(probe.stdout.read(PCAP_HEADER_LENGTH)) == PCAP_HEADER_LENGTH
        end(probe)
    return captures


class Capture:
    """Capture one TCP port of loopback while the block runs."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.file = folder / f"smpp-{port}.pcap"
        self._process = _dumpcap(port)
        self._last = b""
        self._changed = threading.Condition()
        # Set before the marker is sent; the copying thread looks for it in what it copies.
        self._marker: bytes | None = None
        self._begun = self._seen = self._ended = False
        self._copier = threading.Thread(target=self._copy, name="capture", daemon=True)
        self._copier.start()

    def _copy(self) -> None:
        pipe = self._process.stdout
        assert isinstance(pipe, io.BufferedReader)
        with self.file.open("wb") as file:
            while data := pipe.read1(1 << 16):
                file.write(data)
                with self._changed:
                    self._begun = True
                    # A packet may lie across two reads.
                    self._last = self._last[-(1 << 16) :] + data
                    self._seen = self._marker is not None and self._marker in self._last
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _wait(self, what: str) -> None:
        with self._changed:
            self._changed.wait_for(lambda: getattr(self, what) or self._ended, WAIT_S)
        assert getattr(self, what), f"dumpcap has not {what[1:]}"

    def __enter__(self) -> Capture:
        # Writing the head of its file is the last that dumpcap does before it captures.
        self._wait("_begun")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._caught_up()
        finally:
            end(self._process)
            self._copier.join(WAIT_S)
            for pipe in (self._process.stdout, self._process.stderr):
                assert pipe is not None
                pipe.close()

    def _caught_up(self) -> None:
        """Wait until the capture has what was sent last: it lags behind by some tenths."""
        with socket.socket() as last:
            last.bind(("127.0.0.1", 0))
            mine = last.getsockname()[1]
            with self._changed:
                self._marker = struct.pack(">HH", mine, self.port)
            last.connect_ex(("127.0.0.1", self.port))
            self._wait("_seen")

    def _read(self, *options: str) -> str:
        command = ["tshark", "-r", str(self.file), "-d", f"tcp.port=={self.port},smpp", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def frames(self, display: str) -> list[dict[str, Any]]:
        """List the captured packets that a display filter picks, decoded as SMPP."""
        out = self._read("-Y", display, "-T", "json", "--no-duplicate-keys")
        found: list[dict[str, Any]] = json.loads(out or "[]")
        return found

    def commands(self) -> set[str]:
        """List the SMPP command ids seen, as tshark writes them ("0x00000004")."""
        out = self._read("-T", "fields", "-e", "smpp.command_id", "-Y", "smpp")
        return {word for line in out.split() for word in line.split(",")}

    def complaints(self) -> str:
        """Give what the dissector finds wrong, packet by packet with its octets; "" for nothing."""
        return self._read("-Y", WRONG, "-O", "smpp", "-x")
