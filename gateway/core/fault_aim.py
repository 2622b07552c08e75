"""When a fault strikes: rules made ready, and asked of one thing that happens.

`arm` makes rules ready; `Faults.of` gives those of an account, by the point where they strike;
`Armed.strikes` decides. Chance comes from the seed, the rule's place among the rules and how often
the rule was met, so the same run breaks the same things again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import re2
from msgspec import Struct, field

from gateway.core.chance import Delay, delay_ms, draw
from gateway.core.faults import POINTS, FaultRule, Point
from gateway.core.numbers import BadNumber, parse_address

PATTERN_MOST: Final = 500
"""Characters of a text pattern."""
_PATTERN_MEMORY: Final = 1 << 20
# Sets the draws of delays apart from those of chance.
_DELAY: Final = 1


class BadRule(Exception):
    """A rule cannot be armed: say `what` is wrong with its `key`, and the `remedy`."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(f"{key} {what}; {remedy}")
        self.key = key
        self.what = what
        self.remedy = remedy


# ---- whom a rule is aimed at


class Exactly(Struct, frozen=True, gc=False):
    """One address or name."""

    text: str

    def fits(self, text: str) -> bool:
        """Whether it is that."""
        return text == self.text


class Prefix(Struct, frozen=True, gc=False):
    """What begins so."""

    text: str

    def fits(self, text: str) -> bool:
        """Whether it begins so."""
        return text.startswith(self.text)


class Range(Struct, frozen=True, gc=False):
    """Numbers of one length, from `first` to `last`, both included."""

    first: str
    last: str

    def fits(self, text: str) -> bool:
        """Whether it lies between; digits of one length are ordered as texts are."""
        return len(text) == len(self.first) and self.first <= text <= self.last


Aim: TypeAlias = Exactly | Prefix | Range


def aim_account(written: str) -> Aim:
    """Read whose sessions are meant."""
    return Prefix(written[:-1]) if written.endswith("*") else Exactly(written)


def aim_address(key: str, written: str) -> Aim:
    """Read which addresses are meant, with numbers written 08.., 62.. or +62..; raises BadRule."""
    if written.endswith("*"):
        return Prefix(_international(written[:-1]))
    address = parse_address(written)
    if not isinstance(address, BadNumber):
        return Exactly(address)
    first, _, last = written.partition("-")
    low, high = _international(first.strip()), _international(last.strip())
    if not f"{low}{high}".isascii() or not (low.isdigit() and high.isdigit()):
        return Exactly(written)
    if len(low) != len(high) or low > high:
        raise BadRule(
            key,
            f'is "{written}", no range',
            "write two numbers of one length, the lower first: 081290000000-081290009999",
        )
    return Range(low, high)


def _international(written: str) -> str:
    """Write the beginning of a number as the network does: 62812.. for 0812.."""
    digits = written.removeprefix("+")
    return f"62{digits[1:]}" if digits.startswith("08") else digits


def text_pattern(written: str) -> Any:
    """Compile a pattern; RE2 needs time in proportion to the text, whatever the pattern.

    Raises BadRule.
    """
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    if len(written) > PATTERN_MOST:
        raise BadRule("text", f"has {len(written)} characters", f"write {PATTERN_MOST} at most")
    try:
        return re2.compile(written, options)
    except re2.error as trouble:
        why = trouble.args[0].decode(errors="replace")
        raise BadRule(
            "text",
            f"is no pattern: {why}",
            "write a regular expression as RE2 takes it, for example (?i)promo",
        ) from trouble


def normal_address(written: str) -> str:
    """Write an address of a PDU as rules name it."""
    address = parse_address(written)
    return written if isinstance(address, BadNumber) else address


# ---- asking


class Count(Struct, gc=False):
    """How often a rule was met (what it is aimed at happened), and how often it struck."""

    met: int = 0
    struck: int = 0


Tally: TypeAlias = dict[str, Count]
"""The counts by rule name: the one thing here that changes, so who asks hands it in."""


class Happening(Struct, frozen=True, gc=False):
    """What a rule is asked about; `at` is the calendar's time in milliseconds."""

    at: int
    source: str = ""
    destination: str = ""
    text: str = ""


class Armed(Struct, frozen=True, gc=False):
    """A rule ready to be asked; `place` is its index among the rules."""

    rule: FaultRule
    place: int
    seed: int
    account: Aim | None
    source: Aim | None
    destination: Aim | None
    pattern: Any

    def strikes(self, what: Happening, tally: Tally) -> bool:
        """Decide whether the fault strikes now, and count it."""
        rule = self.rule
        if not self.fits(what):
            return False
        count = tally.get(rule.name)
        if count is None:
            count = tally[rule.name] = Count()
        count.met += 1
        n = count.met - rule.skip
        if n <= 0 or n % rule.every_n or (rule.limit and count.struck >= rule.limit):
            return False
        if rule.probability < 1 and draw(self.seed, self.place, n) >= rule.probability:
            return False
        count.struck += 1
        return True

    def delay_ms(self, delay: Delay, tally: Tally) -> int:
        """Draw how long the fault that just struck lasts; another draw than whether it strikes."""
        return delay_ms(delay, self.seed, self.place, tally[self.rule.name].met, _DELAY)

    def fits(self, what: Happening) -> bool:
        """Whether the rule is aimed at this, and active."""
        rule = self.rule
        if what.at < rule.active_from or (rule.active_until and what.at >= rule.active_until):
            return False
        if self.source is not None and not self.source.fits(normal_address(what.source)):
            return False
        if self.destination is not None and not self.destination.fits(
            normal_address(what.destination)
        ):
            return False
        if self.pattern is None:
            return True
        # As octets: half of a surrogate pair is no UTF-8.
        return self.pattern.search(what.text.encode("utf-8", "replace")) is not None


Aimed: TypeAlias = dict[Point, tuple[Armed, ...]]
"""The rules of one account by their point; a point without rules is not in it."""


class Faults(Struct, frozen=True, gc=False):
    """All rules, armed; false when there are none, so that who asks need not.

    `named` is what is aimed at the accounts that rules name, `common` what is aimed at all others;
    None where that depends on how their names begin.
    """

    rules: tuple[FaultRule, ...] = ()
    seed: int = 0
    armed: tuple[Armed, ...] = ()
    named: dict[str, Aimed] = field(default_factory=dict)
    common: Aimed | None = None

    def __bool__(self) -> bool:
        """Whether anything can go wrong."""
        return bool(self.armed)

    def of(self, account: str) -> Aimed:
        """Give what is aimed at an account, in the order of the rules."""
        aimed = self.named.get(account, self.common)
        return aimed if aimed is not None else _aimed(self.armed, account)


NO_FAULTS: Final = Faults()


def arm(rules: Iterable[FaultRule], seed: int) -> Faults:
    """Make rules ready; raises BadRule for one that cannot be."""
    rules = tuple(rules)
    armed = tuple(_armed(rule, place, seed) for place, rule in enumerate(rules))
    aims = [one.account for one in armed]
    names = {aim.text for aim in aims if isinstance(aim, Exactly)}
    named = {name: _aimed(armed, name) for name in names}
    patterns = any(isinstance(aim, Prefix) for aim in aims)
    common = None if patterns else _aimed(tuple(one for one in armed if one.account is None), "")
    return Faults(rules, seed, armed, named, common)


def _aimed(rules: tuple[Armed, ...], account: str) -> Aimed:
    aimed: Aimed = {}
    for armed in rules:
        if armed.account is None or armed.account.fits(account):
            point = POINTS[type(armed.rule.fault)]
            aimed[point] = (*aimed.get(point, ()), armed)
    return aimed


def _armed(rule: FaultRule, place: int, seed: int) -> Armed:
    return Armed(
        rule,
        place,
        seed,
        aim_account(rule.account) if rule.account else None,
        aim_address("source", rule.source) if rule.source else None,
        aim_address("destination", rule.destination) if rule.destination else None,
        text_pattern(rule.text) if rule.text else None,
    )


def carried_over(tally: Tally, before: Faults, after: Faults) -> Tally:
    """Keep the counts of the rules that are the same as before."""
    same = {rule.name for rule in after.rules if rule in before.rules}
    return {name: count for name, count in tally.items() if name in same}
