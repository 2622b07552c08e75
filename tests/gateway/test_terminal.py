from __future__ import annotations

from pathlib import Path

import pytest
import typer

from gateway import terminal
from gateway.config import Config, Mistakes


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_lines_go_where_they_belong(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say("a result")
    terminal.say_json({"a": 1})
    terminal.complain("a trouble")
    captured = capsys.readouterr()
    assert captured.out == 'a result\n{"a":1}\n'
    assert captured.err == "a trouble\n"


@pytest.mark.parametrize(("codes", "expected"), [((), 1), ((2,), 2)])
def test_fail_says_why_and_ends(
    codes: tuple[int, ...], expected: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended:
        terminal.fail("no way", *codes)
    assert ended.value.exit_code == expected
    assert capsys.readouterr().err == "no way\n"


def test_without_a_file_the_defaults_hold() -> None:
    assert terminal.config_or_exit(None, None) == Config()


def test_the_named_file_comes_before_that_of_the_working_directory() -> None:
    Path("config.toml").write_text("[http]\nport = 1\n")
    Path("own.toml").write_text("[http]\nport = 2\n")
    assert terminal.config_or_exit(None, None).http.port == 1
    assert terminal.config_or_exit(Path("own.toml"), ["http.host=::1"]).http.port == 2


def test_mistakes_end_with_2_and_an_unreadable_file_with_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert isinstance(terminal.read_config(None, ["a"]), Mistakes)
    with pytest.raises(typer.Exit) as ended:
        terminal.config_or_exit(None, ["a", "b"])
    assert ended.value.exit_code == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    with pytest.raises(typer.Exit) as ended:
        terminal.config_or_exit(Path("none.toml"), None)
    assert ended.value.exit_code == 1
