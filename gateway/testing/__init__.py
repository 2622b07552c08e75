"""For test teams: a whole gateway inside a test.

simulator                  Simulator, an async context manager: gateway, phones, ESMEs, people
home                       the event loop that a Simulator lives in, called from others
phone, esme                a virtual phone; a bound ESME
outcomes                   what a phone's or an ESME's request came to
expecting                  what a test waits for, and what to say when it does not come; pure
waiting                    what has come, looked through until something fits
journal                    what was decided, and why
clock, people              the calendar, and citizens of the civil registry
artifacts                  what a test leaves behind: messages, journal, capture
plain (plain_parts)        the same for tests without asyncio, in a thread of its own
plugin                     the pytest plugin: fixtures; a failed test shows the journal

Its names are imported when they are used: pytest loads the plugin at every start, also for tests
that have nothing to do with SMS.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.testing.clock import Calendar
    from gateway.testing.esme import Esme, NotBound
    from gateway.testing.expecting import NotSeen
    from gateway.testing.outcomes import Asked, DeliveredSms, ReceivedSms, Submitted
    from gateway.testing.people import Person
    from gateway.testing.phone import Phone
    from gateway.testing.plain import PlainSimulator
    from gateway.testing.plain_parts import PlainCalendar, PlainEsme, PlainPhone
    from gateway.testing.simulator import CannotSimulate, Simulator

__all__ = [
    "Asked",
    "Calendar",
    "CannotSimulate",
    "DeliveredSms",
    "Esme",
    "NotBound",
    "NotSeen",
    "Person",
    "Phone",
    "PlainCalendar",
    "PlainEsme",
    "PlainPhone",
    "PlainSimulator",
    "ReceivedSms",
    "Simulator",
    "Submitted",
]

_MODULES = {
    "clock": ("Calendar",),
    "esme": ("Esme", "NotBound"),
    "expecting": ("NotSeen",),
    "outcomes": ("Asked", "DeliveredSms", "ReceivedSms", "Submitted"),
    "people": ("Person",),
    "phone": ("Phone",),
    "plain": ("PlainSimulator",),
    "plain_parts": ("PlainCalendar", "PlainEsme", "PlainPhone"),
    "simulator": ("CannotSimulate", "Simulator"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import one of the names above."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    return found
