"""A scenario played: its phones come on the air and live, until all lives are over."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path
from random import Random

from msgspec import Struct

from gateway.core.numbers import Msisdn, national_form
from gateway.core.registration.citizens import Registry
from handsets.broker import Broker
from handsets.fleet.life import Life, Switch
from handsets.fleet.result import FleetResult, failing_of, stories_of
from handsets.fleet.scenario import Scenario, Story
from handsets.handset import ContactLost, Happening
from handsets.load.people import Writers, number
from handsets.load.profile import People
from handsets.switchboard import Phone, Switchboard, switchboard

_LOOK_S = 0.25
_PAGE = 4096
_INBOX_MOST = 20


class Manner(Struct, frozen=True):
    """How to play; times in seconds. `shared`: over how many connections phones share, 0: none."""

    broker: Broker
    shared: int = 0
    qos: int = 0
    keepalive: int = 240
    patience: float = 600.0
    stay: float = 0.0
    first: int = 0


class Progress(Struct, frozen=True):
    """How far it is."""

    seconds: float
    phones: int
    on: int
    kept: int
    missed: int
    memory_per_phone: int
    trouble: str


class NobodyOn(Exception):
    """Not one phone came on the air: the line says why, and what to do."""


class _Living:
    """One phone and its life; woken by what happens and by its next moment."""

    __slots__ = ("_board", "_counted", "_due_at", "_over", "life", "phone")

    def __init__(
        self, board: Switchboard, msisdn: Msisdn, life: Callable[[Phone], Life], over: Over
    ) -> None:
        self._board = board
        self._over = over
        self._due_at = float("inf")
        self._counted = False
        self.phone = board.phone(msisdn, self.heard, inbox_most=_INBOX_MOST)
        self.life = life(self.phone)

    def begin(self) -> None:
        """Come on the air and live."""
        self.phone.switch_on()
        self.turn()

    def heard(self, phone: Phone, happening: Happening) -> None:
        """Something happened to the phone."""
        if isinstance(happening, ContactLost):
            self._over.reconnections += 1
        self.life.hear(happening)
        self.turn()

    def turn(self) -> None:
        """Do what the story has next."""
        life, wires = self.life, self._board.wires
        while (switch := life.turn(wires.now(), on=self.phone.on)) is not Switch.STAY:
            if switch is Switch.ON:
                self.phone.switch_on()
            else:
                self.phone.switch_off()
        self.phone.wake()
        # Switching on may come back here before it returns.
        if life.over and not self._counted:
            self._counted = True
            self._over.count(life)
        now = wires.now()
        if life.next_at < float("inf") and (life.next_at < self._due_at or self._due_at <= now):
            self._due_at = life.next_at
            wires.at(self._due_at, self.turn)


class Over:
    """Counts the lives that are over, and what else happened to all of them."""

    def __init__(self, lives: int) -> None:
        self.all = asyncio.Event()
        self.kept = 0
        self.missed = 0
        self.reconnections = 0
        self._left = lives

    def count(self, life: Life) -> None:
        """A life is over."""
        if life.missed is None:
            self.kept += 1
        else:
            self.missed += 1
        self._left -= 1
        if not self._left:
            self.all.set()


class Fleet:
    """A scenario on the air."""

    def __init__(self, scenario: Scenario, manner: Manner, board: Switchboard) -> None:
        self._scenario = scenario
        self._manner = manner
        self._board = board
        self._chance = Random(scenario.seed)
        self._memory = _memory()
        self._per_phone = 0
        self._began = board.wires.now()
        self._all_on: float | None = None
        self._most_on = 0
        self._over = Over(scenario.phones)
        self._numbers = _numbers(scenario, self._chance, manner.first)
        self._registry = Registry(scenario.people_seed, scenario.population)
        self._writers = Writers(
            People(seed=scenario.people_seed, population=scenario.population), self._chance
        )
        stories = [story for story in scenario.stories if story.weight]
        weights = [story.weight for story in stories]
        chosen = self._chance.choices(stories, weights, k=scenario.phones)
        self._living = [self._alive(at, story) for at, story in enumerate(chosen)]

    def _alive(self, at: int, story: Story) -> _Living:
        operator, msisdn = self._numbers[at]
        words = self._words(operator, msisdn, at)
        seed = self._chance.getrandbits(64)
        return _Living(
            self._board,
            msisdn,
            lambda phone: Life(story, phone.handset, words, Random(seed)),
            self._over,
        )

    def _words(self, operator: str, msisdn: Msisdn, at: int) -> dict[str, str]:
        person = self._manner.first + at
        citizen = self._registry.citizen(person % self._scenario.population)
        others = len(self._numbers)
        peer = (at + 1 + self._chance.randrange(max(1, others - 1))) % others
        return {
            "reg": self._writers.written(operator, citizen),
            "nik": citizen.nik.digits,
            "kk": citizen.kk.digits,
            "wrong_kk": self._registry.wrong_kk(citizen).digits,
            "unknown_nik": self._registry.unknown_nik(citizen).digits,
            "me": national_form(msisdn),
            "peer": self._numbers[peer][1],
        }

    async def live(self, show: Callable[[Progress], None]) -> None:
        """Let all come on and live; `show` is called now and then. Raises NobodyOn."""
        wires = self._board.wires
        for living in self._living:
            wires.at(self._began + self._chance.random() * self._scenario.arrival, living.begin)
        until = self._began + self._manner.patience
        while not self._over.all.is_set() and wires.now() < until:
            await self._look(self._over.all, show)
        until = wires.now() + self._manner.stay
        while wires.now() < until:
            await self._look(None, show)
        if not self._most_on:
            raise NobodyOn(self._trouble() or "no phone came on the air; give more --timeout")

    async def _look(self, over: asyncio.Event | None, show: Callable[[Progress], None]) -> None:
        if over is None:
            await asyncio.sleep(_LOOK_S)
        else:
            try:
                async with asyncio.timeout(_LOOK_S):
                    await over.wait()
            except TimeoutError:
                pass
        on, phones = self._board.on, self._scenario.phones
        self._most_on = max(self._most_on, on)
        self._per_phone = max(self._per_phone, (_memory() - self._memory) // phones)
        seconds = self._board.wires.now() - self._began
        if on == phones and self._all_on is None:
            self._all_on = seconds
        kept, missed = self._over.kept, self._over.missed
        show(Progress(seconds, phones, on, kept, missed, self._per_phone, self._trouble()))

    def _trouble(self) -> str:
        whys = (living.phone.why for living in self._living if living.phone.wished)
        return next((why for why in whys if why), "")

    def result(self) -> FleetResult:
        """Tell what became of all."""
        lives = [living.life for living in self._living]
        shared = self._manner.shared
        return FleetResult(
            scenario=self._scenario.name,
            phones=len(lives),
            shape=f"over {shared} shared connections" if shared else "a connection each",
            seed=self._scenario.seed,
            all_on_after=self._all_on,
            most_on=self._most_on,
            seconds=self._board.wires.now() - self._began,
            memory_per_phone=self._per_phone,
            reconnections=self._over.reconnections,
            stories=stories_of((story.name for story in self._scenario.stories), lives),
            failing=failing_of(lives),
        )


async def play(scenario: Scenario, manner: Manner, show: Callable[[Progress], None]) -> FleetResult:
    """Play a scenario to its end, or until `patience` is over. Raises NobodyOn, BadCertificates."""
    async with switchboard(
        manner.broker,
        Random(secrets.randbits(64)),
        shared=manner.shared,
        qos=manner.qos,
        keepalive=manner.keepalive,
    ) as board:
        fleet = Fleet(scenario, manner, board)
        await fleet.live(show)
        return fleet.result()


def _numbers(scenario: Scenario, chance: Random, first: int) -> list[tuple[str, Msisdn]]:
    """Give each phone an operator and a number."""
    operators = list(scenario.operators)
    chosen = chance.choices(operators, list(scenario.operators.values()), k=scenario.phones)
    return [(one, Msisdn(number(one, first + at))) for at, one in enumerate(chosen)]


def _memory() -> int:
    """Give the octets that this process holds in memory, where the system tells it."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE
    except OSError:
        return 0
