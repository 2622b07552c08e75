"""What an SMS to the desk can ask for, and the rules that it can break.

Sources: domain.md 1.1, 1.2, 1.3 (mistakes), 1.5 and 1.6.
"""

from enum import Enum
from typing import TypeAlias

import msgspec

from gateway.core.numbers import Kk, Msisdn, Nik


class Rule(Enum):
    """What a message breaks; as a note on a message taken, what was tolerated."""

    EMPTY = "EMPTY"
    UNKNOWN_WORD = "UNKNOWN_WORD"
    CHARACTER = "CHARACTER"  # full-width or invisible characters
    SPACES = "SPACES"  # around the text, doubled, or line breaks
    CASE = "CASE"
    KEYWORD_MISSING = "KEYWORD_MISSING"
    KEYWORD_WRONG_FOR_OPERATOR = "KEYWORD_WRONG_FOR_OPERATOR"
    KEYWORD_WRONG_FOR_NUMBER = "KEYWORD_WRONG_FOR_NUMBER"  # ULANG for a new, REG for an old one
    KEYWORD_EXTRA = "KEYWORD_EXTRA"
    SEP = "SEP"
    GROUPING = "GROUPING"  # spaces, dots or dashes inside a NIK or KK
    NIK_MISSING = "NIK_MISSING"
    NIK_LEN = "NIK_LEN"
    NIK_NONDIGIT = "NIK_NONDIGIT"
    KK_MISSING = "KK_MISSING"
    KK_LEN = "KK_LEN"
    KK_NONDIGIT = "KK_NONDIGIT"
    TRAILING_HASH = "TRAILING_HASH"
    EXTRA_FIELD = "EXTRA_FIELD"
    NUMBER_MISSING = "NUMBER_MISSING"
    NUMBER_BAD = "NUMBER_BAD"


class Register(msgspec.Struct, frozen=True, gc=False):
    """A registration: `REG`, `DAFTAR` or no keyword at all (then `keyword` is "").

    `notes` are the names of the rules that a lenient desk let pass.
    """

    nik: Nik
    kk: Kk
    keyword: str
    notes: tuple[str, ...] = ()


class Reregister(msgspec.Struct, frozen=True, gc=False):
    """A re-registration of an old number: `ULANG`. Fields as in `Register`."""

    nik: Nik
    kk: Kk
    keyword: str
    notes: tuple[str, ...] = ()


class Unregister(msgspec.Struct, frozen=True, gc=False):
    """A wish to give up a number: `UNREG`, `UNPAIR`, by NIK or by number (domain.md 1.2)."""

    about: Nik | Msisdn
    keyword: str


class Inquiry(msgspec.Struct, frozen=True, gc=False):
    """A question for one's registrations: `INFO`, `CEK`, `STATUS`; about the sender when None."""

    about: Nik | Msisdn | None
    keyword: str


class Consent(msgspec.Struct, frozen=True, gc=False):
    """An answer in the statement dialogue (domain.md 1.5); its words are invented."""

    agrees: bool
    keyword: str


class Unparsed(msgspec.Struct, frozen=True, gc=False):
    """No request: the rule that failed and the QA log's short form of it (`NIK_LEN=15`).

    `detail` never repeats digits of the message.
    """

    rule: Rule
    detail: str


Parsed: TypeAlias = Register | Reregister | Unregister | Inquiry | Consent | Unparsed
