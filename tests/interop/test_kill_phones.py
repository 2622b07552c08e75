"""kill -9 while phones wait: each ends with one registration and one reply, however often asked."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import httpx
import pytest

from gateway.air.frames import ResultStatus
from gateway.core.numbers import Msisdn, ShortCode
from gateway.core.registration.citizens import Registry
from handsets.handset import Answered, Handset, Happening, SmsReceived
from handsets.place import Place
from handsets.radio import on_air
from tests.interop.mosquitto import mosquitto
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

PHONES = 60
DEADLINE_S = 60


class Story:
    """What all phones saw; `enough` is set when the wanted number of answers is in."""

    def __init__(self) -> None:
        self.answered: dict[str, ResultStatus] = {}
        self.replies: dict[str, set[str]] = {}
        self._changed = asyncio.Condition()

    async def note(self, msisdn: str, happening: Happening) -> None:
        async with self._changed:
            match happening:
                case Answered(_, result):
                    self.answered[msisdn] = result.status
                case SmsReceived(sms):
                    self.replies.setdefault(msisdn, set()).add(sms.id)
                case _:
                    return
            self._changed.notify_all()

    async def until(self, answered: int, replied: int) -> None:
        async with asyncio.timeout(DEADLINE_S), self._changed:
            await self._changed.wait_for(
                lambda: len(self.answered) >= answered and len(self.replies) >= replied
            )


async def test_phones_get_one_registration_and_one_reply_through_a_kill(tmp_path: Path) -> None:
    registry = Registry(seed=4444)
    story = Story()
    with mosquitto(tmp_path) as broker:
        sets = ('mqtt.broker="external"', f"mqtt.port={broker}")
        async with contextlib.AsyncExitStack() as stack:
            with Served(tmp_path, *sets) as served:
                await asyncio.to_thread(served.ready)
                await switch_on(stack, broker, registry, story)
                await story.until(answered=PHONES // 4, replied=1)
                served.kill()
            before = dict(story.answered)
            with Served(tmp_path, *sets) as served:
                ready = await asyncio.to_thread(served.ready)
                await story.until(answered=PHONES, replied=PHONES)
                assert set(story.answered.values()) == {ResultStatus.ACCEPTED}
                assert before.items() <= story.answered.items()
                async with httpx.AsyncClient(
                    base_url=f"http://127.0.0.1:{ready['http']['port']}/api/v1"
                ) as api:
                    for msisdn in story.answered:
                        found = (await api.get(f"/subscribers/{msisdn}")).json()
                        assert found["status"] == "registered"
                        messages = (await api.get("/messages", params={"msisdn": msisdn})).json()
                        kinds = [message["kind"] for message in messages["messages"]]
                        assert sorted(kinds) == ["mo", "reply"], msisdn
                assert {len(ids) for ids in story.replies.values()} == {1}
                await stack.aclose()
                assert await asyncio.to_thread(served.stop) == 0


async def switch_on(
    stack: contextlib.AsyncExitStack, broker: int, registry: Registry, story: Story
) -> None:
    """Put all phones on the air, each with its registration to send."""
    tasks = await stack.enter_async_context(asyncio.TaskGroup())
    for number in range(PHONES):
        msisdn = Msisdn(f"62812{number * 7_919 % 10_000_000:07d}")
        handset = Handset(msisdn, "kill")

        def tell(happening: Happening, msisdn: str = msisdn) -> None:
            tasks.create_task(story.note(msisdn, happening), name=f"note {msisdn}")

        radio = await stack.enter_async_context(on_air(handset, Place("127.0.0.1", broker), tell))
        person = registry.citizen(number)
        text = f"REG {person.nik.digits}#{person.kk.digits}#"
        handset.send_sms(ShortCode("4444"), text, radio.now())
        radio.wake()
