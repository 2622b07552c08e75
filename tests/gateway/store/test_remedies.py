"""Every complaint of SQLite comes with the place and the way out."""

import sqlite3
from pathlib import Path

import pytest

from gateway.store.remedies import remedy


@pytest.mark.parametrize(
    ("text", "way_out"),
    [
        ("database is locked", "stop that one"),
        ("database or disk is full", "make room on the disk"),
        ("disk I/O error", "see that its disk has room"),
        ("attempt to write a readonly database", "make the file and its folder writable"),
        ("unable to open database file", "make its folder exist"),
        ("file is not a database", "some other file"),
        ("its schema 9 is newer than this program's", "run the program that wrote it"),
        ("table journal already exists", "another program's database"),
        ("no such table: folded", "name another [store] path"),
    ],
)
def test_remedies(text: str, way_out: str) -> None:
    line = remedy(Path("data/gateway.sqlite3"), sqlite3.OperationalError(text))
    assert line.startswith(f"data/gateway.sqlite3: {text}: ")
    assert way_out in line
    assert "\n" not in line
