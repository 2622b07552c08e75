"""`gateway pics`: the statement as people and as programs read it."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from gateway.cli import app
from gateway.pics import markdown
from gateway.smpp.codes import CommandId


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ("pics", *arguments))
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_markdown() -> None:
    assert run() == markdown()
    assert "| `submit_sm` | 0x00000004 | 4.4.1 | yes | - |" in run().splitlines()


def test_json() -> None:
    said = json.loads(run("--json"))
    assert {row["name"] for row in said["pdus"]} == {one.name.lower() for one in CommandId}
    assert {"name": "ESME_ROK", "sent": "yes"} in said["statuses"]
    assert {"value": 16, "name": "intermediate notification"}.items() <= (
        said["registered_delivery"][-1].items()
    )
