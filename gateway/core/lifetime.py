"""How a number's life ends: it expires (hangus), and later begins anew as somebody else's.

domain.md 3.4 and 3.5: what is barred cannot be topped up, so that its validity runs out; 4444 ends
with it. How long that takes is configuration: the sources have no one figure.
"""

from __future__ import annotations

from typing import Final

from gateway.core.ageing import Schedule, first_step_at
from gateway.core.subscriber import Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_EXPIRED: Final = Status.EXPIRED
_NEW: Final = Status.NEW
_UNREGISTERED: Final = Status.UNREGISTERED


def life_due(schedule: Schedule, subscriber: Subscriber) -> int | None:
    """Give when a number expires, or when an expired one is sold anew; None for never."""
    lifetime, status = schedule.lifetime, subscriber.status
    if status is _EXPIRED:
        expired = subscriber.expires_at
        return expired + lifetime.recycle_ms if lifetime.recycle_ms and expired else None
    if status is not _NEW and status is not _UNREGISTERED:
        return None
    if subscriber.expires_at is not None:
        return subscriber.expires_at
    if status is _NEW:
        return subscriber.first_seen_at + lifetime.starter_ms if lifetime.starter_ms else None
    if not lifetime.unregistered_ms:
        return None
    return max(first_step_at(schedule, subscriber), subscriber.first_seen_at) + (
        lifetime.unregistered_ms
    )
