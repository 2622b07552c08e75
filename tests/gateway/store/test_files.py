from __future__ import annotations

from pathlib import Path

import pytest

from gateway.store.files import Files
from gateway.store.protocol import NotCommitted


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "g.sqlite3"
    path.touch()
    path.with_name("g.sqlite3-wal").touch()
    return path


def test_files_that_are_there(path: Path) -> None:
    files = Files(path)
    files.note()
    path.write_text("grown")
    files.check()


def test_a_file_that_was_removed(path: Path) -> None:
    files = Files(path)
    files.note()
    path.unlink()
    with pytest.raises(NotCommitted, match=r"g\.sqlite3: .* removed"):
        files.check()


def test_a_file_that_was_replaced(path: Path) -> None:
    files = Files(path)
    files.note()
    other = path.with_name("other")
    other.touch()
    other.replace(path)
    with pytest.raises(NotCommitted, match="put both back"):
        files.check()


def test_a_log_that_is_missing(path: Path) -> None:
    path.with_name("g.sqlite3-wal").unlink()
    with pytest.raises(OSError, match="wal"):
        Files(path).note()


def test_how_large_they_are(path: Path) -> None:
    path.write_bytes(bytes(4096))
    assert Files(path).size() == {"database": 4096, "log": 0}
    path.unlink()
    assert Files(path).size() == {"database": 0, "log": 0}
