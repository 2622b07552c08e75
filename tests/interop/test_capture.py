"""That the witness of all interop tests sees what is wrong, and only that."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from gateway.smpp import codec
from tests.interop import capture
from tests.interop.raw_esme import submit

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]


def _sent(folder: Path, *frames: bytes) -> capture.Capture:
    if not capture.available():
        pytest.skip(f"{capture.UNAVAILABLE}: all interop tests run without their witness")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with (
            capture.Capture(folder, port) as watch,
            socket.create_connection(("127.0.0.1", port)) as client,
        ):
            client.sendall(b"".join(frames))
    return watch


def test_a_good_pdu_is_no_complaint(tmp_path: Path) -> None:
    watch = _sent(tmp_path, codec.encode(submit(1)), codec.encode(submit(2)))
    assert watch.complaints() == ""
    assert watch.commands() == {"0x00000004"}


def test_an_sm_length_beyond_the_pdu_is_one(tmp_path: Path) -> None:
    good = codec.encode(submit(1))
    text = submit(1).short_message
    at = good.index(text) - 1
    assert good[at] == len(text)
    watch = _sent(tmp_path, good[:at] + bytes([250]) + good[at + 1 :])
    assert "Malformed" in watch.complaints()
