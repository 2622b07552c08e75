"""A run is ended early when it must be."""

from handsets.load.expect import parse_threshold
from handsets.load.profile import Abort
from handsets.load.tally import Tally
from handsets.load.watch import Watch


def watch(text: str, seconds: int) -> Watch:
    threshold = parse_threshold(text)
    assert threshold is not None
    return Watch((Abort(threshold, seconds),), 60.0)


def test_it_ends_when_the_last_seconds_are_bad() -> None:
    watched = watch("errors>50%", 2)
    assert watched.see(Tally(0, offered=10, refused=8)) == ""
    assert watched.see(Tally(1, offered=10, replied=10)) == ""
    assert watched.see(Tally(2, offered=10, refused=8)) == ""
    told = watched.see(Tally(3, offered=10, refused=8))
    assert told == "errors>50% over 2 s (80.000%)"


def test_it_shows_how_it_goes() -> None:
    watched = watch("errors>50%", 30)
    watched.see(Tally(0, offered=10, replied=9, refused=1, causes={"ESME_RTHROTTLED": 1}))
    line, cause = watched.lines()
    assert line.startswith("00:01")
    assert cause == "          1  ESME_RTHROTTLED"
