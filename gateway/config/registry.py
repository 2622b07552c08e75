"""[registry]: the simulated civil registry, its people's troubles and its own."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from gateway.config.citizens_file import load_citizens
from gateway.config.faults import parse_moment
from gateway.config.notes import Notes
from gateway.config.places import Path
from gateway.core.numbers import BadIdentity, Kk, parse_kk, parse_nik
from gateway.core.registration.citizens import MAX_POPULATION, Population, Registry, RegistryMode
from gateway.core.registration.listed import ListedPopulation
from gateway.core.registration.records import Person, Records, Shares, Standing


class PersonState(Enum):
    """How a person of [[registry.people]] stands with the registry."""

    SOUND = "sound"
    BLOCKED = "blocked"
    DUPLICATE = "duplicate"
    UNSYNCHRONISED = "unsynchronised"


class PersonConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[registry.people]]; kk "" is the population's own."""

    nik: str
    kk: str = ""
    state: PersonState = PersonState.SOUND
    synchronised_on: str = ""


class OutageConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[registry.outages]]; dates or moments on the calendar, as ISO 8601."""

    begins: str
    ends: str


class RegistryConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[registry]; the same seed and population make the same citizens on every machine.

    The shares are of the population, `lost_success` is of the answers.
    """

    mode: RegistryMode = RegistryMode.SYNTHETIC
    seed: int = 4444
    population: int = 100_000_000
    citizens: str = ""
    kk_changed: float = 0.0
    blocked: float = 0.0
    duplicate: float = 0.0
    unsynchronised: float = 0.0
    synchronised_on: str = "2018-03-13"
    lost_success: float = 0.0
    people: tuple[PersonConfig, ...] = ()
    outages: tuple[OutageConfig, ...] = ()

    def population_of(self) -> Population:
        """Give the people; raises ValueError for a file that was not checked."""
        if not self.citizens:
            return Registry(self.seed, self.population, self.mode)
        loaded = load_citizens(self.citizens)
        if not isinstance(loaded, ListedPopulation):
            raise ValueError(f"[registry] citizens {loaded[0].what}")
        return loaded

    def records(self, population: Population) -> Records | None:
        """Give the troubles of single people; None where nobody has any."""
        shares = Shares(
            self.kk_changed,
            self.blocked,
            self.duplicate,
            self.unsynchronised,
            _moment(self.synchronised_on),
        )
        if shares.none and not self.people:
            return None
        people = {row.nik: _person(row) for row in self.people}
        return Records(population, self.seed, shares, people)

    def outage_times(self) -> tuple[tuple[int, int], ...]:
        """Give the outages in milliseconds, in order; those that overlap are one."""
        times: list[tuple[int, int]] = []
        for begins, ends in sorted(
            (_moment(row.begins), _moment(row.ends)) for row in self.outages
        ):
            if times and begins <= times[-1][1]:
                times[-1] = times[-1][0], max(times[-1][1], ends)
            else:
                times.append((begins, ends))
        return tuple(times)


def _moment(text: str) -> int:
    return parse_moment(text) if text else 0


def _person(row: PersonConfig) -> Person:
    kk = Kk(row.kk) if row.kk else None
    return Person(Standing(row.state.value), kk, _moment(row.synchronised_on))


# ---- what a configuration's values must keep to


def check_registry(config: RegistryConfig, notes: Notes) -> None:
    """Report what the types let pass."""
    path: Path = ("registry",)
    if not 1 <= config.population <= MAX_POPULATION:
        what = f"is {config.population}"
        notes.note((*path, "population"), what, f"write 1 to {MAX_POPULATION} citizens")
    for key in ("kk_changed", "blocked", "duplicate", "unsynchronised", "lost_success"):
        share = getattr(config, key)
        if not 0 <= share <= 1:
            notes.note((*path, key), f"is {share:g}, no share", "write 0.0 for none to 1.0 for all")
    together = config.kk_changed + config.blocked + config.duplicate + config.unsynchronised
    # Tenths do not add up to the last bit.
    if together > 1.000001 and together <= 4:
        notes.note(
            (*path, "unsynchronised"),
            f"makes the shares {together:g} together",
            "let kk_changed, blocked, duplicate and unsynchronised be 1.0 at most together",
        )
    _check_moment(config.synchronised_on, (*path, "synchronised_on"), notes, needed=False)
    if config.citizens:
        loaded = load_citizens(config.citizens)
        if not isinstance(loaded, ListedPopulation):
            for bad in loaded:
                notes.note((*path, "citizens"), bad.what, bad.remedy)
    for index, person in enumerate(config.people):
        _check_person(person, (*path, "people", index), notes)
    for index, outage in enumerate(config.outages):
        _check_outage(outage, (*path, "outages", index), notes)


def _check_person(row: PersonConfig, path: Path, notes: Notes) -> None:
    for key, parsed in (("nik", parse_nik(row.nik)), ("kk", parse_kk(row.kk))):
        written = getattr(row, key)
        if isinstance(parsed, BadIdentity) and (written or key == "nik"):
            notes.note((*path, key), f"is wrong: {parsed.detail}", "write sixteen digits")
        elif written and not isinstance(parsed, BadIdentity) and written != parsed.digits:
            notes.note((*path, key), "is grouped", "write sixteen digits and nothing else")
    _check_moment(row.synchronised_on, (*path, "synchronised_on"), notes, needed=False)
    if row.synchronised_on and row.state is not PersonState.UNSYNCHRONISED:
        notes.note(
            (*path, "synchronised_on"),
            f'is given, but state is "{row.state.value}"',
            'drop it, or write state = "unsynchronised"',
        )


def _check_outage(row: OutageConfig, path: Path, notes: Notes) -> None:
    sound = [
        _check_moment(getattr(row, key), (*path, key), notes, needed=True)
        for key in ("begins", "ends")
    ]
    if all(sound) and _moment(row.begins) >= _moment(row.ends):
        notes.note((*path, "ends"), f"is {row.ends}, not after it begins", "write a later moment")


def _check_moment(text: str, path: Path, notes: Notes, *, needed: bool) -> bool:
    """Report what is no moment; tells whether it is one."""
    if not notes.sound(path) or (not text and not needed):
        return False
    try:
        parse_moment(text)
    except ValueError:
        notes.note(path, f'is "{text}", no date or moment', 'write "2018-02-28T06:00"')
        return False
    return True
