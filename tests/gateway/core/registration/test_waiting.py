"""Who sends again before the verdict: each policy has one outcome."""

import pytest

from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.registration.profiles import WhilePending
from gateway.core.registration.replies import ReplyCode
from gateway.core.registration.waiting import in_words, once_more, received
from gateway.core.subscriber import Pending
from tests.gateway.core.registration.test_desk import KK, NIK, NOW

FIRST = Pending(NOW + 60_000, 1, NIK, KK, "REG", (), "4444")
AGAIN = Pending(NOW + 90_500, 3, NIK, KK, "ULANG", ("CASE",), "4444")


def test_a_registration_that_waits_is_thanked_for() -> None:
    outcome = received(FIRST, NOW)
    assert (outcome.kind, outcome.reply) == (OutcomeKind.RECEIVED, ReplyCode.RECEIVED)
    assert outcome.pending is FIRST
    assert outcome.why == f"received: the verdict on NIK {NIK} comes in 1 min"


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (12_500, "12.5 s"),
        (59_999, "59.999 s"),
        (60_000, "1 min"),
        (200_000, "3 min 20 s"),
        (3_600_000, "1 h"),
        (21_240_000, "5 h 54 min"),
    ],
)
def test_how_long_it_takes_is_said_as_people_do(ms: int, words: str) -> None:
    assert in_words(ms) == words


def test_who_sends_again_may_get_no_answer() -> None:
    outcome = once_more(FIRST, AGAIN, WhilePending.IGNORE, NOW)
    assert (outcome.kind, outcome.reply, outcome.pending) == (OutcomeKind.PENDING, None, None)
    assert outcome.why == "sent again, while the verdict on message 1 is pending: ignored"


def test_who_sends_again_may_be_told_that_it_is_under_way() -> None:
    outcome = once_more(FIRST, AGAIN, WhilePending.ANSWER, NOW)
    assert (outcome.kind, outcome.reply) == (OutcomeKind.PENDING, ReplyCode.PENDING)
    assert outcome.pending is None


def test_what_is_sent_again_may_take_the_place_of_the_first() -> None:
    outcome = once_more(FIRST, AGAIN, WhilePending.REPLACE, NOW)
    assert (outcome.kind, outcome.reply) == (OutcomeKind.RECEIVED, ReplyCode.RECEIVED)
    assert outcome.pending is AGAIN
    assert outcome.why.endswith(
        f"in its place received: the verdict on NIK {NIK} comes in 1 min 30 s"
    )
