"""What every table of rules must keep to."""

from __future__ import annotations

import re
from types import ModuleType

from gateway.smpp.lint.rules import Rule

SOURCE = re.compile(r"SMPP 3\.4 (§\d|chapter \d).*|3GPP TS 23\.040 §.*|invented")


def rules_of(module: ModuleType) -> set[Rule]:
    """Give every rule that a module makes."""
    return {value for value in vars(module).values() if isinstance(value, Rule)}


def check_rule(rule: Rule) -> None:
    """Check the form of a rule's words."""
    assert re.fullmatch(r"[a-z0-9_]{2,30}", rule.id)
    assert len(rule.title) <= 60
    for words in (rule.title, rule.meaning, rule.remedy):
        assert words
        assert not words.endswith(".")
        assert "  " not in words
    assert SOURCE.fullmatch(rule.source), rule.source
