"""The source addresses that an account may send as, where its limits name any; pure.

A mobile number is the same in every form in which it may be written (domain.md 4).
"""

from __future__ import annotations

from msgspec import Struct

from gateway.core.numbers import is_msisdn, parse_address


class Sources(Struct, frozen=True, gc=False):
    """Allowed addresses: whole ones, and beginnings of others."""

    whole: frozenset[str]
    beginnings: tuple[str, ...]

    def holds(self, written: str) -> bool:
        """Whether an ESME may send as this; an empty source leaves the choice to the SMSC."""
        if not written:
            return True
        return any(
            form in self.whole or form.startswith(self.beginnings) for form in _forms(written)
        )


def sources(allowed: tuple[str, ...]) -> Sources | None:
    """Read `source_addresses` of the configuration; None when it names none."""
    if not allowed:
        return None
    whole = frozenset(form for one in allowed if not one.endswith("*") for form in _forms(one))
    beginnings = [one.removesuffix("*") for one in allowed if one.endswith("*")]
    for national in [one for one in beginnings if one.startswith("0")]:
        beginnings.append("62" + national[1:])
    return Sources(whole, tuple(one.removeprefix("+") for one in beginnings))


def _forms(written: str) -> tuple[str, ...]:
    """Give an address as written and, if it is a mobile number, in its normal form."""
    number = parse_address(written)
    if isinstance(number, str) and is_msisdn(number):
        return (written, number)
    return (written,)
