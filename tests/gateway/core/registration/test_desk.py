"""Each rule of the desk is one row: a request, what is known, and how it ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.registration.citizens import Registry
from gateway.core.registration.desk import Case, Outcome, OutcomeKind, judge
from gateway.core.registration.profiles import DEFAULT_PROFILES, OperatorProfile
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.requests import (
    Consent,
    Parsed,
    Register,
    Reregister,
    Rule,
    Unparsed,
)
from gateway.core.subscriber import Status, Subscriber

REGISTRY = Registry(4444)
CITIZEN = REGISTRY.citizen(0)
NIK, KK = CITIZEN.nik, CITIZEN.kk
TELKOMSEL = DEFAULT_PROFILES[0]
NOW = 1_519_800_000_000
GOOD = Register(NIK, KK, "REG")
AGAIN = Reregister(NIK, KK, "ULANG")
NOTED = Register(NIK, KK, "REG", ("SEP", "CASE"))
OLD_CARD = Register(NIK, REGISTRY.wrong_kk(CITIZEN), "REG")
NOBODY = Register(REGISTRY.unknown_nik(CITIZEN), KK, "REG")
BAD = Unparsed(Rule.NIK_LEN, "NIK_LEN=15")
KIND, CODE, S = OutcomeKind, ReplyCode, Status

ROWS: list[tuple[Parsed, Status, int, int, OutcomeKind, ReplyCode, str]] = [
    # request, status, numbers on the NIK, limit -> kind, reply, why
    (GOOD, S.NEW, 0, 3, KIND.REGISTERED, CODE.OK, f"registered on NIK {NIK}"),
    (AGAIN, S.UNREGISTERED, 2, 3, KIND.REGISTERED, CODE.OK, f"registered on NIK {NIK}"),
    (AGAIN, S.REGISTERED_UNVALIDATED, 0, 3, KIND.REGISTERED, CODE.OK, f"registered on NIK {NIK}"),
    (NOTED, S.NEW, 0, 3, KIND.REGISTERED, CODE.OK,
     f"registered on NIK {NIK} (tolerated: SEP, CASE)"),
    (GOOD, S.NEW, 999, 0, KIND.REGISTERED, CODE.OK, f"registered on NIK {NIK}"),
    (GOOD, S.NEW, 3, 3, KIND.OVER_LIMIT, CODE.LIMIT,
     f"over limit: NIK {NIK} holds 3 of 3 telkomsel numbers"),
    (GOOD, S.NEW, 1, 1, KIND.OVER_LIMIT, CODE.LIMIT,
     f"over limit: NIK {NIK} holds 1 of 1 telkomsel numbers"),
    (OLD_CARD, S.NEW, 0, 3, KIND.KK_MISMATCH, CODE.KK_MISMATCH,
     f"KK {OLD_CARD.kk} does not belong to NIK {NIK} (failure 1 of 5)"),
    (OLD_CARD, S.NEW, 3, 3, KIND.KK_MISMATCH, CODE.KK_MISMATCH,
     f"KK {OLD_CARD.kk} does not belong to NIK {NIK} (failure 1 of 5)"),
    (NOBODY, S.UNREGISTERED, 0, 3, KIND.NIK_UNKNOWN, CODE.NIK_NOT_FOUND,
     f"NIK {NOBODY.nik} unknown to the civil registry (failure 1 of 5)"),
    (GOOD, S.REGISTERED, 1, 3, KIND.ALREADY_REGISTERED, CODE.ALREADY, "already registered"),
    (NOBODY, S.REGISTERED, 3, 3, KIND.ALREADY_REGISTERED, CODE.ALREADY, "already registered"),
    (GOOD, S.EXPIRED, 0, 3, KIND.NOT_OFFERED, CODE.NOT_OFFERED,
     "not offered: the number has expired"),
    (BAD, S.UNREGISTERED, 0, 3, KIND.BAD_FORMAT, CODE.BAD_FORMAT,
     "bad format: NIK_LEN=15 (telkomsel wants ULANG NIK#KK#)"),
    (BAD, S.REGISTERED, 0, 3, KIND.BAD_FORMAT, CODE.BAD_FORMAT,
     "bad format: NIK_LEN=15 (telkomsel wants ULANG NIK#KK#)"),
    (GOOD, S.UNREGISTERED_DEAD, 0, 3, KIND.NOT_OFFERED, CODE.NOT_OFFERED,
     "not offered: the number was given up"),
    (Consent(True, "YA"), S.NEW, 0, 3, KIND.NOT_OFFERED, CODE.NOT_OFFERED,
     "not offered: YA, no statement was asked for"),
]  # fmt: skip


def case(
    status: Status = Status.UNREGISTERED,
    numbers: int = 0,
    limit: int = 3,
    profile: OperatorProfile = TELKOMSEL,
    **sender: object,
) -> Case:
    """A case of a sender with this status; `numbers` are on the NIK of the request."""
    made = Subscriber(Msisdn("6281234567890"), profile.name, status, 0)
    return Case(structs.replace(made, **sender), profile, numbers, limit, now=NOW)


@pytest.mark.parametrize(("parsed", "status", "numbers", "limit", "kind", "reply", "why"), ROWS)
def test_rules(
    parsed: Parsed,
    status: Status,
    numbers: int,
    limit: int,
    kind: OutcomeKind,
    reply: ReplyCode,
    why: str,
) -> None:
    outcome = structs.replace(judge(parsed, case(status, numbers, limit), REGISTRY), tries=None)
    if isinstance(parsed, Register | Reregister):
        assert outcome == Outcome(kind, reply, why, parsed.nik, parsed.kk)
    else:
        assert outcome == Outcome(kind, reply, why)


def test_a_new_number_is_told_of_the_format_for_new_numbers() -> None:
    outcome = judge(BAD, case(Status.NEW), REGISTRY)
    assert outcome.why == "bad format: NIK_LEN=15 (telkomsel wants REG NIK#KK#)"


identities = st.from_regex(r"[0-9]{16}", fullmatch=True)


@given(identities, identities, st.sampled_from(Status), st.integers(0, 5), st.integers(0, 5))
def test_why_never_shows_an_identity(
    nik: str, kk: str, status: Status, numbers: int, limit: int
) -> None:
    registry = Registry(1, mode="accept")
    asked = case(status, numbers, limit)
    outcome = judge(Register(Nik(nik), Kk(kk), "REG"), asked, registry)
    assert nik not in outcome.why
    assert kk not in outcome.why
