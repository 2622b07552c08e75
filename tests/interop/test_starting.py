"""Starting, stopping and starting again: `gateway serve` as a process, in good and bad places."""

from __future__ import annotations

import contextlib
import itertools
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from gateway.core.registration.citizens import Registry
from gateway.smpp import pdu
from tests.interop.commands import RUN_S, Commands, Done, run
from tests.interop.raw_esme import RawEsme, submit
from tests.interop.serving import STOP_S, Served, environment
from tests.ports import free_port

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

FREE = ("smpp.port=0", "mqtt.port=0", "http.port=0")
SARI, SARI_SHORT = "6281290000001", "081290000001"
AGUS = "6289790000004"
WINDOW = 300


def serve(folder: Path, *sets: str, config: str = "") -> Done:
    """Run a `gateway serve` that is to end by itself."""
    words = [word for text in (*FREE, *sets) for word in ("--set", text)]
    if config:
        words += ["--config", config]
    return run("gateway", "serve", *words, folder=folder)


def cannot_start(done: Done) -> str:
    """Give the one clear line of a gateway that cannot start."""
    assert done.code == 1, done
    assert done.out == ""
    return done.complaint()


@pytest.fixture(scope="module", autouse=True)
def without_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Future[tuple[int, Done]]]:
    """Start a gateway whose broker is not there; it gives up while the other tests run."""
    folder = tmp_path_factory.mktemp("without broker")
    port = free_port()

    def attempt() -> tuple[int, Done]:
        return port, serve(folder, 'mqtt.broker="external"', f"mqtt.port={port}")

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(attempt)


# ---- ready


def test_ready_lines_for_programs(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        ready = served.ready()
        assert ready.keys() == {"event", "smpp", "mqtt", "http"}
        listening = {line["name"]: line for line in served.lines[:-1]}
        assert listening.keys() == {"smpp", "mqtt", "http"}
        for name, line in listening.items():
            assert line == {"event": "listening", "name": name, **ready[name]}
            socket.create_connection((line["host"], line["port"]), 5).close()
        assert served.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_ready_lines_for_people(tmp_path: Path, number: signal.Signals) -> None:
    config = tmp_path / "my.toml"
    config.write_text('[clock]\nnow = "2018-03-10T00:00:00+07:00"\nspeed = 0.0\n')
    words = [word for text in (*FREE, "clock.speed=60.0") for word in ("--set", text)]
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", "serve", "--config", str(config), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        assert lines[-1] == "ready\n"
        told = [re.fullmatch(r"(\w+) listening on 127\.0\.0\.1:(\d+)\n", line) for line in lines]
        ports = {found[1]: int(found[2]) for found in told[:3] if found}
        assert ports.keys() == {"smpp", "mqtt", "http"}
        clock = httpx.get(f"http://127.0.0.1:{ports['http']}/api/v1/clock").json()
        assert clock["now"].startswith("2018-03-10T00:")
        assert clock["speed"] == 60
        process.send_signal(number)
        out, err = process.communicate(timeout=STOP_S)
        assert process.returncode == 0, err
        assert out == ""
        assert "Traceback" not in err
    assert (tmp_path / "gateway.sqlite3").exists()


# ---- stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_a_stop_under_load_loses_nothing(tmp_path: Path, number: signal.Signals) -> None:
    sets = ('registry.mode="accept"',)
    answered: set[str] = set()
    with Served(tmp_path, *sets) as served:
        ready = served.ready()
        esme = RawEsme(ready["smpp"]["host"], ready["smpp"]["port"])
        with contextlib.closing(esme.socket):
            esme.bind()
            unbound = _submit_until_unbound(
                esme, answered, lambda: served.process.send_signal(number)
            )
        assert unbound
        assert served.process.wait(STOP_S) == 0
    assert not any("Traceback" in line for line in served.errors), served.errors
    assert len(answered) >= 2 * WINDOW

    with Served(tmp_path, *sets) as served:
        ready = served.ready()
        with httpx.Client(base_url=f"http://127.0.0.1:{ready['http']['port']}") as api:
            for source in sorted(answered)[:: max(1, len(answered) // 50)]:
                found = api.get(f"/api/v1/subscribers/{source}").json()
                assert found["status"] == "registered", (source, found)
        assert served.stop() == 0
    with contextlib.closing(sqlite3.connect(served.database)) as database:
        whys = database.execute("select why from journal_records").fetchall()
    registered = {why.split()[0] for (why,) in whys if " registered on NIK " in why}
    assert answered <= registered


def _submit_until_unbound(esme: RawEsme, answered: set[str], stop: Callable[[], None]) -> bool:
    """Keep a window of submits in flight until the gateway closes; gives whether it unbound.

    `stop` is called once in the midst of it.
    """
    numbers = itertools.count()
    unbound = False
    try:
        esme.send(*(submit(next(numbers)) for _ in range(WINDOW)))
        while True:
            match esme.receive():
                case pdu.SubmitSmResp(command_status=0, sequence_number=number):
                    answered.add(f"62812{number - 10:07d}")
                    if len(answered) == 2 * WINDOW:
                        stop()
                    if not unbound:
                        esme.send(submit(next(numbers)))
                case pdu.Unbind(sequence_number=number):
                    unbound = True
                    esme.send(pdu.UnbindResp(sequence_number=number))
                case _:
                    pass
    except (OSError, EOFError):
        return unbound


# ---- what keeps a gateway from starting


@pytest.mark.parametrize("section", ["smpp", "mqtt", "http"])
def test_a_port_in_use(tmp_path: Path, section: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = cannot_start(serve(tmp_path, f"{section}.port={port}"))
    assert line.startswith(f"[{section}] 127.0.0.1:{port}: the port is in use; ")
    assert f"--set {section}.port=PORT" in line


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a database as another program that writes to it does."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_database_that_another_has(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        served.ready()
        # A second gateway on the file of one that runs.
        line = cannot_start(serve(tmp_path))
        assert "gateway.sqlite3: another gateway has it open; " in line
        assert served.stop() == 0
    with locked(served.database):
        line = cannot_start(serve(tmp_path))
    assert "another program has it open" in line


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "gateway.sqlite3").write_text("Dear diary, " * 100)
    assert "not a database" in cannot_start(serve(tmp_path))


# ---- the configuration


def test_a_configuration_that_cannot_be_read(tmp_path: Path) -> None:
    line = cannot_start(serve(tmp_path, config="nix.toml"))
    assert line.startswith("nix.toml: cannot be read: ")
    assert "--config PATH" in line
    assert "cannot be read: Is a directory" in cannot_start(serve(tmp_path, config="."))


def test_check_config_tells_every_mistake(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[smpp]\nport = 99999\nprot = 1\n\n[clock]\nnow = "yesterday"\nspeed = "fast"\n'
        "\n[registration]\nnumbers_per_nik = -1\n\n[nonsense]\nkey = 1\n"
    )
    text = run("gateway", "check-config", folder=tmp_path)
    assert text.code == 2
    mistakes = text.out.splitlines()
    keys = (
        "smpp] port",
        "smpp] prot",
        "clock] now",
        "clock] speed",
        "] numbers_per_nik",
        "nonsense",
    )
    told = [line.partition(": ")[0] for line in mistakes]
    assert all(sum(key in place for place in told) == 1 for key in keys), mistakes
    assert len(mistakes) == 6
    found = run("gateway", "check-config", "--json", folder=tmp_path)
    assert found.code == 2
    assert found.json["ok"] is False
    assert len(found.json["mistakes"]) == 6
    # A gateway is not started on it; it tells them too, before a port opens.
    served = run("gateway", "serve", folder=tmp_path)
    assert served.code == 2
    assert served.out == ""
    assert served.err.splitlines() == mistakes
    good = run("gateway", "check-config", "--config", "/dev/null", folder=tmp_path)
    assert (good.code, good.out) == (0, "ok\n")


# ---- starting again


def test_a_restart_keeps_what_was(tmp_path: Path) -> None:
    person = Registry(seed=4444).citizen(7)
    text = f"REG {person.nik.digits}#{person.kk.digits}#"
    with Served(tmp_path) as served:
        to = Commands(served.ready())
        assert to.sms(SARI, "4444", text).code == 0
        with to.phone(AGUS) as agus:
            agus.shows("OPEN: nothing barred")
            assert agus.switch_off() == 0
        to.gateway("clock", "set", "2018-03-05")
        sent = to.sms(SARI, AGUS, "Agus, kapan pulang?")
        assert sent.code == 0, sent
        assert sent.json["status"] == "accepted"
        before = to.gateway("subscriber", AGUS)
        assert before["stage"] == "OUTGOING_BARRED"
        assert before["online"] is False
        assert served.stop() == 0

    with Served(tmp_path) as served:
        to = Commands(served.ready())
        assert to.gateway("clock", "show")["now"] >= "2018-03-05T00:00:00+07:00"
        assert to.gateway("subscriber", SARI)["status"] == "registered"
        assert to.gateway("subscriber", AGUS) == before
        with to.phone(AGUS) as agus:
            assert agus.shows("SMS from").endswith("Agus, kapan pulang?")
            # Asked something, the phone has an answer after all that waited for it.
            agus.asks("sms 4444 INFO", "SMS from 4444")
            assert agus.switch_off() == 0
            heard = [line for line in agus.heard if "SMS from" in line]
            assert len(heard) == 2
        found = to.gateway("messages", AGUS)["messages"]
        states = {message["text"]: message["state"] for message in found}
        assert states["Agus, kapan pulang?"] == "DELIVERED"
        assert served.stop() == 0


# ---- last, because it takes the gateway its ten seconds to give up


def test_a_broker_that_is_not_there(without_broker: Future[tuple[int, Done]]) -> None:
    port, done = without_broker.result(RUN_S)
    assert done.code == 1
    assert done.out == ""
    assert "Traceback" not in done.err
    waiting, gave_up = done.err.splitlines()
    assert "trying again until it answers" in waiting
    assert gave_up.startswith(
        f"no MQTT broker answers at 127.0.0.1:{port} (Connection refused); start it, or"
    )
