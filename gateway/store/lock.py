"""One gateway per database file."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO

from gateway.store.protocol import CannotOpen

if sys.platform != "win32":  # Windows has no flock; SQLite's own lock is left there
    import fcntl


class FileLock:
    """A lock file held as long as the process lives; the kernel frees it after a kill."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock or raise CannotOpen with the remedy."""
        database = self._path.with_suffix("")
        try:
            self._file = self._path.open("a")
        except OSError as trouble:
            raise CannotOpen(
                f"{database}: {trouble.strerror}: make its folder exist and writable "
                "or name another [store] path"
            ) from trouble
        if sys.platform == "win32":
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as trouble:
            self._file.close()
            self._file = None
            raise CannotOpen(
                f"{database}: another gateway has it open; stop that one or name another "
                "[store] path"
            ) from trouble

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None
