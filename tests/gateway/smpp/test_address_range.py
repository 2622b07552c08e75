"""Which addresses a range names, and what cannot be a range (SMPP 3.4 §5.2.7, Appendix A)."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.smpp.address_range import PATTERN_MOST, AddressRange, Malformed, address_range


def known(text: str) -> AddressRange:
    found = address_range(text)
    assert isinstance(found, AddressRange)
    assert found.text == text
    return found


@pytest.mark.parametrize(
    ("text", "matched", "others"),
    [
        # The specification's own examples, A.3.
        ("^1234", ["1234", "12345", "123456", "12348888"], ["01234", "123"]),
        ("5678$", ["5678", "45678", "165678"], ["56789", "567"]),
        ("^123456$", ["123456"], ["1234567", "0123456", "12345"]),
        ("[13579]$", ["1", "123", "44445"], ["2", "1112"]),
        # One address (§5.2.7).
        ("4444", ["4444"], ["14444", "44445", ""]),
        ("+6281234567890", ["6281234567890", "+6281234567890"], ["81234567890"]),
        # Both notations.
        (r"^62\(81\|82\)1\{2,3\}$", ["628111", "6282111"], ["62811", "62811111", "628311"]),
        ("^62(81|82)1{2,3}$", ["628111", "6282111"], ["62811", "62811111", "628311"]),
        ("^44{2,}$", ["444", "444444"], ["44"]),
        ("^4{3}$", ["444"], ["44", "4444"]),
        ("^4{0}5$", ["5"], ["45"]),
        ("^62+1?$", ["62", "6222", "621"], ["6211", "61"]),
        ("+62", ["+62", "62"], ["621"]),
        ("^+62", ["+6281"], ["6281"]),
        # Everything.
        ("*", ["", "4444"], []),
        (".*", ["", "4444"], []),
        ("4*", ["", "555"], []),
        # Sets.
        ("^[^0-9]", ["BANK"], ["4444", ""]),
        ("^[]a-]$", ["]", "a", "-"], ["b"]),
        ("^[^]]$", ["["], ["]"]),
        ("^[0-24]+$", ["0124"], ["3"]),
        # What is special elsewhere is itself here.
        ("4^4", ["4^4"], ["44"]),
        ("4$4", ["4$4"], ["44"]),
        (r"^a\.b$", ["a.b"], ["axb"]),
        (r"^\+62$", ["+62"], ["62"]),
        ("^*a", ["*a"], ["a"]),
        ("^a|b$", ["ax", "xb"], ["xa", "bx"]),
        ("(^4|5$)", ["41", "15"], ["14"]),
    ],
)
def test_matches(text: str, matched: list[str], others: list[str]) -> None:
    one = known(text)
    assert [address for address in matched if not one.matches(address)] == []
    assert [address for address in others if one.matches(address)] == []


def test_an_anchor_is_no_character() -> None:
    assert not known("^.$").matches("")
    assert not known("^[^1]$").matches("")


def test_no_range() -> None:
    assert address_range("") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(4", "has a ( without its )"),
        (r"\(4", "has a ( without its )"),
        ("4)", "has a ) without its ("),
        ("[4", "has a [ without its ]"),
        ("[]", "has a [ without its ]"),
        ("[9-0]", "has the range 9-0, which counts down"),
        ("4{1", "has a { without its }"),
        ("4{2,1}", "has {2,1}, which counts down"),
        ("4{,1}", "has the count '', wanted 0 to 255"),
        ("4{256}", "has the count '256', wanted 0 to 255"),
        ("{4}", "has a count of nothing"),
        ("4\\", "ends in a backslash"),
        (r"\(4\)\1", "refers back, which is not offered"),
        ("(4{255}){2}", "repeats too much"),
        ("((((){255}){255}){255}){255}", "repeats too much"),
        ("(" * 21 + ")" * 19, "is nested too deeply"),
        ("4" * 41, f"has more than {PATTERN_MOST} characters"),
    ],
)
def test_malformed(text: str, why: str) -> None:
    assert address_range(text) == Malformed(why)


def test_the_narrower_range_is_the_more_specific() -> None:
    rising = ["*", ".{4}", "[0-9]{4}", "^4", "^44", "^(44|55)4", "^4444$", "4444"]
    found = [known(text).specificity for text in rising]
    assert found == sorted(set(found))


def test_no_range_is_slow_to_match() -> None:
    """A backtracking matcher takes minutes for this one."""
    slow = known("(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*x$")
    assert not slow.matches("1" * 20)
    assert slow.matches("1" * 19 + "x")


# What both notations and Python's write alike.
_ATOMS = st.sampled_from(["4", "5", ".", "[45]", "[^4]"])
_INNER = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{2,}"])).map(
            lambda two: f"({two[0]}){two[1]}"
        ),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=2).map(lambda two: f"({two[0]}|{two[1]})"),
    ),
    max_leaves=5,
)
_PATTERNS = st.tuples(st.sampled_from(["", "^"]), _INNER, st.sampled_from(["", "$"])).map("".join)


@given(_PATTERNS, st.text("456", max_size=6))
def test_as_a_matcher_that_backtracks_says(text: str, address: str) -> None:
    found = address_range(text)
    if isinstance(found, AddressRange) and not text.isdigit():
        assert found.matches(address) is (re.search(text, address) is not None)


@given(st.text(st.characters(max_codepoint=255), max_size=45))
def test_any_text_is_a_range_or_malformed(text: str) -> None:
    found = address_range(text)
    if isinstance(found, AddressRange):
        assert isinstance(found.matches("6281234567890"), bool)
