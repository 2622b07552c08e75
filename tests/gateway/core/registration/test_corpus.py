"""The mistakes that people made, as one table: what was sent, and which rule the desk reports.

Source: domain.md 1.3; the numbers in brackets are its sources. Form by form and reading by reading
they are test_grammar.py's; here each goes through the whole desk, and the journal tells the rule.
"""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.chance import Fixed
from gateway.core.decision import Decision, Judged
from gateway.core.events import MoSms
from gateway.core.numbers import Msisdn
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.profiles import DEFAULT_PROFILES, Reading, index_profiles
from gateway.core.registration.records import Person, Records, Standing
from tests.gateway.core.network import (
    AXIS,
    BUDI,
    INDOSAT,
    REGISTRY,
    SITI,
    SMARTFREN,
    TELKOMSEL,
    TRI,
    XL,
    Network,
    cause_of,
    sms,
    wib,
)

KIND = OutcomeKind
N, K = SITI.nik.digits, SITI.kk.digits
OLD_K = REGISTRY.wrong_kk(SITI).digits
NOBODY = REGISTRY.unknown_nik(SITI).digits


def one_off(digits: str) -> str:
    """Type the last digit's neighbour on the keypad."""
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def swapped(text: str, old: str, new: str) -> str:
    """Write another sign once."""
    assert old in text
    return text.replace(old, new, 1)


REPORTS: list[tuple[str, str, Msisdn, str, OutcomeKind, str]] = [
    # mistake, source, sender, text -> how it ends, and the rule, or what was tolerated
    ("a space too many", "[S40]", INDOSAT, f"ULANG # {N}#{K}#", KIND.REGISTERED, "SEP"),
    ("a space too many", "[S40]", TELKOMSEL, f"ULANG  {N} #{K} #", KIND.REGISTERED,
     "SPACES, SEP"),
    ("the space is missing", "[S40]", TELKOMSEL, f"ULANG{N}#{K}#", KIND.REGISTERED, "SEP"),
    ("the space is a hash", "[S9][S10]", TELKOMSEL, f"ULANG#{N}#{K}#", KIND.REGISTERED, "SEP"),
    ("another operator's format", "[S15]", TELKOMSEL, f"DAFTAR#{N}#{K}", KIND.REGISTERED,
     "KEYWORD_WRONG_FOR_OPERATOR, TRAILING_HASH"),
    ("another operator's format", "[S15]", XL, f"ULANG {N}#{K}#", KIND.REGISTERED,
     "SEP, TRAILING_HASH"),
    ("another operator's format", "[S15]", SMARTFREN, f"DAFTAR#{N}#{K}", KIND.REGISTERED,
     "KEYWORD_WRONG_FOR_OPERATOR, TRAILING_HASH"),
    ("a new number's format", "[S17]", TELKOMSEL, f"REG {N}#{K}#", KIND.REGISTERED,
     "KEYWORD_WRONG_FOR_NUMBER"),
    ("a new number's format", "[S17]", TRI, f"{N}#{K}#", KIND.REGISTERED, "KEYWORD_MISSING"),
    ("two keywords", "[S17]", AXIS, f"ULANG Daftar#{N}#{K}", KIND.REGISTERED, "KEYWORD_EXTRA"),
    ("one digit wrong in the NIK", "[S41][S42]", TELKOMSEL, f"ULANG {NOBODY}#{K}#",
     KIND.NIK_UNKNOWN, "unknown to the civil registry"),
    ("one digit wrong in the KK", "[S41][S42]", TELKOMSEL, f"ULANG {N}#{one_off(K)}#",
     KIND.KK_MISMATCH, "does not belong to NIK"),
    ("an old family card", "[S41]-[S44]", INDOSAT, f"ULANG#{N}#{OLD_K}#", KIND.KK_MISMATCH,
     "does not belong to NIK"),
    ("somebody else's card", "[S41]", XL, f"ULANG#{N}#{BUDI.kk.digits}", KIND.KK_MISMATCH,
     "does not belong to NIK"),
    ("NIK of the KTP, not of the KK", "[S45]", TRI, f"ULANG#{one_off(N)}#{K}#",
     KIND.NIK_UNKNOWN, "unknown to the civil registry"),
    ("a foreigner's passport", "[S50]", TELKOMSEL, f"ULANG A1234567#{K}#", KIND.BAD_FORMAT,
     "NIK_NONDIGIT"),
    ("a foreigner's KITAS", "[S50]", INDOSAT, "ULANG#2C11JE0123-R#", KIND.BAD_FORMAT,
     "NIK_NONDIGIT"),
    ("15 digits", "[S21]", TELKOMSEL, f"ULANG {N[:15]}#{K}#", KIND.BAD_FORMAT, "NIK_LEN"),
    ("17 digits", "unconfirmed", TELKOMSEL, f"ULANG {N}#{K}0#", KIND.BAD_FORMAT, "KK_LEN"),
    ("letter O for 0", "unconfirmed", TELKOMSEL, f"ULANG {swapped(N, '0', 'O')}#{K}#",
     KIND.BAD_FORMAT, "NIK_NONDIGIT"),
    ("letter I for 1", "unconfirmed", AXIS, f"ULANG#{N}#{swapped(K, '1', 'I')}",
     KIND.BAD_FORMAT, "KK_NONDIGIT"),
    ("letter l for 1", "unconfirmed", TELKOMSEL, f"ULANG {swapped(N, '1', 'l')}#{K}#",
     KIND.BAD_FORMAT, "NIK_NONDIGIT"),
    ("a line break", "unconfirmed", TELKOMSEL, f"ULANG\n{N}#\n{K}#", KIND.REGISTERED,
     "SPACES, SEP"),
    ("a full-width hash", "unconfirmed", TELKOMSEL, f"ULANG {N}\uff03{K}\uff03",
     KIND.REGISTERED, "CHARACTER"),
    ("dots in the number", "unconfirmed", SMARTFREN, f"ULANG#{N[:4]}.{N[4:]}#{K}#",
     KIND.REGISTERED, "GROUPING"),
    ("dashes in the number", "unconfirmed", INDOSAT, f"ULANG#{N}#{K[:8]}-{K[8:]}#",
     KIND.REGISTERED, "GROUPING"),
    ("a star for the hash", "unconfirmed", TELKOMSEL, f"ULANG {N}*{K}*", KIND.BAD_FORMAT, "SEP"),
    ("no KK", "[S42]", TELKOMSEL, f"ULANG {N}#", KIND.BAD_FORMAT, "KK_MISSING"),
    ("no NIK", "[S42]", TELKOMSEL, "ULANG", KIND.BAD_FORMAT, "NIK_MISSING"),
    ("a question", "[S15]", TELKOMSEL, "bagaimana cara daftar?", KIND.BAD_FORMAT,
     "UNKNOWN_WORD"),
    ("nothing", "unconfirmed", TELKOMSEL, " ", KIND.BAD_FORMAT, "EMPTY"),
    ("a name that nobody asked for", "[S18]", TRI, f"ULANG#{N}#{K}#Siti Aminah",
     KIND.REGISTERED, "EXTRA_FIELD"),
    ("name and date in place of the KK", "[S20]", TELKOMSEL, f"REG {N}#Siti#010120#",
     KIND.BAD_FORMAT, "KK_NONDIGIT"),
]  # fmt: skip


def judged(decision: Decision) -> tuple[OutcomeKind, str]:
    change = next(one for one in decision.changes if type(one) is Judged)
    return change.kind, change.rule


@pytest.mark.parametrize(("mistake", "source", "sender", "text", "kind", "report"), REPORTS)
def test_the_journal_says_which_rule_it_is(
    mistake: str, source: str, sender: Msisdn, text: str, kind: OutcomeKind, report: str
) -> None:
    assert mistake
    assert source.startswith("[S") or source == "unconfirmed"
    decision = Network().one(sms(sender, "4444", text))
    assert judged(decision)[0] is kind
    if kind is KIND.REGISTERED:
        assert decision.why.endswith(f"(tolerated: {report})")
    elif kind is KIND.BAD_FORMAT:
        assert judged(decision)[1] == report
        assert f"bad format: {report}" in decision.why
    else:
        assert report in decision.why
    assert N not in decision.why
    assert K not in decision.why


TOLERATED = [row for row in REPORTS if row[4] is KIND.REGISTERED]


@pytest.mark.parametrize(("mistake", "source", "sender", "text", "kind", "report"), TOLERATED)
def test_a_strict_desk_refuses_what_a_lenient_one_tolerates_and_names_the_format(
    mistake: str, source: str, sender: Msisdn, text: str, kind: OutcomeKind, report: str
) -> None:
    strict = tuple(structs.replace(one, reading=Reading.STRICT) for one in DEFAULT_PROFILES)
    network = Network(profiles=index_profiles(strict))
    decision = network.one(sms(sender, "4444", text))
    assert judged(decision) == (KIND.BAD_FORMAT, report.split(", ")[0])
    wanted = network.rules.profiles.by_prefix[sender[:5]].old_number.hint
    assert decision.why.endswith(f"wants {wanted})")


# ---- mistakes that are no text


@pytest.mark.parametrize(
    ("standing", "kind"),
    [
        (Standing.BLOCKED, KIND.NIK_BLOCKED),  # [S42][S46]
        (Standing.DUPLICATE, KIND.NIK_DUPLICATE),  # [S42][S46]
        (Standing.UNSYNCHRONISED, KIND.NOT_SYNCHRONISED),  # [S47]
    ],
)
def test_papers_that_are_right_and_still_refused(standing: Standing, kind: OutcomeKind) -> None:
    person = Person(standing, None, wib("2018-03-13 00:00"))
    network = Network(records=Records(REGISTRY, people={N: person}))
    assert judged(network.one(sms(TELKOMSEL, "4444", f"ULANG {N}#{K}#"))) == (kind, "")


def test_sending_to_444_reaches_nobody() -> None:
    """A misprint of the press [S51]."""
    refused = Network().one(sms(TELKOMSEL, "444", f"ULANG {N}#{K}#"))
    assert cause_of(refused) is Cause.UNASSIGNED_NUMBER


def test_sending_again_and_again_registers_once() -> None:
    """What made the jam worse [S48][S49]."""
    network = Network(verdict_delay=Fixed(180_000))
    again: list[MoSms] = [
        sms(TELKOMSEL, "4444", f"ULANG {N}#{K}#", ref=f"try{index}") for index in range(20)
    ]
    network.batch(*again[:10])
    for event in again[10:]:
        network.one(event)
    network.now += 180_000
    verdicts = [one for one in network.catch_up() if judged_at_all(one)]
    assert [judged(one) for one in verdicts] == [(KIND.REGISTERED, "")]
    assert network.state.numbers_per_nik == {(N, "telkomsel"): 1}


def judged_at_all(decision: Decision) -> bool:
    return any(type(change) is Judged for change in decision.changes)
