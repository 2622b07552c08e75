"""Words for mistakes: what was written, and what may have been meant."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable


def shown(value: object) -> str:
    """Show a raw value as TOML writes it, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value[:40] + "..." if len(value) > 40 else value, ensure_ascii=False)
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return str(value)[:40]


def did_you_mean(key: str, known: Iterable[str], otherwise: str = "", quoted: bool = False) -> str:
    """Point to the known name that a wrong one resembles, or name them all."""
    names = {name.lower(): f'"{name}"' if quoted else name for name in known}
    close = difflib.get_close_matches(key.lower(), names, n=1)
    if close:
        return f"did you mean {names[close[0]]}?"
    return otherwise or f"write one of {', '.join(names.values())}"
