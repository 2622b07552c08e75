"""A profile's raw tables, read key by key; mistakes are kept with place and remedy. Pure."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

Table = Mapping[str, Any]


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


def one_of(word: str, known: Iterable[str]) -> str:
    """Point to the name that a wrong one resembles, or name them all."""
    names = list(known)
    close = difflib.get_close_matches(word.lower(), names, n=1)
    return f'did you mean "{close[0]}"?' if close else f"write one of {', '.join(names)}"


class Reader:
    """Reads one table; its mistakes go to `mistakes`, a line each."""

    def __init__(self, table: Table, place: str, mistakes: list[str]) -> None:
        """Read `table`, which stands at `place`."""
        self._table = table
        self._place = place
        self._known: set[str] = set()
        self.mistakes = mistakes

    def wrong(self, key: str, what: str) -> None:
        """Keep a mistake of one key."""
        place = f"{self._place}.{key}" if self._place and key else self._place or key
        self.mistakes.append(f"{place}: {what}" if place else what)

    def has(self, key: str) -> bool:
        """Whether the key is written."""
        return key in self._table

    def number(
        self, key: str, default: float, least: float = 0.0, most: float = 1e9, unit: str = ""
    ) -> float:
        """Read a number from `least` to `most`."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(key, f"{shown(value)} is no number; write one like {default:g}")
            return default
        if not least <= value <= most:
            limits = f"from {least:g} to {most:g}{' ' + unit if unit else ''}"
            self.wrong(key, f"{shown(value)} is out of range; write a number {limits}")
            return default
        return float(value)

    def whole(self, key: str, default: int, least: int = 0, most: int = 10**9) -> int:
        """Read a whole number from `least` to `most`."""
        value = self.number(key, default, least, most)
        if value != int(value):
            self.wrong(key, f"{shown(value)} is no whole number; write one like {default}")
            return default
        return int(value)

    def text(self, key: str, default: str) -> str:
        """Read a text."""
        value = self._value(key, default)
        if not isinstance(value, str):
            self.wrong(key, f"{shown(value)} is no text; write it in quotes")
            return default
        return value

    def word(self, key: str, default: str, known: Iterable[str]) -> str:
        """Read one of several words."""
        names = tuple(known)
        value = self.text(key, default)
        if value not in names:
            self.wrong(key, f"{shown(value)} is unknown; {one_of(value, names)}")
            return default
        return value

    def texts(self, key: str) -> list[str]:
        """Read a list of texts."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.wrong(key, "write a list of texts in quotes")
            return []
        return list(value)

    def pair(self, key: str, default: tuple[float, float]) -> tuple[float, float]:
        """Read two numbers, the least and the most, in seconds."""
        value = self._value(key, list(default))
        numbers = isinstance(value, list) and all(
            isinstance(one, int | float) and not isinstance(one, bool) for one in value
        )
        if not numbers or len(value) != 2 or not 0 <= value[0] <= value[1]:
            self.wrong(key, f"write the least and the most seconds: [{default[0]}, {default[1]}]")
            return default
        return float(value[0]), float(value[1])

    def weights(self, key: str, default: Mapping[str, float]) -> dict[str, float]:
        """Read a table of shares by name, of the names in `default`."""
        if key not in self._table:
            self._known.add(key)
            return {name: weight for name, weight in default.items() if weight}
        before = len(self.mistakes)
        inner = self.table(key)
        found = {name: inner.number(name, 0.0) for name in default}
        inner.nothing_else()
        if not any(found.values()) and len(self.mistakes) == before:
            self.wrong(key, f"all shares are 0; give one to {' or '.join(default)}")
        return {name: weight for name, weight in found.items() if weight}

    def table(self, key: str) -> Reader:
        """Read a table in the table; an empty one where there is none."""
        value = self._value(key, {})
        if not isinstance(value, dict):
            self.wrong(key, f"{shown(value)} is no table; write [{key}] and its keys below")
            value = {}
        return Reader(value, f"{self._place}.{key}" if self._place else key, self.mistakes)

    def tables(self, key: str) -> list[Reader]:
        """Read a list of tables."""
        value = self._value(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(key, f"write it as [[{key}]], once for each")
            return []
        place = f"{self._place}, {key}" if self._place else key
        return [Reader(one, f"{place} {at}", self.mistakes) for at, one in enumerate(value, 1)]

    def nothing_else(self) -> None:
        """Complain about the keys that nobody read."""
        for key in self._table:
            if key not in self._known:
                self.wrong(key, f"there is no such key; {one_of(key, sorted(self._known))}")

    def _value(self, key: str, default: Any) -> Any:
        self._known.add(key)
        return self._table.get(key, default)
