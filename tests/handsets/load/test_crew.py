"""Agents and their conductor over a real broker, against a real socket."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from rich.console import Console

from handsets.broker import broker_at
from handsets.load import crew as crew_module
from handsets.load.agent import own_name, serve
from handsets.load.conduct import Came
from handsets.load.crew import together
from handsets.load.job import Job
from handsets.load.profile import Profile, read_profile
from handsets.load.screen import Screen
from handsets.load.tally import total_of
from handsets.load.target import Account, NoTarget, SmppTarget
from handsets.place import Place
from tests.handsets.fake_smsc import fake_smsc
from tests.ports import free_port

QA = Account("qa", "qa")


def job(smsc: Place) -> Job:
    table = {"curve": [{"kind": "constant", "rate": 200.0, "seconds": 0.3}], "patience": 5.0}
    profile = read_profile(table, "small", lambda _file, _column: "none")
    assert isinstance(profile, Profile)
    return Job(profile, SmppTarget(smsc, QA, QA, sessions=1, window=5))


@asynccontextmanager
async def agents(broker: Place, group: str, many: int) -> AsyncIterator[list[str]]:
    said: list[str] = []
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(serve(broker_at(broker), group, False, said.append))
            for _ in range(many)
        ]
        yield said
        for task in running:
            task.cancel()


async def conducted(broker: Place, smsc: Place, group: str, many: int) -> Came:
    screen = Screen(Console(file=io.StringIO()), quiet=True)
    return await together(job(smsc), screen, "", broker_at(broker), group, many)


async def test_two_agents_send_together_and_their_counts_add_up(broker: Place) -> None:
    async with fake_smsc() as smsc, agents(broker, "two", 2) as said:
        came = await conducted(broker, smsc.place, "two", 2)
        again = await conducted(broker, smsc.place, "two", 1)
        submits = len(smsc.submits)
    total = total_of(came.tallies)
    assert 30 < total.sent == total.replied < 100
    assert sum(total.reply.values()) == total.replied
    assert [agent.state for agent in came.agents] == ["done", "done"]
    assert submits == total.sent + total_of(again.tallies).sent
    numbers = {submit.source_addr for submit in smsc.submits[: total.sent]}
    assert len(numbers) == total.sent
    assert any("part 2 of 2" in line for line in said)


async def test_an_agent_that_cannot_reach_the_target_is_named(broker: Place) -> None:
    async with agents(broker, "lost", 1):
        place = Place("127.0.0.1", free_port())
        with pytest.raises(NoTarget, match=r"agent .*: no SMSC answers at"):
            await conducted(broker, place, "lost", 1)


async def test_too_few_agents(broker: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew_module, "_GATHER_S", 0.0)
    with pytest.raises(NoTarget, match="0 of 2 agents answered in the group nobody; start them"):
        await conducted(broker, Place("127.0.0.1", 1), "nobody", 2)


async def test_no_broker() -> None:
    place = Place("127.0.0.1", free_port())
    with pytest.raises(NoTarget, match=f"no MQTT broker takes us at {place}"):
        await conducted(place, place, "x", 1)
    with pytest.raises(NoTarget, match="or name another with --broker HOST:PORT"):
        await serve(broker_at(place), "x", True, lambda _line: None)


def test_names_differ() -> None:
    assert own_name() != own_name()
