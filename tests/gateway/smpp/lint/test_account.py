from __future__ import annotations

import pytest

from gateway.smpp.codes import CommandStatus
from gateway.smpp.errors import Rejected
from gateway.smpp.items import Answered
from gateway.smpp.lint.account import CHECKS_A_SECOND, STRETCH, AccountLint
from gateway.smpp.lint.findings import Seen
from gateway.smpp.pdu import (
    BindTransmitter,
    DeliverSmResp,
    GenericNack,
    SmeAddress,
    SubmitMulti,
    SubmitSm,
)
from gateway.smpp.text import DefaultAlphabet
from tests.gateway.smpp.lint.client import CALENDAR, account, counts, good

BIND = BindTransmitter(5, "qa", "wrong")
S = CommandStatus


def test_a_report_is_of_its_moment() -> None:
    one = account()
    one.check(1, [good(1)], 0.0, CALENDAR)
    before = one.report(0.0)
    one.check(1, [good(2)], 0.0, CALENDAR)
    assert before.account == "qa"
    assert before.seen == Seen(messages=1, checked=1)
    assert before.findings == ()


def test_findings_are_forgotten() -> None:
    one = account()
    one.check(1, [SubmitSm(1)], 0.0, CALENDAR)
    one.forget()
    assert one.report(0.0).findings == ()
    assert one.report(0.0).seen == Seen()


# ---- binds and ends


@pytest.mark.parametrize(
    ("status", "standing", "expected"),
    [
        (S.ESME_RINVSYSID, 0, {"unknown_system_id": 1}),
        (S.ESME_RALYBND, 0, {"too_many_binds": 1}),
        (S.ESME_RBINDFAIL, 0, {"bind_refused": 1}),
        (S.ESME_RBINDFAIL, 2, {"too_many_binds": 1}),
        (S.ESME_RTHROTTLED, 0, {"too_many_binds": 1}),
        (S.ESME_RINVPASWD, 2, {}),
        (S.ESME_RSYSERR, 0, {}),
    ],
)
def test_one_refused_bind(status: int, standing: int, expected: dict[str, int]) -> None:
    one = account()
    one.bind_refused(BIND, status, 0.0, standing)
    assert counts(one) == expected
    assert one.seen.binds_refused == 1


def test_wrong_passwords_count_when_they_go_on() -> None:
    one = account()
    for at in (0.0, 50.0, 100.0, 110.0, 120.0):
        one.bind_refused(BIND, S.ESME_RINVPASWD, at, 3)
    (found,) = one.report(0.0).findings
    assert found.rule.id == "wrong_password"
    assert [example.at for example in found.examples] == [110.0, 120.0]
    assert found.examples[0].sequence == 5
    assert "'qa'" in found.examples[0].shown


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([(1, 0.0), (1, 1.0)], {}),
        ([(1, 0.0), (1, 1.0), (1, 2.0), (1, 3.0)], {"bind_per_message": 2}),
        ([(1, 0.0), (1, 1.0), (2, 1.5), (1, 2.0)], {}),
        ([(0, 0.0), (0, 1.0), (0, 2.0)], {}),
        ([(1, 0.0), (1, 40.0), (1, 80.0)], {}),
    ],
)
def test_a_session_for_every_message(
    sessions: list[tuple[int, float]], expected: dict[str, int]
) -> None:
    one = account()
    for messages, at in sessions:
        one.ended(messages, at, 1)
    assert counts(one) == expected


# ---- messages


def test_what_a_message_has_wrong_names_its_place() -> None:
    one = AccountLint("qa", lambda text: text.replace("BANK", "****"))
    one.check(4, [SubmitSm(9, source_addr="BANK", destination_addr="4444")], 2.0, CALENDAR)
    (found,) = one.report(100.0).findings
    (example,) = found.examples
    assert (found.rule.id, example.at, example.session, example.sequence) == (
        "name_without_ton",
        102.0,
        4,
        9,
    )
    assert example.shown == "source '****' ton 0 npi 0"


def test_another_default_alphabet_is_respected() -> None:
    one = AccountLint("qa", str, alphabet=DefaultAlphabet.LATIN_1)
    one.check(1, [good(1, b"\xe9")], 0.0, CALENDAR)
    assert counts(one) == {}


def test_the_same_message_again_at_once() -> None:
    one = account()
    one.check(1, [good(1, b"a"), good(2, b"a", to="6281234567892")], 0.0, CALENDAR)
    assert counts(one) == {}
    one.check(1, [good(3, b"a")], 1.0, CALENDAR)
    multi = SubmitMulti(4, dest_address=(SmeAddress("6281234567892", 1, 1),), short_message=b"a")
    one.check(1, [multi, multi], 1.0, CALENDAR)
    assert counts(one) == {"resubmitted": 2}


def test_neighbours_are_compared() -> None:
    one = account()
    one.check(1, [good(1, b"x" * 160), good(2, b"rest")], 0.0, CALENDAR)
    assert counts(one) == {"cut_without_udh": 1}


def test_of_very_many_messages_only_some_are_checked() -> None:
    one = account()
    batch = [good(number) for number in range(100)]
    for turn in range(100):
        one.check(1, batch, turn / 100, CALENDAR)
    assert one.seen.messages == 10_000
    full = CHECKS_A_SECOND + CHECKS_A_SECOND
    assert full - 200 <= one.seen.checked <= full + 100 * STRETCH / 10
    # After a pause all are checked again.
    before = one.seen.checked
    one.check(1, batch, 10.0, CALENDAR)
    assert one.seen.checked == before + 100


def test_stretches_are_neighbours_at_changing_places() -> None:
    one = account()
    one.check(1, [good(number) for number in range(CHECKS_A_SECOND)], 0.0, CALENDAR)
    batch = [SubmitSm(number, destination_addr="") for number in range(3000)]
    seen = []
    for _ in range(33):
        before = one.seen.checked
        one.check(1, batch, 0.0, CALENDAR)
        seen.append(one.seen.checked - before)
    assert seen == [STRETCH, *[0] * 14, STRETCH, *[0] * 15, STRETCH, 0]
    (found,) = [one for one in one.report(0.0).findings if one.rule.id == "destination_empty"]
    assert found.count == 3 * STRETCH
    first = found.examples[0].sequence
    assert [example.sequence for example in found.examples] == list(range(first, first + 5))


# ---- answers to deliver_sm


def answer(status: int) -> Answered:
    return Answered(1, DeliverSmResp(8, status))


def test_only_errors_from_the_third_on() -> None:
    one = account()
    one.not_accepted(answer(8), 0.0, 1)
    one.not_accepted(answer(8), 0.0, 1)
    assert counts(one) == {}
    one.not_accepted(answer(8), 0.0, 1)
    one.not_accepted(answer(8), 0.0, 1)
    assert counts(one) == {"deliver_refused": 4}
    assert one.seen.deliver_answers == 4


def test_one_acceptance_is_enough() -> None:
    one = account()
    one.accepted(1)
    for _ in range(5):
        one.not_accepted(answer(8), 0.0, 1)
    assert counts(one) == {}
    assert one.seen.deliver_answers == 6


def test_nacks_and_what_cannot_be_read() -> None:
    one = account()
    one.not_accepted(Answered(1, GenericNack(3, 3)), 0.0, 1)
    one.not_accepted(Answered(1, Rejected(0xC0, 0x80000005, 4, "message_id is cut off")), 0.0, 1)
    assert counts(one) == {"deliver_nacked": 1, "response_malformed": 1}
