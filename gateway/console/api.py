"""The REST API for test teams and tools: /api/v1, described at /docs and /openapi.json."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.routing import BaseRoute

from gateway.console import (
    campaigns_api,
    export_api,
    faults_api,
    import_api,
    inbox_api,
    inbox_export,
    inject_api,
    lessons_api,
    login_api,
    metrics,
    network_api,
    numbers_api,
    outlets_api,
    page_api,
    pages_files,
    pdu_api,
    registrations_api,
    registry_api,
    report_api,
    smpp_api,
    snapshots_api,
    sweep_api,
    watch_api,
    webhooks_api,
)
from gateway.console.bodies import EveryBodyIsJson
from gateway.console.docs_page import docs_page
from gateway.console.inbox import Inbox
from gateway.console.lesson_player import LessonPlayer
from gateway.console.page import Page
from gateway.console.polling import MessagePolls
from gateway.console.problems import ProblemAnswer, install, problem_responses
from gateway.console.reports import Reports
from gateway.console.tokens import NO_TOKENS, Tokens, TokensWanted
from gateway.console.view import Gateway
from gateway.core.registry_stub import RegistryStub

_DESCRIPTION = (
    "Mobile numbers are taken as 08.., 62.. or +62.. and answered as 62... Moments are ISO 8601 "
    "on the network's calendar. Errors are application/problem+json (RFC 9457)."
)

# In the order in which they are described; of paths that begin alike the more special one first.
_PARTS = (
    inbox_api,
    inbox_export,
    pdu_api,
    webhooks_api,
    inject_api,
    snapshots_api,
    numbers_api,
    campaigns_api,
    sweep_api,
    registrations_api,
    outlets_api,
    network_api,
    faults_api,
    watch_api,
    smpp_api,
    import_api,
    export_api,
    report_api,
    registry_api,
    page_api,
    lessons_api,
    login_api,
)


class _Api(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Describe the API, with the shape of problems, which no route returns by itself."""
        if self.openapi_schema is None:
            schemas = super().openapi()["components"]["schemas"]
            schemas[ProblemAnswer.__name__] = ProblemAnswer.model_json_schema()
        return super().openapi()


def create_app(gateway: Gateway, smallest_cell: int = 5, tokens: Tokens = NO_TOKENS) -> FastAPI:
    """Make the API of a gateway; `app.state.polls.end()` ends its long polls."""
    app = _Api(
        title="SMS gateway simulator",
        summary="Prepaid-SIM registration of Indonesia: what the simulated network knows",
        description=_DESCRIPTION,
        version="1",
        docs_url=None,
        redoc_url=None,
        routes=[*_routes()],
    )
    app.state.gateway = gateway
    app.state.tokens = tokens
    app.state.webhooks = None
    app.state.wrong_tokens = login_api.WrongTokens()
    app.state.polls = MessagePolls()
    app.state.inbox = Inbox(gateway)
    app.state.snapshots = {}
    app.state.registry_stub = RegistryStub()
    reports = app.state.reports = Reports(gateway, smallest_cell)
    app.state.page = page = Page(gateway, reports)
    app.state.lessons = LessonPlayer(page)
    app.add_middleware(EveryBodyIsJson)
    if tokens.wanted:
        app.add_middleware(TokensWanted, tokens=tokens)
    install(app)
    return app


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Make the routes, once for all gateways of a process; what is a gateway's is in `app.state`.

    FastAPI makes a route of an included router when a request first passes it, which for all of
    them is 0.1 s that a running gateway would stand still. This request passes them all.
    """
    whole = APIRouter(responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY))
    for one in _PARTS:
        whole.include_router(one.router, prefix="/api/v1")
    whole.include_router(metrics.router)
    whole.include_router(pages_files.router)
    whole.add_api_route("/docs", _docs, include_in_schema=False)
    whole.add_api_route("/", _root, include_in_schema=False)
    for route in whole.routes:
        route.matches({"type": "http", "method": "GET", "path": "/no/such/path"})
    return tuple(whole.routes)


async def _docs(request: Request) -> HTMLResponse:
    app: FastAPI = request.app
    return HTMLResponse(docs_page(app.openapi(), str(request.base_url)))


async def _root() -> RedirectResponse:
    return RedirectResponse("/console/")
