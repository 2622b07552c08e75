from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest
from msgspec import structs
from typer.testing import CliRunner, Result

from gateway import cli_messages
from gateway.cli import app
from gateway.config import Config
from gateway.console.api import create_app
from gateway.console.server import ApiServer
from gateway.core.chance import Fixed
from gateway.core.events import Esme, MtSms, Presence, SmeAddress
from gateway.core.ledger import Rules
from gateway.core.numbers import Msisdn

from .console.small_gateway import SmallGateway

NUMBER = Msisdn("6281190000001")
_DEADLINE = 20


class Running:
    """A small gateway and its API, in a thread of its own."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.url = ""
        self._rules = rules or Config().rules()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="gateway")
        self._thread.start()
        assert self._ready.wait(_DEADLINE)

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.gateway = SmallGateway(self._rules)
        self.stopped = asyncio.Event()
        server = ApiServer(create_app(self.gateway), "127.0.0.1", 0)
        host, port = await server.start()
        self.url = f"http://{host}:{port}"
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.gateway.flow.run(), name="flow")
            tasks.create_task(server.run(), name="http")
            self._ready.set()
            await self.stopped.wait()
            await server.stop()
            self.gateway.flow.drain()

    def do(self, work: Any) -> Any:
        """Run a coroutine in the gateway's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(_DEADLINE)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.stopped.set)
        self._thread.join(_DEADLINE)

    def run(self, *arguments: str) -> Result:
        """Run a command against it."""
        return CliRunner().invoke(app, [*arguments, "--api", self.url])


@pytest.fixture(scope="module")
def shared() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


@pytest.fixture
def running() -> Iterator[Running]:
    running = Running()
    yield running
    running.stop()


def test_the_calendar_moves(running: Running) -> None:
    assert running.run("clock", "show").stdout == "2018-02-26T08:00:00+07:00  speed 0\n"
    assert running.run("clock", "set", "2018-03-05").stdout.startswith("2018-03-05T00:00:00+07:00")
    assert running.run("clock", "advance", "1d12h").stdout.startswith("2018-03-06T12:00:00+07:00")
    answer = json.loads(running.run("clock", "speed", "60", "--json").stdout)
    assert answer["speed"] == 60.0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["clock", "set", "2018-01-01"], "the calendar only moves forwards"),
        (["clock", "set", "tomorrow"], '"tomorrow" is no moment; write 2018-03-05'),
        (["clock", "advance", "1w"], '"1w" is no length of time'),
        (["clock", "speed", "--", "-1"], "speed: -1 is not between 0 and 1000000"),
    ],
)
def test_what_the_gateway_refuses_is_one_clear_line(
    shared: Running, arguments: list[str], expected: str
) -> None:
    if "--" in arguments:
        place = arguments.index("--")
        arguments = [*arguments[:place], "--api", shared.url, *arguments[place:]]
        result = CliRunner().invoke(app, arguments)
    else:
        result = shared.run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(expected)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["clock", "speed", "inf"], "FACTOR: inf is no speed; "),
        (["subscriber", "../clock"], 'MSISDN: "../clock" is no mobile number; '),
        (["messages", "12"], 'MSISDN: "12" is no mobile number; '),
    ],
)
def test_wrong_arguments_are_named_before_anybody_is_asked(
    arguments: list[str], expected: str
) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith(expected)
    assert result.stderr.count("\n") == 1


def test_a_subscriber_never_seen(shared: Running) -> None:
    assert shared.run("subscriber", "0811-9000-0009").stdout.splitlines() == [
        "6281190000009  Telkomsel (telkomsel), never seen",
        "  status  unregistered",
        "  stage   OPEN",
        "  barred  nothing",
        "  next    OUTGOING_BARRED at 2018-03-01T00:00:00+07:00",
        "  phone   none ever connected",
    ]


def test_a_registered_subscriber(running: Running) -> None:
    citizen = running.gateway.flow.rules.registry.citizen(0)
    running.do(running.gateway.decide(Presence(NUMBER, True)))
    text = f"ULANG {citizen.nik.digits}#{citizen.kk.digits}#"
    running.do(running.gateway.sms(NUMBER, "4444", text))
    lines = running.run("subscriber", NUMBER).stdout.splitlines()
    assert lines[0] == f"{NUMBER}  Telkomsel (telkomsel)"
    assert lines[1] == (f"  status  registered since 2018-02-26T08:00:00+07:00, NIK {citizen.nik}")
    assert lines[4:] == ["  next    nothing falls due", "  phone   on"]
    running.do(running.gateway.decide(Presence(NUMBER, False)))
    assert running.run("subscriber", NUMBER).stdout.endswith("phone   off\n")
    assert json.loads(running.run("subscriber", NUMBER, "--json").stdout)["known"] is True


def test_a_subscriber_whose_tries_failed_until_it_was_locked(running: Running) -> None:
    number = Msisdn("6281490000001")
    citizen, other = running.gateway.flow.rules.registry.citizens(2)
    text = f"ULANG#{citizen.nik.digits}#{other.kk.digits}#"
    running.do(running.gateway.sms(number, "4444", text))
    assert running.run("subscriber", number).stdout.splitlines()[2] == (
        "  failed  1 of the same data"
    )
    for ref in ("r2", "r3", "r4", "r5"):
        running.do(running.gateway.sms(number, "4444", text, ref))
    lines = running.run("subscriber", number).stdout.splitlines()
    assert lines[2:4] == [
        "  failed  5 of the same data",
        "  locked  no registration by SMS until 2018-02-27T08:00:00+07:00",
    ]


def test_a_subscriber_whose_verdict_is_pending() -> None:
    running = Running(structs.replace(Config().rules(), verdict_delay=Fixed(60_000)))
    try:
        citizen = running.gateway.flow.rules.registry.citizen(0)
        text = f"ULANG {citizen.nik.digits}#{citizen.kk.digits}#"
        running.do(running.gateway.sms(NUMBER, "4444", text))
        lines = running.run("subscriber", NUMBER).stdout.splitlines()
    finally:
        running.stop()
    assert lines[1:3] == [
        "  status  unregistered",
        "  verdict pending, at 2018-02-26T08:01:00+07:00",
    ]


def test_messages(running: Running) -> None:
    assert running.run("messages").stdout == ""
    running.do(running.gateway.sms(NUMBER, "4444", "hello"))
    request, reply = running.run("messages", "081190000001").stdout.splitlines()
    assert request == (f"1  2018-02-26T08:00:00+07:00  mo  {NUMBER} -> 4444  DELIVERED  hello")
    assert reply.startswith(f"2  2018-02-26T08:00:00+07:00  reply  4444 -> {NUMBER}  ENROUTE  ")
    answer = json.loads(running.run("messages", "--after", "1", "--json").stdout)
    assert [message["id"] for message in answer["messages"]] == ["2"]
    assert running.run("messages", "--limit", "1", "--wait", "5").exit_code == 0


def test_a_failed_message_and_its_receipt(running: Running) -> None:
    running.do(running.gateway.set_clock(1_524_200_000_000, None))
    bank, phone = SmeAddress(5, 0, "BANK"), SmeAddress(1, 1, NUMBER)
    running.do(
        running.gateway.decide(MtSms("BANK", NUMBER, "hello", Esme("a2p", 1, bank, phone, 1)))
    )
    message, receipt = running.run("messages").stdout.splitlines()
    assert message.endswith("  UNDELIVERABLE (error 13)  hello")
    assert receipt.endswith("  receipt of 1")


def test_waiting_in_vain(shared: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_messages, "_POLL_S", 0.02)
    result = shared.run("messages", "--after", "999", "--wait", "0.05")
    assert result.exit_code == 4
    assert result.stdout == ""


def test_no_gateway() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        url = f"http://127.0.0.1:{found.getsockname()[1]}"
    result = CliRunner().invoke(app, ["clock", "show", "--api", url])
    assert result.exit_code == 1
    assert result.stderr == (
        f"no gateway answers at {url}; start one with `gateway serve`, "
        "or name its API with --api http://HOST:PORT\n"
    )


def test_a_gateway_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_messages, "ANSWER_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        result = CliRunner().invoke(app, ["messages", "--api", url])
    assert result.exit_code == 1
    assert result.stderr == f"the gateway at {url} did not answer within 0.05 seconds\n"


@pytest.mark.parametrize("address", ["here", "ftp://127.0.0.1", "http://127.0.0.1:x", "http://"])
def test_no_address(address: str) -> None:
    result = CliRunner().invoke(app, ["clock", "show", "--api", address])
    assert result.exit_code == 2
    assert result.stderr == (
        f'--api: "{address}" is no address of an API; write http://HOST:PORT\n'
    )


def other_server(body: bytes, status: int) -> HTTPServer:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return HTTPServer(("127.0.0.1", 0), Other)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"<html>", 200, "what answers at {url} is no gateway; name its API with --api "),
        (b"[]", 500, "the gateway at {url} answered 500"),
        (b"{}", 404, "the gateway at {url} answered 404"),
    ],
)
def test_another_server_answers(body: bytes, status: int, expected: str) -> None:
    with other_server(body, status) as server:
        thread = threading.Thread(target=server.handle_request, name="other")
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        result = CliRunner().invoke(app, ["clock", "show", "--api", url])
        thread.join(_DEADLINE)
    assert result.exit_code == 1
    assert result.stderr.startswith(expected.format(url=url))


def test_the_environment_names_the_api(shared: Running) -> None:
    result = CliRunner().invoke(app, ["clock", "show"], env={"GATEWAY_API": f"{shared.url}/"})
    assert result.exit_code == 0


def test_proxies_of_the_environment_are_not_asked(shared: Running) -> None:
    result = CliRunner().invoke(
        app, ["clock", "show", "--api", shared.url], env={"HTTP_PROXY": "http://127.0.0.1:1"}
    )
    assert result.exit_code == 0


def test_the_api_answers_as_the_command_does(shared: Running) -> None:
    shown = json.loads(shared.run("subscriber", NUMBER, "--json").stdout)
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"{shared.url}/api/v1/subscribers/{NUMBER}").json() == shown
