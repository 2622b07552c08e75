"""Numbers are parsed once, from every way of writing them, and identities never print clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from gateway.core.numbers import (
    EMERGENCY_NUMBERS,
    BadIdentity,
    BadNumber,
    IdentityRule,
    Kk,
    Msisdn,
    Nik,
    NumberRule,
    is_msisdn,
    mask_identities,
    national_form,
    parse_address,
    parse_kk,
    parse_msisdn,
    parse_nik,
)

NIK = "3201060401139001"


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    "text",
    [
        "6281234567890",
        "081234567890",
        "+6281234567890",
        "006281234567890",
        "81234567890",
        "+62 812-3456-7890",
        "(0812) 3456.7890",
        "0812/3456/7890",
        "\u202a+62 812\u20113456\u20117890\u202c",
    ],
)
def test_every_way_of_writing_gives_one_msisdn(text: str) -> None:
    assert parse_msisdn(text) == "6281234567890"


@pytest.mark.parametrize("text", ["628123456789", "62812345678", "62812345678901"])
def test_shortest_and_longest_numbers_are_taken(text: str) -> None:
    assert parse_msisdn(text) == text
    assert parse_msisdn("0" + text[2:]) == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", NumberRule.EMPTY),
        (" - ", NumberRule.EMPTY),
        ("rumah", NumberRule.NOT_DIGITS),
        ("0812345678O", NumberRule.NOT_DIGITS),
        ("62812345678²", NumberRule.NOT_DIGITS),  # superscript: a digit to str.isdigit only
        ("08123456789\u0660", NumberRule.NOT_DIGITS),
        ("+", NumberRule.NOT_DIGITS),
        ("0215551234", NumberRule.NOT_MOBILE),
        ("+4479460000000", NumberRule.NOT_MOBILE),
        ("6280123456789", NumberRule.NOT_MOBILE),
        ("084123456789", NumberRule.NOT_MOBILE),
        ("0812345678", None),
        ("081234567", NumberRule.TOO_SHORT),
        ("6281234567", NumberRule.TOO_SHORT),
        ("628123456789012", NumberRule.TOO_LONG),
        ("0812345678901234", NumberRule.TOO_LONG),
    ],
)
def test_a_bad_number_names_the_rule_and_a_remedy(text: str, rule: NumberRule | None) -> None:
    parsed = parse_msisdn(text)
    if rule is None:
        assert not isinstance(parsed, BadNumber)
        return
    assert isinstance(parsed, BadNumber)
    assert parsed.rule is rule
    assert parsed.remedy


def test_a_bad_number_does_not_repeat_an_identity() -> None:
    parsed = parse_msisdn(NIK)
    assert isinstance(parsed, BadNumber)
    assert parsed.text == "3201********9001"


@pytest.mark.parametrize("text", ["4444", "110", "62", "88", "818", "123456"])
def test_short_codes_come_first(text: str) -> None:
    parsed = parse_address(text)
    assert parsed == text
    assert isinstance(parsed, str)
    assert not is_msisdn(parsed)


@pytest.mark.parametrize("text", ["0811", "+4444", "4", "", "44 44", "*444#"])
def test_what_is_no_short_code_is_read_as_a_number(text: str) -> None:
    assert isinstance(parse_address(text), BadNumber)


def test_an_address_may_be_a_mobile_number() -> None:
    parsed = parse_address("0812 3456 7890")
    assert isinstance(parsed, str)
    assert is_msisdn(parsed)
    assert national_form(parsed) == "081234567890"


def test_emergency_numbers_are_the_six_of_the_plan() -> None:
    assert sorted(EMERGENCY_NUMBERS) == ["110", "112", "113", "115", "118", "119"]
    assert all(parse_address(code) == code for code in EMERGENCY_NUMBERS)


@given(st.text(max_size=30))
def test_parsing_never_raises_and_is_idempotent(text: str) -> None:
    parsed = parse_address(text)
    if not isinstance(parsed, BadNumber):
        assert parse_address(parsed) == parsed


@given(st.from_regex(r"8[1-35-9][0-9]{7,10}", fullmatch=True))
def test_all_national_forms_agree(rest: str) -> None:
    expected = Msisdn("62" + rest)
    assert {parse_msisdn(p + rest) for p in ("62", "+62", "0062", "0", "")} == {expected}


@pytest.mark.parametrize("identity", [Nik(NIK), Kk(NIK)])
def test_an_identity_is_masked_however_it_is_printed(identity: Nik | Kk) -> None:
    printed = [str(identity), repr(identity), f"{identity}", f"{identity:>20}"]
    printed += [pretty_repr(identity), f"{(identity,)}", "%s" % identity]  # noqa: UP031
    for text in printed:
        assert "3201********9001" in text
        assert NIK not in text


def test_nik_and_kk_are_different_values() -> None:
    assert Nik(NIK) == Nik(NIK)
    assert len({Nik(NIK), Kk(NIK), Nik(NIK)}) == 2


@pytest.mark.parametrize(
    "text", [NIK, "3201 0604 0113 9001", "3201.0604.0113.9001", "320106-040113-9001", f" {NIK}\n"]
)
def test_sixteen_digits_are_an_identity(text: str) -> None:
    assert parse_nik(text) == Nik(NIK)
    assert parse_kk(text) == Kk(NIK)


@pytest.mark.parametrize(
    ("text", "rule", "detail"),
    [
        ("", IdentityRule.LENGTH, "LEN=0"),
        (NIK[:15], IdentityRule.LENGTH, "LEN=15"),
        (NIK + "1", IdentityRule.LENGTH, "LEN=17"),
        ("32010604O1139001", IdentityRule.NONDIGIT, "NONDIGIT@9"),
        ("A12", IdentityRule.NONDIGIT, "NONDIGIT@1"),
        ("320106 04²1139001", IdentityRule.NONDIGIT, "NONDIGIT@9"),
    ],
)
def test_a_bad_identity_names_the_rule(text: str, rule: IdentityRule, detail: str) -> None:
    nik, kk = parse_nik(text), parse_kk(text)
    assert isinstance(nik, BadIdentity)
    assert isinstance(kk, BadIdentity)
    assert (nik.rule, nik.detail) == (rule, "NIK_" + detail)
    assert (kk.rule, kk.detail) == (rule, "KK_" + detail)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"REG {NIK}#{NIK}#", "REG 3201********9001#3201********9001#"),
        (f"REG{NIK}", "REG3201********9001"),
        (NIK[:15], "3201*******3900"),
        (NIK + "7", "3201*********0017"),
        (NIK + NIK, "3201" + "*" * 24 + "9001"),
        ("32O1O6O4O1139OO1", "32O1********9OO1"),
        ("3201 0604 0113 9001", "3201***********9001"),
        ("3201.06-0401", "3201.06-0401"),
        ("32.01.06.040113.9001", "32.0************9001"),
        ("320106-040113-9001", "3201**********9001"),
        (full_width(NIK), full_width("3201") + "********" + full_width("9001")),
        ("6281234567890 to 4444 at 2018-03-01", "6281234567890 to 4444 at 2018-03-01"),
        ("", ""),
    ],
)
def test_free_text_is_masked(text: str, masked: str) -> None:
    assert mask_identities(text) == masked


@given(st.text(), st.from_regex(r"[0-9]{15,17}", fullmatch=True), st.text())
def test_no_identity_survives_masking(before: str, digits: str, after: str) -> None:
    masked = mask_identities(before + digits + after)
    assert digits not in masked
    assert mask_identities(masked) == masked
