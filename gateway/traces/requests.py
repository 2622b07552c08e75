"""Traces of REST requests: one span each; the caller's own trace goes on (W3C traceparent)."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from opentelemetry.context import Context
from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, get_current_span
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PREFIX = "/api/v1/"
# Who asks again and again is of no interest.
_NOT = ("/api/v1/health",)
_FAULT = 500


class RequestTraces:
    """ASGI middleware. Paths are told by their route alone: numbers stand in the others."""

    def __init__(
        self,
        app: ASGIApp,
        tracer: Tracer,
        ratio: float,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._app = app
        self._tracer = tracer
        self._ratio = ratio
        self._chance = chance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and note how that went."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith(_PREFIX) or path.startswith(_NOT):
            await self._app(scope, receive, send)
            return
        context = extract(
            {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        )
        sampled = get_current_span(context).get_span_context().trace_flags.sampled
        if not sampled and self._chance() >= self._ratio:
            await self._app(scope, receive, send)
            return
        await self._traced(context if sampled else None, scope, receive, send)

    async def _traced(
        self, parent: Context | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        method = scope["method"]
        attributes = {"http.request.method": method, "url.scheme": scope.get("scheme", "http")}
        span = self._tracer.start_span(method, parent, SpanKind.SERVER, attributes)

        begun = False

        async def answered(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                status = message["status"]
                span.set_attribute("http.response.status_code", status)
                if status >= _FAULT:
                    span.set_attribute("error.type", str(status))
                    span.set_status(Status(StatusCode.ERROR))
            await send(message)

        try:
            await self._app(scope, receive, answered)
        finally:
            if not begun:
                span.set_status(Status(StatusCode.ERROR, "no answer"))
            route: Any = scope.get("route")
            if route is not None:
                template = _template(route.path)
                span.set_attribute("http.route", template)
                span.update_name(f"{method} {template}")
            span.end()


def _template(path: str) -> str:
    """Give a route in full: some versions of FastAPI leave out the prefix of all of them."""
    return path if path.startswith(_PREFIX) else f"{_PREFIX.rstrip('/')}{path}"
