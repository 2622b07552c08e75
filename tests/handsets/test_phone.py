"""The interactive phone: typed lines in, shown lines out, over a real broker."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.air.frames import CallDown, CallEvent
from gateway.air.topics import DownKind, UpKind
from gateway.core.numbers import Msisdn
from handsets import phone as phone_module
from handsets.phone import Screen, Typed, run_phone
from handsets.place import Place
from handsets.radio import NoBroker
from tests.handsets.fake_gateway import DEADLINE, desk, fake_gateway, quiet, reply
from tests.ports import free_port


class Person:
    """Types lines and watches the screen."""

    def __init__(self) -> None:
        self.seen = ""
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._changed = asyncio.Event()
        self.screen = Screen(self._write, "")

    def _write(self, text: str) -> None:
        self.seen += text
        self._changed.set()

    def type(self, *lines: str) -> None:
        for line in lines:
            self._typed.put_nowait(line)

    def leave(self) -> None:
        self._typed.put_nowait(None)

    async def sees(self, text: str) -> None:
        async with asyncio.timeout(DEADLINE):
            while text not in self.seen:
                self._changed.clear()
                await self._changed.wait()

    async def lines(self) -> AsyncIterator[str]:
        while (line := await self._typed.get()) is not None:
            yield line


async def test_an_evening_at_the_phone(broker: Place, msisdn: Msisdn) -> None:
    person = Person()
    async with fake_gateway(broker, desk) as gateway, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run_phone(msisdn, broker, person.lines(), person.screen))
        await person.sees("comes on at the broker")
        person.type("sms 4444 REG")
        await person.sees("SMS to 4444: accepted")
        await person.sees("SMS from 4444 [2018-02-26 08:00]: Terima kasih")
        incoming = CallDown("9", CallEvent.INCOMING, "6281299999999")
        await gateway.send(msisdn, DownKind.CALL, incoming)
        await person.sees("call from 081299999999: answer or reject?")
        person.type("reject")
        await gateway.until(lambda: bool(gateway.frames(UpKind.CALL)))
        person.type("dance", "status")
        await person.sees("1 SMS received")
        assert 'no command "dance"' in person.seen
        person.type("quit")
        await running
        await gateway.until(lambda: gateway.states() == ["online", "offline"])


async def test_the_end_of_a_script_waits_for_its_last_answer(broker: Place, msisdn: Msisdn) -> None:
    person = Person()
    person.type("sms 4444 REG")
    person.leave()
    async with fake_gateway(broker, desk):
        await run_phone(msisdn, broker, person.lines(), person.screen)
    assert "SMS to 4444: accepted" in person.seen


async def test_a_silent_network_does_not_hold_it(
    broker: Place, msisdn: Msisdn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_module, "_LAST_ANSWERS", 0.1)
    monkeypatch.setattr(phone_module, "_NO_WORD", 0.01)
    person = Person()
    person.type("sms 4444 REG")
    async with fake_gateway(broker, quiet), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run_phone(msisdn, broker, person.lines(), person.screen))
        await person.sees("no word from the network yet")
        person.leave()
        await running


async def test_what_came_while_it_was_off_is_shown(broker: Place, msisdn: Msisdn) -> None:
    person = Person()
    async with fake_gateway(broker) as gateway, asyncio.TaskGroup() as tasks:
        running = tasks.create_task(run_phone(msisdn, broker, person.lines(), person.screen))
        await gateway.until(lambda: gateway.states() == ["online"])
        await gateway.send(msisdn, *reply("5", "6281299999999", "hai"))
        await person.sees("SMS from 081299999999")
        person.leave()
        await running
        await gateway.until(lambda: len(gateway.frames(UpKind.ACK)) == 1)


async def test_no_broker(msisdn: Msisdn) -> None:
    person = Person()
    with pytest.raises(NoBroker):
        await run_phone(msisdn, Place("127.0.0.1", free_port()), person.lines(), person.screen)


# ---- lines from a descriptor


async def test_lines_from_a_pipe_come_as_they_are_written() -> None:
    reading, writing = os.pipe()
    typed = Typed(reading)
    os.write(writing, "sms 4444 nama \N{EURO SIGN}".encode()[:-1])
    os.write(writing, "\N{EURO SIGN}".encode()[-1:] + b"\nstatus\nqu")
    async with asyncio.timeout(DEADLINE):
        assert await anext(typed) == "sms 4444 nama \N{EURO SIGN}"
        assert await anext(typed) == "status"
        os.close(writing)
        assert [line async for line in typed] == ["qu"]
    os.close(reading)


async def test_lines_from_a_file(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("status\nquit\n")
    descriptor = os.open(script, os.O_RDONLY)
    async with asyncio.timeout(DEADLINE):
        assert [line async for line in Typed(descriptor)] == ["status", "quit"]
    os.close(descriptor)


# ---- the screen


def test_a_person_has_the_prompt_below_what_is_shown() -> None:
    written: list[str] = []
    screen = Screen(written.append, "0812> ")
    screen.show("SMS from 4444: Halo")
    screen.prompt()
    assert written == ["\r\x1b[KSMS from 4444: Halo\n0812> ", "\r\x1b[K0812> "]


def test_a_script_gets_plain_lines() -> None:
    written: list[str] = []
    screen = Screen(written.append, "")
    screen.show("SMS from 4444: Halo")
    screen.prompt()
    assert written == ["SMS from 4444: Halo\n"]
