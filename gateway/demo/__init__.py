"""`gateway demo`: the whole flow as a narrated story, on real phones over a real broker.

story.py is the story as data, narrator.py plays it and tells what each step brings, on the phones
of phone.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from gateway.config import Config, load
from gateway.demo.narrator import READING_S, Show, Story
from gateway.demo.story import STORY
from gateway.node import CannotStart, Gateway, running
from handsets.handset import BarringChanged
from handsets.place import Place
from handsets.radio import on_air


def demo_config(folder: Path) -> Config:
    """Give the built-in configuration on free ports and a temporary database."""
    found = load(
        None,
        [
            "smpp.port=0",
            "mqtt.port=0",
            "http.port=0",
            f'store.path="{folder / "demo.sqlite3"}"',
            'clock.now="2018-02-26T08:00:00+07:00"',
        ],
    )
    if not isinstance(found, Config):
        raise CannotStart(f"the demo's own configuration is wrong: {found}")
    return found


@contextlib.asynccontextmanager
async def _phones_on(story: Story, broker: Place) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as stack:
        for msisdn, phone in story.phones.items():
            story.radios[msisdn] = await stack.enter_async_context(
                on_air(phone.handset, broker, phone.tell)
            )
        for phone in story.phones.values():
            await phone.until(lambda one: isinstance(one, BarringChanged))
        yield


async def run(once: bool, show: Show, *, hurry: bool = False) -> int:
    """Play the story; then end (`once`) or keep the gateway up for playing on.

    `hurry` leaves out the pauses for a reader. Gives the exit code; raises CannotStart.
    """
    with tempfile.TemporaryDirectory(prefix="gateway-demo-") as name:
        async with running(demo_config(Path(name))) as gateway:
            story = Story(gateway, gateway.flow.rules.registry, show, 0 if hurry else READING_S)
            gateway.feed.watch(story.watch)
            _introduce(gateway, show)
            async with _phones_on(story, Place(*gateway.listeners["mqtt"])):
                await story.play(STORY)
                story.conclude()
            if not once:
                await _stay(gateway, show)
    return 0


def _introduce(gateway: Gateway, show: Show) -> None:
    show("Prepaid-SIM registration, Indonesia 2018: REG NIK#KK# to 4444.")
    show("Six phones on MQTT, a gateway with its SMSC, 4444's desk and a simulated civil registry.")
    show("All identities are synthetic; reply texts marked invented in the catalogue are ours.")
    addresses = ", ".join(f"{name} {h}:{p}" for name, (h, p) in gateway.listeners.items())
    show(f"Listening: {addresses}")


async def _stay(gateway: Gateway, show: Show) -> None:
    smpp, mqtt, http = (gateway.listeners[name] for name in ("smpp", "mqtt", "http"))
    show("")
    show("The gateway stays up; Ctrl-C ends it. Try, in another terminal:")
    show(f"  handsets phone 081290000007 --mqtt {mqtt[0]}:{mqtt[1]}")
    show(f"  gateway subscriber 088190000006 --api http://{http[0]}:{http[1]}")
    show(f"  an ESME of your own: SMPP {smpp[0]}:{smpp[1]}, system_id qa, password qa")
    await asyncio.Event().wait()
