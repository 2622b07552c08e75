"""Bodies of requests: JSON, whatever their sender calls them."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

_CONTENT_TYPE = b"content-type"


class EveryBodyIsJson:
    """Reads every body as JSON: nothing here takes forms, which `curl -d` says it sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the content type that is meant."""
        if scope["type"] == "http":
            others = [(name, value) for name, value in scope["headers"] if name != _CONTENT_TYPE]
            scope = {**scope, "headers": [*others, (_CONTENT_TYPE, b"application/json")]}
        await self._app(scope, receive, send)
