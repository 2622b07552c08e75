"""How a wish looks at messages, and what is said when it waits in vain."""

from __future__ import annotations

import re

import pytest

from gateway.testing import NotSeen, ReceivedSms
from gateway.testing.expecting import NEAR_MOST, Wish, near_misses, report

SMS = ReceivedSms("4444", "6281290000001", "Selamat, nomor Anda telah terdaftar.")


@pytest.mark.parametrize(
    ("wish", "misses"),
    [
        (Wish(), []),
        (Wish("4444", "0812-9000-0001", "terdaftar"), []),
        (Wish(text=re.compile("^Selamat")), []),
        (Wish("BANK"), ["it is from 4444"]),
        (Wish(to="081290000002"), ["it is to 6281290000001"]),
        (Wish(text="Maaf"), ["its text is another"]),
        (Wish(text=re.compile("^nomor")), ["its text is another"]),
        (Wish("BANK", "1", "x"), ["it is from 4444", f"it is to {SMS.to}", "its text is another"]),
    ],
)
def test_a_wish_says_what_does_not_fit(wish: Wish, misses: list[str]) -> None:
    assert wish.misses(SMS) == misses


def test_a_wish_is_worded_without_identities() -> None:
    assert str(Wish("4444", "081290000001", "x")) == 'an SMS from 4444 to 081290000001 with "x"'
    assert str(Wish(text=re.compile("a.c"))) == "an SMS that matches /a.c/"
    assert "3201014107859001" not in str(Wish(text="3201014107859001"))


def test_the_nearest_come_first_and_not_all() -> None:
    other = ReceivedSms("BANK", SMS.to, "x" * 200)
    near = near_misses(Wish("4444", text="gagal"), [SMS, *[other] * 9])
    assert len(near) == NEAR_MOST
    assert near[0].startswith("from 4444 to 6281290000001:")
    assert near[1].endswith('..." (it is from BANK, its text is another)')


def test_a_report_has_what_came_and_what_was_decided() -> None:
    text = report("the phone 62812", "an SMS", 0.5, ["a"], ["b"])
    assert text.splitlines() == [
        "the phone 62812 did not get an SMS within 0.5 s",
        "  what came:",
        "    a",
        "  what the network decided:",
        "    b",
    ]
    assert report("x", "y", 1, [], []).splitlines()[1:] == ["  nothing came"]
    assert issubclass(NotSeen, AssertionError)
