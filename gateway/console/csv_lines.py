"""Lines of CSV as they are written (RFC 4180, ended by a line feed)."""

from __future__ import annotations

import re
from collections.abc import Collection

_needs_quotes = re.compile(r'[",\r\n]').search
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t")
_SPECIAL = ('"', "\r", "\n", *(f",{sign}" for sign in _FORMULA))


def written(values: Collection[str | int]) -> str:
    """Write one line."""
    cells = [one if type(one) is str else str(one) for one in values]
    line = ",".join(cells)
    # Nearly all lines need no look at each cell.
    if line.count(",") == len(cells) - 1 and not line.startswith(_FORMULA):
        for sign in _SPECIAL:
            if sign in line:
                break
        else:
            return line + "\n"
    return ",".join(map(_cell, values)) + "\n"


def unquoted(text: str) -> str:
    """Take away what `written` puts before what a spreadsheet would take for a formula."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _cell(value: str | int) -> str:
    text = str(value)
    if isinstance(value, str) and text.startswith(_FORMULA):
        text = f"'{text}"
    if _needs_quotes(text):
        return '"' + text.replace('"', '""') + '"'
    return text
