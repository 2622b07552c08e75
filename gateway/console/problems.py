"""Errors of the API as RFC 9457 problem details, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from gateway.core.numbers import mask_identities

log = structlog.get_logger()

_PARAMETER = re.compile(r"\{[^}]*\}")

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """The request cannot be answered: answer this status and say why."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


class ProblemAnswer(BaseModel):
    """What went wrong with a request (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "Conflict",
                    "status": 409,
                    "detail": "the calendar only moves forwards: ...",
                    "instance": "/api/v1/clock",
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    detail: str
    instance: str


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Describe refusals for OpenAPI."""
    return {
        status.value: {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_anything)


def _answer(
    request: Request, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    body = ProblemAnswer(
        type="about:blank",
        title=status.phrase,
        status=status.value,
        detail=mask_identities(detail),
        instance=mask_identities(request.url.path),
    )
    return JSONResponse(
        body.model_dump(), status_code=status.value, media_type=MEDIA_TYPE, headers=headers
    )


async def _on_problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)
    return _answer(request, problem.status, problem.detail, problem.headers)


async def _on_invalid(request: Request, invalid: Exception) -> JSONResponse:
    assert isinstance(invalid, RequestValidationError)
    return _answer(request, HTTPStatus.UNPROCESSABLE_ENTITY, _worded(invalid.errors()))


def _worded(errors: Sequence[Any]) -> str:
    lines = []
    for error in errors:
        # The first part says query, path or body; a number is a place in broken JSON.
        where = ".".join(str(part) for part in error["loc"][1:] if not isinstance(part, int))
        sent = error.get("input")
        shown = f" (sent: {str(sent)[:60]})" if isinstance(sent, str | int | float) else ""
        words = str(error["msg"]).removeprefix("Input ")
        lines.append(f"{where or 'body'}: {words}{shown}")
    return "; ".join(lines)


async def _on_http(request: Request, refused: Exception) -> JSONResponse:
    assert isinstance(refused, HTTPException)
    status = HTTPStatus(refused.status_code)
    detail = refused.detail
    if status is HTTPStatus.NOT_FOUND:
        detail = f"nothing is at {request.url.path}; see /docs for what there is"
    elif status is HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not for {request.url.path}; see /docs"
    headers = {name.lower(): value for name, value in (refused.headers or {}).items()}
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        # The framework names the methods of one route only; a path may have several.
        methods = _methods(request)
        if methods:
            headers["allow"] = ", ".join(sorted(methods))
    elif status is HTTPStatus.BAD_REQUEST:
        # The framework's word for octets that are no text at all.
        status, detail = HTTPStatus.UNPROCESSABLE_ENTITY, "body: is no JSON in UTF-8"
    return _answer(request, status, detail, headers)


def _methods(request: Request) -> set[str]:
    """Say what the path can be asked with (RFC 9110 section 10.2.1), as the description has it."""
    app: FastAPI = request.app
    found: set[str] = set()
    for path, operations in app.openapi()["paths"].items():
        if re.fullmatch(_PARAMETER.sub("[^/]+", path), request.url.path):
            found |= {method.upper() for method in operations}
    return found


async def _on_anything(request: Request, trouble: Exception) -> JSONResponse:
    log.error(
        "API request failed; please report it",
        path=mask_identities(request.url.path),
        error=mask_identities(f"{type(trouble).__name__}: {trouble}"),
    )
    log.debug("API request failed", exc_info=trouble)
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "the gateway failed to answer; its log says more",
    )
