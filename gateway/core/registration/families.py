"""The shapes of synthetic families: who is born and carded how many days after the head.

A family is a head, a spouse and two children. Their distances and the children's sexes are one of
`SHAPES` fixed rows, so that a member's birthday gives the head's by a subtraction. The shapes are
invented; how a date is written in NIK and KK is domain.md 2.1.
"""

from calendar import monthrange
from datetime import date
from functools import cache
from typing import Final

MEMBERS: Final = 4
SHAPES: Final = 1021

HEADS_FROM: Final = date(1960, 1, 1).toordinal()
"""Ordinal of the first birthday of a head of family."""

HEAD_DAYS: Final = date(1990, 1, 1).toordinal() - HEADS_FROM
"""How many days the birthdays of the heads span."""

_YEARS: Final = range(1957, 2018)
_FEMALE_DAY: Final = 40

# Days after the head's birth. Spouse within three years; first child from 21 to 24 years later,
# second child 1.5 to 3 years after the first; the KK in the year after the head's 27th birthday,
# when both children are in it. The latest head's KK is of December 2017.
_SPOUSE_SPAN: Final = 1100
_FIRST_CHILD: Final = 7670
_FIRST_CHILD_SPAN: Final = 1096
_SECOND_CHILD: Final = 550
_SECOND_CHILD_SPAN: Final = 541
_KK_RECORDED: Final = 9862
_KK_SPAN: Final = 365


@cache
def days() -> dict[str, int]:
    """Map DDMMYY as NIK and KK write it to ordinal * 2, plus 1 for a woman's (day + 40).

    Two-digit years read as 1957 to 2017: the only ones in which this population is born.
    """
    written = {}
    for year in _YEARS:
        for month in range(1, 13):
            mmyy = f"{month:02}{year % 100:02}"
            before = date(year, month, 1).toordinal() - 1
            for day in range(1, monthrange(year, month)[1] + 1):
                written[f"{day:02}{mmyy}"] = (before + day) * 2
                written[f"{day + _FEMALE_DAY}{mmyy}"] = (before + day) * 2 + 1
    return written


@cache
def written() -> dict[int, str]:
    """Map ordinal * 2, plus 1 for a woman's, to DDMMYY; a KK's recording day is a man's."""
    return {day: text for text, day in days().items()}


def _drawn(shape: int) -> int:
    return pow(48_271, shape + 1, 2**31 - 1)


def _member_shape(drawn: int) -> tuple[int, int, int, int]:
    spouse = drawn % (2 * _SPOUSE_SPAN + 1) - _SPOUSE_SPAN
    first = _FIRST_CHILD + drawn % _FIRST_CHILD_SPAN
    second = first + _SECOND_CHILD + drawn // _FIRST_CHILD_SPAN % _SECOND_CHILD_SPAN
    return 0, spouse * 2 + 1, first * 2 + (drawn >> 10 & 1), second * 2 + (drawn >> 20 & 1)


MEMBER_SHAPE: Final[tuple[int, ...]] = tuple(
    entry for shape in range(SHAPES) for entry in _member_shape(_drawn(shape))
)
"""For shape * 4 + member: days after the head's birth * 2, plus 1 for a woman."""

KK_SHAPE: Final[tuple[int, ...]] = tuple(
    (_KK_RECORDED + _drawn(shape) % _KK_SPAN) * 2 for shape in range(SHAPES)
)
"""For each shape: days from the head's birth to the recording of the KK, * 2."""
