"""What is wrong with one address of a message (SMPP 3.4 §5.2.5 to §5.2.9)."""

import re
from functools import lru_cache
from typing import Final

from gateway.smpp.codes import Npi, Ton
from gateway.smpp.lint import address_rules as rules
from gateway.smpp.lint.findings import Note
from gateway.smpp.lint.rules import Rule

_E164_MOST: Final = 15
_ADDRESS_MOST: Final = 20
_INTERNATIONAL_LEAST: Final = 11
_SHORT_CODE_MOST: Final = 6
_NUMBER_LEAST: Final = 7
_NAME_MOST: Final = 11
_TONS: Final = frozenset(ton.value for ton in Ton)
_NPIS: Final = frozenset(npi.value for npi in Npi)
_PUNCTUATION: Final = re.compile(r"[\s().\-/]+")


def is_plain(ton: int, npi: int, address: str) -> bool:
    """Say whether this is an international number as it should be: the usual case, quickly."""
    return (
        ton == 1
        and npi == 1
        and _NUMBER_LEAST <= len(address) <= _E164_MOST
        and address.isdecimal()
        and address[0] != "0"
    )


# Names and short codes are few.
@lru_cache(maxsize=1024)
def source_notes(ton: int, npi: int, address: str) -> tuple[Note, ...]:
    """Say what is wrong with source_addr; an empty one leaves the choice to the SMSC."""
    return _notes("source", ton, npi, address, is_source=True) if address else ()


@lru_cache(maxsize=1024)
def destination_notes(ton: int, npi: int, address: str) -> tuple[Note, ...]:
    """Say what is wrong with destination_addr."""
    if not address:
        return ((rules.DESTINATION_EMPTY, "destination_addr is empty"),)
    return _notes("destination", ton, npi, address, is_source=False)


def _notes(field: str, ton: int, npi: int, address: str, *, is_source: bool) -> tuple[Note, ...]:
    found = []
    bare = address.removeprefix("+")
    plain = _PUNCTUATION.sub("", bare)
    if len(address) > _ADDRESS_MOST:
        found.append(rules.ADDRESS_TOO_LONG)
    if plain.isdecimal():
        if bare != address:
            found.append(rules.PLUS_SIGN)
        if plain != bare:
            found.append(rules.ADDRESS_CHARACTERS)
        found += _number(ton, npi, plain, is_source=is_source)
    elif not is_source:
        found.append(rules.DESTINATION_NAME)
    elif ton != Ton.ALPHANUMERIC:
        found.append(rules.NAME_WITHOUT_TON)
    else:
        if len(address) > _NAME_MOST:
            found.append(rules.NAME_TOO_LONG)
        if npi:
            found.append(rules.NPI_ODD)
    if ton not in _TONS or npi not in _NPIS:
        found.append(rules.TON_UNLISTED)
    return tuple((rule, f"{field} {address!r} ton {ton} npi {npi}") for rule in found)


def _number(ton: int, npi: int, digits: str, *, is_source: bool) -> list[Rule]:
    if ton == Ton.ALPHANUMERIC:
        return [rules.DIGITS_AS_NAME if is_source else rules.DESTINATION_NAME]
    if ton == Ton.INTERNATIONAL:
        if digits[0] == "0":
            return [rules.NATIONAL_AS_INTERNATIONAL]
        if len(digits) <= _SHORT_CODE_MOST:
            return [rules.SHORT_CODE_AS_INTERNATIONAL]
        if len(digits) > _E164_MOST:
            return [rules.ADDRESS_TOO_LONG]
        return [rules.NPI_ODD] if npi != Npi.ISDN else []
    if digits[0] != "0" and _INTERNATIONAL_LEAST <= len(digits) <= _E164_MOST:
        if ton == Ton.NATIONAL:
            return [rules.INTERNATIONAL_AS_NATIONAL]
        if ton == Ton.UNKNOWN:
            return [rules.INTERNATIONAL_AS_UNKNOWN]
    return []
