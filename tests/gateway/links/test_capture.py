from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gateway.links.capture import CannotCapture, Capture
from gateway.links.pcap import file_header
from tests.turns import until

CLIENT, SERVER = ("127.0.0.1", 40000), ("127.0.0.1", 2775)
DEADLINE = 10.0


@contextlib.asynccontextmanager
async def running(path: Path, most: int = 1 << 20) -> AsyncIterator[Capture]:
    capture = Capture(path, most)
    capture.open()
    task = asyncio.create_task(capture.run(), name="capture")
    yield capture
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await capture.close()


def payloads(path: Path) -> list[bytes]:
    """Give what the packets of an IPv4 capture carry, handshakes and ends left out."""
    data = path.read_bytes()
    assert data.startswith(file_header())
    position, found = len(file_header()), []
    while position < len(data):
        size = int.from_bytes(data[position + 8 : position + 12], "little")
        packet = data[position + 16 : position + 16 + size]
        assert len(packet) == size, "cut off"
        payload = packet[20 + (packet[32] >> 4) * 4 :]
        if payload:
            found.append(payload)
        position += 16 + size
    return found


async def test_what_is_said_is_written_while_it_runs(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    with capture_logs() as logs:
        async with running(path) as capture:
            stream = capture.stream(CLIENT, SERVER)
            stream.received(b"bind")
            stream.sent(b"answer")
            await until(lambda: payloads(path) == [b"bind", b"answer"], DEADLINE)
            stream.received(b"more")
            stream.ended(by_us=False)
    assert payloads(path) == [b"bind", b"answer", b"more"]
    assert path.stat().st_mode & 0o077 == 0
    (warned,) = logs
    assert "clear text" in warned["event"]


async def test_what_is_noted_after_the_end_goes_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    async with running(path) as capture:
        stream = capture.stream(CLIENT, SERVER)
    size = path.stat().st_size
    stream.received(b"late")
    await capture.close()
    assert path.stat().st_size == size


async def test_a_file_of_before_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    path.write_bytes(b"x" * 1000)
    async with running(path):
        pass
    assert path.read_bytes() == file_header()


def test_a_file_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(CannotCapture, match=r"^\[smpp\] pcap: .* cannot be written: No such file"):
        Capture(tmp_path / "missing" / "smpp.pcap").open()


async def test_what_waits_is_bounded_and_the_gap_shows(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    capture = Capture(path, 1500)
    capture.open()
    stream = capture.stream(CLIENT, SERVER)
    for letter in (b"a", b"b", b"c"):
        stream.received(letter * 500)
    with capture_logs() as logs:
        await capture.close()
    assert payloads(path) == [b"a" * 500]
    assert logs == [
        {
            "event": "the capture file lacks octets: the disk is too slow",
            "log_level": "warning",
            "octets": 1000,
        }
    ]


async def test_after_a_gap_the_numbers_go_on(tmp_path: Path) -> None:
    path = tmp_path / "smpp.pcap"
    async with running(path, 1500) as capture:
        stream = capture.stream(CLIENT, SERVER)
        stream.received(b"a" * 900)
        stream.received(b"b" * 900)
        await until(lambda: payloads(path) == [b"a" * 900], DEADLINE)
        stream.received(b"c")
    data = path.read_bytes()
    sequence = int.from_bytes(data[data.rindex(b"c") - 16 :][:4], "big")
    assert payloads(path) == [b"a" * 900, b"c"]
    assert sequence == 1 + 900 + 900


@pytest.mark.parametrize("shortens", [True, False])
async def test_a_full_disk_ends_the_capture_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shortens: bool
) -> None:
    path = tmp_path / "smpp.pcap"
    really = os.write

    def full_after_some(file: int, data: memoryview) -> int:
        if len(data) > 100:
            return really(file, data[:100])
        raise OSError(28, "No space left on device")

    def cannot(file: int, size: int) -> None:
        raise OSError(5, "Input/output error")

    with capture_logs() as logs:
        async with running(path) as capture:
            stream = capture.stream(CLIENT, SERVER)
            stream.received(b"whole")
            await until(lambda: payloads(path) == [b"whole"], DEADLINE)
            monkeypatch.setattr("gateway.links.capture.os.write", full_after_some)
            if not shortens:
                monkeypatch.setattr("gateway.links.capture.os.ftruncate", cannot)
            stream.received(b"x" * 500)
            await until(lambda: any("ends here" in one["event"] for one in logs), DEADLINE)
            stream.received(b"y" * 500)
    errors = [one for one in logs if one["log_level"] == "error"]
    assert len(errors) == 1
    assert errors[0]["error"] == "No space left on device"
    if shortens:
        assert payloads(path) == [b"whole"]
