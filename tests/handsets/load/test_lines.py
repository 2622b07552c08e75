"""A run in words."""

from handsets.load.curve import Closed, Piece, Rates
from handsets.load.lines import announced, beginning, clock, comparison, progress, table, trouble
from handsets.load.profile import Profile
from handsets.load.tally import Tally, total_of
from tests.handsets.load.runs import BAD, GOOD, full, result


def test_a_clock() -> None:
    assert [clock(seconds) for seconds in (-1, 5, 65, 3661)] == ["00:00", "00:05", "01:05", "61:01"]


def test_what_will_be_sent() -> None:
    rates = Profile("x", Rates((Piece(60.0, 100.0, 100.0),)))
    assert announced(rates) == "about 6,000 messages in 01:00, 100/s"
    assert announced(Profile("x", Rates(()))) == "about 0 messages in 00:00"
    assert announced(Profile("x", Closed(50, 60.0))) == "50 at a time for 01:00"


def test_the_line_of_a_second() -> None:
    line = progress(BAD[:1], total_of(BAD[:1]), 60.0)
    assert line == (
        "00:01        6/s  under way 2 + 2 queued  p50 4.0 ms  p99 4.0 ms  errors 1  00:59 left"
    )
    assert "waiting for the last" in progress([Tally(60)], Tally(), 60.0)


def test_a_table_accounts_for_every_message() -> None:
    told = table(result(GOOD))
    assert "offered 10, sent 10 = replied 10 + reported 0 + refused 0 + lost 0" in told
    assert not any("sent late" in line for line in told)
    assert "         10  Selamat" in told
    assert beginning("Selamat, nomor Anda suda") == "Selamat, nomor Anda suda..."


def test_a_table_tells_what_went_wrong() -> None:
    told = "\n".join(table(full()))
    for part in (
        "replied 15 + reported 0 + refused 1 + lost 4",
        "never sent 1 (1 no room)\n8.0/s over 2 s; errors 30.000%",
        "5 were sent late by this tool itself",
        "          4  no reply in time",
        "agent two: was not heard of after 00:01",
        "ended early: errors>20%",
        "holds   p99<1s  (9 ms)",
        "BROKEN  errors<1%  (30%)",
    ):
        assert part in told
    assert "UNACCOUNTED 1" in "\n".join(table(result([Tally(0, offered=1, sent=1)])))


def test_a_target_that_went_away_is_told() -> None:
    gone = [*GOOD[:1], Tally(1, broken=4, down=4)]
    assert trouble(result(gone)).startswith("target lost: 4 connections broke, from 00:01 on; 4")
    assert trouble(result([*GOOD[:1], Tally(1, broken=4)])) == (
        "connections broke: 4, from 00:01 on; all were made again"
    )
    assert trouble(result([Tally(0, offered=1, sent=1, lost=1)])).startswith(
        "target silent: nothing was answered from 00:00 to the end"
    )
    assert trouble(result(GOOD)) == ""
    assert trouble(result(gone)) in table(result(gone))


def test_two_runs_side_by_side() -> None:
    told = comparison("before", result(GOOD), "after", result(BAD))
    assert told[0].split() == ["before", "after", "change"]
    rows = {line[:18].strip(): line[18:].split() for line in told[1:]}
    assert rows["rate"] == ["10.0/s", "8.0/s", "-20.0%"]
    assert rows["lost"] == ["0", "4"]
    assert rows["p50"] == ["2.0", "ms", "9.0", "ms", "+350.3%"]
    assert "response p99" in rows
    # The replies are the end of all that was sent: not told twice.
    assert "reply p99" not in rows
