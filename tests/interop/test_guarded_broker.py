"""The gateway, and the handsets' commands, on a mosquitto with TLS and passwords."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

from gateway.links import phones
from gateway.node import CannotStart
from gateway.testing import Simulator
from handsets.cli import run
from handsets.outcome import Exit
from tests.interop.mosquitto import Papers, guarded_mosquitto

pytestmark = [pytest.mark.interop, pytest.mark.timeout(60)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Papers]]:
    with guarded_mosquitto(tmp_path_factory.mktemp("mosquitto")) as found:
        yield found


def way(site: tuple[int, Papers], password: str = "secret", ca: str = "") -> str:
    port, papers = site
    return f"mqtts://site:{password}@127.0.0.1:{port}?ca={quote(ca or str(papers.ca))}"


async def typed(*words: str) -> int:
    return await asyncio.to_thread(run, words)


def lines(told: str) -> list[str]:
    return [line for line in told.splitlines() if line.startswith("handsets: ")]


SMS = ("sms", "--from", "081290000001", "--to", "4444", "INFO", "--timeout", "2")
LOAD = ("load", "--for", "1", "--scale", "0.01")
FLEET = ("fleet", "idle", "--phones", "2", "--timeout", "3")
COMMANDS = pytest.mark.parametrize("words", [SMS, LOAD, FLEET], ids=["sms", "load", "fleet"])


@COMMANDS
async def test_a_wrong_password_is_told_as_one(
    site: tuple[int, Papers], words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await typed(*words, "--mqtt", way(site, password="wrong")) == Exit.UNREACHABLE
    (line,) = lines(capsys.readouterr().err)
    assert "check user and password: --mqtt mqtt://USER:PASSWORD@HOST:PORT" in line
    assert "start" not in line


# paho leaves the socket of a handshake that failed to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@COMMANDS
async def test_a_certificate_of_somebody_else_is_told_as_one(
    site: tuple[int, Papers],
    words: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:

    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    assert await typed(*words, "--mqtt", way(site, ca=str(other))) == Exit.UNREACHABLE
    (line,) = lines(capsys.readouterr().err)
    assert "certificate" in line.lower()
    assert "mqtts://HOST:8883?ca=FILE" in line


@pytest.mark.parametrize("words", [LOAD, ("load", "agent")], ids=["load", "agent"])
async def test_a_file_without_certificates_is_named(
    site: tuple[int, Papers], words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    option = "--broker" if "agent" in words else "--mqtt"
    assert await typed(*words, option, way(site, ca=os.devnull)) == Exit.UNREACHABLE
    (line,) = lines(capsys.readouterr().err)
    assert f"{option} {os.devnull}: no certificates can be read" in line


@pytest.mark.parametrize("connections", ["0", "2"])
async def test_a_load_over_tls_with_a_password(
    site: tuple[int, Papers], connections: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    profile = tmp_path / "few.toml"
    profile.write_text("patience = 0.5\n[[curve]]\nrate = 20.0\nseconds = 0.5\n")
    words = ("load", "--profile", str(profile), "--mqtt", way(site), "--phones", "5")
    more = ("--connections", connections, "--json", "--metrics-url", "")
    # Nobody serves 4444 at this broker: what is sent is lost, and the run says so.
    assert await typed(*words, *more) == Exit.UNMET
    found: Any = json.loads(capsys.readouterr().out)
    assert found["summary"]["sent"] == found["summary"]["lost"] > 0
    assert found["summary"]["outage"] == {"first": 0, "broken": 0, "down": 0}
    assert "secret" not in json.dumps(found)


def gateway_on(port: int, papers: Papers, **more: str) -> list[str]:
    keys = {
        "broker": '"external"',
        "port": str(port),
        "username": f'"{papers.user}"',
        "password": f'"{papers.password}"',
        "tls.enabled": "true",
        "tls.ca": f'"{papers.ca}"',
        **more,
    }
    return [f"mqtt.{key}={value}" for key, value in keys.items()]


async def test_the_gateway_and_its_phones_over_tls_with_a_password(
    site: tuple[int, Papers], capsys: pytest.CaptureFixture[str]
) -> None:
    async with Simulator(*gateway_on(*site)):
        assert await typed("sms", *SMS[1:], "--json", "--mqtt", way(site)) == Exit.DONE
        (line,) = (one for one in capsys.readouterr().out.splitlines() if one.startswith('{"from"'))
        assert json.loads(line)["reply"]["from"] == "4444"
        more = ("--metrics-url", "", "--json")
        assert await typed(*LOAD, *more, "--scale", "0.2", "--mqtt", way(site)) == Exit.DONE


async def test_the_gateway_shows_its_certificate_where_it_is_asked_for(tmp_path: Path) -> None:
    with guarded_mosquitto(tmp_path, client_certificates=True) as (port, papers):
        shown = {"tls.certificate": f'"{papers.certificate}"', "tls.key": f'"{papers.key}"'}
        async with Simulator(*gateway_on(port, papers, **shown)) as sms:
            assert sms.mqtt == ("127.0.0.1", port)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"password": '"wrong"'}, r"may not connect\); check \[mqtt\] username and password"),
        ({"tls.ca": '""'}, r"certificate verify failed.*\); check \[mqtt.tls\], and that"),
        ({"tls.enabled": "false", "tls.ca": '""'}, r"start it, or set .*and \[mqtt.tls\], if it"),
    ],
    ids=["password", "untrusted", "in the clear"],
)
async def test_what_the_broker_does_not_like_is_told(
    site: tuple[int, Papers], wrong: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "_READY_S", 1.0)
    with pytest.raises(CannotStart, match=told):
        async with Simulator(*gateway_on(site[0], site[1], **wrong)):
            raise AssertionError("it started")
