"""What SQLite complains of -> what its user can do."""

from __future__ import annotations

from pathlib import Path


class NotCommitted(Exception):
    """It is not durable: deny it to its senders, who will repeat; says why."""


_BY_SIGN = (
    ("locked", "another program has it open; stop that one or name another [store] path"),
    ("full", "make room on the disk; what was acknowledged before is safe"),
    ("I/O error", "see that its disk has room and works, or name another [store] path"),
    ("readonly", "make the file and its folder writable or name another [store] path"),
    ("unable to open", "make its folder exist and writable or name another [store] path"),
    ("not a database", "it is some other file; name another [store] path"),
    ("newer", "run the program that wrote it or name another [store] path"),
    ("already exists", "it is another program's database; name another [store] path"),
)
_OTHERWISE = "name another [store] path"


def remedy(path: Path, trouble: Exception) -> str:
    """Say in one line what is wrong with the file, and the way out."""
    text = str(trouble)
    remedies = (remedy for sign, remedy in _BY_SIGN if sign in text)
    return f"{path}: {text}: {next(remedies, _OTHERWISE)}"
