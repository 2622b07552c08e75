"""[operators.<name>]: rows of configuration <-> the operator profiles that the desk reads by."""

from __future__ import annotations

from msgspec import Struct

from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    FALLBACK_PROFILE,
    Format,
    OnFifthFailure,
    OperatorProfile,
    ProfileIndex,
    Reading,
    TrailingHash,
    WhilePending,
    format_row,
    index_profiles,
)
from gateway.core.registration.services import Offer, offer
from gateway.core.registration.ussd import UssdAnswer, UssdService


class FormatConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """new_number and old_number in [operators.<name>]: keyword, separator, NIK#KK, the end."""

    keyword: str = ""
    separator: str = ""
    trailing_hash: TrailingHash = TrailingHash.REQUIRED


class ServiceConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """check and unregister in [operators.<name>]: forms as they are printed; where else."""

    forms: tuple[str, ...] = ()
    elsewhere: str = ""


class UssdConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """ussd in [operators.<name>]: the code, "" for none, and where its answer comes."""

    code: str = ""
    answer: UssdAnswer = UssdAnswer.SESSION


class OperatorConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[operators.<name>]; prefixes are national, four digits."""

    brand: str
    prefixes: tuple[str, ...]
    reading: Reading
    new_number: FormatConfig
    old_number: FormatConfig
    check: ServiceConfig
    unregister: ServiceConfig
    ussd: UssdConfig
    on_5th_failure: OnFifthFailure
    lock_hours: float
    while_pending: WhilePending
    daily_quota: int
    provenance: str


def _format_config(row: Format) -> FormatConfig:
    return FormatConfig(
        keyword=row.keyword, separator=row.separator, trailing_hash=row.trailing_hash
    )


def _service_config(offer: Offer) -> ServiceConfig:
    return ServiceConfig(forms=tuple(form.text for form in offer.forms), elsewhere=offer.elsewhere)


def _ussd_config(service: UssdService) -> UssdConfig:
    return UssdConfig(code=service.code, answer=service.answer)


def _row(profile: OperatorProfile) -> OperatorConfig:
    return OperatorConfig(
        brand=profile.brand,
        prefixes=profile.prefixes,
        reading=profile.reading,
        new_number=_format_config(profile.new_number),
        old_number=_format_config(profile.old_number),
        check=_service_config(profile.check),
        unregister=_service_config(profile.unregister),
        ussd=_ussd_config(profile.ussd),
        on_5th_failure=profile.on_5th_failure,
        lock_hours=profile.lock_hours,
        while_pending=profile.while_pending,
        daily_quota=profile.daily_quota,
        provenance=profile.provenance,
    )


OTHER_OPERATOR = FALLBACK_PROFILE.name
"""The operator of numbers whose prefix no row lists; its own row lists none."""

_BUILT_IN = {profile.name: profile for profile in (*DEFAULT_PROFILES, FALLBACK_PROFILE)}
DEFAULT_OPERATORS = {name: _row(profile) for name, profile in _BUILT_IN.items()}


def profiles(rows: dict[str, OperatorConfig], reading: Reading | None) -> ProfileIndex:
    """Prepare the rows for the desk; `reading` overrides every row's own.

    Raises ValueError when two rows claim one prefix.
    """
    made = {name: _profile(name, row, reading or row.reading) for name, row in rows.items()}
    fallback = made.pop(OTHER_OPERATOR, FALLBACK_PROFILE)
    return index_profiles(tuple(made.values()), fallback)


def _profile(name: str, row: OperatorConfig, reading: Reading) -> OperatorProfile:
    known = _BUILT_IN.get(name, FALLBACK_PROFILE)
    return OperatorProfile(
        name=name,
        brand=row.brand,
        prefixes=row.prefixes,
        new_number=_format(row.new_number, known.new_number),
        old_number=_format(row.old_number, known.old_number),
        check=_offer(row.check, known.check),
        unregister=_offer(row.unregister, known.unregister),
        ussd=_ussd(row.ussd, known.ussd),
        provenance=row.provenance,
        reading=reading,
        on_5th_failure=row.on_5th_failure,
        lock_hours=row.lock_hours,
        while_pending=row.while_pending,
        daily_quota=row.daily_quota,
    )


def _format(row: FormatConfig, known: Format) -> Format:
    """Make the format; one that is as built in keeps its source."""
    if row == _format_config(known):
        return known
    return format_row(row.keyword, row.separator, row.trailing_hash, "configuration")


def _offer(row: ServiceConfig, known: Offer) -> Offer:
    """Make an offer; one that is as built in keeps its source."""
    if row == _service_config(known):
        return known
    return offer(" ".join(row.forms), row.elsewhere, "configuration")


def _ussd(row: UssdConfig, known: UssdService) -> UssdService:
    """Make the service; one that is as built in keeps its source."""
    return (
        known if row == _ussd_config(known) else UssdService(row.code, row.answer, "configuration")
    )
