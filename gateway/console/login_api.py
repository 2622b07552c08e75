"""/api/v1/login: a browser shows a token once, and keeps it in a cookie that no script reads."""

from __future__ import annotations

from collections import OrderedDict, deque
from http import HTTPStatus
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gateway.clock import monotonic
from gateway.console.problems import Problem, problem_responses
from gateway.console.tokens import COOKIE, Tokens, shown_token

log = structlog.get_logger()

WRONG_MOST: Final = 10
"""Wrong tokens that an address may show in a minute."""

_MINUTE_S: Final = 60.0
# Addresses that are remembered; beyond it those that were wrong first are forgotten.
_ADDRESSES_MOST: Final = 1_000

router = APIRouter(tags=["console"])


class LoginBody(BaseModel):
    """A token of [http]."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"token": "trainers-may-act-"}]}
    )

    token: str = Field(max_length=1_000)


class LoginAnswer(BaseModel):
    """Whether this gateway wants a token, and what may be done with the one that was shown."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"wanted": True, "may_read": True, "may_act": False}]}
    )

    wanted: bool
    may_read: bool
    may_act: bool


class WrongTokens:
    """Who showed wrong tokens of late."""

    def __init__(self) -> None:
        self._by: OrderedDict[str, deque[float]] = OrderedDict()

    def pause(self, address: str, now: float) -> float:
        """Say for how many seconds an address is not listened to; 0 where it is."""
        times = self._by.get(address, ())
        late = [at for at in times if at > now - _MINUTE_S]
        return late[0] + _MINUTE_S - now if len(late) >= WRONG_MOST else 0.0

    def note(self, address: str, now: float) -> None:
        """Note a wrong one."""
        times = self._by.pop(address, None)
        if times is None:
            times = deque(maxlen=WRONG_MOST)
        times.append(now)
        self._by[address] = times
        if len(self._by) > _ADDRESSES_MOST:
            self._by.popitem(last=False)


@router.get("/login", summary="What may be done with the token that is shown")
async def login_state(request: Request) -> LoginAnswer:
    """Of the cookie or of the header; needs none."""
    tokens: Tokens = request.app.state.tokens
    return _answer(tokens, shown_token(request.headers))


@router.post(
    "/login",
    summary="Show a token once",
    responses=problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS),
)
async def login(
    request: Request, response: Response, body: Annotated[LoginBody, Body()]
) -> LoginAnswer:
    """Sets the cookie `gateway_token`: HttpOnly, SameSite=Strict, until the browser closes.

    429 after ten wrong tokens in a minute from one address.
    """
    tokens: Tokens = request.app.state.tokens
    wrong: WrongTokens = request.app.state.wrong_tokens
    address, now = request.client.host if request.client else "", monotonic()
    pause = wrong.pause(address, now)
    if pause:
        seconds = int(pause) + 1
        detail = f"{WRONG_MOST} wrong tokens in a minute: wait {seconds} seconds"
        headers = {"retry-after": str(seconds)}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers)
    token = body.token.strip()
    answer = _answer(tokens, token)
    if not answer.may_read:
        wrong.note(address, now)
        log.warning("a wrong token was shown to /api/v1/login", address=address)
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "this is no token of the gateway; read_token and act_token of [http] are",
            {"www-authenticate": "Bearer"},
        )
    if tokens.wanted:
        https = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=https)
    return answer


@router.delete("/login", summary="Forget the token")
async def logout(request: Request, response: Response) -> LoginAnswer:
    """Takes the cookie away."""
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return _answer(request.app.state.tokens, "")


def _answer(tokens: Tokens, token: str) -> LoginAnswer:
    free = not tokens.wanted
    return LoginAnswer(
        wanted=tokens.wanted,
        may_read=free or tokens.may(token, act=False) is None,
        may_act=free or tokens.may(token, act=True) is None,
    )
