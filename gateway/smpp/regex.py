"""UNIX regular expressions as values: text -> tree, basic and extended notation alike.

What the two write differently is read either way: `\\{1,3\\}` and `{1,3}`, `\\(a\\)` and `(a)`. A
quantifier with nothing before it is itself, so that `+62` is a number; `^` and `$` are anchors at
the ends of a row and themselves elsewhere. Source: SMPP 3.4 Appendix A, POSIX 1003.2.
"""

from typing import Final, TypeAlias

import msgspec

_COUNT_MOST: Final = 255
_DEPTH_MOST: Final = 20
_QUANTIFIERS: Final[dict[str, tuple[int, int | None]]] = {
    "*": (0, None),
    "+": (1, None),
    "?": (0, 1),
}
# Written with a backslash in the basic notation, without in the extended one.
_EITHER: Final = "(){}|"


class WriteAnother(Exception):
    """The expression cannot be read; the text says what is wrong with it."""


class Symbol(msgspec.Struct, frozen=True):
    """One character out of a set, or out of all others; never an anchor if `negated`."""

    characters: frozenset[str]
    negated: bool = False

    def takes(self, character: str) -> bool:
        """Whether this is one of its characters."""
        return (character in self.characters) is not self.negated


class Row(msgspec.Struct, frozen=True):
    """Parts one after the other."""

    parts: tuple["Node", ...]


class Alternatives(msgspec.Struct, frozen=True):
    """Any one of these."""

    choices: tuple["Node", ...]


class Repeated(msgspec.Struct, frozen=True):
    """A part so many times; no `most` is any number."""

    part: "Node"
    least: int
    most: int | None


Node: TypeAlias = Symbol | Row | Alternatives | Repeated


def parse(text: str, *, start: str, end: str) -> Node:
    """Read an expression; raises WriteAnother. `start` and `end` are what the anchors match."""
    parser = _Parser(text, start, end)
    node = parser.alternatives(0)
    if parser.peek() is not None:
        raise WriteAnother("has a ) without its (")
    return node


class _Parser:
    """Goes along the text once; tokens are one character, or a backslash and one."""

    def __init__(self, text: str, start: str, end: str) -> None:
        self._text = text
        self._at = 0
        self._start = start
        self._end = end

    def peek(self) -> str | None:
        """Give the next token: an operator as its bare character, `\\x` for a literal x."""
        if self._at == len(self._text):
            return None
        one = self._text[self._at]
        if one != "\\":
            return one
        escaped = self._text[self._at + 1 : self._at + 2]
        if not escaped:
            raise WriteAnother("ends in a backslash")
        if escaped.isdigit():
            raise WriteAnother("refers back, which is not offered")
        return escaped if escaped in _EITHER else "\\" + escaped

    def _skip(self) -> None:
        self._at += 2 if self._text[self._at] == "\\" else 1

    def alternatives(self, depth: int) -> Node:
        """Read rows up to the end or an unmatched `)`."""
        if depth > _DEPTH_MOST:
            raise WriteAnother("is nested too deeply")
        choices = [self._row(depth)]
        while self.peek() == "|":
            self._skip()
            choices.append(self._row(depth))
        return choices[0] if len(choices) == 1 else Alternatives(tuple(choices))

    def _row(self, depth: int) -> Node:
        parts: list[Node] = []
        while (token := self.peek()) not in (None, "|", ")"):
            assert token is not None
            self._skip()
            if token == "^" and not parts:
                parts.append(Symbol(frozenset(self._start)))
                continue
            if token == "$" and self.peek() in (None, "|", ")"):
                parts.append(Symbol(frozenset(self._end)))
                continue
            parts.append(self._quantified(self._atom(token, depth)))
        return Row(tuple(parts))

    def _atom(self, token: str, depth: int) -> Node:
        match token:
            case ".":
                return Symbol(frozenset((self._start, self._end)), negated=True)
            case "[":
                return self._set()
            case "(":
                inner = self.alternatives(depth + 1)
                if self.peek() != ")":
                    raise WriteAnother("has a ( without its )")
                self._skip()
                return inner
            case "{":
                raise WriteAnother("has a count of nothing")
            case _:
                return Symbol(frozenset(token[-1]))

    def _quantified(self, node: Node) -> Node:
        while (token := self.peek()) is not None:
            if token == "{":
                self._skip()
                least, most = self._counts()
            elif token in _QUANTIFIERS:
                self._skip()
                least, most = _QUANTIFIERS[token]
            else:
                break
            node = Repeated(node, least, most)
        return node

    def _counts(self) -> tuple[int, int | None]:
        close = self._text.find("}", self._at)
        if close < 0:
            raise WriteAnother("has a { without its }")
        written = self._text[self._at : close].removesuffix("\\")
        self._at = close + 1
        low, comma, high = written.partition(",")
        least = _number(low)
        most = least if not comma else _number(high) if high else None
        if most is not None and most < least:
            raise WriteAnother(f"has {{{written}}}, which counts down")
        return least, most

    def _set(self) -> Symbol:
        text, at = self._text, self._at
        negated = text[at : at + 1] == "^"
        at += negated
        # A bracket that comes first is a member.
        close = text.find("]", at + 1)
        if close < 0:
            raise WriteAnother("has a [ without its ]")
        members = text[at:close]
        self._at = close + 1
        found: set[str] = set()
        at = 0
        while at < len(members):
            one = members[at]
            if members[at + 1 : at + 2] == "-" and at + 2 < len(members):
                last = members[at + 2]
                if last < one:
                    raise WriteAnother(f"has the range {one}-{last}, which counts down")
                found.update(map(chr, range(ord(one), ord(last) + 1)))
                at += 3
            else:
                found.add(one)
                at += 1
        if negated:
            found |= {self._start, self._end}
        return Symbol(frozenset(found), negated)


def _number(written: str) -> int:
    if not (written.isascii() and written.isdigit()) or int(written) > _COUNT_MOST:
        raise WriteAnother(f"has the count {written!r}, wanted 0 to {_COUNT_MOST}")
    return int(written)
