"""The commands on data: what files bring in, and what is written of what a gateway knows."""

from __future__ import annotations

import typer

from gateway.cli_export import add_export_commands
from gateway.cli_import import add_import_commands
from gateway.cli_report import add_report_commands


def add_data_commands(app: typer.Typer) -> None:
    """Add the commands to the program."""
    add_import_commands(app)
    add_export_commands(app)
    add_report_commands(app)
