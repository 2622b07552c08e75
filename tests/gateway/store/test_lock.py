"""One gateway per database: the lock is held while the process lives, and says what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.store.lock import FileLock
from gateway.store.protocol import CannotOpen


def test_a_second_taker_is_told_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite3.lock"
    first, second = FileLock(path), FileLock(path)
    first.take()
    with pytest.raises(CannotOpen, match=r"gateway\.sqlite3: another gateway .* \[store\] path"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_releasing_twice_is_no_error(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "a.lock")
    lock.release()
    lock.take()
    lock.release()
    lock.release()


def test_a_missing_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "nowhere" / "gateway.sqlite3.lock")
    with pytest.raises(CannotOpen, match=r"gateway\.sqlite3: .*: make its folder exist"):
        lock.take()


HOLDER = """
import sys
from pathlib import Path
from gateway.store.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.take()
print("taken", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite3.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        lock = FileLock(path)
        with pytest.raises(CannotOpen, match="another gateway"):
            lock.take()
        holder.kill()
        holder.wait(10)
    lock.take()
    lock.release()
