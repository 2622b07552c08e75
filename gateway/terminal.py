"""What all commands share: how they speak to the terminal, read the configuration, and fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import msgspec
import typer

from gateway.config import Config, Mistakes, default_path, load

EXIT_TROUBLE = 1
EXIT_USAGE = 2
EXIT_NOTHING_CAME = 4

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="PATH",
        help="The configuration; without it ./config.toml if there is one, else the defaults.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Override one value; may be repeated."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def say(line: str) -> None:
    """Print a line of the command's result, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say_json(value: object) -> None:
    """Print a value as one line of JSON."""
    say(json_line(value))


def json_line(value: object) -> str:
    """Write a value as one line of JSON."""
    return msgspec.json.encode(value).decode()


def complain(line: str) -> None:
    """Print a line on what went wrong."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def save(chunks: Iterable[bytes], path: Path | None) -> None:
    """Write a result to a file, or to stdout as long as somebody reads it; raises OSError."""
    if path is not None:
        with path.open("wb") as out:
            out.writelines(chunks)
        return
    try:
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.flush()
    except BrokenPipeError:
        # `gateway export journal | head` has seen enough; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def fail(line: str, code: int = EXIT_TROUBLE) -> NoReturn:
    """Say what went wrong and end the command."""
    complain(line)
    raise typer.Exit(code)


def read_config(path: Path | None, sets: list[str] | None) -> Config | Mistakes:
    """Read the configuration that the options name."""
    return load(path or default_path(), sets or ())


def config_or_exit(path: Path | None, sets: list[str] | None) -> Config:
    """Read the configuration; print every mistake and end the command when there is one."""
    loaded = read_config(path, sets)
    if isinstance(loaded, Config):
        return loaded
    for mistake in loaded.mistakes:
        complain(str(mistake))
    raise typer.Exit(EXIT_TROUBLE if loaded.unreadable else EXIT_USAGE)
