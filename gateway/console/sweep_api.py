"""/api/v1/sweep: how far the barring in bulk has come."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from gateway.console.view import FromRequest

WAIT_MOST = 60.0

router = APIRouter(tags=["network"])


class SweepAnswer(BaseModel):
    """How the sweep stands; `per_second` 0: every number is barred at once, nothing is swept.

    `done` numbers were barred in `seconds` real seconds of the present run, or of the last one;
    `left` are still to be barred.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"per_second": 5000, "running": True, "done": 1200, "left": 98800, "seconds": 0.24}
            ]
        }
    )

    per_second: float
    running: bool
    done: int
    left: int
    seconds: float


@router.get("/sweep", summary="How far the barring in bulk has come")
async def sweep(
    gateway: FromRequest,
    wait: Annotated[
        float,
        Query(
            ge=0,
            allow_inf_nan=False,
            description=f"Seconds to wait for its end; {WAIT_MOST:g} at most",
        ),
    ] = 0.0,
) -> SweepAnswer:
    """Needs `[schedule] sweep_per_second`; then numbers are barred when the sweep comes to them."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(min(wait, WAIT_MOST)):
            while gateway.sweep.view().running:
                await gateway.feed.changed()
    view = gateway.sweep.view()
    return SweepAnswer(
        per_second=view.per_second,
        running=view.running,
        done=view.done,
        left=view.left,
        seconds=round(view.seconds, 3),
    )
