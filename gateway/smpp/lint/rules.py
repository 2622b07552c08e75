"""What a rule of the client lint is, and the table of all of them.

A rule's `source` is the section of SMPP 3.4 that it follows from, or says `invented` where it is
what operators of SMSCs ask of their customers and no specification does.
"""

from enum import Enum
from typing import Final

import msgspec


class Severity(Enum):
    """How much a finding matters."""

    ERROR = "error"
    """Against the specification, or messages get lost or garbled."""
    WARNING = "warning"
    """Some SMSC will refuse it or read it otherwise."""
    HINT = "hint"
    """It works, at somebody's cost."""

    def at_least(self, other: "Severity") -> bool:
        """Say whether this matters as much as the other."""
        return _RANK[self] <= _RANK[other]


_RANK: Final = {severity: rank for rank, severity in enumerate(Severity)}


class Rule(msgspec.Struct, frozen=True, gc=False):
    """One thing that a client may do wrong: what it means for its messages, and the remedy."""

    id: str
    title: str
    severity: Severity
    meaning: str
    remedy: str
    source: str


def table(*rules: Rule) -> dict[str, Rule]:
    """Index rules by their id."""
    return {rule.id: rule for rule in rules}


ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING
HINT: Final = Severity.HINT
INVENTED: Final = "invented"
