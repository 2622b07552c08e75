"""The benchmark itself works: every request of every row is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.api import SETTINGS, Setting, measure

pytestmark = [pytest.mark.bench, pytest.mark.timeout(120)]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_what_is_asked_is_answered(tmp_path: Path, setting: Setting) -> None:
    found = measure(tmp_path, setting, 0.2)
    assert found.per_s > 0
    assert 0 < found.p50_ms <= found.longest_ms
