"""What a test waits for, what comes near it, and the words for a test that waited in vain. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from gateway.core.numbers import BadNumber, mask_identities, parse_address

NEAR_MOST = 5
"""Near misses that are shown."""

_SHOWN = 120


class NotSeen(AssertionError):
    """What the test expected did not come in time; the message shows what came instead."""


class Short(Protocol):
    """A message, as far as expectations look at it."""

    @property
    def sender(self) -> str:
        """From whom."""

    @property
    def to(self) -> str:
        """To whom."""

    @property
    def text(self) -> str:
        """What it says."""


class Wish(Struct, frozen=True):
    """What a message must be: None leaves a field open.

    `text` is a part of the text, or a pattern that is searched in it; numbers are taken in any
    form (08.., 62.., +62..).
    """

    sender: str | None = None
    to: str | None = None
    text: str | re.Pattern[str] | None = None

    def misses(self, message: Short) -> list[str]:
        """Say what does not fit, in words; nothing when all does."""
        found = []
        if self.sender is not None and _number(self.sender) != _number(message.sender):
            found.append(f"it is from {message.sender}")
        if self.to is not None and _number(self.to) != _number(message.to):
            found.append(f"it is to {message.to}")
        if not self._text_fits(message.text):
            found.append("its text is another")
        return found

    def _text_fits(self, text: str) -> bool:
        match self.text:
            case None:
                return True
            case str():
                return self.text in text
            case _:
                return self.text.search(text) is not None

    def __str__(self) -> str:
        """Word it: an SMS from 4444 with "kode"."""
        words = ["an SMS"]
        if self.sender is not None:
            words.append(f"from {self.sender}")
        if self.to is not None:
            words.append(f"to {self.to}")
        if isinstance(self.text, str):
            words.append(f'with "{mask_identities(self.text)}"')
        elif self.text is not None:
            words.append(f"that matches /{mask_identities(self.text.pattern)}/")
        return " ".join(words)


def _number(text: str) -> str:
    read = parse_address(text)
    return text if isinstance(read, BadNumber) else read


def near_misses(wish: Wish, seen: Sequence[Short]) -> list[str]:
    """Show the messages that came nearest, each with what does not fit; the newest first."""
    rated = [(len(wish.misses(message)), message) for message in reversed(seen)]
    rated.sort(key=lambda one: one[0])
    return [
        f'from {one.sender} to {one.to}: "{_cut(mask_identities(one.text))}"'
        f" ({', '.join(wish.misses(one)) or 'was handed out before'})"
        for _, one in rated[:NEAR_MOST]
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def report(who: str, what: str, within: float, near: Sequence[str], decided: Sequence[str]) -> str:
    """Say that something did not come: what came near, and what the network decided and why."""
    lines = [f"{who} did not get {what} within {within:g} s"]
    lines += ["  what came:", *(f"    {line}" for line in near)] if near else ["  nothing came"]
    if decided:
        lines += ["  what the network decided:", *(f"    {line}" for line in decided)]
    return "\n".join(lines)
