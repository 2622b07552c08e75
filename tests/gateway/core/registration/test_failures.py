"""Five failures: what each profile makes of them (domain.md 1.5)."""

import pytest
from msgspec import structs

from gateway.core.numbers import Kk
from gateway.core.registration.cases import Outcome, OutcomeKind
from gateway.core.registration.desk import judge
from gateway.core.registration.profiles import OnFifthFailure, OperatorProfile
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.requests import Consent, Register
from gateway.core.subscriber import Status, Tries
from tests.gateway.core.registration.test_desk import (
    GOOD,
    KK,
    NIK,
    NOW,
    OLD_CARD,
    REGISTRY,
    TELKOMSEL,
    case,
)

KIND = OutcomeKind
HOUR = 3_600_000
ANOTHER_CARD = Register(NIK, Kk(KK.digits[:-1] + "0"), "REG")


def profile(policy: OnFifthFailure) -> OperatorProfile:
    return structs.replace(TELKOMSEL, on_5th_failure=policy, lock_hours=2.0)


STATEMENT, LOCK, NONE = map(profile, OnFifthFailure)


def tries(count: int, locked_until: int = 0) -> Tries:
    return Tries(OLD_CARD.nik, OLD_CARD.kk, count, locked_until)


def after(
    request: Register,
    before: Tries | None,
    policy: OperatorProfile,
    status: Status = Status.UNREGISTERED,
) -> Outcome:
    return judge(request, case(status, profile=policy, tries=before), REGISTRY)


@pytest.mark.parametrize("policy", [STATEMENT, LOCK], ids=["statement", "lock"])
def test_failures_are_counted_up_to_the_fifth(policy: OperatorProfile) -> None:
    before = None
    for count in range(1, 5):
        outcome = after(OLD_CARD, before, policy)
        assert outcome.kind is KIND.KK_MISMATCH
        assert outcome.why.endswith(f"(failure {count} of 5)")
        assert outcome.tries == tries(count)
        before = outcome.tries


def test_the_fifth_failure_asks_for_a_statement() -> None:
    outcome = after(OLD_CARD, tries(4), STATEMENT)
    assert (outcome.kind, outcome.reply) == (KIND.STATEMENT_DUE, ReplyCode.STATEMENT)
    assert outcome.tries == tries(5)
    assert outcome.why.endswith("; failure 5: a statement of truth is asked for")
    assert outcome.nik == NIK


def test_a_sixth_failure_asks_again() -> None:
    assert after(OLD_CARD, tries(5), STATEMENT).kind is KIND.STATEMENT_DUE


def test_a_statement_is_about_certain_data_other_data_are_counted_anew() -> None:
    outcome = after(ANOTHER_CARD, tries(4), STATEMENT)
    assert outcome.kind is KIND.KK_MISMATCH
    assert outcome.tries == Tries(NIK, ANOTHER_CARD.kk, 1)


def test_the_fifth_failure_locks_whatever_the_data() -> None:
    outcome = after(ANOTHER_CARD, tries(4), LOCK)
    assert (outcome.kind, outcome.reply) == (KIND.LOCKED, ReplyCode.LOCKED)
    assert outcome.tries == Tries(NIK, ANOTHER_CARD.kk, 5, NOW + 2 * HOUR)
    assert outcome.why.endswith("registration by SMS is locked for 2 h")


def test_who_is_locked_out_is_not_judged_until_the_time_is_over() -> None:
    locked = after(GOOD, tries(5, NOW + HOUR), LOCK)
    assert (locked.kind, locked.why) == (KIND.LOCKED, "locked for 1.0 h more")
    assert locked.tries is None
    assert after(GOOD, tries(5, NOW), LOCK).kind is KIND.REGISTERED


def test_after_a_lock_one_more_failure_locks_again() -> None:
    assert after(OLD_CARD, tries(5, NOW), LOCK).kind is KIND.LOCKED


def test_a_profile_may_count_nothing() -> None:
    outcome = after(OLD_CARD, tries(4), NONE)
    assert outcome.kind is KIND.KK_MISMATCH
    assert outcome.tries is None
    assert "failure" not in outcome.why


def test_an_unvalidated_number_goes_on_trying() -> None:
    outcome = after(OLD_CARD, None, STATEMENT, Status.REGISTERED_UNVALIDATED)
    assert (outcome.kind, outcome.tries) == (KIND.KK_MISMATCH, None)


# ---- the dialogue

YA, TIDAK = Consent(True, "YA"), Consent(False, "TIDAK")


@pytest.mark.parametrize(
    ("words", "before", "policy", "kind", "why"),
    [
        (YA, tries(5), STATEMENT, KIND.REGISTERED_UNVALIDATED,
         f"registered unvalidated on NIK {NIK} by statement (YA)"),
        (Consent(True, "SETUJU"), tries(6), STATEMENT, KIND.REGISTERED_UNVALIDATED,
         f"registered unvalidated on NIK {NIK} by statement (SETUJU)"),
        (TIDAK, tries(5), STATEMENT, KIND.DECLINED, "declined the statement (TIDAK)"),
        (YA, tries(4), STATEMENT, KIND.NOT_OFFERED, "not offered: YA, no statement was asked for"),
        (YA, tries(5), LOCK, KIND.NOT_OFFERED, "not offered: YA, no statement was asked for"),
        (TIDAK, None, STATEMENT, KIND.NOT_OFFERED,
         "not offered: TIDAK, no statement was asked for"),
    ],
)  # fmt: skip
def test_the_answer_to_the_statement(
    words: Consent, before: Tries | None, policy: OperatorProfile, kind: OutcomeKind, why: str
) -> None:
    outcome = judge(words, case(profile=policy, tries=before), REGISTRY)
    assert (outcome.kind, outcome.why) == (kind, why)
    if kind is KIND.REGISTERED_UNVALIDATED:
        assert (outcome.nik, outcome.kk) == (NIK, OLD_CARD.kk)


def test_a_statement_gives_no_fourth_number() -> None:
    full = case(numbers=3, profile=STATEMENT, tries=tries(5))
    assert judge(YA, full, REGISTRY).kind is KIND.OVER_LIMIT


def test_who_registered_otherwise_meanwhile_has_nothing_to_state() -> None:
    sender = case(Status.REGISTERED, profile=STATEMENT, tries=tries(5))
    assert judge(YA, sender, REGISTRY).kind is KIND.NOT_OFFERED
