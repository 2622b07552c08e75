"""The grammar of the desk behind 4444: what an SMS text asks for, or which rule it breaks.

One analysis serves both readings. It collects *notes*, the deviations from the operator's own
format; a lenient desk takes the message with its notes, a strict desk refuses it at the first.
Sources: domain.md 1.1 (formats and printed variants), 1.2, 1.3 (mistakes), 1.6 (grammar).
"""

import re
import unicodedata
from typing import Final

import msgspec

from gateway.core.numbers import (
    IDENTITY_DIGITS,
    BadIdentity,
    BadNumber,
    IdentityRule,
    Kk,
    Nik,
    parse_kk,
    parse_msisdn,
    parse_nik,
)
from gateway.core.registration.profiles import Format, OperatorProfile, Reading
from gateway.core.registration.requests import (
    Consent,
    Inquiry,
    Parsed,
    Register,
    Reregister,
    Rule,
    Unparsed,
    Unregister,
)

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_LENIENT: Final = Reading.LENIENT
_STRICT: Final = Reading.STRICT

__all__ = [
    "Consent",
    "Inquiry",
    "Parsed",
    "Register",
    "Reregister",
    "Rule",
    "Unparsed",
    "Unregister",
    "read",
]


_REGISTER: Final = frozenset(("REG", "DAFTAR", "ULANG"))
_UNREGISTER: Final = frozenset(("UNREG", "UNPAIR"))
_INQUIRE: Final = frozenset(("INFO", "CEK", "STATUS"))
_CONSENT: Final = {"YA": True, "SETUJU": True, "TIDAK": False}
_KEYWORDS: Final = _REGISTER | _UNREGISTER | _INQUIRE | frozenset(_CONSENT)

_canonical: Final = re.compile(
    r"(REG |ULANG[ #]|DAFTAR#|)([0-9]{16})#([0-9]{16})(#?)",
).fullmatch
_WRONG_FOR_NUMBER: Final = (Rule.KEYWORD_WRONG_FOR_NUMBER.value,)
_MISSING: Final = (Rule.KEYWORD_MISSING.value,)
_INVISIBLE: Final = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_WORD: Final = re.compile(r"[A-Za-z]+")
_SEPARATOR: Final = re.compile(r" ?#? ?")
_NAME: Final = re.compile(r"[^\W\d_][^\d#]{0,59}")
_SHORTEST_SPACED_FIELD: Final = 10
"""From this length on, two words in one field are taken for a NIK and a KK with one digit amiss."""


def read(text: str, profile: OperatorProfile, is_new: bool) -> Parsed:
    """Read an SMS sent to the desk, by the format of the sender's operator.

    `is_new` says whether the number is a starter card or an old number. Any text is answered by
    a value; nothing raises. Requests other than registrations read alike under both readings.
    """
    row = profile.new_number if is_new else profile.old_number
    match = _canonical(text)
    if match is not None:
        prefix, nik, kk, ending = match.groups()
        if prefix == row.prefix and ending in row.endings:
            made = Reregister if row.keyword == "ULANG" else Register
            return made(Nik(nik), Kk(kk), row.keyword)
        other = profile.old_number if is_new else profile.new_number
        if prefix == other.prefix and ending in row.endings and profile.reading is _LENIENT:
            # A starter card's format from an old number, or the reverse: what most people send.
            made = Reregister if other.keyword == "ULANG" else Register
            note = _WRONG_FOR_NUMBER if other.keyword else _MISSING
            return made(Nik(nik), Kk(kk), other.keyword, note)
    notes: list[Rule] = []
    parsed = _analyse(text, profile, is_new, notes)
    if not notes or not isinstance(parsed, Register | Reregister):
        return parsed
    if profile.reading is _STRICT:
        return Unparsed(notes[0], notes[0].value)
    names = tuple(dict.fromkeys(note.value for note in notes))
    return msgspec.structs.replace(parsed, notes=names)


def _analyse(text: str, profile: OperatorProfile, is_new: bool, notes: list[Rule]) -> Parsed:
    line = _one_line(text, notes)
    if not line:
        return _refuse(Rule.EMPTY)
    word = _WORD.match(line)
    if word is None:
        return _register("", line, profile, is_new, notes)
    keyword, rest = word[0].upper(), line[word.end() :]
    if keyword not in _KEYWORDS:
        # A letter before digits is a mistyped digit or a passport number, not a word.
        if rest[:1].isdigit():
            return _register("", line, profile, is_new, notes)
        return _refuse(Rule.UNKNOWN_WORD)
    if word[0] != keyword:
        notes.append(Rule.CASE)
    if keyword in _REGISTER:
        return _register(keyword, rest, profile, is_new, notes)
    if keyword in _CONSENT:
        return _refuse(Rule.EXTRA_FIELD) if rest else Consent(_CONSENT[keyword], keyword)
    return _ask(keyword, rest)


def _one_line(text: str, notes: list[Rule]) -> str:
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    if plain != text:
        notes.append(Rule.CHARACTER)
    line = " ".join(plain.split())
    if line != plain:
        notes.append(Rule.SPACES)
    return line


def _refuse(rule: Rule, detail: str = "") -> Unparsed:
    return Unparsed(rule, detail or rule.value)


# ---- registrations


def _register(
    keyword: str, rest: str, profile: OperatorProfile, is_new: bool, notes: list[Rule]
) -> Register | Reregister | Unparsed:
    row = profile.format_for(is_new)
    _check_keyword(keyword, row, profile.format_for(not is_new), notes)
    separator, body = _cut_separator(rest)
    if keyword and not separator and body and not body[0].isdigit():
        return _refuse(Rule.SEP)
    second = _WORD.match(body)
    if keyword and second is not None and second[0].upper() in _REGISTER:
        notes.append(Rule.KEYWORD_EXTRA)
        body = _cut_separator(body[second.end() :])[1]
    elif separator not in _separators_of(keyword, profile):
        notes.append(Rule.SEP)
    fields = _fields(body, row, notes)
    if isinstance(fields, Unparsed):
        return fields
    return (Reregister if keyword == "ULANG" else Register)(*fields, keyword)


def _check_keyword(keyword: str, row: Format, other: Format, notes: list[Rule]) -> None:
    if keyword == row.keyword:
        return
    if not keyword:
        notes.append(Rule.KEYWORD_MISSING)
    elif keyword == other.keyword:
        notes.append(Rule.KEYWORD_WRONG_FOR_NUMBER)
    else:
        notes.append(Rule.KEYWORD_WRONG_FOR_OPERATOR)


def _separators_of(keyword: str, profile: OperatorProfile) -> tuple[str, ...]:
    """Give the separators that may follow the keyword; a foreign keyword brings its own."""
    if not keyword:
        return ("",)
    rows = (profile.new_number, profile.old_number)
    return tuple(row.separator for row in rows if row.keyword == keyword) or (" ", "#")


def _cut_separator(rest: str) -> tuple[str, str]:
    match = _SEPARATOR.match(rest)
    length = match.end() if match else 0
    return rest[:length], rest[length:]


def _fields(body: str, row: Format, notes: list[Rule]) -> tuple[Nik, Kk] | Unparsed:
    ended = body.endswith("#")
    parts = body.removesuffix("#").split("#")
    nik_text, *others = parts if len(parts) > 1 else _split_at_space(parts[0], notes)
    nik_text = _trim(nik_text, notes)
    if not nik_text:
        return _refuse(Rule.NIK_MISSING)
    nik = parse_nik(nik_text)
    if isinstance(nik, BadIdentity):
        return _bad_nik(nik, alone=not others)
    if not others or not (kk_text := _trim(others[0], notes)):
        return _refuse(Rule.KK_MISSING)
    kk = parse_kk(kk_text)
    if isinstance(kk, BadIdentity):
        return _bad_identity(kk)
    if nik_text != nik.digits or kk_text != kk.digits:
        notes.append(Rule.GROUPING)
    if others[1:]:
        return _with_name(nik, kk, others[1:], notes)
    if ("#" if ended else "") not in row.endings:
        notes.append(Rule.TRAILING_HASH)
    return nik, kk


def _split_at_space(body: str, notes: list[Rule]) -> list[str]:
    """Part `NIK KK` where the space stands for `#`; digit groups of one field stay together."""
    words = body.split()
    cut = 0
    if len(words) == 2 and min(map(len, words)) >= _SHORTEST_SPACED_FIELD:
        cut = 1
    else:
        length = 0
        for position, word in enumerate(words[:-1], start=1):
            length += len(word)
            if length == IDENTITY_DIGITS:
                cut = position
    if not cut:
        return [body]
    notes.append(Rule.SEP)
    return [" ".join(words[:cut]), " ".join(words[cut:])]


def _trim(field: str, notes: list[Rule]) -> str:
    trimmed = field.strip(" ,")
    if trimmed != field:
        notes.append(Rule.SEP)
    return trimmed


def _with_name(nik: Nik, kk: Kk, extra: list[str], notes: list[Rule]) -> tuple[Nik, Kk] | Unparsed:
    # The press printed NIK#KK#full name for Tri [S18]; anything else was never asked for.
    if len(extra) > 1 or not _NAME.fullmatch(extra[0].strip()):
        return _refuse(Rule.EXTRA_FIELD)
    notes.append(Rule.EXTRA_FIELD)
    return nik, kk


def _bad_nik(bad: BadIdentity, alone: bool) -> Unparsed:
    # Sixteen digits, then another sign than '#': the separator is wrong, not the NIK.
    if alone and bad.rule is IdentityRule.NONDIGIT and bad.value == IDENTITY_DIGITS + 1:
        return _refuse(Rule.SEP)
    return _bad_identity(bad)


def _bad_identity(bad: BadIdentity) -> Unparsed:
    return Unparsed(Rule[f"{bad.field}_{bad.rule.value}"], bad.detail)


# ---- everything else


def _ask(keyword: str, rest: str) -> Unregister | Inquiry | Unparsed:
    argument = _cut_separator(rest)[1].removesuffix("#").strip()
    if not argument:
        return Inquiry(None, keyword) if keyword in _INQUIRE else _refuse(Rule.NUMBER_MISSING)
    nik = parse_nik(argument)
    # No province begins with 0, so sixteen digits from 0062 on are a mobile number.
    about = nik if isinstance(nik, Nik) and nik.digits[0] != "0" else parse_msisdn(argument)
    if isinstance(about, BadNumber):
        return _refuse(Rule.NUMBER_BAD)
    return Inquiry(about, keyword) if keyword in _INQUIRE else Unregister(about, keyword)
