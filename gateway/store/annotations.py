"""What people noted of messages: tags, and up to which id the inbox was cleared."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from gateway.store.history import Fetch
from gateway.store.remedies import NotCommitted, remedy

TAGGED_MOST = 100_000
"""Messages that can have tags; beyond it those that were tagged first lose theirs."""

_TAGS = "SELECT id, tags FROM tags ORDER BY id"
_CLEARED = "SELECT up_to FROM cleared"
_TAG = (
    "INSERT INTO tags (id, tags) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET tags = excluded.tags"
)
_UNTAG = "DELETE FROM tags WHERE id = ?"
_CLEAR = "UPDATE cleared SET up_to = ?"

_read = msgspec.json.Decoder(tuple[str, ...])


class Annotations:
    """In memory for who reads; what is noted is durable first, where there is a file.

    Both notes raise NotCommitted where the file does not take them.
    """

    def __init__(self, write: Fetch | None = None, path: Path | None = None) -> None:
        self._write = write
        self._path = path
        self._tags: OrderedDict[int, tuple[str, ...]] = OrderedDict()
        self._cleared = 0

    async def load(self) -> None:
        """Read what was noted before."""
        if self._write is not None:
            self._tags = OrderedDict(
                (row[0], _read.decode(row[1])) for row in await self._write(_TAGS, ())
            )
            self._cleared = (await self._write(_CLEARED, ()))[0][0]

    def tags(self, id_: int) -> tuple[str, ...]:
        """Give a message's tags."""
        return self._tags.get(id_, ())

    @property
    def cleared(self) -> int:
        """The id up to which nothing is to be shown."""
        return self._cleared

    async def tag(self, id_: int, tags: Sequence[str]) -> None:
        """Set a message's tags; none takes them away."""
        kept = tuple(dict.fromkeys(tags))
        if kept:
            await self._note(_TAG, (id_, msgspec.json.encode(kept).decode()))
        else:
            await self._note(_UNTAG, (id_,))
        self._tags.pop(id_, None)
        if kept:
            self._tags[id_] = kept
        if len(self._tags) > TAGGED_MOST:
            first = next(iter(self._tags))
            await self._note(_UNTAG, (first,))
            self._tags.pop(first, None)

    async def clear(self, up_to: int) -> None:
        """Show nothing up to this id any more; no message has tags then."""
        await self._note(_CLEAR, (up_to,))
        self._cleared = up_to
        self._tags.clear()

    async def _note(self, statement: str, values: Sequence[object]) -> None:
        if self._write is None:
            return
        try:
            await self._write(statement, values)
        except sqlite3.Error as trouble:
            raise NotCommitted(remedy(self._path or Path(), trouble)) from trouble
