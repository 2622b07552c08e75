"""The embedded broker starts, says why it cannot, stops, and comes back when it dies."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest
from iotcore import Broker
from structlog.testing import capture_logs

from gateway.links import broker as module
from gateway.links.broker import BrokerFailed, EmbeddedBroker
from gateway.listening import CannotListen
from tests.gateway.links.air_phones import DEADLINE_S, RawClient, eventually


def accepts(place: tuple[str, int]) -> bool:
    try:
        RawClient(place).close()
    except OSError:
        return False
    return True


def children() -> set[int]:
    """List the processes of this test that run a broker."""
    task = Path(f"/proc/{os.getpid()}/task")
    found = {int(pid) for path in task.glob("*/children") for pid in path.read_text().split()}
    return {pid for pid in found if b"iotcore" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def blocked_signals(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("SigBlk:")[1].split()[0], 16)


async def test_port_0_takes_a_free_port_on_this_address_only(broker: EmbeddedBroker) -> None:
    host, port = broker.place
    assert host == "127.0.0.1"
    assert port > 0
    assert accepts(broker.place)


async def test_a_stop_frees_the_port_and_a_start_takes_it_again(broker: EmbeddedBroker) -> None:
    place = broker.place
    await broker.stop()
    await broker.stop()
    assert not accepts(place)
    assert await broker.start() == place
    assert accepts(place)


async def test_a_name_is_resolved() -> None:
    broker = EmbeddedBroker("localhost", 0)
    host, _ = await broker.start()
    await broker.stop()
    assert host == "127.0.0.1"


async def test_a_port_in_use_names_place_and_remedy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            CannotListen, match=rf"127\.0\.0\.1:{port}: the port is in use; .*--set"
        ):
            await EmbeddedBroker("127.0.0.1", port).start()


@pytest.mark.parametrize("host", ["::1", "no.such.host.invalid", "192.0.2.1"])
async def test_an_address_that_cannot_be_listened_on_names_the_remedy(host: str) -> None:
    with pytest.raises(CannotListen, match=r"set \[mqtt\] host"):
        await EmbeddedBroker(host, 0).start()


async def test_a_broker_that_does_not_come_up_names_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def start(self: Broker, timeout: float) -> Broker:
        raise RuntimeError("exited with code 1")

    monkeypatch.setattr(Broker, "start", start)
    with pytest.raises(BrokerFailed, match="external"):
        await EmbeddedBroker("127.0.0.1", 0).start()


async def test_a_port_that_is_snatched_away_is_tried_again_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[int] = []
    true_start = Broker.start

    def start(self: Broker, timeout: float) -> Broker:
        tried.append(self.port)
        if len(tried) == 1:
            raise OSError("Address already in use")
        return true_start(self, timeout)

    monkeypatch.setattr(Broker, "start", start)
    broker = EmbeddedBroker("127.0.0.1", 0)
    await broker.start()
    await broker.stop()
    assert len(tried) == 2
    tried.clear()
    with pytest.raises(CannotListen, match="another port"):
        await EmbeddedBroker("127.0.0.1", broker.place[1]).start()


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc to find the child")
async def test_a_broker_that_dies_is_started_again_on_its_port(broker: EmbeddedBroker) -> None:
    before = children()
    with capture_logs() as logs:
        task = asyncio.create_task(broker.run())
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await eventually(lambda: any("is back" in line["event"] for line in logs))
        task.cancel()
    assert [line["log_level"] for line in logs] == ["error", "info"]
    assert "ended unexpectedly" in logs[0]["event"]
    assert accepts(broker.place)
    assert children().isdisjoint(before)


async def test_a_restart_is_tried_until_it_works(
    broker: EmbeddedBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE_FIRST_S", 0.01)
    with capture_logs() as logs:
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            await broker.stop()
            other.bind(broker.place)
            other.listen()
            task = asyncio.create_task(broker._start_again())
            await eventually(lambda: bool(logs))
        await asyncio.wait_for(task, DEADLINE_S)
    assert "still down" in logs[0]["event"]
    assert "in use" in logs[0]["why"]
    assert "is back" in logs[-1]["event"]
    assert accepts(broker.place)


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc to find the child")
async def test_ctrl_c_does_not_reach_the_broker(broker: EmbeddedBroker) -> None:
    for pid in children():
        os.kill(pid, signal.SIGINT)
        assert blocked_signals(pid) & (1 << (signal.SIGINT - 1))
    assert accepts(broker.place)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


async def test_a_free_port_is_none_that_an_outgoing_connection_could_be_given() -> None:
    started = EmbeddedBroker("127.0.0.1", 0)
    _, port = await started.start()
    await started.stop()
    assert 20_000 <= port < 32_768
