"""Who may read the API and who may act: bearer tokens (RFC 6750), if the configuration has any."""

from __future__ import annotations

import hmac
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie

from msgspec import Struct
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.console.problems import MEDIA_TYPE, ProblemAnswer
from gateway.core.numbers import mask_identities

COOKIE = "gateway_token"
"""The cookie that a browser may show in place of the header."""

# Whoever watches over the process needs no token to ask whether it lives, who shows one none yet.
OPEN = ("/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready", "/api/v1/login")
# The console's page holds nothing of the network: it asks for a token, then for the rest.
_PAGE = ("/", "/console")
_FILES_OF_PAGE = "/console/"
_READS = ("GET", "HEAD")


class Tokens(Struct, frozen=True):
    """The tokens of the configuration; an empty one is none."""

    read: str = ""
    act: str = ""

    @property
    def wanted(self) -> bool:
        """Whether anybody has to show one."""
        return bool(self.read or self.act)

    def may_act(self, headers: Headers) -> bool:
        """Whether a request with these headers may change anything."""
        return not self.wanted or self.may(shown_token(headers), act=True) is None

    def may(self, shown: str, *, act: bool) -> HTTPStatus | None:
        """Say how to refuse who shows this token, None where it suffices."""
        if _same(shown, self.act) or (not act and _same(shown, self.read)):
            return None
        return HTTPStatus.FORBIDDEN if _same(shown, self.read) else HTTPStatus.UNAUTHORIZED


NO_TOKENS = Tokens()
"""Everybody may do everything."""


def _same(shown: str, token: str) -> bool:
    return bool(token) and hmac.compare_digest(shown.encode(), token.encode())


class TokensWanted:
    """Lets only those in who show a token that suffices."""

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        self._app = app
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "http" and not _is_open(scope["path"]):
            act = scope["method"] not in _READS
            refused = self._tokens.may(shown_token(Headers(scope=scope)), act=act)
            if refused is not None:
                await _refusal(refused, scope["path"])(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_open(path: str) -> bool:
    return path in OPEN or path in _PAGE or path.startswith(_FILES_OF_PAGE)


def shown_token(headers: Headers) -> str:
    """Find the token in the Authorization header, or in the cookie; "" for none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie is not None else ""


def _refusal(status: HTTPStatus, path: str) -> JSONResponse:
    if status is HTTPStatus.FORBIDDEN:
        detail = "this token may only read; use [http] act_token"
        error = 'Bearer error="insufficient_scope"'
    else:
        detail = "show a token of [http]: Authorization: Bearer TOKEN (GATEWAY_TOKEN of commands)"
        error = "Bearer"
    body = ProblemAnswer(
        type="about:blank",
        title=status.phrase,
        status=status.value,
        detail=detail,
        instance=mask_identities(path),
    )
    return JSONResponse(
        body.model_dump(),
        status_code=status.value,
        media_type=MEDIA_TYPE,
        headers={"www-authenticate": error},
    )
