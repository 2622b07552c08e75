"""National language tables of GSM 7-bit texts: Turkish, Spanish, Portuguese.

Source: 3GPP TS 23.038 Annex A. A text in another language is read by the default tables, as
§6.2.1.2.3 wants from a receiver that lacks a table.
"""

from typing import Final

from gateway.smpp.gsm import BASIC, EXTENSION, decode_by, readable
from gateway.smpp.udh import Languages

_TURKISH: Final = 1
_SPANISH: Final = 2
_PORTUGUESE: Final = 3


def _changed(changes: str) -> str:
    """Change the default alphabet: groups of two hexadecimal digits and the character there."""
    table = list(BASIC)
    for change in changes.split():
        table[int(change[:2], 16)] = change[2:]
    return readable("".join(table))


def _added(additions: str) -> dict[int, str]:
    return EXTENSION | {int(one[:2], 16): one[2:] for one in additions.split()}


_DEFAULT: Final = readable(BASIC)
_LOCKING: Final = {
    _TURKISH: _changed("04€ 07ı 0BĞ 0Cğ 1CŞ 1Dş 40İ 60ç"),  # noqa: RUF001 - dotless i
    _PORTUGUESE: _changed(
        "04ê 06ú 07í 08ó 09ç 0BÔ 0Cô 0EÁ 0Fá 12ª 13Ç 14À 15∞ 16^ 17\\ 18€ 19Ó 1A| 1CÂ 1Dâ 1EÊ "
        "24º 40Í 5BÃ 5CÕ 5DÚ 60~ 7Bã 7Cõ 7D`"
    ),
}
_SINGLE: Final = {
    _TURKISH: _added("47Ğ 49İ 53Ş 63ç 67ğ 69ı 73ş"),  # noqa: RUF001 - dotless i
    _SPANISH: _added("09ç 41Á 49Í 4FÓ 55Ú 61á 69í 6Fó 75ú"),
    _PORTUGUESE: _added(
        "05ê 09ç 0BÔ 0Cô 0EÁ 0Fá 12Φ 13Γ 15Ω 16Π 17Ψ 18Σ 19Θ 1FÊ 41À 49Í 4FÓ 55Ú 5BÃ 5CÕ 61Â "
        "69í 6Fó 75ú 7Bã 7Cõ 7Fâ"
    ),
}


def decode_national(octets: bytes, languages: Languages) -> str:
    """Read unpacked septets by the tables that the message's header named; never raises."""
    return decode_by(
        octets,
        _LOCKING.get(languages.locking, _DEFAULT),
        _SINGLE.get(languages.single, EXTENSION),
    )
