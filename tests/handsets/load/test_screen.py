"""Progress goes where it can be read."""

import io

from rich.console import Console

from handsets.load.screen import Screen
from handsets.load.tally import Tally
from handsets.load.watch import Watch


def shown(seconds: int, *, terminal: bool, quiet: bool = False) -> str:
    out = io.StringIO()
    watch = Watch((), 60.0)
    console = Console(file=out, force_terminal=terminal, width=120)
    with Screen(console, quiet) as screen:
        for second in range(seconds):
            watch.see(Tally(second, replied=5))
            screen.show(watch)
    return out.getvalue()


def test_a_line_every_five_seconds_where_there_is_no_terminal() -> None:
    lines = shown(11, terminal=False).splitlines()
    assert [line[:5] for line in lines] == ["00:05", "00:10"]


def test_each_second_is_drawn_in_a_terminal() -> None:
    drawn = shown(3, terminal=True)
    assert all(f"00:0{second}" in drawn for second in (1, 2, 3))


def test_quiet_is_quiet() -> None:
    assert shown(11, terminal=False, quiet=True) == ""
