"""A result to show, compare and judge."""

from handsets.load.expect import Finding
from handsets.load.result import Agent, Reading, Result
from handsets.load.tally import Tally

GOOD = [
    Tally(0, offered=10, sent=10, replied=9, waiting=1, response={900: 10}, reply={2_000: 9}),
    Tally(1, replied=1, reply={8_000: 1}, replies={"Selamat": 10}, kinds={"registration": 10}),
]
BAD = [
    Tally(0, offered=10, sent=8, replied=5, refused=1, waiting=2, queued=2, late=5,
          response={900: 8}, reply={4_000: 5}, causes={"ESME_RTHROTTLED": 1}),
    Tally(1, offered=10, sent=12, replied=10, lost=4, unsent=1, extra=1,
          reply={9_000: 10}, causes={"no reply in time": 4}, unsent_causes={"no room": 1}),
]  # fmt: skip


def result(tallies: list[Tally], **more: object) -> Result:
    return Result(
        "realistic", "127.0.0.1:2775", "SMPP; open loop", "2026-11-28T03:00:00+07:00", 2018, 2.0,
        tallies, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def full() -> Result:
    return result(
        BAD,
        about="as it was",
        ended_early="errors>20%",
        agents=(Agent("one", "done"), Agent("two", "was not heard of after 00:01")),
        findings=(Finding("p99<1s", True, "9 ms"), Finding("errors<1%", False, "30%")),
        readings=(
            Reading(0, 1.0, 2**20, 0.0, 5.0),
            Reading(1, 1.5, 2**21, 3.0, 15.0),
            Reading(2, None, None, None, None),
        ),
    )
