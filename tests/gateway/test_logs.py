from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from gateway.config import LogConfig, LogFormat, LogLevel
from gateway.logs import set_up_logs

JSON = LogConfig(format=LogFormat.JSON)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    # basicConfig(force=True) closes what it takes off; pytest's own must live on.
    root.handlers = []
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_json_lines_on_stderr_with_identities_masked(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(JSON)
    structlog.get_logger().info("read REG 3201014107859001", number=5, text="3201014107859001")
    [line] = lines(capsys)
    assert line["event"] == "read REG 3201********9001"
    assert line["text"] == "3201********9001"
    assert line["number"] == 5
    assert line["level"] == "info"
    assert line["timestamp"].endswith("Z")


@pytest.mark.parametrize("form", LogFormat)
def test_identities_are_masked_wherever_they_lie(
    form: LogFormat, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(LogConfig(format=form))
    nik = "3201014107859001"
    structlog.get_logger().info(
        "odd", of=[nik, {"nik": (nik,)}], why=ValueError(nik), octets=nik.encode(), none=None
    )
    line = capsys.readouterr().err
    assert nik not in line
    assert line.count("3201********9001") == 4


def test_console_lines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogConfig())
    structlog.get_logger().warning("slow", seconds=3)
    assert "slow" in capsys.readouterr().err


def test_less_important_lines_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogConfig(level=LogLevel.ERROR, format=LogFormat.JSON))
    structlog.get_logger().warning("no")
    logging.getLogger("library").warning("no")
    structlog.get_logger().error("yes")
    assert [line["event"] for line in lines(capsys)] == ["yes"]


def test_libraries_log_the_same_way_without_tracebacks(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(JSON)
    logging.getLogger("asyncio").info("no")
    try:
        raise KeyError("3201014107859001")
    except KeyError:
        logging.getLogger("asyncio").exception("a %s failed", "task")
    [line] = lines(capsys)
    assert line["event"] == "a task failed"
    assert line["library"] == "asyncio"
    assert line["error"] == "KeyError: '3201********9001'"
    assert line["level"] == "error"


def test_a_line_with_no_exception_to_show(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(JSON)
    logging.getLogger("asyncio").exception("odd")
    [line] = lines(capsys)
    assert "error" not in line


def test_debugging_shows_tracebacks_masked(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogConfig(level=LogLevel.DEBUG, format=LogFormat.JSON))
    try:
        raise KeyError("3201014107859001")
    except KeyError:
        logging.getLogger("asyncio").exception("failed")
    first, second = lines(capsys)
    assert first["exception"].startswith("Traceback")
    assert "3201014107859001" not in json.dumps([first, second])
