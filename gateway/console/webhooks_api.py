"""/api/v1/webhooks: how those of the configuration do."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from gateway.config.webhooks import WebhookConfig
from gateway.console.webhooks import Posts, Webhooks

router = APIRouter(tags=["inbox"])


class AttemptAnswer(BaseModel):
    """One time that a message was posted; `why` it was not taken, "" where it was."""

    at: str
    message: str
    attempt: int
    why: str


class WebhookAnswer(BaseModel):
    """One webhook: `url` without user and query, counts since the start, its newest attempts.

    `behind` is whether what was posted last is tried again and again.
    """

    name: str
    url: str
    search: str
    attempts: int
    posted: int
    given_up: int
    behind: bool
    newest: list[AttemptAnswer]


class WebhooksAnswer(BaseModel):
    """All webhooks, as they are configured."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "webhooks": [
                        {
                            "name": "ci",
                            "url": "https://ci.example/hook",
                            "search": "from:4444",
                            "attempts": 10,
                            "posted": 12,
                            "given_up": 0,
                            "behind": False,
                            "newest": [
                                {
                                    "at": "2026-02-26T01:00:00.000Z",
                                    "message": "2",
                                    "attempt": 1,
                                    "why": "",
                                }
                            ],
                        }
                    ]
                }
            ]
        }
    )

    webhooks: list[WebhookAnswer]


@router.get("/webhooks", summary="The webhooks and their newest attempts")
async def webhooks(request: Request) -> WebhooksAnswer:
    """Those of `[[webhooks]]`; times are real ones, in UTC."""
    all_: Webhooks | None = request.app.state.webhooks
    rows = all_.posts() if all_ is not None else []
    return WebhooksAnswer(webhooks=[_shown(row, posts) for row, posts in rows])


def _shown(row: WebhookConfig, posts: Posts) -> WebhookAnswer:
    newest = [
        AttemptAnswer(
            at=datetime.fromtimestamp(one.at, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            message=str(one.message),
            attempt=one.attempt,
            why=one.why,
        )
        for one in reversed(posts.newest)
    ]
    return WebhookAnswer(
        name=row.name,
        url=_address(row.url),
        search=row.search,
        attempts=row.attempts,
        posted=posts.posted,
        given_up=posts.given_up,
        behind=bool(posts.newest) and bool(posts.newest[-1].why),
        newest=newest,
    )


def _address(url: str) -> str:
    """Leave off what may be a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
