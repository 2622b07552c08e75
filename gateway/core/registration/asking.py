"""What a desk answers beside registrations: which numbers are on a NIK, and giving a number up.

Everybody may ask about, and give up, what is their own only. Sources: domain.md 1.2 (forms), 3.5
(a number that was given up cannot be used again [S102]).
"""

from __future__ import annotations

from typing import Final

import msgspec

from gateway.core.numbers import Msisdn, Nik, national_form
from gateway.core.registration.cases import Case, Outcome, OutcomeKind, end
from gateway.core.registration.profiles import OperatorProfile
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.requests import Inquiry, Unregister
from gateway.core.registration.services import Offer, Subject
from gateway.core.subscriber import Status

LISTED_MOST: Final = 5
"""How many numbers a reply lists, to stay one SMS."""


def check(request: Inquiry, case: Case) -> Outcome:
    """Say how the sender's number, or NIK, stands."""
    refused = _refused(request, case.profile.check, case)
    if refused is not None:
        return refused
    sender = case.sender
    if sender.nik is None:
        why = f"{request.keyword}: not registered"
        return Outcome(OutcomeKind.CHECKED, ReplyCode.CHECK_NONE, why)
    many = "number" if case.count == 1 else "numbers"
    why = f"{request.keyword}: NIK {sender.nik} has {case.count} {case.profile.name} {many}"
    return Outcome(
        OutcomeKind.CHECKED,
        ReplyCode.CHECK_UNVALIDATED
        if sender.status is Status.REGISTERED_UNVALIDATED
        else ReplyCode.CHECK_NUMBERS,
        why,
        sender.nik,
        told=_listed(case.numbers, case.count),
        count=case.count,
    )


def unregister(request: Unregister, case: Case) -> Outcome:
    """Give the sender's number up for good; its NIK has a place for another."""
    refused = _refused(request, case.profile.unregister, case)
    if refused is not None:
        return refused
    sender = case.sender
    if sender.nik is None:
        why = f"{request.keyword}: not registered"
        return Outcome(OutcomeKind.CHECKED, ReplyCode.CHECK_NONE, why)
    return end(
        OutcomeKind.UNREGISTERED,
        f"given up ({request.keyword}); NIK {sender.nik} has a place more",
        sender.nik,
    )


def _refused(request: Inquiry | Unregister, offer: Offer, case: Case) -> Outcome | None:
    """Refuse what the operator does not offer in this form, and what is somebody else's."""
    keyword, about = request.keyword, request.about
    if not offer.takes(keyword, about):
        return _elsewhere(keyword, offer, case.profile)
    if _is_own(about, case):
        return None
    what = "number" if isinstance(about, str) else "NIK"
    return end(OutcomeKind.NOT_YOURS, f"{keyword}: the {what} {about} is not the sender's")


def _is_own(about: Subject, case: Case) -> bool:
    """Whether it is the sender's; a sender with no NIK is told so, whatever NIK it names."""
    sender = case.sender
    if isinstance(about, Nik):
        return sender.nik in (None, about)
    return about in (None, sender.msisdn)


def _elsewhere(keyword: str, offer: Offer, profile: OperatorProfile) -> Outcome:
    why = f"not offered: {keyword}"
    if not offer.forms:
        code, told = ReplyCode.ELSEWHERE, offer.elsewhere
        why = f"{why}; {profile.name} has it elsewhere: {offer.elsewhere}"
    else:
        code, told = ReplyCode.ASK_FORMAT, offer.forms[0].text
        why = f"{why} ({profile.name} wants {', '.join(form.text for form in offer.forms)})"
    return msgspec.structs.replace(end(OutcomeKind.NOT_OFFERED, why), reply=code, told=told)


def _listed(numbers: tuple[Msisdn, ...], count: int) -> str:
    shown = ", ".join(national_form(number) for number in numbers[:LISTED_MOST])
    return shown if count <= min(LISTED_MOST, len(numbers)) else f"{shown}, ..."
