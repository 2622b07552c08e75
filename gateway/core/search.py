"""The inbox's search language: `from:0812* text:kode state:delivered since:1h`.

A query is read once into terms, all of which must hold of a message. A word without a field is
looked for in the text; a minus in front turns a term round; quotes keep spaces together. Nothing
here looks anything up: what is not in the message itself is asked of who calls (`Known`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from enum import Enum
from typing import Any, Final, TypeAlias, assert_never

from msgspec import Struct

from gateway.core.causes import CODES, Cause
from gateway.core.message import Message, MessageKind, MessageState
from gateway.core.moments import NoMoment, parse_length, parse_moment
from gateway.core.numbers import BadNumber, Msisdn, is_msisdn, mask_identities, parse_address
from gateway.core.subscriber import BlockStage

QUERY_MOST: Final = 1_000
"""Characters of a query."""


class Field(Enum):
    """What a term looks at, as it is written."""

    FROM = "from"
    TO = "to"
    WITH = "with"
    TEXT = "text"
    STATE = "state"
    KIND = "kind"
    CAUSE = "cause"
    STAGE = "stage"
    ESME = "esme"
    SESSION = "session"
    ID = "id"
    TAG = "tag"
    SINCE = "since"
    UNTIL = "until"


HELP: Final[dict[Field, str]] = {
    Field.FROM: "the sender: a number in any form, a code, a name; 0812* for all that begin so",
    Field.TO: "the receiver, likewise",
    Field.WITH: "sender or receiver: a number's conversation",
    Field.TEXT: "words in the text, in any case",
    Field.STATE: "enroute, delivered, expired, deleted, undeliverable, accepted, rejected",
    Field.KIND: "mo, mt, reply, receipt, alert",
    Field.CAUSE: "why it failed: the cause's name, or its MAP number",
    Field.STAGE: "the stage of barring that sender or receiver is in now: open, outgoing_barred ..",
    Field.ESME: "the account that sent it or takes it; x* for all that begin so",
    Field.SESSION: "the number of the SMPP session that it came by",
    Field.ID: "the message's id",
    Field.TAG: "a tag that was put on it",
    Field.SINCE: "accepted at or after: 2018-03-05, ISO 8601, or how long ago: 30m, 1d",
    Field.UNTIL: "accepted before, likewise",
}
"""What each field takes, for people."""

Value: TypeAlias = "str | int | MessageState | MessageKind | BlockStage | frozenset[int] | Pattern"


class Pattern(Struct, frozen=True):
    """An address or account, in its normal form; `begins`: all that begin so."""

    text: str
    begins: bool

    def fits(self, value: str) -> bool:
        """Whether a value is it, or begins so."""
        return value.startswith(self.text) if self.begins else value == self.text


class Term(Struct, frozen=True):
    """One condition; `negated`: it must not hold."""

    field: Field
    value: Value
    negated: bool = False


class Query(Struct, frozen=True):
    """Conditions that must all hold; none holds of everything."""

    terms: tuple[Term, ...] = ()

    @property
    def msisdn(self) -> Msisdn | None:
        """A number that every message found is from or to; None where there is none."""
        for term in self.terms:
            value = term.value
            if term.field not in _ADDRESSES or term.negated or not isinstance(value, Pattern):
                continue
            if not value.begins and is_msisdn(value.text):
                return Msisdn(value.text)
        return None


class BadQuery(Struct, frozen=True):
    """Why a query cannot be read: the term (identities masked), and the way out."""

    term: str
    remedy: str

    def __str__(self) -> str:
        return f'"{self.term}": {self.remedy}'


class Known(Struct, frozen=True):
    """What is asked about a message beside itself: a number's stage now, its tags."""

    stage: Callable[[Msisdn], BlockStage | None]
    tags: Callable[[int], Collection[str]]


_ADDRESSES: Final = frozenset({Field.FROM, Field.TO, Field.WITH})
_FIELDS: Final = {field.value: field for field in Field}
# A term: an optional minus, an optional field, a value that may stand in quotes.
_TERM: Final = re.compile(r'\s*(-?)(?:([A-Za-z]+):)?(?:"([^"]*)"|([^\s"]+))(?=\s|$)')
_ID: Final = re.compile("[0-9]{1,18}").fullmatch
_SHOWN: Final = 60


def parse_query(text: str, now: int) -> Query | BadQuery:
    """Read a query; `now` is the calendar's time in milliseconds, which lengths count back from."""
    if len(text) > QUERY_MOST:
        return BadQuery(_shown(text), f"is longer than {QUERY_MOST} characters: shorten it")
    terms: list[Term] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TERM.match(text, at)
        if match is None:
            return BadQuery(
                _shown(text[at:].strip()),
                'close the quotes, and put a space after them: text:"a b"',
            )
        at = match.end()
        term = _term(match, now)
        if isinstance(term, BadQuery):
            return term
        terms.append(term)
    return Query(tuple(terms))


def _term(match: re.Match[str], now: int) -> Term | BadQuery:
    minus, name, quoted, plain = match.groups()
    value = plain if quoted is None else quoted
    field = Field.TEXT if name is None else _FIELDS.get(name.lower())
    shown = _shown(match[0].strip())
    if field is None:
        return BadQuery(shown, f"there is no such field; use {', '.join(_FIELDS)}, or quotes")
    if name is None and plain is not None and plain.endswith(":"):
        return BadQuery(shown, 'write what is looked for behind the colon, or quotes: "10:"')
    if not value.strip():
        return BadQuery(shown, f"say what: {HELP[field]}")
    read = _value(field, value, now)
    if read is None:
        return BadQuery(shown, f"{field.value}: is {HELP[field]}")
    return Term(field, read, bool(minus))


def _value(field: Field, text: str, now: int) -> Value | None:
    """Read a term's value; None where it is none of this field's."""
    match field:
        case Field.FROM | Field.TO | Field.WITH:
            return _address(text)
        case Field.TEXT | Field.TAG:
            return text.casefold()
        case Field.STATE:
            return MessageState.__members__.get(text.upper())
        case Field.KIND:
            return MessageKind.__members__.get(text.upper())
        case Field.STAGE:
            return BlockStage.__members__.get(text.upper())
        case Field.CAUSE:
            return _errors(text)
        case Field.ESME:
            return Pattern(text.removesuffix("*"), text.endswith("*"))
        case Field.SESSION | Field.ID:
            return int(text) if _ID(text) else None
        case Field.SINCE | Field.UNTIL:
            return _moment(text, now)
        case _:
            assert_never(field)


def _address(text: str) -> Pattern:
    head = text.removesuffix("*")
    if head != text:
        digits = head.removeprefix("+")
        if digits.startswith("0"):
            digits = "62" + digits[1:]
        return Pattern(digits if digits.isdigit() else head, begins=True)
    read = parse_address(text)
    return Pattern(text if isinstance(read, BadNumber) else read, begins=False)


def _errors(text: str) -> frozenset[int] | None:
    """Give the MAP errors that a cause, by name or number, stands for; 0 is none."""
    if text.isascii() and text.isdigit():
        return frozenset({int(text[:9])})
    cause = Cause.__members__.get(text.upper())
    error = CODES[cause].map_error if cause is not None else 0
    return frozenset({error}) if error else None


def _moment(text: str, now: int) -> int | None:
    try:
        return now - parse_length(text)
    except NoMoment:
        pass
    try:
        return parse_moment(text)
    except NoMoment:
        return None


def _shown(text: str) -> str:
    return mask_identities(text[:_SHOWN])


# ---- looking


def fits(query: Query, message: Message, known: Known) -> bool:
    """Whether all conditions of a query hold of a message."""
    return all(_holds(term, message, known) is not term.negated for term in query.terms)


def _holds(term: Term, message: Message, known: Known) -> bool:
    value = term.value
    if isinstance(value, Pattern):
        return any(value.fits(text) for text in _TEXTS[term.field](message))
    return _HOLDS[term.field](value, message, known)


def _accounts(message: Message) -> Sequence[str]:
    sender = message.esme.account if message.esme is not None else ""
    return [one for one in (sender, message.account) if one]


def _sessions(message: Message) -> Sequence[int]:
    return (message.esme.session if message.esme is not None else 0, message.session)


def _parties(message: Message) -> Sequence[Msisdn]:
    return [Msisdn(one) for one in (message.source, message.destination) if is_msisdn(one)]


# What a pattern is held against.
_TEXTS: Final[dict[Field, Callable[[Message], Sequence[str]]]] = {
    Field.FROM: lambda message: (message.source,),
    Field.TO: lambda message: (message.destination,),
    Field.WITH: lambda message: (message.source, message.destination),
    Field.ESME: _accounts,
}
# How every other value is.
_HOLDS: Final[dict[Field, Callable[[Any, Message, Known], bool]]] = {
    Field.TEXT: lambda value, message, _: value in message.text.casefold(),
    Field.STATE: lambda value, message, _: message.state is value,
    Field.KIND: lambda value, message, _: message.kind is value,
    Field.CAUSE: lambda value, message, _: message.error in value,
    Field.STAGE: lambda value, message, known: value in map(known.stage, _parties(message)),
    Field.SESSION: lambda value, message, _: value in _sessions(message),
    Field.ID: lambda value, message, _: message.id == value,
    Field.TAG: lambda value, message, known: value in map(str.casefold, known.tags(message.id)),
    Field.SINCE: lambda value, message, _: message.accepted_at >= value,
    Field.UNTIL: lambda value, message, _: message.accepted_at < value,
}
