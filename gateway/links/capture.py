"""Writes a capture file of the SMPP connections that Wireshark opens, beside the traffic.

What is said is only noted here by the connections; a thread writes it, all that came while the
last piece was written at once. What waits is bounded: beyond that, octets are left out of the
file. A disk that is full ends the capture, not the gateway. The file holds clear text.
"""

from __future__ import annotations

import asyncio
import os
import threading
from enum import Enum, auto
from pathlib import Path
from typing import Final, assert_never

import structlog
from msgspec import Struct

from gateway.clock import wall
from gateway.links.pcap import Conversation, endpoint, file_header, record

log = structlog.get_logger()

WAITING_MOST: Final = 32 * 1024 * 1024
"""Octets that may wait to be written."""

# What a note weighs beside its octets, so that many empty ones are bounded too.
_NOTE_OCTETS: Final = 200


class CannotCapture(Exception):
    """The file cannot be made: show the line."""


class _What(Enum):
    OPENED = auto()
    SAID = auto()
    ENDED = auto()


class _Note(Struct, gc=False):
    """One thing to write; `who` is 0 for the client, 1 for the server.

    `lost` counts octets of the same end just before it that are not to be had.
    """

    stream: Conversation
    what: _What
    at: float
    who: int = 0
    data: bytes = b""
    lost: int = 0


class Stream:
    """One connection's part of the capture."""

    __slots__ = ("_conversation", "_file", "_lost")

    def __init__(self, file: Capture, conversation: Conversation) -> None:
        self._file = file
        self._conversation = conversation
        # Octets of the client and of the server that the file will lack.
        self._lost = [0, 0]
        file.note(_Note(conversation, _What.OPENED, wall()))

    def received(self, data: bytes) -> None:
        """Note what was read from the client."""
        self._said(0, data)

    def sent(self, data: bytes) -> None:
        """Note what was written to the client."""
        self._said(1, data)

    def ended(self, *, by_us: bool) -> None:
        """Note the end of the connection."""
        self._file.note(_Note(self._conversation, _What.ENDED, wall(), int(by_us)))

    def _said(self, who: int, data: bytes) -> None:
        note = _Note(self._conversation, _What.SAID, wall(), who, data, self._lost[who])
        if self._file.note(note):
            self._lost[who] = 0
        else:
            self._lost[who] += len(data)


class Capture:
    """One capture file: `open`, then `run` writes until `close`."""

    def __init__(self, path: Path, waiting_most: int = WAITING_MOST) -> None:
        self.path = path
        self._lost = 0
        self._most = waiting_most
        self._waiting: list[_Note] = []
        self._octets = 0
        self._some = asyncio.Event()
        self._file: int | None = None
        self._size = 0
        self._lock = threading.Lock()
        self._trouble: OSError | None = None

    def open(self) -> None:
        """Make the file anew; raises CannotCapture."""
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(self.path, flags, 0o600)
            self._append(file_header())
        except OSError as trouble:
            raise CannotCapture(
                f'[smpp] pcap: "{self.path}" cannot be written: {trouble.strerror or trouble}; '
                "name a file in a folder that exists and is yours"
            ) from trouble
        log.warning(
            "capturing SMPP: the file holds all messages in clear text, passwords, NIK and KK",
            file=str(self.path),
        )

    def stream(self, client: object, server: object) -> Stream:
        """Begin a connection; `client` and `server` as sockets name them."""
        return Stream(self, Conversation(endpoint(client), endpoint(server)))

    def note(self, note: _Note) -> bool:
        """Take something to write; False if too much waits."""
        if self._file is None or self._trouble is not None:
            return True
        size = _NOTE_OCTETS + len(note.data)
        if self._octets + size > self._most:
            self._lost += len(note.data)
            return False
        self._waiting.append(note)
        self._octets += size
        self._some.set()
        return True

    async def run(self) -> None:
        """Write what is noted, until cancelled."""
        while True:
            await self._some.wait()
            await self._flush()

    async def close(self) -> None:
        """Write the rest and close the file."""
        await self._flush()
        await asyncio.to_thread(self._finish)

    async def _flush(self) -> None:
        notes, self._waiting = self._waiting, []
        octets, self._octets = self._octets, 0
        lost, self._lost = self._lost, 0
        self._some.clear()
        if lost:
            log.warning("the capture file lacks octets: the disk is too slow", octets=lost)
        if not octets or self._trouble is not None:
            return
        trouble = await asyncio.to_thread(self._write, notes)
        if trouble is not None and self._trouble is None:
            self._trouble = trouble
            log.error(
                "the capture file ends here, the gateway goes on: make room and start it anew",
                file=str(self.path),
                error=trouble.strerror or str(trouble),
            )

    def _write(self, notes: list[_Note]) -> OSError | None:
        """Write in a thread; a record that is not whole is taken back."""
        with self._lock:
            before = self._size
            try:
                self._append(b"".join(_records(notes)))
            except OSError as trouble:
                assert self._file is not None
                _shorten(self._file, before)
                return trouble
            return None

    def _finish(self) -> None:
        # A piece may still be written by a task that was cancelled meanwhile.
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        self._size += len(data)


def _shorten(file: int, size: int) -> None:
    try:
        os.ftruncate(file, size)
    except OSError as trouble:
        log.debug("the capture file ends in the middle of a packet", error=str(trouble))


def _records(notes: list[_Note]) -> list[bytes]:
    found: list[bytes] = []
    for note in notes:
        stream = note.stream
        match note.what:
            case _What.OPENED:
                packets = stream.opening()
            case _What.SAID:
                stream.lost(note.who, note.lost)
                packets = stream.said(note.who, note.data)
            case _What.ENDED:
                packets = stream.closing(note.who)
            case _:
                assert_never(note.what)
        found += [record(note.at, packet) for packet in packets]
    return found
