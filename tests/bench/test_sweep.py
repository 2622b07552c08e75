"""The benchmark itself works: all that was imported is swept, and nobody's answer is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.sweep import measure

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("gcc") is None and shutil.which("cc") is None,
        reason="no C compiler for smppblast (Debian package gcc)",
    ),
]


def test_all_numbers_are_swept_beside_a_load(tmp_path: Path) -> None:
    found = measure(tmp_path, 3_000, 2_000, 200, 1.0)
    assert found.errors == 0
    assert 0 < found.swept_per_s < 2_600
    assert found.swept_p99_ms > 0
