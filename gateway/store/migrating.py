"""Opens a database for the first time, and brings its schema up to date (schema/)."""

from __future__ import annotations

import sqlite3
from importlib import resources
from pathlib import Path

import aiosqlite


async def migrate(connection: aiosqlite.Connection) -> None:
    """Run the scripts that it has not seen, each as a whole; raises sqlite3.Error."""
    (found,) = await connection.execute_fetchall("PRAGMA user_version")
    version: int = found[0]
    scripts = sorted(
        entry.name
        for entry in resources.files("gateway.store").joinpath("schema").iterdir()
        if entry.name.endswith(".sql")
    )
    if version > len(scripts):
        raise sqlite3.DatabaseError(f"its schema {version} is newer than this program's")
    for number, name in enumerate(scripts[version:], start=version + 1):
        script = resources.files("gateway.store").joinpath("schema", name).read_text()
        await connection.executescript(f"BEGIN; {script}; PRAGMA user_version = {number}; COMMIT;")


def try_to_open(path: Path) -> None:
    """Raise what SQLite says to this path; aiosqlite's thread would outlive the loop with it."""
    sqlite3.connect(path).close()
