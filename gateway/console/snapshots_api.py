"""/api/v1/snapshots: numbers and faults as they are, kept under a name, and taken back to."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from msgspec import Struct
from pydantic import BaseModel, ConfigDict

from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest
from gateway.core.ageing import iso
from gateway.core.decision import Denied
from gateway.core.events import SubscribersRestored
from gateway.core.fault_aim import Faults
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import Subscriber

SNAPSHOTS_MOST = 20
"""Snapshots that are kept at once."""

# Numbers of one event, so that SMS go on in between.
_AT_ONCE = 200

router = APIRouter(tags=["inject"])
_UNKNOWN = problem_responses(HTTPStatus.NOT_FOUND)


class Snapshot(Struct, frozen=True):
    """What was kept."""

    at: int
    subscribers: dict[Msisdn, Subscriber]
    faults: Faults


class SnapshotAnswer(BaseModel):
    """A snapshot: when it was taken, on the calendar; how many numbers it has.

    `changed` counts those that were taken back.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "clean",
                    "at": "2018-02-26T08:00:00+07:00",
                    "subscribers": 6,
                    "changed": 0,
                }
            ]
        }
    )

    name: str
    at: str
    subscribers: int
    changed: int


async def _kept_of(request: Request) -> dict[str, Snapshot]:
    kept: dict[str, Snapshot] = request.app.state.snapshots
    return kept


Kept = Annotated[dict[str, Snapshot], Depends(_kept_of)]
Name = Annotated[
    str,
    Path(
        min_length=1,
        max_length=40,
        pattern=r"^[A-Za-z0-9._-]+$",
        description="What you call it",
        examples=["clean"],
    ),
]


@router.get("/snapshots", summary="The snapshots that are kept")
async def snapshots(kept: Kept) -> list[SnapshotAnswer]:
    """They live as long as the gateway runs."""
    return [_answer(name, one) for name, one in kept.items()]


@router.put(
    "/snapshots/{name}",
    summary="Take a snapshot",
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def take(gateway: FromRequest, kept: Kept, name: Name) -> SnapshotAnswer:
    """Of all numbers and of the faults, in place of an earlier one of this name.

    It lies in memory: a restart of the gateway forgets it.
    """
    if name not in kept and len(kept) >= SNAPSHOTS_MOST:
        detail = f"{SNAPSHOTS_MOST} snapshots are kept already; delete one"
        raise Problem(HTTPStatus.CONFLICT, detail)
    found = {one.msisdn: one for one in gateway.store.subscribers()}
    kept[name] = Snapshot(gateway.clock.now(), found, gateway.flow.rules.faults)
    return _answer(name, kept[name])


@router.post(
    "/snapshots/{name}/restore",
    summary="Take numbers and faults back to a snapshot",
    responses=_UNKNOWN | problem_responses(HTTPStatus.SERVICE_UNAVAILABLE),
)
async def restore(gateway: FromRequest, kept: Kept, name: Name) -> SnapshotAnswer:
    """Numbers that came since are as never seen. The calendar, messages, phones that are on, calls
    and data sessions stay: what is due by the calendar bars at once. `DELETE /api/v1/messages`
    clears the inbox besides. It is journalled, like all that is decided.
    """
    snapshot = _known(kept, name)
    now = {one.msisdn: one for one in gateway.store.subscribers()}
    changed = iter([one for msisdn, one in snapshot.subscribers.items() if now.get(msisdn) != one])
    new = iter([msisdn for msisdn in now if msisdn not in snapshot.subscribers])
    many = 0
    while True:
        event = SubscribersRestored(
            name, tuple(islice(changed, _AT_ONCE)), tuple(islice(new, _AT_ONCE))
        )
        if not event.subscribers and not event.forgotten:
            break
        decision = await gateway.flow.ask(event)
        if isinstance(decision.answer, Denied):
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, decision.why)
        many += len(event.subscribers) + len(event.forgotten)
    if gateway.flow.rules.faults != snapshot.faults:
        await gateway.set_faults(snapshot.faults, f"as in the snapshot {name}")
    return _answer(name, snapshot, many)


@router.delete("/snapshots/{name}", summary="Forget a snapshot", responses=_UNKNOWN)
async def forget(kept: Kept, name: Name) -> SnapshotAnswer:
    """Gives what it was."""
    snapshot = _known(kept, name)
    del kept[name]
    return _answer(name, snapshot)


def _known(kept: dict[str, Snapshot], name: str) -> Snapshot:
    if name not in kept:
        raise Problem(HTTPStatus.NOT_FOUND, f'there is no snapshot "{name}"')
    return kept[name]


def _answer(name: str, one: Snapshot, changed: int = 0) -> SnapshotAnswer:
    return SnapshotAnswer(
        name=name, at=iso(one.at), subscribers=len(one.subscribers), changed=changed
    )
