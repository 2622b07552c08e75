"""`gateway sweep` against a running gateway's API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from gateway.links.sweep import SweepView

from .test_cli_remote import Running


class Seen:
    """A sweep that shows one view after the other."""

    def __init__(self, *views: SweepView) -> None:
        self.views = list(views)

    def view(self) -> SweepView:
        """Show the next one."""
        return self.views.pop(0) if len(self.views) > 1 else self.views[0]


RUNS = SweepView(500.0, True, 1_000, 3_000, 2.0)
ENDED = SweepView(500.0, False, 4_000, 0, 8.0)


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


def test_the_sweep_in_words_and_as_json(running: Running) -> None:
    assert running.run("sweep").stdout.startswith("nothing is swept: numbers are barred at once")
    running.gateway.sweep = Seen(RUNS)
    assert running.run("sweep").stdout == " 25 %  1,000 barred, 3,000 left, 500 a second\n"
    assert json.loads(running.run("sweep", "--json").stdout)["left"] == 3_000
    running.gateway.sweep = Seen(SweepView(500.0, True, 0, 0, 0.0))
    assert running.run("sweep").stdout == "  0 %  0 barred, 0 left\n"


def test_its_end_is_awaited(running: Running) -> None:
    running.gateway.sweep = Seen(RUNS, RUNS, ENDED)
    done = running.run("sweep", "--wait", "5")
    assert done.exit_code == 0
    ended = "nothing to sweep; the last time 4,000 barred in 8.0 s, 500 a second\n"
    assert done.stdout.endswith(ended)
    running.gateway.sweep = Seen(RUNS)
    late = running.run("sweep", "--wait", "0.1", "--json")
    assert late.exit_code == 4
    assert len(late.stdout.splitlines()) == 1
