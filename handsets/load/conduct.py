"""Conducts a run from its start to its result: alone, or with agents (crew.py)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from handsets.load.curve import Closed
from handsets.load.job import Job, Prepared
from handsets.load.metrics import Metrics
from handsets.load.result import Agent, Reading, Result
from handsets.load.screen import Screen
from handsets.load.tally import Tally, by_second
from handsets.load.watch import Watch

T = TypeVar("T")


class Came(Struct):
    """What a conducted run brought; `interrupted` by Ctrl-C or SIGTERM."""

    tallies: list[Tally]
    readings: tuple[Reading, ...] = ()
    agents: tuple[Agent, ...] = ()
    ended_early: str = ""
    interrupted: bool = False


class Conductor:
    """Watches a run: shows its progress, and stops it when it must end early."""

    def __init__(self, job: Job, screen: Screen, stop: Callable[[], None]) -> None:
        """`stop` is called once, when the run is to send no more."""
        self._watch = Watch(job.profile.abort, job.profile.curve.seconds)
        self._screen = screen
        self._stop = stop
        self.came = Came([])

    def tell(self, tally: Tally) -> None:
        """Take the next second."""
        self.came.tallies.append(tally)
        why = self._watch.see(tally)
        self._screen.show(self._watch)
        if why:
            self.end_early(why)

    def interrupt(self) -> None:
        """End for somebody who does not want to wait."""
        self.came.interrupted = True
        self.end_early("interrupted")

    def end_early(self, why: str) -> None:
        """Have no more sent."""
        if not self.came.ended_early:
            self.came.ended_early = why
            self._stop()


async def alone(job: Job, screen: Screen, metrics: str) -> Came:
    """Run a job in this process. Raises NoTarget."""
    prepared: list[Prepared] = []
    conductor = Conductor(job, screen, lambda: prepared[0].stop())
    prepared.append(Prepared(job, conductor.tell))
    if job.mqtt is not None and (job.mqtt.switched_on or not job.mqtt.connections):
        screen.say(f"switching {job.profile.people.numbers:,} phones on ...")
    await prepared[0].open()
    async with followed(metrics) as metered:
        with interrupted_by_signals(conductor.interrupt):
            await prepared[0].run()
    conductor.came.readings = tuple(metered.readings)
    return conductor.came


@contextlib.asynccontextmanager
async def followed(url: str) -> AsyncIterator[Metrics]:
    """Read the target's metrics meanwhile; none without an address."""
    metrics = Metrics(url)
    task = asyncio.create_task(metrics.follow(), name="load metrics") if url else None
    try:
        yield metrics
    finally:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@contextlib.contextmanager
def interrupted_by_signals(interrupt: Callable[[], None]) -> Iterator[None]:
    """Call `interrupt` for SIGINT and SIGTERM; a second one ends the process as ever."""
    loop = asyncio.get_running_loop()
    taken = (signal.SIGINT, signal.SIGTERM)

    def on_signal() -> None:
        interrupt()
        release()

    def release() -> None:
        for one in taken:
            loop.remove_signal_handler(one)

    # Signals come to the main thread only; Windows' event loop takes none.
    if threading.current_thread() is threading.main_thread():
        with contextlib.suppress(NotImplementedError):
            for one in taken:
                loop.add_signal_handler(one, on_signal)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            with contextlib.suppress(NotImplementedError):
                release()


def result_of(job: Job, came: Came, started: datetime) -> Result:
    """Make the result of what came."""
    profile = job.profile
    return Result(
        name=profile.name,
        about=profile.about,
        target=str(job.smpp.place if job.smpp else job.mqtt.place if job.mqtt else ""),
        way=way_of(job),
        started=started.isoformat(timespec="seconds"),
        seed=profile.seed,
        seconds=profile.curve.seconds,
        tallies=by_second(came.tallies),
        ended_early=came.ended_early,
        agents=came.agents,
        readings=came.readings,
    )


def way_of(job: Job) -> str:
    """Say how a job's messages go."""
    ways = []
    if job.smpp is not None:
        tls = " over TLS" if job.smpp.tls else ""
        ways.append(
            f"SMPP at {job.smpp.place}{tls}, {job.smpp.sessions} sessions x window"
            f" {job.smpp.window}{'' if job.mqtt else f' as {job.smpp.account.system_id}'}"
        )
    if job.mqtt is not None:
        on = ", switched on before" if job.mqtt.switched_on else ""
        carried = (
            f"phones multiplexed over {job.mqtt.connections} connections{on}"
            if job.mqtt.connections
            else "each phone on its own connection"
        )
        ways.append(f"MQTT at {job.mqtt.place}, {carried}")
    curve = job.profile.curve
    loop = f"closed loop of {curve.window}" if isinstance(curve, Closed) else "open loop"
    return f"{'; '.join(ways)}; {loop}"


def run_fast(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, with uvloop where the platform has it."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(work)
    return uvloop.run(work)


def write_text(path: Path, text: str) -> str:
    """Write a file; gives what went wrong, "" if nothing."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as trouble:
        return f"{path}: cannot be written ({trouble.strerror})"
    return ""
