"""address_range of a bind: the UNIX regular expression that says which addresses an ESME serves.

Evaluated as one set of positions that moves along the address, so that no expression of a stranger
costs more than its length times the address's. A range without special characters is that one
address; everything else may match anywhere in the address unless `^` and `$` tie it. The basic
notation of the specification and the extended one (`+ ? | ( ) { }` without backslashes) are both
read; a lone `*`, which ESMEs write for everything, is everything; back-references are refused.
Source: SMPP 3.4 §5.2.7, Appendix A.
"""

from typing import Final, assert_never

import msgspec

from gateway.smpp.regex import Alternatives, Node, Repeated, Row, Symbol, WriteAnother, parse

PATTERN_MOST: Final = 40
"""Octets of an address_range, the closing NUL not counted (§5.2.7)."""
# What an expression may grow to with its repetitions written out; addresses have 20 characters.
_POSITIONS_MOST: Final = 256
_STEPS_MOST: Final = 2048
# What stands around the address, for `^` and `$` to match: no character of an address.
_START: Final = "\x02"
_END: Final = "\x03"
_SPECIAL: Final = frozenset(".[]*^$\\{}()|?+")


class Malformed(msgspec.Struct, frozen=True, gc=False):
    """What is wrong with an address_range: the bind is to be refused."""

    why: str


class AddressRange:
    """The addresses that one bind serves; made by `address_range`.

    `specificity` orders ranges that match the same address: higher is narrower.
    """

    __slots__ = (
        "_by_character",
        "_first",
        "_follow",
        "_last",
        "_steps",
        "_symbols",
        "specificity",
        "text",
    )

    def __init__(self, text: str, node: Node, specificity: int) -> None:
        self.text = text
        self.specificity = specificity
        self._symbols: list[Symbol] = []
        self._follow: list[int] = []
        self._steps = 0
        ends = self._place(node)
        self._first, self._last = ends.first, ends.last
        # A pattern that is satisfied by nothing at all is satisfied by every address.
        if ends.empty:
            self._last = -1
        self._by_character: dict[str, int] = {}

    def matches(self, address: str) -> bool:
        """Whether the address is one of those; it is taken as written."""
        if self._last == -1:
            return True
        first, last, follow = self._first, self._last, self._follow
        states = 0
        for character in (_START, *address, _END):
            reached = first
            while states:
                lowest = states & -states
                reached |= follow[lowest.bit_length() - 1]
                states ^= lowest
            states = reached & self._taking(character)
            if states & last:
                return True
        return False

    def _taking(self, character: str) -> int:
        """Give the positions that take this character."""
        found = self._by_character.get(character)
        if found is None:
            found = 0
            for place, symbol in enumerate(self._symbols):
                if symbol.takes(character):
                    found |= 1 << place
            # Addresses are of Latin-1 characters, so this stays small.
            self._by_character[character] = found
        return found

    # ---- building: each symbol is a position; which may come first, last, after which

    def _place(self, node: Node) -> "_Ends":
        self._steps += 1
        if self._steps > _STEPS_MOST or len(self._symbols) == _POSITIONS_MOST:
            raise WriteAnother("repeats too much")
        match node:
            case Symbol():
                self._symbols.append(node)
                self._follow.append(0)
                own = 1 << (len(self._symbols) - 1)
                return _Ends(own, own, False)
            case Row(parts=parts):
                ends = _Ends(0, 0, True)
                for part in parts:
                    ends = self._join(ends, self._place(part))
                return ends
            case Alternatives(choices=choices):
                ends = _Ends(0, 0, False)
                for choice in choices:
                    one = self._place(choice)
                    ends = _Ends(
                        ends.first | one.first, ends.last | one.last, ends.empty or one.empty
                    )
                return ends
            case Repeated():
                return self._repeat(node)
            case _:
                assert_never(node)

    def _repeat(self, node: Repeated) -> "_Ends":
        ends = _Ends(0, 0, True)
        for _ in range(node.least):
            ends = self._join(ends, self._place(node.part))
        if node.most is None:
            more = self._place(node.part)
            self._link(more.last, more.first)
            return self._join(ends, _Ends(more.first, more.last, True))
        for _ in range(node.most - node.least):
            more = self._place(node.part)
            ends = self._join(ends, _Ends(more.first, more.last, True))
        return ends

    def _join(self, before: "_Ends", after: "_Ends") -> "_Ends":
        self._link(before.last, after.first)
        return _Ends(
            before.first | after.first if before.empty else before.first,
            before.last | after.last if after.empty else after.last,
            before.empty and after.empty,
        )

    def _link(self, last: int, first: int) -> None:
        while last:
            lowest = last & -last
            self._follow[lowest.bit_length() - 1] |= first
            last ^= lowest


class _Ends(msgspec.Struct, frozen=True, gc=False):
    """Positions that a part may begin and end with, and whether it may be empty."""

    first: int
    last: int
    empty: bool


_ONE_ADDRESS: Final = 1 << 16


def address_range(text: str) -> AddressRange | Malformed | None:
    """Read an address_range; None for an empty one, which names no addresses."""
    if not text:
        return None
    if len(text) > PATTERN_MOST:
        return Malformed(f"has more than {PATTERN_MOST} characters")
    if text == "*":
        return AddressRange(text, Row(()), 0)
    # A plus sign in front is how an international number is written.
    if not _SPECIAL & set(text.removeprefix("+")):
        digits = tuple(Symbol(frozenset(one)) for one in (*text.removeprefix("+"), _END))
        plus = Repeated(Symbol(frozenset("+")), 0, 1)
        return AddressRange(text, Row((Symbol(frozenset(_START)), plus, *digits)), _ONE_ADDRESS)
    try:
        node = parse(text, start=_START, end=_END)
        return AddressRange(text, node, _least_length(node))
    except WriteAnother as wrong:
        return Malformed(str(wrong))


def _least_length(node: Node) -> int:
    """Count the characters that every match must name, `.` and sets counted less."""
    match node:
        case Symbol(characters=characters, negated=negated):
            return 1 if negated else max(1, 64 // len(characters))
        case Row(parts=parts):
            return sum(map(_least_length, parts))
        case Alternatives(choices=choices):
            return min(map(_least_length, choices))
        case Repeated(part=part, least=least):
            return least * _least_length(part)
        case _:
            assert_never(node)
