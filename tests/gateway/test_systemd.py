"""What systemd is told, on a socket as it gives one."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.systemd import Systemd, announced

_READY = "READY=1\nSTATUS=ready"
_STOPPING = "STOPPING=1\nSTATUS=answering what was taken"
DEADLINE_S = 30.0


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "notify"))
        found.settimeout(DEADLINE_S)
        yield found


def word(found: socket.socket) -> str:
    return found.recv(1_000).decode()


async def test_ready_alive_and_stopping(listening: socket.socket) -> None:
    systemd = Systemd({"NOTIFY_SOCKET": listening.getsockname(), "WATCHDOG_USEC": "2000"})
    assert systemd.watchdog_s == 0.001
    async with announced(systemd):
        assert await asyncio.to_thread(word, listening) == _READY
        assert await asyncio.to_thread(word, listening) == "WATCHDOG=1"
        assert await asyncio.to_thread(word, listening) == "WATCHDOG=1"
    told = ""
    while told != _STOPPING:
        told = word(listening)
        assert told in (_STOPPING, "WATCHDOG=1")


async def test_without_a_watchdog_it_is_ready_and_stops(listening: socket.socket) -> None:
    async with announced(Systemd({"NOTIFY_SOCKET": listening.getsockname()})):
        pass
    assert [word(listening), word(listening)] == [_READY, _STOPPING]


async def test_without_systemd_nothing_is_told() -> None:
    systemd = Systemd({"WATCHDOG_USEC": "2000"})
    assert systemd.watchdog_s == 0
    async with announced(systemd):
        systemd.tell("READY=1")


def test_an_abstract_name() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind("\0gateway-test-systemd")
        found.settimeout(DEADLINE_S)
        Systemd({"NOTIFY_SOCKET": "@gateway-test-systemd"}).tell("READY=1")
        assert word(found) == "READY=1"


def test_a_socket_that_is_gone_is_logged(tmp_path: Path) -> None:
    with capture_logs() as logs:
        Systemd({"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "x"}).tell("READY=1")
    assert [one["event"] for one in logs] == ["systemd was not told"]


def test_a_served_gateway_tells(listening: socket.socket, tmp_path: Path) -> None:
    sets = ["smpp.port=0", "http.port=0", "mqtt.broker=none", 'store.path=":memory:"']
    command = [sys.executable, "-m", "gateway", "serve"]
    for one in sets:
        command += ["--set", one]
    environment = {"NOTIFY_SOCKET": listening.getsockname(), "PYTHONPATH": ":".join(sys.path)}
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert word(listening) == _READY
        process.terminate()
        assert word(listening) == _STOPPING
        assert process.wait(DEADLINE_S) == 0
    finally:
        process.kill()
        process.communicate()
