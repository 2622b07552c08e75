"""A database that has subscribers already, written as the store itself would write them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from gateway.core.ageing import SCHEDULES
from gateway.core.numbers import Kk, Msisdn, Nik
from gateway.core.subscriber import Status, Subscriber
from gateway.store import rows
from gateway.store.sqlite import SqliteStore

_BEGAN = SCHEDULES["brief"].day_zero - 200 * 86_400_000
_KK = Kk("3201060401130027")
_AT_ONCE = 1_000


def populate(path: Path, count: int) -> None:
    """Write Telkomsel's numbers, scattered over 10^8, every other one registered.

    They are those that smppblast's `-s 62812{8}` gives. Raises CannotOpen.
    """
    asyncio.run(_create(path))
    with sqlite3.connect(path, isolation_level=None) as database:
        database.execute("BEGIN")
        left = _subscribers(count)
        while page := list(islice(left, _AT_ONCE)):
            database.execute(*rows.FOLD_SUBSCRIBERS.statement(page))
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def _subscribers(count: int) -> Iterator[Subscriber]:
    numbers = sorted(index * 7_919 % 10**8 for index in range(count))
    for index, number in enumerate(numbers):
        msisdn, at = Msisdn(f"62812{number:08}"), _BEGAN + index * 997 % 10**10
        if index % 2:
            nik = Nik(f"3201{index % 28 + 1:02}{index % 12 + 1:02}{index % 60:02}{index % 9973:04}")
            yield Subscriber(
                msisdn, "telkomsel", Status.REGISTERED, at, registered_at=at, nik=nik, kk=_KK
            )
        else:
            yield Subscriber(msisdn, "telkomsel", Status.UNREGISTERED, at)


async def _create(path: Path) -> None:
    store = SqliteStore(path, full=True, schedule=SCHEDULES["brief"], ring_ms=0)
    await store.open()
    await store.close()
