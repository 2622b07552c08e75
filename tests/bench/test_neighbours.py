"""The comparison works: every server that is here answers, and replies where it should."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.bench import neighbours
from tests.bench.main_job import compile_client

pytestmark = [
    pytest.mark.bench,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        shutil.which("gcc") is None and shutil.which("cc") is None,
        reason="no C compiler for smppblast (Debian package gcc)",
    ),
]


def test_every_server_that_is_here_answers(tmp_path: Path) -> None:
    client = compile_client(tmp_path)
    found, _ = neighbours.servers([])
    for server in found:
        result = neighbours.measure(client, server, 2, 5, 0.3)
        assert result["ok_per_s"] > 0, server.name
        assert (result["errors"], result["lost"]) == (0, 0), server.name
        assert bool(result["deliver_sm"]) is server.replies, server.name


def test_servers_elsewhere_are_given_by_their_address() -> None:
    found, _ = neighbours.servers(["jSMPP=10.0.0.1:8056", "other=a:b@localhost:2775"])
    assert [one.place for one in found[-2:]] == [
        neighbours.Place("10.0.0.1", 8056, "bench", "bench"),
        neighbours.Place("localhost", 2775, "a", "b"),
    ]


def test_the_table_has_a_ratio_to_the_base() -> None:
    def row(rate: float) -> dict[tuple[int, int], list[dict[str, Any]]]:
        result = {"ok_per_s": rate, "submit_to_resp_ms": {"p99": 1.0}}
        return {setting: [result] for setting in neighbours.SETTINGS}

    lines = neighbours.table({neighbours.BASE: row(100), "ours": row(250)}).splitlines()
    assert lines[-1].split()[:4] == ["ours", "250", "2.50", "1.0"]
