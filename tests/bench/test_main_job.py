"""The benchmark itself works: every submit is answered, and every answer has its reply."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.main_job import SETTINGS, Setting, compile_client, measure, table

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("gcc") is None and shutil.which("cc") is None,
        reason="no C compiler for smppblast (Debian package gcc)",
    ),
]


def test_every_submit_is_answered_and_replied_to(tmp_path: Path) -> None:
    client = compile_client(tmp_path)
    answered = measure(client, SETTINGS[0], 1.0)
    registered = measure(client, Setting("registration", "qa", 4, 25), 1.0)
    for result in (answered, registered):
        assert result["ok_total"] == result["submitted_total"] > 0
        assert (result["errors_total"], result["lost"], result["bad_pdu"]) == (0, 0, 0)
    assert registered["replies_total"] == registered["submitted_total"]
    assert "berhasil diregistrasi" in registered["sample_reply"]
    assert "registration" in table([(SETTINGS[0], answered), (SETTINGS[1], registered)])
