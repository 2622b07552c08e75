"""How checks report what is wrong, and what several of them know."""

from __future__ import annotations

from typing import Protocol

from gateway.config.places import Path
from gateway.core.numbers import parse_address

YEARS = range(2000, 2100)
"""SMPP writes years with two digits and means 20xx (SMPP 3.4 section 7.1.1)."""


class Notes(Protocol):
    """Takes mistakes, and knows which values were wrong already."""

    def note(self, path: Path, what: str, remedy: str) -> None:
        """Report a mistake, unless the value could not even be read."""

    def sound(self, path: Path) -> bool:
        """Tell whether a value could be read, and all that is in it."""


def is_short_code(text: str) -> bool:
    """Tell a short code; parse_address gives one back unchanged, and never an MSISDN so short."""
    return parse_address(text) == text and len(text) <= 6
