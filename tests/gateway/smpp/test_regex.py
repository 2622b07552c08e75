"""Expressions as trees; what they match is tested with address_range."""

from __future__ import annotations

import pytest

from gateway.smpp.regex import Alternatives, Repeated, Row, Symbol, WriteAnother, parse


def s(text: str) -> Symbol:
    return Symbol(frozenset(text))


@pytest.mark.parametrize("text", ["^(4|5)6*$", r"^\(4\|5\)6*$"])
def test_tree(text: str) -> None:
    assert parse(text, start="<", end=">") == Row(
        (
            s("<"),
            Alternatives((Row((s("4"),)), Row((s("5"),)))),
            Repeated(s("6"), 0, None),
            s(">"),
        )
    )


def test_takes() -> None:
    assert s("45").takes("4")
    assert not s("45").takes("6")
    assert Symbol(frozenset("45"), negated=True).takes("6")


def test_refused() -> None:
    with pytest.raises(WriteAnother, match="without its"):
        parse("(", start="<", end=">")
