"""What a desk offers by SMS beside registration: to check, and to give a number up.

Each operator had its own forms, some none at all by SMS. Source: domain.md 1.2; the numbers in
brackets are its sources.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final, TypeAlias

import msgspec

from gateway.core.numbers import Msisdn, Nik

INQUIRE: Final = ("INFO", "CEK", "STATUS")
UNREGISTER: Final = ("UNREG", "UNPAIR")


class About(Enum):
    """What a request names: nothing (the sender's own number), a NIK, or a number."""

    SENDER = "sender"
    NIK = "NIK"
    MSISDN = "MSISDN"


class AskForm(msgspec.Struct, frozen=True, gc=False):
    """One form, `text` as a reply prints it: `UNREG#NIK#`."""

    text: str
    keyword: str
    about: About


class Offer(msgspec.Struct, frozen=True, gc=False):
    """The forms of one service; `elsewhere` is where else a subscriber gets it, in Indonesian."""

    forms: tuple[AskForm, ...]
    elsewhere: str
    source: str

    def takes(self, keyword: str, about: Subject) -> bool:
        """Whether one of the forms is this request."""
        kind = about_of(about)
        return any(form.keyword == keyword and form.about is kind for form in self.forms)


Subject: TypeAlias = Nik | Msisdn | None

_FORM: Final = re.compile(rf"({'|'.join((*INQUIRE, *UNREGISTER))})(?:[ #](NIK|MSISDN)#?)?")


def about_of(about: Subject) -> About:
    """Name the kind of what a request names."""
    if about is None:
        return About.SENDER
    return About.NIK if isinstance(about, Nik) else About.MSISDN


def read_form(text: str) -> AskForm | None:
    """Read a form as it is printed: `CEK`, `INFO#NIK`, `UNREG#MSISDN#`; None for anything else."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    keyword, about = match.groups()
    return AskForm(text, keyword, About.SENDER if about is None else About(about))


def offer(forms: str, elsewhere: str, source: str) -> Offer:
    """Make an offer of forms with spaces between them."""
    read = (read_form(text) for text in forms.split())
    return Offer(tuple(form for form in read if form is not None), elsewhere, source)


CHECK_TELKOMSEL: Final = offer(
    "", "telkomsel.com/cek-prepaid atau *444#", "domain.md 1.2 [S25][S26][S21]"
)
CHECK_INDOSAT: Final = offer("INFO#NIK INFO#MSISDN", "", "domain.md 1.2 [S25][S31]")
CHECK_XL: Final = offer("", "*123*4444#", "domain.md 1.2 [S25]")
# By SMS from 2021 on only; before that on the web [S25].
CHECK_TRI: Final = offer("STATUS", "", "domain.md 1.2 [S26]")
CHECK_SMARTFREN: Final = offer("CEK", "", "domain.md 1.2 [S26]")

UNREG_TELKOMSEL: Final = offer("UNREG#NIK UNREG#NIK#", "", "domain.md 1.2 [S27][S28][S29][S30]")
UNREG_INDOSAT: Final = offer("UNPAIR#MSISDN# UNREG#MSISDN", "", "domain.md 1.2 [S27][S28][S29]")
UNREG_XL: Final = offer("UNREG#MSISDN# UNREG#MSISDN", "", "domain.md 1.2 [S27][S28][S29]")
# The web asked for a one-time password besides; its address is not in the sources.
UNREG_TRI: Final = offer("", "situs web Tri", "domain.md 1.2 [S28][S32]")
UNREG_SMARTFREN: Final = offer("UNREG#NIK#", "", "domain.md 1.2 [S28]")
