"""Adds the commands that look into a running gateway: sessions, differences, sweep and so on."""

from __future__ import annotations

import typer

from gateway.cli_campaign import add_campaign_commands
from gateway.cli_differences import add_difference_commands
from gateway.cli_messages import add_message_commands
from gateway.cli_outlet import add_outlet_commands
from gateway.cli_sessions import add_session_commands
from gateway.cli_sweep import add_sweep_commands


def add_running_commands(app: typer.Typer) -> None:
    """Add these commands to the program."""
    add_message_commands(app)
    add_session_commands(app)
    add_difference_commands(app)
    add_sweep_commands(app)
    add_campaign_commands(app)
    add_outlet_commands(app)
