"""Numbers and identities, parsed once and valid for ever: addresses, NIK and KK.

An address is an Indonesian mobile number (`Msisdn`) or a short code (`ShortCode`). A `Nik` or
`Kk` prints masked wherever it is formatted, so that no log line, console page or test failure
shows a person's number by accident; the clear digits are in `.digits`.
Facts: domain.md 2.1, 2.4, 3.4 and 4.
"""

import re
from enum import Enum
from typing import Final, NewType, TypeAlias, TypeGuard, final

import msgspec

Msisdn = NewType("Msisdn", str)
"""A mobile number in E.164 digits without the plus sign: `6281234567890`, 11 to 14 digits."""

ShortCode = NewType("ShortCode", str)
"""A service or emergency number inside the network: `4444`, 2 to 6 digits, no leading zero."""

Address: TypeAlias = Msisdn | ShortCode
"""What a message or a call can come from or go to."""

EMERGENCY_NUMBERS: Final[frozenset[ShortCode]] = frozenset(
    ShortCode(code) for code in ("110", "112", "113", "115", "118", "119")
)
"""Police, general, fire, search and rescue, ambulance: never barred (domain.md 3.4 [S97])."""

IDENTITY_DIGITS: Final = 16
"""Length of a NIK and of a KK number, in digits (domain.md 2.1)."""

_SHORT_CODE_MAX: Final = 6
_MSISDN_MIN: Final = 11
_MSISDN_MAX: Final = 14
# libphonenumber's pattern for mobile numbers is 8[1-35-9]\d{7,10}: 080 and 084 do not exist.
_NOT_MOBILE: Final = "04"

# Dashes of every kind, brackets, white space and the invisible marks that phone books paste.
_NUMBER_SEPARATORS: Final = re.compile(r"[\s().\-/\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e]+")
_is_canonical: Final = re.compile(r"628[1-35-9][0-9]{7,10}").fullmatch
_WRITTEN: Final = re.compile(r"(?:\+62|0062|62|0)?(8[0-9]*)")
_SHORT_CODE: Final = re.compile(r"[1-9][0-9]{1,5}")

_IDENTITY_SEPARATORS: Final = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")
# Capital O, small l and capital I stand for 0 and 1 in mistyped numbers; no word is 15 of them.
# Runs above 17 are NIK and KK written without a separator.
_BARE_IDENTITY: Final = re.compile(r"[\dOoIl]{15,}")
_GROUPED_IDENTITY: Final = re.compile(
    r"(?<!\d)(?:\d{4}(?:[ .\-]\d{4}){3}|\d{6}[ .\-]\d{6}[ .\-]\d{4}"
    r"|\d{2}(?:[ .\-]\d{2}){2}[ .\-]\d{6}[ .\-]\d{4})(?!\d)"
)


class NumberRule(Enum):
    """Which rule a text broke that should have been an address."""

    EMPTY = "EMPTY"
    NOT_DIGITS = "NOT_DIGITS"
    NOT_MOBILE = "NOT_MOBILE"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"


_REMEDIES: Final[dict[NumberRule, str]] = {
    NumberRule.EMPTY: "write a number, for example 081234567890",
    NumberRule.NOT_DIGITS: "use digits only, with an optional leading +62",
    NumberRule.NOT_MOBILE: "use an Indonesian mobile number: 08.., 62.. or +62.. (not 080, 084)",
    NumberRule.TOO_SHORT: "write 9 to 12 digits after the country code: 081234567890",
    NumberRule.TOO_LONG: "write 9 to 12 digits after the country code: 081234567890",
}


@final
class BadNumber(msgspec.Struct, frozen=True, gc=False):
    """Why a text is no address: the text (identities masked), the broken rule, the way out."""

    text: str
    rule: NumberRule
    remedy: str


def parse_msisdn(text: str) -> Msisdn | BadNumber:
    """Turn a number as people and systems write it into a `Msisdn`.

    Takes `08..`, `62..`, `+62..`, `0062..` and bare `8..`, with spaces, dots, dashes, slashes and
    brackets. Never raises: what is no Indonesian mobile number comes back as `BadNumber`.
    Source: domain.md 4 (9 to 12 digits after 62).
    """
    if _is_canonical(text):
        return Msisdn(text)
    return _parse_written(text)


def _parse_written(text: str) -> Msisdn | BadNumber:
    plain = _NUMBER_SEPARATORS.sub("", text)
    match = _WRITTEN.fullmatch(plain)
    if match is None:
        return _bad(text, _rule_of_misfit(plain))
    msisdn = "62" + match[1]
    if len(msisdn) < _MSISDN_MIN:
        return _bad(text, NumberRule.TOO_SHORT)
    if len(msisdn) > _MSISDN_MAX:
        return _bad(text, NumberRule.TOO_LONG)
    if msisdn[3] in _NOT_MOBILE:
        return _bad(text, NumberRule.NOT_MOBILE)
    return Msisdn(msisdn)


def _rule_of_misfit(plain: str) -> NumberRule:
    if not plain:
        return NumberRule.EMPTY
    digits = plain.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return NumberRule.NOT_DIGITS
    return NumberRule.NOT_MOBILE


def _bad(text: str, rule: NumberRule) -> BadNumber:
    return BadNumber(mask_identities(text[:80]), rule, _REMEDIES[rule])


def parse_address(text: str) -> Msisdn | ShortCode | BadNumber:
    """Turn a destination or a source as written into an address, short codes first.

    A short code is 2 to 6 plain digits without a leading zero; anything else is read as a mobile
    number. Short codes go first because number parsers take `4444` for an invalid `+624444`.
    Source: domain.md 4.
    """
    if len(text) <= _SHORT_CODE_MAX and _SHORT_CODE.fullmatch(text):
        return ShortCode(text)
    return parse_msisdn(text)


def is_msisdn(address: str) -> TypeGuard[Msisdn]:
    """Tell a mobile number from a short code, among addresses that were parsed before."""
    return len(address) > _SHORT_CODE_MAX and address.startswith("628")


def national_form(msisdn: Msisdn) -> str:
    """Write a number as subscribers know it: `6281234567890` becomes `081234567890`."""
    return "0" + msisdn[2:]


class _Identity(msgspec.Struct, frozen=True, gc=False):
    digits: str

    def __str__(self) -> str:
        return _mask(self.digits)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({_mask(self.digits)})"

    def __format__(self, spec: str) -> str:
        masked = _mask(self.digits)
        return format(masked, spec) if spec else masked

    # msgspec gives every Struct this hook, and rich would print the clear digits through it.
    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("digits", _mask(self.digits))]


class Nik(_Identity, frozen=True, gc=False):
    """A person's number in the population register: 16 digits, masked when printed."""


class Kk(_Identity, frozen=True, gc=False):
    """The number of a family card (kartu keluarga): 16 digits, masked when printed."""


class IdentityRule(Enum):
    """Which rule a text broke that should have been a NIK or KK."""

    LENGTH = "LEN"
    NONDIGIT = "NONDIGIT"


class BadIdentity(msgspec.Struct, frozen=True, gc=False):
    """Why a text is no NIK or KK, without the text itself.

    `value` is the number of characters for LENGTH, the 1-based position of the first character
    that is no digit for NONDIGIT; both count after separators are dropped.
    """

    field: str
    rule: IdentityRule
    value: int

    @property
    def detail(self) -> str:
        """The broken rule in the short form of the QA log: `NIK_LEN=15`, `KK_NONDIGIT@7`."""
        sign = "=" if self.rule is IdentityRule.LENGTH else "@"
        return f"{self.field}_{self.rule.value}{sign}{self.value}"


def parse_nik(text: str) -> Nik | BadIdentity:
    """Read a NIK: 16 digits; spaces, dots and dashes between them are dropped.

    Form only: whether the NIK exists is for the civil registry to say (domain.md 0, item 10).
    """
    read = _sixteen("NIK", text)
    return Nik(read) if isinstance(read, str) else read


def parse_kk(text: str) -> Kk | BadIdentity:
    """Read a KK number: 16 digits; spaces, dots and dashes between them are dropped."""
    read = _sixteen("KK", text)
    return Kk(read) if isinstance(read, str) else read


def _sixteen(field: str, text: str) -> str | BadIdentity:
    plain = _IDENTITY_SEPARATORS.sub("", text)
    if not (plain.isascii() and plain.isdigit()):
        for position, character in enumerate(plain, start=1):
            if not (character.isascii() and character.isdigit()):
                return BadIdentity(field, IdentityRule.NONDIGIT, position)
    if len(plain) != IDENTITY_DIGITS:
        return BadIdentity(field, IdentityRule.LENGTH, len(plain))
    return plain


def mask_identities(text: str) -> str:
    """Hide every NIK and KK in free text, for logs and the console.

    Masks each run of 15 or more digits (a NIK, a mistyped one, NIK and KK run together), also
    with O, I or l typed for a digit, and 16 digits grouped by spaces, dots or dashes. The first
    and last four characters stay: `3201********0001`. Mobile numbers (14 digits at most) stay.
    """
    text = _BARE_IDENTITY.sub(_masked_match, text)
    return _GROUPED_IDENTITY.sub(_masked_match, text)


def _masked_match(match: re.Match[str]) -> str:
    return _mask(match[0])


def _mask(digits: str) -> str:
    if len(digits) == IDENTITY_DIGITS:
        return f"{digits[:4]}********{digits[12:]}"
    return digits[:4] + "*" * (len(digits) - 8) + digits[-4:]
