"""Whether the open database is still what its name leads to."""

from __future__ import annotations

from pathlib import Path

from gateway.store.protocol import NotCommitted


class Files:
    """The database and its write-ahead log as they were opened.

    A file that is removed under an open database takes writes without complaint and is gone
    with the process, so it has to be looked for.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._both = (path, path.with_name(f"{path.name}-wal"))
        self._opened: list[tuple[int, int]] = []

    def note(self) -> None:
        """Remember the files as they are now; raises OSError where one is missing."""
        self._opened = [_identity(file) for file in self._both]

    def check(self) -> None:
        """Raise NotCommitted when they are others now, or none."""
        try:
            if [_identity(file) for file in self._both] == self._opened:
                return
        except OSError:
            pass
        raise NotCommitted(
            f"{self._path}: it or its -wal file was removed or replaced while the gateway had it "
            "open: put both back, or restart the gateway"
        )

    def size(self) -> dict[str, int]:
        """Give the bytes of each; one that is not there has none."""
        names = zip(("database", "log"), self._both, strict=True)
        return {name: file.stat().st_size if file.exists() else 0 for name, file in names}


def _identity(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_dev, found.st_ino
