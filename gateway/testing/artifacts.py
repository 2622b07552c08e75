"""What a test leaves behind for who looks at it later: messages and journal as JSON lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import json

from gateway.core.ageing import iso
from gateway.core.decision import MessagesEnded, Record
from gateway.core.numbers import mask_identities
from gateway.core.stored import message_in

_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
_NAME_MOST = 120


def directory_of(test: str, below: Path) -> Path:
    """Make the directory of a test; `test` is its node id."""
    path = below / _UNFIT.sub("_", test)[-_NAME_MOST:].strip("_")
    path.mkdir(parents=True, exist_ok=True)
    return path


def messages_of(records: Sequence[Record]) -> list[dict[str, object]]:
    """List the messages of a journal as they ended; NIK and KK are masked."""
    found: dict[int, dict[str, object]] = {}
    for record in records:
        for change in record.changes:
            message = message_in(change, record)
            if message is not None:
                found[message.id] = {
                    "id": str(message.id),
                    "kind": message.kind.value,
                    "from": message.source,
                    "to": message.destination,
                    "text": mask_identities(message.text),
                    "state": message.state.value,
                    "at": iso(message.accepted_at),
                }
            elif isinstance(change, MessagesEnded):
                for id_ in change.ids:
                    if id_ in found:
                        found[id_]["state"] = change.state.value
    return list(found.values())


def write(records: Sequence[Record], into: Path) -> list[Path]:
    """Write messages.jsonl and journal.jsonl; gives their paths."""
    journal = [
        {"seq": one.seq, "at": iso(one.at), "why": mask_identities(one.why)} for one in records
    ]
    paths = []
    for name, rows in (("messages.jsonl", messages_of(records)), ("journal.jsonl", journal)):
        path = into / name
        path.write_bytes(b"".join(json.encode(row) + b"\n" for row in rows))
        paths.append(path)
    return paths
