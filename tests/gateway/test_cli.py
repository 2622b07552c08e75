from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import structlog
import typer
from typer.testing import CliRunner

from gateway import cli, demo, node
from gateway.cli import app, main
from gateway.clock import SystemClock
from gateway.config import AccountConfig, Config
from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Registry, Verdict
from gateway.links.smpp_watch import Watching
from gateway.node import Announcement, CannotStart

ROOT = Path(__file__).parents[2]
_DEADLINE = 30
ANY_PORTS = ("--set", "smpp.port=0", "--set", "mqtt.port=0", "--set", "http.port=0")

Serve = Callable[[Config, Callable[[Announcement], None], asyncio.Event], object]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run each command in an empty folder, and leave logging as it was."""
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def commands() -> list[list[str]]:
    """List every command there is."""
    found = []
    for command in app.registered_commands:
        assert command.callback is not None
        found.append([command.name or command.callback.__name__])
    for group in app.registered_groups:
        assert group.typer_instance is not None
        assert isinstance(group.name, str)
        found += [[group.name, str(one.name)] for one in group.typer_instance.registered_commands]
    return found


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(command: Sequence[str]) -> None:
    code, text, _ = run(*command, "--help")
    assert code == 0
    assert re.search(rf"Examples?:\n  +gateway {' '.join(command)}", text)


def test_every_command_speaks_json_but_the_demo_and_what_is_data_itself() -> None:
    for command in commands():
        speaks = command != ["demo"] and command[0] != "export"
        assert ("--json" in run(*command, "--help")[1]) is speaks


def test_without_a_command_it_helps() -> None:
    _, out, err = run()
    assert "check-config" in out + err


# ---- check-config


def test_a_right_configuration() -> None:
    assert run("check-config") == (0, "ok\n", "")
    assert run("check-config", "--json") == (0, '{"ok":true,"mistakes":[]}\n', "")


def test_every_mistake_is_reported() -> None:
    code, out, _ = run("check-config", "--set", "smpp.prot=1", "--set", "mqtt.qos=2")
    assert code == 2
    assert out.splitlines() == [
        "--set smpp.prot: is not a key; did you mean port?",
        "--set mqtt.qos: is 2; write 0 or 1",
    ]


def test_mistakes_as_json() -> None:
    code, out, _ = run("check-config", "--set", "mqtt.qos=2", "--json")
    assert code == 2
    assert json.loads(out) == {
        "ok": False,
        "mistakes": [{"place": "--set mqtt.qos", "what": "is 2", "remedy": "write 0 or 1"}],
    }


def test_the_configuration_of_the_working_directory() -> None:
    Path("config.toml").write_text("[mqtt]\nqos = 2\n")
    assert run("check-config")[1] == "config.toml:2 [mqtt] qos: is 2; write 0 or 1\n"
    Path("other.toml").write_text("")
    assert run("check-config", "--config", "other.toml")[0] == 0


# ---- citizens


def test_citizens_are_valid_pairs() -> None:
    code, out, _ = run("citizens", "--count", "2")
    assert code == 0
    head, *lines = out.splitlines()
    assert head.split()[:2] == ["NIK", "KK"]
    assert len(lines) == 2
    for line in lines:
        nik, kk = line.split()[:2]
        assert Registry(4444).verify(Nik(nik), Kk(kk)) is Verdict.MATCH


def test_citizens_as_json_from_a_start_and_a_seed() -> None:
    _, out, _ = run("citizens", "--count", "1", "--start", "7", "--seed", "1", "--json")
    [citizen] = json.loads(out)
    assert citizen["nik"] == Registry(1).citizen(7).nik.digits


def test_citizens_of_the_configuration() -> None:
    code, out, _ = run("citizens", "--set", "registry.population=2", "--start", "1")
    assert code == 0
    assert len(out.splitlines()) == 2
    code, _, err = run("citizens", "--set", "registry.population=2", "--start", "2")
    assert (code, err) == (2, "--start: 2 is not below the population of 2\n")


def test_citizens_with_a_wrong_configuration() -> None:
    code, _, err = run("citizens", "--set", "registry.mode=real")
    assert code == 2
    assert err.startswith("--set registry.mode: ")


# ---- serve


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[[Serve], None]:
    """Put a function in the place of the gateway."""
    return lambda serve: monkeypatch.setattr(node, "serve", serve)


async def _announce_all(
    _config: Config, announce: Callable[[Announcement], None], _stop: asyncio.Event
) -> None:
    announce(Announcement("listening", "smpp", "127.0.0.1", 2775, {}))
    announce(Announcement("ready", "", "", 0, {"smpp": ("127.0.0.1", 2775)}))


def test_serve_announces(instead: Callable[[Serve], None]) -> None:
    instead(_announce_all)
    assert run("serve")[:2] == (0, "smpp listening on 127.0.0.1:2775\nready\n")


def test_serve_announces_as_json(instead: Callable[[Serve], None]) -> None:
    instead(_announce_all)
    lines = [json.loads(line) for line in run("serve", "--json")[1].splitlines()]
    assert lines == [
        {"event": "listening", "name": "smpp", "host": "127.0.0.1", "port": 2775},
        {"event": "ready", "smpp": {"host": "127.0.0.1", "port": 2775}},
    ]


def test_serve_passes_the_configuration_on(instead: Callable[[Serve], None]) -> None:
    seen: list[Config] = []

    async def serve(config: Config, _announce: object, _stop: object) -> None:
        seen.append(config)

    instead(serve)
    assert run("serve", "--set", "smpp.port=7")[0] == 0
    assert seen[0].smpp.port == 7


def test_serve_captures_and_reports(instead: Callable[[Serve], None], tmp_path: Path) -> None:
    seen: list[Config] = []
    reports = Watching({"qa": AccountConfig(system_id="qa", password="")}, SystemClock()).lint()

    async def serve(config: Config, _announce: object, _stop: object) -> object:
        seen.append(config)
        return reports

    instead(serve)
    report = tmp_path / "lint.json"
    assert run("serve", "--pcap", "x.pcap", "--lint-report", str(report))[0] == 0
    assert seen[0].smpp.pcap == "x.pcap"
    assert [one["account"] for one in json.loads(report.read_text())["accounts"]] == [
        "qa",
        "(not bound)",
    ]


def test_serve_that_cannot_start(instead: Callable[[Serve], None]) -> None:
    async def serve(_config: Config, _announce: object, _stop: object) -> None:
        raise CannotStart("[smpp] 127.0.0.1:2775: the port is in use")

    instead(serve)
    assert run("serve") == (1, "", "[smpp] 127.0.0.1:2775: the port is in use\n")


def test_serve_with_mistakes() -> None:
    assert run("serve", "--set", "mqtt.qos=2") == (2, "", "--set mqtt.qos: is 2; write 0 or 1\n")


def test_serve_with_a_file_that_cannot_be_read() -> None:
    code, _, err = run("serve", "--config", "none.toml")
    assert code == 1
    assert err.startswith("none.toml: cannot be read: No such file or directory; ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order(instead: Callable[[Serve], None], number: int) -> None:
    drained: list[bool] = []

    async def serve(_config: Config, _announce: object, stop: asyncio.Event) -> None:
        os.kill(os.getpid(), number)
        async with asyncio.timeout(_DEADLINE):
            await stop.wait()
        drained.append(True)

    instead(serve)
    assert run("serve")[0] == 0
    assert drained == [True]


def test_one_wish_that_comes_as_two_signals_stops_it_in_order(
    instead: Callable[[Serve], None],
) -> None:
    drained: list[bool] = []

    async def serve(_config: Config, _announce: object, stop: asyncio.Event) -> None:
        both_came = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, both_came.set)
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGUSR1):
            os.kill(os.getpid(), number)
        async with asyncio.timeout(_DEADLINE):
            await stop.wait()
            await both_came.wait()
        drained.append(True)

    instead(serve)
    assert run("serve")[0] == 0
    assert drained == [True]


def test_a_second_signal_ends_it_at_once(
    instead: Callable[[Serve], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_SAME_WISH_S", 0.0)

    async def serve(_config: Config, _announce: object, stop: asyncio.Event) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await stop.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        async with asyncio.timeout(_DEADLINE):
            await asyncio.Event().wait()

    instead(serve)
    assert run("serve")[0] == 130


def test_it_runs_without_uvloop(
    instead: Callable[[Serve], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    loops: list[str] = []

    async def serve(_config: Config, _announce: object, _stop: object) -> None:
        loops.append(type(asyncio.get_running_loop()).__module__)

    instead(serve)
    assert run("serve")[0] == 0
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert run("serve")[0] == 0
    assert loops[1].startswith("asyncio.")


# ---- demo


def test_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(once: bool, show: Callable[[str], None], *, hurry: bool) -> int:
        show(f"once {once}, hurry {hurry}")
        return 0

    monkeypatch.setattr(demo, "run", story)
    assert run("demo", "--once", "--hurry")[:2] == (0, "once True, hurry True\n")


@pytest.mark.parametrize(("arguments", "expected"), [([], 0), (["--once"], 130)])
def test_the_demo_ends_on_a_signal(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], expected: int
) -> None:
    ended: list[bool] = []

    async def story(_once: bool, _show: object, *, hurry: bool) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        try:
            async with asyncio.timeout(_DEADLINE):
                await asyncio.Event().wait()
        finally:
            ended.append(hurry)
        return 0

    monkeypatch.setattr(demo, "run", story)
    assert run("demo", *arguments)[0] == expected
    assert ended == [False]


def test_a_demo_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(_once: bool, _show: object, *, hurry: bool) -> int:
        raise CannotStart(f"no broker {hurry}")

    monkeypatch.setattr(demo, "run", story)
    assert run("demo") == (1, "", "no broker False\n")


# ---- the edge


def failing(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    def citizens(_path: object, _sets: object) -> Config:
        raise ExceptionGroup("tasks", [KeyError("3201014107859001")])

    monkeypatch.setattr(cli, "config_or_exit", citizens)
    monkeypatch.setattr(sys, "argv", ["gateway", *arguments])


def test_an_unexpected_error_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, "citizens")
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "gateway failed: KeyError: '3201********9001'\n"
        "This is a mistake of the program: please report it, with what "
        "`gateway --debug ...` prints.\n"
    )


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "--debug", "citizens")
    with pytest.raises(ExceptionGroup):
        main()


def test_a_wrong_option_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["gateway", "serve", "--port", "1"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "No such option: --port" in capsys.readouterr().err


def test_the_callback_takes_any_context() -> None:
    context = typer.Context(typer.main.get_command(app))
    cli._everything(context, debug=True)
    assert context.obj is None


# ---- the real thing


def gateway(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "gateway", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_serve_starts_is_ready_and_drains_on_sigterm() -> None:
    with gateway("serve", "--json", *ANY_PORTS) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(4)]
        ready = lines[-1]
        assert ready["event"] == "ready"
        for line in lines[:-1]:
            assert ready[line["name"]] == {"host": line["host"], "port": line["port"]}
        assert set(ready) == {"event", "smpp", "mqtt", "http"}
        process.terminate()
        _, errors = process.communicate(timeout=_DEADLINE)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        arguments = [*ANY_PORTS, "--set", f"smpp.port={port}", "--set", "log.level=error"]
        with gateway("serve", *arguments) as process:
            _, errors = process.communicate(timeout=_DEADLINE)
    assert process.returncode == 1
    [line] = errors.splitlines()
    assert line.startswith(f"[smpp] 127.0.0.1:{port}: the port is in use")


def test_a_capture_file_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "smpp.pcap"
    with gateway("serve", *ANY_PORTS, "--pcap", str(path), "--set", "log.level=error") as process:
        _, errors = process.communicate(timeout=_DEADLINE)
    assert process.returncode == 1
    [line] = errors.splitlines()
    assert line.startswith(f'[smpp] pcap: "{path}" cannot be written: No such file or directory; ')
