"""Every printed format and variant is read, every known mistake is refused by its own rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.registration import grammar
from gateway.core.registration.grammar import (
    Consent,
    Inquiry,
    Parsed,
    Register,
    Reregister,
    Rule,
    Unparsed,
    Unregister,
    read,
)
from gateway.core.registration.profiles import (
    DEFAULT_PROFILES,
    FALLBACK_PROFILE,
    OperatorProfile,
    Reading,
)

N = "3201060401139001"
K = "3201060402179005"
NIK, KK = Nik(N), Kk(K)
LENIENT = {profile.name: profile for profile in (*DEFAULT_PROFILES, FALLBACK_PROFILE)}
STRICT = {name: replace(p, reading=Reading.STRICT) for name, p in LENIENT.items()}
NEW, OLD = True, False


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


# ---- domain.md 1.1, the table: each operator's own two formats, taken by both readings

CANONICAL = [
    ("telkomsel", NEW, f"REG {N}#{K}#", "REG"),
    ("telkomsel", OLD, f"ULANG {N}#{K}#", "ULANG"),
    ("indosat", NEW, f"{N}#{K}#", ""),
    ("indosat", OLD, f"ULANG#{N}#{K}#", "ULANG"),
    ("tri", NEW, f"{N}#{K}#", ""),
    ("tri", OLD, f"ULANG#{N}#{K}#", "ULANG"),
    ("smartfren", NEW, f"{N}#{K}#", ""),
    ("smartfren", NEW, f"{N}#{K}", ""),
    ("smartfren", OLD, f"ULANG#{N}#{K}#", "ULANG"),
    ("xl", NEW, f"DAFTAR#{N}#{K}", "DAFTAR"),
    ("xl", OLD, f"ULANG#{N}#{K}", "ULANG"),
    ("axis", NEW, f"DAFTAR#{N}#{K}", "DAFTAR"),
    ("axis", OLD, f"ULANG#{N}#{K}", "ULANG"),
    ("other", NEW, f"REG {N}#{K}#", "REG"),
]


@pytest.mark.parametrize(("operator", "is_new", "text", "keyword"), CANONICAL)
@pytest.mark.parametrize("profiles", [LENIENT, STRICT], ids=["lenient", "strict"])
def test_the_operators_own_format_is_read_without_notes(
    profiles: dict[str, OperatorProfile], operator: str, is_new: bool, text: str, keyword: str
) -> None:
    made = Reregister if keyword == "ULANG" else Register
    assert read(text, profiles[operator], is_new) == made(NIK, KK, keyword)


@pytest.mark.parametrize("profile", DEFAULT_PROFILES, ids=lambda profile: profile.name)
@pytest.mark.parametrize("is_new", [NEW, OLD])
def test_the_example_in_the_reply_is_itself_well_formed(
    profile: OperatorProfile, is_new: bool
) -> None:
    strict = replace(profile, reading=Reading.STRICT)
    parsed = read(profile.format_for(is_new).example, strict, is_new)
    assert isinstance(parsed, Register | Reregister)


# ---- domain.md 1.1, the variants: taken by a lenient desk, refused by a strict one

VARIANTS = [
    # trailing hash missing [S1][S5][S6] or present for XL [S7][S8]
    ("telkomsel", NEW, f"REG {N}#{K}", "TRAILING_HASH"),
    ("telkomsel", OLD, f"ULANG {N}#{K}", "TRAILING_HASH"),
    ("indosat", NEW, f"{N}#{K}", "TRAILING_HASH"),
    ("tri", NEW, f"{N}#{K}", "TRAILING_HASH"),
    ("smartfren", OLD, f"ULANG#{N}#{K}", "TRAILING_HASH"),
    ("xl", NEW, f"DAFTAR#{N}#{K}#", "TRAILING_HASH"),
    ("axis", OLD, f"ULANG#{N}#{K}#", "TRAILING_HASH"),
    # '#' where a space is due [S9][S10]
    ("telkomsel", NEW, f"REG#{N}#{K}#", "SEP"),
    ("telkomsel", NEW, f"REG#{N}#{K}", "SEP TRAILING_HASH"),
    ("telkomsel", OLD, f"ULANG#{N}#{K}", "SEP TRAILING_HASH"),
    # no space: <spasi> was lost as an HTML tag [S11]-[S14]
    ("telkomsel", NEW, f"REG{N}#{K}#", "SEP"),
    ("telkomsel", OLD, f"ULANG{N}#{K}#", "SEP"),
    # mixed case [S2][S3][S15]
    ("telkomsel", NEW, f"Reg {N}#{K}#", "CASE"),
    ("xl", NEW, f"Daftar#{N}#{K}", "CASE"),
    ("indosat", OLD, f"ulang#{N}#{K}#", "CASE"),
    # spaces and commas around '#' [S16]
    ("xl", NEW, f"DAFTAR #{N} #{K}", "SEP"),
    ("xl", OLD, f"ULANG #{N} #{K}", "SEP"),
    ("xl", OLD, f"ULANG #{N}, #{K}", "SEP"),
    ("indosat", NEW, f"#{N}, #{K}#", "SEP"),
    # plain wrong advice in the press [S17]
    ("indosat", OLD, f"ULANG {N}#{K}#", "SEP"),
    ("tri", OLD, f"ULANG {N}#{K}#", "SEP"),
    ("xl", OLD, f"ULANG Daftar#{N}#{K}", "KEYWORD_EXTRA"),
    ("telkomsel", OLD, f"REG {N}#{K}#", "KEYWORD_WRONG_FOR_NUMBER"),
    ("telkomsel", NEW, f"ULANG {N}#{K}#", "KEYWORD_WRONG_FOR_NUMBER"),
    ("xl", NEW, f"REG {N}#{K}#", "KEYWORD_WRONG_FOR_OPERATOR TRAILING_HASH"),
    ("indosat", NEW, f"DAFTAR#{N}#{K}", "KEYWORD_WRONG_FOR_OPERATOR TRAILING_HASH"),
    ("indosat", NEW, f"ULANG#{N}#{K}#", "KEYWORD_WRONG_FOR_NUMBER"),
    ("indosat", OLD, f"{N}#{K}#", "KEYWORD_MISSING"),
    ("telkomsel", NEW, f"{N}#{K}#", "KEYWORD_MISSING"),
    ("tri", NEW, f"REG{N}#{K}#", "KEYWORD_WRONG_FOR_OPERATOR SEP"),
    # wrong or auto-written blogs [S18][S19]
    ("tri", NEW, f"{N}#{K}#Siti Aminah", "EXTRA_FIELD"),
    ("tri", NEW, f"{N}#{K}#Siti Aminah#", "EXTRA_FIELD"),
    ("telkomsel", NEW, f"REG {N} {K}#", "SEP"),
    ("telkomsel", NEW, f"REG {N} {K}", "SEP TRAILING_HASH"),
    # domain.md 1.3: typed by people, harmless
    ("telkomsel", NEW, f"  REG {N}#{K}# \r\n", "SPACES"),
    ("telkomsel", NEW, f"REG\n{N}#{K}#", "SPACES"),
    ("telkomsel", NEW, f"REG  {N}#{K}#", "SPACES"),
    ("telkomsel", NEW, f"REG {N}\uff03{K}\uff03", "CHARACTER"),
    ("indosat", NEW, full_width(f"{N}#{K}#"), "CHARACTER"),
    ("telkomsel", NEW, f"REG\u00a0{N}#{K}#\u200b", "CHARACTER"),
    ("telkomsel", NEW, "REG 3201.0604.0113.9001#320106-040217-9005#", "GROUPING"),
    ("telkomsel", NEW, "REG 3201 0604 0113 9001#3201 0604 0217 9005#", "GROUPING"),
    ("telkomsel", NEW, "REG 3201 0604 0113 9001 3201 0604 0217 9005#", "SEP GROUPING"),
    ("telkomsel", NEW, f"reg#{N}#{K}", "CASE SEP TRAILING_HASH"),
]


@pytest.mark.parametrize(("operator", "is_new", "text", "notes"), VARIANTS)
def test_a_printed_variant_is_taken_with_notes(
    operator: str, is_new: bool, text: str, notes: str
) -> None:
    parsed = read(text, LENIENT[operator], is_new)
    assert isinstance(parsed, Register | Reregister)
    assert (parsed.nik, parsed.kk) == (NIK, KK)
    assert " ".join(parsed.notes) == notes
    assert isinstance(parsed, Reregister) == (parsed.keyword == "ULANG")


@pytest.mark.parametrize(("operator", "is_new", "text", "notes"), VARIANTS)
def test_a_strict_desk_refuses_the_variant_by_its_first_note(
    operator: str, is_new: bool, text: str, notes: str
) -> None:
    rule = Rule(notes.split()[0])
    assert read(text, STRICT[operator], is_new) == Unparsed(rule, rule.value)


# ---- domain.md 1.3, the mistakes: refused by both, each by its own rule

MISTAKES = [
    ("telkomsel", "", Rule.EMPTY, "EMPTY"),
    ("telkomsel", " \n\t ", Rule.EMPTY, "EMPTY"),
    ("telkomsel", "\u200b", Rule.EMPTY, "EMPTY"),
    ("telkomsel", "halo", Rule.UNKNOWN_WORD, "UNKNOWN_WORD"),
    ("telkomsel", f"REGISTRASI {N}#{K}#", Rule.UNKNOWN_WORD, "UNKNOWN_WORD"),
    ("telkomsel", f"RGE {N}#{K}#", Rule.UNKNOWN_WORD, "UNKNOWN_WORD"),
    ("telkomsel", "REG", Rule.NIK_MISSING, "NIK_MISSING"),
    ("telkomsel", "ULANG #", Rule.NIK_MISSING, "NIK_MISSING"),
    ("indosat", "#", Rule.NIK_MISSING, "NIK_MISSING"),
    ("telkomsel", f"REG##{N}#{K}#", Rule.NIK_MISSING, "NIK_MISSING"),
    ("telkomsel", f"REG {N}", Rule.KK_MISSING, "KK_MISSING"),
    ("telkomsel", f"REG {N}#", Rule.KK_MISSING, "KK_MISSING"),
    ("telkomsel", f"REG {N}##{K}#", Rule.KK_MISSING, "KK_MISSING"),
    # one digit lost or doubled; a newspaper's own 15-digit example [S21]
    ("telkomsel", f"REG {N[:15]}#{K}#", Rule.NIK_LEN, "NIK_LEN=15"),
    ("telkomsel", f"ULANG {N}1#{K}#", Rule.NIK_LEN, "NIK_LEN=17"),
    ("telkomsel", f"REG {N}#{K[:15]}#", Rule.KK_LEN, "KK_LEN=15"),
    ("xl", f"DAFTAR#{N}#{K}7", Rule.KK_LEN, "KK_LEN=17"),
    ("telkomsel", f"REG {N[:15]} {K}#", Rule.NIK_LEN, "NIK_LEN=15"),
    ("telkomsel", f"REG {N} {K[:15]}", Rule.KK_LEN, "KK_LEN=15"),
    ("telkomsel", f"REG {N}{K}#", Rule.NIK_LEN, "NIK_LEN=32"),
    ("indosat", "12345", Rule.NIK_LEN, "NIK_LEN=5"),
    # letter O for 0, I or l for 1
    ("telkomsel", f"REG 32O1060401139001#{K}#", Rule.NIK_NONDIGIT, "NIK_NONDIGIT@3"),
    ("indosat", f"320I060401139001#{K}#", Rule.NIK_NONDIGIT, "NIK_NONDIGIT@4"),
    ("indosat", f"l201060401139001#{K}#", Rule.NIK_NONDIGIT, "NIK_NONDIGIT@1"),
    ("telkomsel", f"REG {N}#32010604O2179005#", Rule.KK_NONDIGIT, "KK_NONDIGIT@9"),
    ("telkomsel", f"REG {N}#\u0663201060402179005#", Rule.KK_NONDIGIT, "KK_NONDIGIT@1"),
    # passport numbers of foreigners [S50]
    ("telkomsel", "REG A1234567#KITAS99#", Rule.NIK_NONDIGIT, "NIK_NONDIGIT@1"),
    ("indosat", "A1234567#KITAS99#", Rule.NIK_NONDIGIT, "NIK_NONDIGIT@1"),
    # REG idnumber#name#expiry# [S20]
    ("telkomsel", f"REG {N}#Budi Santoso#010120#", Rule.KK_NONDIGIT, "KK_NONDIGIT@1"),
    # another sign for '#', or none
    ("telkomsel", f"REG {N}*{K}*", Rule.SEP, "SEP"),
    ("telkomsel", f"REG {N}/{K}", Rule.SEP, "SEP"),
    ("indosat", f"{N}*{K}#", Rule.SEP, "SEP"),
    ("telkomsel", f"REG:{N}#{K}#", Rule.SEP, "SEP"),
    ("telkomsel", f"REG*{N}#{K}#", Rule.SEP, "SEP"),
    # fields nobody asked for
    ("tri", f"{N}#{K}#{N}#", Rule.EXTRA_FIELD, "EXTRA_FIELD"),
    ("tri", f"{N}#{K}##", Rule.EXTRA_FIELD, "EXTRA_FIELD"),
    ("tri", f"{N}#{K}#Siti#Budi#", Rule.EXTRA_FIELD, "EXTRA_FIELD"),
    ("tri", f"{N}#{K}#!#", Rule.EXTRA_FIELD, "EXTRA_FIELD"),
]


@pytest.mark.parametrize(("operator", "text", "rule", "detail"), MISTAKES)
@pytest.mark.parametrize("is_new", [NEW, OLD])
def test_a_mistake_is_refused_by_its_own_rule(
    operator: str, is_new: bool, text: str, rule: Rule, detail: str
) -> None:
    assert read(text, LENIENT[operator], is_new) == Unparsed(rule, detail)
    assert isinstance(read(text, STRICT[operator], is_new), Unparsed)


# ---- domain.md 1.2 and 1.6: the other requests

OTHERS: list[tuple[str, Parsed]] = [
    (f"UNREG#{N}", Unregister(NIK, "UNREG")),
    (f"UNREG#{N}#", Unregister(NIK, "UNREG")),
    ("Unreg#081234567890#", Unregister(Msisdn("6281234567890"), "UNREG")),
    ("UNPAIR#6281534567890#", Unregister(Msisdn("6281534567890"), "UNPAIR")),
    ("UNREG 0062812345678901", Unregister(Msisdn("62812345678901"), "UNREG")),
    ("UNREG", Unparsed(Rule.NUMBER_MISSING, "NUMBER_MISSING")),
    ("UNPAIR #", Unparsed(Rule.NUMBER_MISSING, "NUMBER_MISSING")),
    (f"UNREG#{N[:15]}#", Unparsed(Rule.NUMBER_BAD, "NUMBER_BAD")),
    ("UNREG#saya#", Unparsed(Rule.NUMBER_BAD, "NUMBER_BAD")),
    ("CEK", Inquiry(None, "CEK")),
    ("STATUS", Inquiry(None, "STATUS")),
    (f"INFO#{N}", Inquiry(NIK, "INFO")),
    ("info 0815 3456 7890", Inquiry(Msisdn("6281534567890"), "INFO")),
    ("INFO#0817", Unparsed(Rule.NUMBER_BAD, "NUMBER_BAD")),
    ("YA", Consent(True, "YA")),
    (" setuju ", Consent(True, "SETUJU")),
    ("Tidak", Consent(False, "TIDAK")),
    ("YA benar", Unparsed(Rule.EXTRA_FIELD, "EXTRA_FIELD")),
]


@pytest.mark.parametrize(("text", "parsed"), OTHERS)
@pytest.mark.parametrize("profiles", [LENIENT, STRICT], ids=["lenient", "strict"])
def test_other_requests_read_alike_under_both_readings(
    profiles: dict[str, OperatorProfile], text: str, parsed: Parsed
) -> None:
    assert read(text, profiles["indosat"], OLD) == parsed


# ---- properties

PIECES = [
    N,
    K,
    N[:15],
    K + "1",
    "REG",
    "ULANG",
    "Daftar",
    "UNREG",
    "INFO",
    "YA",
    "#",
    " ",
    ",",
    "*",
]
near_misses = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=8).map(
    "".join
)
any_text = st.one_of(st.text(), near_misses, st.sampled_from([row[2] for row in CANONICAL]))


@given(any_text, st.sampled_from(sorted(LENIENT)), st.booleans())
def test_any_text_is_answered_by_a_value(text: str, operator: str, is_new: bool) -> None:
    lenient = read(text, LENIENT[operator], is_new)
    if isinstance(lenient, Register | Reregister):
        assert len(lenient.nik.digits) == len(lenient.kk.digits) == 16
        assert (lenient.nik.digits + lenient.kk.digits).isdigit()
    if isinstance(lenient, Unparsed):
        assert lenient.detail.startswith(lenient.rule.value)
        assert len(lenient.detail) < 40


@given(any_text, st.sampled_from(sorted(LENIENT)), st.booleans())
def test_what_a_strict_desk_takes_a_lenient_one_takes_alike(
    text: str, operator: str, is_new: bool
) -> None:
    strict = read(text, STRICT[operator], is_new)
    lenient = read(text, LENIENT[operator], is_new)
    if not isinstance(strict, Unparsed):
        assert strict == lenient
    if isinstance(lenient, Register | Reregister):
        assert bool(lenient.notes) == isinstance(strict, Unparsed)


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("profile", DEFAULT_PROFILES, ids=lambda profile: profile.name)
def test_the_short_cut_for_canonical_forms_reads_as_the_analysis_does(
    profile: OperatorProfile, is_new: bool
) -> None:
    for prefix in ("REG ", "", "ULANG ", "ULANG#", "DAFTAR#"):
        for ending in ("#", ""):
            text = f"{prefix}{N}#{K}{ending}"
            notes: list[Rule] = []
            analysed = grammar._analyse(text, profile, is_new, notes)
            assert isinstance(analysed, Register | Reregister)
            expected = replace(analysed, notes=tuple(dict.fromkeys(note.value for note in notes)))
            assert read(text, profile, is_new) == expected
