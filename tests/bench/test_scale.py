"""The benchmarks themselves work, on little."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench import bulk
from tests.bench.scale import costs, idle, table

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(180),
    pytest.mark.skipif(
        shutil.which("gcc") is None and shutil.which("cc") is None,
        reason="no C compiler for smppblast (Debian package gcc)",
    ),
]


def test_every_setting_has_its_cost(tmp_path: Path) -> None:
    measured = costs(tmp_path, 3_000, 20, 1_000, 1)
    assert [(one.numbers, one.sessions, one.window) for one in measured] == [
        (1_000, 1, 500),
        (3_000, 1, 500),
        (1_000, 1, 10),
        (1_000, 20, 10),
        (1_000, 20, 25),
    ]
    assert [one.ratio for one in (measured[0], measured[2])] == [1.0, 1.0]
    assert all(0 < one.answered_us <= one.written_us for one in measured)
    stays = idle(50, 5, 1.0)
    assert stays.core_pct < 100
    assert stays.mib > 30
    assert "% of a core" in table(measured, [stays])


def test_exports_and_reports_end_beside_a_load(tmp_path: Path) -> None:
    found = bulk.measure(tmp_path, 3_000, 200, 1.0)
    assert [one.errors for one in found.beside] == [0] * 5
    assert found.octets_a_subscriber > 100
