from __future__ import annotations

from typer.testing import CliRunner

from gateway.cli import app


def test_the_commands_are_there() -> None:
    told = CliRunner().invoke(app, ["--help"]).stdout
    names = ("sessions", "differences", "sweep", "campaign", "outlet")
    assert all(f" {name} " in told for name in names)
