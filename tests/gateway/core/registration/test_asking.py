"""Checking a number and giving it up: each row a request, who asks, and how it ends."""

import pytest
from msgspec import structs

from gateway.core.numbers import Msisdn, Nik
from gateway.core.registration.cases import Case, OutcomeKind
from gateway.core.registration.desk import judge
from gateway.core.registration.profiles import DEFAULT_PROFILES
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.requests import Inquiry, Parsed, Unregister
from gateway.core.subscriber import Status
from tests.gateway.core.registration.test_desk import NIK, REGISTRY, case

BY_NAME = {profile.name: profile for profile in DEFAULT_PROFILES}
OWN, ANOTHERS = Msisdn("6281234567890"), Msisdn("6281234567891")
OTHER_NIK = REGISTRY.citizen(1).nik
KIND, CODE = OutcomeKind, ReplyCode


def asked(operator: str, nik: Nik | None, numbers: int = 2) -> Case:
    """A case of a sender whose NIK has so many numbers."""
    status = Status.UNREGISTERED if nik is None else Status.REGISTERED
    made = case(status, profile=BY_NAME[operator], nik=nik)
    if nik is None:
        return made
    others = tuple(Msisdn(f"62812345678{index}") for index in range(90, 90 + numbers))
    return structs.replace(made, numbers=others, count=numbers)


ROWS: list[tuple[str, Parsed, Nik | None, OutcomeKind, ReplyCode, str]] = [
    ("indosat", Inquiry(NIK, "INFO"), NIK, KIND.CHECKED, CODE.CHECK_NUMBERS,
     f"INFO: NIK {NIK} has 2 indosat numbers"),
    ("indosat", Inquiry(OWN, "INFO"), NIK, KIND.CHECKED, CODE.CHECK_NUMBERS,
     f"INFO: NIK {NIK} has 2 indosat numbers"),
    ("tri", Inquiry(None, "STATUS"), NIK, KIND.CHECKED, CODE.CHECK_NUMBERS,
     f"STATUS: NIK {NIK} has 2 tri numbers"),
    ("smartfren", Inquiry(None, "CEK"), None, KIND.CHECKED, CODE.CHECK_NONE,
     "CEK: not registered"),
    ("indosat", Inquiry(OTHER_NIK, "INFO"), None, KIND.CHECKED, CODE.CHECK_NONE,
     "INFO: not registered"),
    ("indosat", Inquiry(OTHER_NIK, "INFO"), NIK, KIND.NOT_YOURS, CODE.NOT_YOURS,
     f"INFO: the NIK {OTHER_NIK} is not the sender's"),
    ("indosat", Inquiry(ANOTHERS, "INFO"), NIK, KIND.NOT_YOURS, CODE.NOT_YOURS,
     f"INFO: the number {ANOTHERS} is not the sender's"),
    ("indosat", Inquiry(ANOTHERS, "INFO"), None, KIND.NOT_YOURS, CODE.NOT_YOURS,
     f"INFO: the number {ANOTHERS} is not the sender's"),
    ("indosat", Inquiry(None, "CEK"), NIK, KIND.NOT_OFFERED, CODE.ASK_FORMAT,
     "not offered: CEK (indosat wants INFO#NIK, INFO#MSISDN)"),
    ("telkomsel", Inquiry(NIK, "INFO"), NIK, KIND.NOT_OFFERED, CODE.ELSEWHERE,
     "not offered: INFO; telkomsel has it elsewhere: telkomsel.com/cek-prepaid atau *444#"),
    ("telkomsel", Unregister(NIK, "UNREG"), NIK, KIND.UNREGISTERED, CODE.UNREGISTERED,
     f"given up (UNREG); NIK {NIK} has a place more"),
    ("indosat", Unregister(OWN, "UNPAIR"), NIK, KIND.UNREGISTERED, CODE.UNREGISTERED,
     f"given up (UNPAIR); NIK {NIK} has a place more"),
    ("xl", Unregister(OWN, "UNREG"), NIK, KIND.UNREGISTERED, CODE.UNREGISTERED,
     f"given up (UNREG); NIK {NIK} has a place more"),
    ("xl", Unregister(NIK, "UNREG"), NIK, KIND.NOT_OFFERED, CODE.ASK_FORMAT,
     "not offered: UNREG (xl wants UNREG#MSISDN#, UNREG#MSISDN)"),
    ("tri", Unregister(OWN, "UNREG"), NIK, KIND.NOT_OFFERED, CODE.ELSEWHERE,
     "not offered: UNREG; tri has it elsewhere: situs web Tri"),
    ("telkomsel", Unregister(OTHER_NIK, "UNREG"), NIK, KIND.NOT_YOURS, CODE.NOT_YOURS,
     f"UNREG: the NIK {OTHER_NIK} is not the sender's"),
    ("telkomsel", Unregister(NIK, "UNREG"), None, KIND.CHECKED, CODE.CHECK_NONE,
     "UNREG: not registered"),
]  # fmt: skip


@pytest.mark.parametrize(("operator", "request_", "nik", "kind", "reply", "why"), ROWS)
def test_rules(
    operator: str,
    request_: Parsed,
    nik: Nik | None,
    kind: OutcomeKind,
    reply: ReplyCode,
    why: str,
) -> None:
    outcome = judge(request_, asked(operator, nik), REGISTRY)
    assert (outcome.kind, outcome.reply, outcome.why) == (kind, reply, why)


def test_an_unvalidated_number_is_told_so() -> None:
    sender = case(Status.REGISTERED_UNVALIDATED, profile=BY_NAME["tri"], nik=NIK)
    outcome = judge(Inquiry(None, "STATUS"), structs.replace(sender, count=1), REGISTRY)
    assert outcome.reply is ReplyCode.CHECK_UNVALIDATED


@pytest.mark.parametrize(("numbers", "more"), [(5, False), (6, True)])
def test_a_reply_lists_no_more_numbers_than_fit(numbers: int, more: bool) -> None:
    outcome = judge(Inquiry(None, "STATUS"), asked("tri", NIK, numbers), REGISTRY)
    assert outcome.told.startswith("081234567890, 081234567891, ")
    assert outcome.told.count("0812345678") == 5
    assert outcome.told.endswith("...") is more
    assert outcome.count == numbers
