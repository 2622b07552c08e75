from __future__ import annotations

import pytest

from gateway.smpp.lint.addresses import destination_notes, is_plain, source_notes


def ids(notes: tuple[tuple[object, str], ...]) -> list[str]:
    return [rule.id for rule, _ in notes]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("ton", "npi", "address", "plain"),
    [
        (1, 1, "6281234567890", True),
        (1, 1, "0812345678", False),
        (1, 0, "6281234567890", False),
        (0, 1, "6281234567890", False),
        (1, 1, "4444", False),
        (1, 1, "6281234567890123", False),
        (1, 1, "62812345678²", False),
        (1, 1, "", False),
    ],
)
def test_the_usual_case(ton: int, npi: int, address: str, plain: bool) -> None:
    assert is_plain(ton, npi, address) is plain
    if plain:
        assert source_notes(ton, npi, address) == destination_notes(ton, npi, address) == ()


@pytest.mark.parametrize(
    ("ton", "npi", "address", "expected"),
    [
        (0, 0, "", []),
        (5, 0, "BANK", []),
        (5, 0, "BANK INDONESIA", ["name_too_long"]),
        (5, 1, "BANK", ["npi_odd"]),
        (0, 0, "BANK", ["name_without_ton"]),
        (1, 1, "BANK", ["name_without_ton"]),
        (5, 0, "6281234567890", ["digits_as_name"]),
        (5, 0, "4444", ["digits_as_name"]),
        (1, 1, "+6281234567890", ["plus_sign"]),
        (1, 1, "62812-3456-7890", ["address_characters"]),
        (1, 1, "+62 812 3456 7890", ["plus_sign", "address_characters"]),
        (2, 1, "6281234567890", ["international_as_national"]),
        (0, 1, "6281234567890", ["international_as_unknown"]),
        (4, 1, "6281234567890", []),
        (1, 1, "081234567890", ["national_as_international"]),
        (2, 1, "081234567890", []),
        (0, 0, "081234567890", []),
        (1, 1, "4444", ["short_code_as_international"]),
        (0, 0, "4444", []),
        (3, 0, "4444", []),
        (1, 0, "6281234567890", ["npi_odd"]),
        (1, 1, "6281234567890123", ["address_too_long"]),
        (0, 0, "12345678901234567890123", ["address_too_long"]),
        (7, 1, "6281234567890", ["ton_unlisted"]),
        (1, 1, "6281234567890", []),
        (0, 2, "4444", ["ton_unlisted"]),
        (5, 0, "+", []),
    ],
)
def test_sources(ton: int, npi: int, address: str, expected: list[str]) -> None:
    assert ids(source_notes(ton, npi, address)) == expected


@pytest.mark.parametrize(
    ("ton", "npi", "address", "expected"),
    [
        (0, 0, "", ["destination_empty"]),
        (5, 0, "BANK", ["destination_name"]),
        (5, 0, "6281234567890", ["destination_name"]),
        (1, 1, "BANK", ["destination_name"]),
        (2, 1, "6281234567890", ["international_as_national"]),
    ],
)
def test_destinations(ton: int, npi: int, address: str, expected: list[str]) -> None:
    assert ids(destination_notes(ton, npi, address)) == expected


def test_a_note_shows_the_address() -> None:
    ((_, shown),) = source_notes(0, 1, "6281234567890")
    assert shown == "source '6281234567890' ton 0 npi 1"
