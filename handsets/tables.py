"""Tables of TOML that come with the package or are a user's file; what is wrong, in lines."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any


class BadTable(Exception):
    """The file cannot be used: show the lines; correct it, or name another."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load_table(
    name: str, known: Sequence[str], package: str, folder: str, what: str
) -> dict[str, Any]:
    """Read one of the package's own tables by name, or a file of the user's. Raises BadTable.

    `known` are the names of those in the `folder` of `package`; `what` is what one is called.
    """
    if name in known:
        text = (resources.files(package) / folder / f"{name}.toml").read_text("utf-8")
    else:
        text = _read(Path(name), known, what)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise BadTable([f"{name}: {trouble}; correct the TOML there"]) from None


def _read(path: Path, known: Sequence[str], what: str) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise BadTable(
            [f"{path}: no such {what}; write a TOML file, or {', '.join(known)}"]
        ) from None
    except (OSError, UnicodeDecodeError) as trouble:
        why = trouble.strerror if isinstance(trouble, OSError) else "not UTF-8"
        raise BadTable([f"{path}: cannot be read ({why})"]) from None
