"""Operator profiles: who owns which prefix, and which SMS format each operator asks for.

The formats are those of 2017-18; there is no common one. Sources: domain.md 1.1 (formats) and
4 (prefixes); the numbers in brackets are its sources.
"""

from enum import Enum
from typing import Final

import msgspec

from gateway.core.numbers import Msisdn
from gateway.core.registration import services
from gateway.core.registration.services import Offer
from gateway.core.registration.ussd import NO_USSD, USSD_TELKOMSEL, USSD_XL, UssdService


class Reading(Enum):
    """How strictly a desk reads: exactly the operator's own format, or every printed variant."""

    STRICT = "strict"
    LENIENT = "lenient"


class TrailingHash(Enum):
    """Whether the format ends in `#`."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    OPTIONAL = "optional"


class OnFifthFailure(Enum):
    """What the fifth failure leads to: a statement of truth by SMS, a lock, or nothing."""

    STATEMENT = "statement"
    LOCK = "lock"
    NONE = "none"


class WhilePending(Enum):
    """What becomes of a registration while the verdict on an earlier one is pending.

    IGNORE: no reply; ANSWER: the reply that it is under way; REPLACE: it takes the place of the
    earlier one.
    """

    IGNORE = "ignore"
    ANSWER = "answer"
    REPLACE = "replace"


_ENDINGS: Final[dict[TrailingHash, tuple[str, ...]]] = {
    TrailingHash.REQUIRED: ("#",),
    TrailingHash.FORBIDDEN: ("",),
    TrailingHash.OPTIONAL: ("#", ""),
}

# Cannot be anybody's: month 90 does not exist, nor does province 12's regency 34.
_EXAMPLE_NIK: Final = "1234567890123456"
_EXAMPLE_KK: Final = "1234567890654321"


class Format(msgspec.Struct, frozen=True, gc=False):
    """One row of the format table; make rows with `format_row`, which fills the derived fields.

    `prefix` is keyword and separator together, `endings` what may follow the KK, `hint` the
    format as a reply names it (`REG NIK#KK#`), `example` a message that fits it.
    """

    keyword: str
    separator: str
    trailing_hash: TrailingHash
    source: str
    prefix: str
    endings: tuple[str, ...]
    hint: str
    example: str


def format_row(keyword: str, separator: str, trailing_hash: TrailingHash, source: str) -> Format:
    """Make a format: keyword ("" for a bare one), separator before the NIK, `#` at the end."""
    prefix = keyword + separator
    endings = _ENDINGS[trailing_hash]
    return Format(
        keyword,
        separator,
        trailing_hash,
        source,
        prefix,
        endings,
        f"{prefix}NIK#KK{endings[0]}",
        f"{prefix}{_EXAMPLE_NIK}#{_EXAMPLE_KK}{endings[0]}",
    )


class OperatorProfile(msgspec.Struct, frozen=True, gc=False):
    """What the desk of one operator expects.

    `prefixes` are national, four digits (`0811`); `new_number` and `old_number` the formats for a
    starter card and for a re-registration; `check` and `unregister` what else it offers by SMS;
    `ussd` tells a number's status; `provenance` says where the row comes from. `lock_hours` is for
    the lock of `on_5th_failure`; `daily_quota` is how often a day the civil registry answers, 0 for
    no limit.
    """

    name: str
    brand: str
    prefixes: tuple[str, ...]
    new_number: Format
    old_number: Format
    check: Offer
    unregister: Offer
    provenance: str
    reading: Reading = Reading.LENIENT
    on_5th_failure: OnFifthFailure = OnFifthFailure.STATEMENT
    lock_hours: float = 24.0
    while_pending: WhilePending = WhilePending.ANSWER
    daily_quota: int = 0
    ussd: UssdService = NO_USSD

    def format_for(self, is_new: bool) -> Format:
        """Give the format due for a new or an old number."""
        return self.new_number if is_new else self.old_number


_BARE: Final = format_row("", "", TrailingHash.REQUIRED, "domain.md 1.1 [S1][S2][S3]")
_ULANG_HASH: Final = format_row("ULANG", "#", TrailingHash.REQUIRED, "domain.md 1.1 [S1][S2][S3]")
_DAFTAR: Final = format_row("DAFTAR", "#", TrailingHash.FORBIDDEN, "domain.md 1.1 [S1][S2][S3]")
_ULANG_XL: Final = format_row("ULANG", "#", TrailingHash.FORBIDDEN, "domain.md 1.1 [S1][S2][S3]")
_REG: Final = format_row("REG", " ", TrailingHash.REQUIRED, "domain.md 1.1 [S1][S2][S3][S4]")
_ULANG: Final = format_row("ULANG", " ", TrailingHash.REQUIRED, "domain.md 1.1 [S1][S2][S3][S4]")
# [S2] prints the trailing hash, [S3] does not.
_BARE_SMARTFREN: Final = format_row("", "", TrailingHash.OPTIONAL, "domain.md 1.1 [S2][S3]")


def _prefixes(digits: str) -> tuple[str, ...]:
    return tuple("0" + prefix for prefix in digits.split())


DEFAULT_PROFILES: Final[tuple[OperatorProfile, ...]] = (
    OperatorProfile(
        name="telkomsel",
        brand="Telkomsel",
        prefixes=_prefixes("811 812 813 821 822 823 851 852 853"),
        new_number=_REG,
        old_number=_ULANG,
        check=services.CHECK_TELKOMSEL,
        unregister=services.UNREG_TELKOMSEL,
        provenance="domain.md 1.1 and 4, confidence high",
        ussd=USSD_TELKOMSEL,
    ),
    OperatorProfile(
        name="indosat",
        brand="Indosat Ooredoo",
        prefixes=_prefixes("814 815 816 855 856 857 858"),
        new_number=_BARE,
        old_number=_ULANG_HASH,
        check=services.CHECK_INDOSAT,
        unregister=services.UNREG_INDOSAT,
        provenance="domain.md 1.1 and 4, confidence high; the lock: 1.5 [S63], confidence low",
        on_5th_failure=OnFifthFailure.LOCK,
    ),
    OperatorProfile(
        name="tri",
        brand="Tri",
        prefixes=_prefixes("895 896 897 898 899"),
        new_number=_BARE,
        old_number=_ULANG_HASH,
        check=services.CHECK_TRI,
        unregister=services.UNREG_TRI,
        provenance="domain.md 1.1 and 4, confidence high",
    ),
    OperatorProfile(
        name="smartfren",
        brand="Smartfren",
        prefixes=_prefixes("881 882 883 884 885 886 887 888 889"),
        new_number=_BARE_SMARTFREN,
        old_number=_ULANG_HASH,
        check=services.CHECK_SMARTFREN,
        unregister=services.UNREG_SMARTFREN,
        provenance="domain.md 1.1 and 4, confidence high; sources disagree on the trailing #",
    ),
    OperatorProfile(
        name="xl",
        brand="XL",
        prefixes=_prefixes("817 818 819 859 877 878 879"),
        new_number=_DAFTAR,
        old_number=_ULANG_XL,
        check=services.CHECK_XL,
        unregister=services.UNREG_XL,
        provenance="domain.md 1.1 and 4, confidence high; 0879 in libphonenumber only",
        ussd=USSD_XL,
    ),
    OperatorProfile(
        name="axis",
        brand="AXIS",
        prefixes=_prefixes("831 832 833 838"),
        new_number=_DAFTAR,
        old_number=_ULANG_XL,
        check=services.CHECK_XL,
        unregister=services.UNREG_XL,
        provenance="domain.md 1.1 and 4, confidence high",
        ussd=USSD_XL,
    ),
)
"""The six operators of 2018 that a subscriber could still register with."""

FALLBACK_PROFILE: Final = OperatorProfile(
    name="other",
    brand="Operator",
    prefixes=(),
    new_number=_REG,
    old_number=_ULANG,
    check=services.CHECK_TELKOMSEL,
    unregister=services.UNREG_TELKOMSEL,
    provenance="invented: numbers of unlisted prefixes are read like Telkomsel's, leniently",
)
"""For numbers whose prefix nobody lists (STI, withdrawn and future prefixes)."""


class ProfileIndex(msgspec.Struct, frozen=True, gc=False):
    """Profiles prepared for look-up by number; make one with `index_profiles`."""

    by_prefix: dict[str, OperatorProfile]
    fallback: OperatorProfile
    profiles: tuple[OperatorProfile, ...]


def index_profiles(
    profiles: tuple[OperatorProfile, ...] = DEFAULT_PROFILES,
    fallback: OperatorProfile = FALLBACK_PROFILE,
) -> ProfileIndex:
    """Prepare profiles for `operator_of`.

    Raises ValueError when two profiles claim one prefix: whoever read them in must refuse that.
    """
    by_prefix: dict[str, OperatorProfile] = {}
    for profile in profiles:
        for prefix in profile.prefixes:
            owner = by_prefix.setdefault("62" + prefix.removeprefix("0"), profile)
            if owner is not profile:
                raise ValueError(f"prefix {prefix} belongs to {owner.name} and {profile.name}")
    return ProfileIndex(by_prefix, fallback, profiles)


def operator_of(msisdn: Msisdn, profiles: ProfileIndex) -> OperatorProfile:
    """Give the operator that owns a number's prefix, in one look-up.

    Right without a portability database: Indonesia has no number portability (domain.md 4).
    """
    return profiles.by_prefix.get(msisdn[:5], profiles.fallback)
