"""The interactive phone: lines typed go to the phone, what happens to it is shown as it comes."""

from __future__ import annotations

import asyncio
import codecs
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable

from gateway.core.numbers import Msisdn
from handsets import lines
from handsets.commands import obey
from handsets.handset import Handset, Happening
from handsets.place import Place
from handsets.radio import Radio, on_air

# A script may end right after its last command: what it asked is still answered.
_LAST_ANSWERS = 2.0
_NO_WORD = 3.0


async def run_phone(
    msisdn: Msisdn, broker: Place, typed: AsyncIterator[str], screen: Screen
) -> None:
    """Be a phone until the typed lines end or one says quit. Raises NoBroker."""
    phone = Handset(msisdn, run=secrets.token_hex(6))
    answered = asyncio.Event()

    def tell(happening: Happening) -> None:
        screen.show(lines.happening(happening))
        if not phone.requests:
            answered.set()

    screen.show(f"{lines.number(msisdn)} comes on at the broker {broker}; type help, or quit")
    async with on_air(phone, broker, tell) as radio:
        silence = asyncio.get_running_loop().call_later(_NO_WORD, _hint, phone, broker, screen)
        try:
            await _obey_all(phone, radio, typed, screen)
            answered.clear()
            await _last_answers(phone, answered)
        finally:
            silence.cancel()


async def _obey_all(
    phone: Handset, radio: Radio, typed: AsyncIterator[str], screen: Screen
) -> None:
    async for line in typed:
        obeyed = obey(phone, line, radio.now())
        radio.wake()
        for shown in obeyed.shown:
            screen.show(shown)
        if obeyed.quits:
            return
        screen.prompt()


async def _last_answers(phone: Handset, answered: asyncio.Event) -> None:
    if phone.requests:
        try:
            async with asyncio.timeout(_LAST_ANSWERS):
                await answered.wait()
        except TimeoutError:
            for ref in list(phone.requests):
                phone.forget(ref)


def _hint(phone: Handset, broker: Place, screen: Screen) -> None:
    if phone.barring is None:
        screen.show(f"no word from the network yet: is a gateway connected to the broker {broker}?")


class Typed:
    """Lines from a file descriptor, whatever it is: a terminal, a pipe or a file.

    A thread reads them: an event loop can watch no regular file, and a terminal made
    non-blocking would be so for the shell too.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        # A daemon, because nothing can wake it from its read. It reads the descriptor itself:
        # a thread inside sys.stdin at exit ends the interpreter with an error.
        threading.Thread(target=self._read, name="typed lines", daemon=True).start()

    def __aiter__(self) -> Typed:
        return self

    async def __anext__(self) -> str:
        line = await self._lines.get()
        if line is None:
            raise StopAsyncIteration
        return line

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""
        while octets := self._octets():
            *whole, rest = (rest + decoder.decode(octets)).split("\n")
            for line in whole:
                self._give(line)
        if rest:
            self._give(rest)
        self._give(None)

    def _octets(self) -> bytes:
        try:
            return os.read(self._descriptor, 65_536)
        except OSError:
            return b""  # the terminal is gone

    def _give(self, line: str | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)
        except RuntimeError:
            return  # the loop ended first


class Screen:
    """Shows lines above a prompt, where there is a person at a terminal."""

    def __init__(self, write: Callable[[str], None], prompt: str) -> None:
        self._write = write
        self._prompt = prompt

    def show(self, line: str) -> None:
        """Show a line; the prompt comes after it again."""
        if self._prompt:
            self._write(f"\r\x1b[K{line}\n{self._prompt}")
        else:
            self._write(f"{line}\n")

    def prompt(self) -> None:
        """Ask for the next line."""
        if self._prompt:
            self._write(f"\r\x1b[K{self._prompt}")
