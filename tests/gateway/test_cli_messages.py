"""`gateway messages --search`, and the token that a gateway may ask for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import app
from gateway.clock import monotonic
from gateway.console import inbox
from gateway.testing import PlainSimulator

SITI, TOKEN = "081290000001", "act-0123456789abcdef"


@pytest.fixture
def sms() -> Iterator[PlainSimulator]:
    with PlainSimulator() as simulator:
        yield simulator


def run(sms: PlainSimulator, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["messages", *arguments, "--api", sms.http])


def test_searching(sms: PlainSimulator) -> None:
    sms.handset(SITI).sms("4444", "HALO")
    found = run(sms, "--search", "kind:reply")
    assert found.exit_code == 0
    assert "reply  4444 -> 6281290000001" in found.stdout
    both = json.loads(run(sms, SITI, "--search", "since:1h", "--json").stdout)
    assert [one["kind"] for one in both["messages"]] == ["reply", "mo"]
    assert run(sms, "--search", "halo", "--wait", "5").exit_code == 0
    assert run(sms, "--search", "nichts", "--wait", "0.05").exit_code == 4
    wrong = run(sms, "--search", "form:4444")
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith('q: "form:4444": there is no such field; use from')


def test_the_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with PlainSimulator(f"http.act_token={TOKEN}") as sms:
        monkeypatch.delenv("GATEWAY_TOKEN", raising=False)
        refused = run(sms)
        assert refused.exit_code == 1
        assert "show a token" in refused.stderr
        monkeypatch.setenv("GATEWAY_TOKEN", TOKEN)
        assert run(sms).exit_code == 0


def test_a_search_that_takes_long_goes_on(
    sms: PlainSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_IDS", 1)
    monkeypatch.setattr(inbox, "_SEARCH_S", 0.0)
    for text in ("satu", "dua", "tiga"):
        sms.handset(SITI).sms("085690000002", text)
    found = json.loads(run(sms, "--search", "a", "--json").stdout)
    assert [one["text"] for one in found["messages"]] == ["tiga", "dua", "satu"]
    found = json.loads(run(sms, "--search", "a", "--limit", "2", "--json").stdout)
    assert [one["text"] for one in found["messages"]] == ["tiga", "dua"]


def test_exporting(sms: PlainSimulator) -> None:
    sms.handset(SITI).sms("4444", "HALO")
    words = ["export", "messages", "--search", "kind:mo", "--api", sms.http]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    head, line = done.stdout.splitlines()
    assert head.startswith("id,kind,from,to,text,")
    assert line.startswith("1,mo,6281290000001,4444,HALO,")


def test_a_capture_file(sms: PlainSimulator, tmp_path: Path) -> None:
    path = tmp_path / "found.pcap"
    sms.esme("qa").submit(SITI, "085690000002", "halo dari qa")
    made = run(sms, "--search", "text:halo", "--pcap", str(path))
    assert (made.exit_code, made.stderr) == (0, f"written to {path}\n")
    assert b"halo dari qa" in path.read_bytes()
    empty = run(sms, SITI, "--search", "text:nichts", "--pcap", str(path))
    assert "holds no packets" in empty.stderr
    other = tmp_path / "none.pcap"
    wrong = run(sms, "--search", "form:4444", "--pcap", str(other))
    assert (wrong.exit_code, other.exists()) == (1, False)
    nowhere = run(sms, "--pcap", str(tmp_path / "no" / "f.pcap"))
    assert nowhere.exit_code == 2
    assert "No such file or directory; name a file that may be written" in nowhere.stderr


def test_that_older_ones_are_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.store.memory._EVERY_S", 0.01)
    with PlainSimulator("retention.messages_most=1") as sms:
        sms.handset(SITI).sms("4444", "HALO")
        deadline = monotonic() + 10
        while not (found := run(sms, "--search", "to:4444")).stderr and monotonic() < deadline:
            pass
        assert found.stderr == "messages up to 1 that had ended are gone ([retention])\n"
        assert found.stdout == ""
