"""Every message that was sent is accounted for, in whatever order things come."""

from hypothesis import given
from hypothesis import strategies as st

from handsets.load.book import Book, Flight
from handsets.load.plan import Shot

PHONE = "6281290000001"
HAPPENINGS = ["send", "accept", "refuse", "reply", "break"]


def registration(due: float = 0.0, phone: str = PHONE) -> Flight:
    return Flight(Shot(due, "registration", phone, "4444", "REG"), due)


def a2p(due: float = 0.0) -> Flight:
    return Flight(Shot(due, "a2p", "INFO", PHONE, "hi"), due)


def book(patience: float = 10.0, receipts: bool = True) -> Book:
    return Book(patience, receipts)


def test_a_registration_ends_with_its_reply_measured_from_its_intended_time() -> None:
    kept, flight = book(), registration(due=1.0)
    kept.offered(flight, 1.005)
    kept.sent(flight)
    kept.answered(flight, 1.5, "")
    kept.replied(PHONE, 2.0, "Selamat, nomor 0812 berhasil")
    tally = kept.turn(0)
    assert (tally.offered, tally.sent, tally.replied, tally.unaccounted) == (1, 1, 1, 0)
    assert list(tally.response) == [499_968]
    assert list(tally.reply) == [999_936]
    assert tally.replies == {"Selamat, nomor": 1}
    assert (kept.open, tally.late) == (0, 0)


def test_replies_go_to_the_oldest_message_of_their_number() -> None:
    kept = book()
    first, second, third = registration(0.0), registration(1.0), registration(2.0)
    for flight in (first, second, third):
        kept.sent(flight)
    kept.answered(second, 2.0, "ESME_RTHROTTLED")
    kept.replied(PHONE, 3.0, "one")
    assert (first.open, second.open, third.open) == (False, False, True)
    kept.replied(PHONE, 3.0, "two")
    kept.replied(PHONE, 3.0, "three")
    tally = kept.turn(0)
    assert (tally.replied, tally.refused, tally.extra) == (2, 1, 1)
    assert tally.causes == {"ESME_RTHROTTLED": 1}


def test_a_reply_before_the_response_counts_once() -> None:
    kept, flight = book(), registration()
    kept.sent(flight)
    kept.replied(PHONE, 0.1, "ok")
    kept.answered(flight, 0.2, "")
    tally = kept.turn(0)
    assert (tally.replied, tally.unaccounted, len(tally.response)) == (1, 0, 1)


def test_a_message_to_a_phone_ends_with_its_receipt() -> None:
    kept, flight = book(), a2p()
    kept.sent(flight)
    kept.answered(flight, 0.1, "", "17")
    kept.reported(("11", "17"), 0.4, "DELIVERED")
    tally = kept.turn(0)
    assert (tally.reported, tally.replies, tally.unaccounted) == (1, {"receipt DELIVERED": 1}, 0)
    assert len(tally.receipt) == 1


def test_a_receipt_may_overtake_the_response() -> None:
    kept, flight = book(), a2p()
    kept.sent(flight)
    kept.reported(("17",), 0.1, "DELIVERED")
    kept.answered(flight, 0.2, "", "17")
    assert kept.turn(0).reported == 1


def test_a_receipt_of_nothing_is_extra() -> None:
    kept = book()
    kept.reported((), 0.1, "unreadable")
    assert kept.turn(0).extra == 1


def test_without_receipts_the_response_is_the_end() -> None:
    kept, flight = book(receipts=False), a2p()
    kept.sent(flight)
    kept.answered(flight, 0.1, "", "17")
    tally = kept.turn(0)
    assert (tally.reported, tally.unaccounted) == (1, 0)


def test_what_does_not_come_in_time_is_lost_and_says_what_did_not() -> None:
    kept = book(patience=5.0)
    unanswered, unreplied, unreported = registration(), registration(), a2p()
    for flight in (unanswered, unreplied, unreported):
        kept.sent(flight)
    kept.answered(unreplied, 0.1, "")
    kept.answered(unreported, 0.1, "", "17")
    kept.expire(4.9)
    assert kept.open == 3
    kept.expire(5.0)
    tally = kept.turn(0)
    assert tally.lost == 3
    assert tally.causes == {
        "no response in time": 1,
        "no reply in time": 1,
        "no receipt in time": 1,
    }
    kept.replied(PHONE, 6.0, "late")
    assert kept.turn(0).extra == 1


def test_a_broken_session_loses_what_had_no_response() -> None:
    kept, flight, replied = book(), registration(), registration(phone="6281290000002")
    kept.sent(flight)
    kept.sent(replied)
    kept.replied("6281290000002", 0.1, "ok")
    kept.broke([flight, replied], "session broke")
    tally = kept.turn(0)
    assert (tally.lost, tally.causes) == (1, {"session broke": 1})


def test_what_is_never_sent_is_an_error_of_its_own() -> None:
    kept = book()
    kept.unsent(3, "no room")
    kept.unsent(0, "nothing")
    tally = kept.turn(7)
    assert (tally.unsent, tally.errors, tally.queued) == (3, 3, 7)
    assert (tally.causes, tally.unsent_causes) == ({}, {"no room": 3})


def test_connections_that_broke_are_counted_and_those_that_are_down() -> None:
    kept = book()
    kept.lost_connection()
    tally = kept.turn(0, down=2)
    assert (tally.broken, tally.down) == (1, 2)
    assert (kept.turn(0).broken, kept.turn(0).down) == (0, 0)


def test_the_tool_tells_when_it_is_late_itself() -> None:
    kept = book()
    kept.offered(registration(due=1.0), 1.02)
    assert kept.turn(0).late == 1


def test_beginnings_are_limited() -> None:
    kept = book()
    for number in range(60):
        kept.replied(PHONE, 0.0, chr(0x4E00 + number))
    replies = kept.turn(0).replies
    assert len(replies) == 51
    assert replies["other"] == 10


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.sampled_from(["send", "accept", "refuse", "reply", "break"])
        ),
        max_size=60,
    )
)
def test_nothing_is_ever_unaccounted_for(happenings: list[tuple[int, str]]) -> None:
    kept = book()
    pending: list[Flight] = []
    for phone, what in happenings:
        if what == "send":
            pending.append(registration(phone=f"62812900000{phone}0"))
            kept.sent(pending[-1])
        elif what == "reply":
            kept.replied(f"62812900000{phone}0", 1.0, "ok")
        elif pending:
            flight = pending.pop(phone % len(pending))
            if what == "break":
                kept.broke([flight], "broke")
            else:
                kept.answered(flight, 1.0, "refused" if what == "refuse" else "")
    waiting = kept.open
    tally = kept.turn(0)
    assert tally.unaccounted == tally.waiting == waiting
    kept.expire(100.0)
    assert kept.open == 0
    assert kept.turn(0).lost == waiting
