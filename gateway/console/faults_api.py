"""/api/v1/faults: what goes wrong on purpose, changed while the gateway runs."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query

from gateway.config import PROFILES, FaultProfile
from gateway.console.fault_bodies import (
    FaultBody,
    FaultsAnswer,
    FaultsBody,
    ProfileAnswer,
    faults_answer,
    profile_answer,
    read_rules,
)
from gateway.console.problems import Problem, problem_responses
from gateway.console.view import FromRequest, Gateway
from gateway.core.fault_aim import arm
from gateway.core.faults import FaultRule

FAULTS_MOST = 1000

router = APIRouter(tags=["faults"])

Name = Annotated[str, Path(description="The fault's name", examples=["busy"])]
ProfileName = Annotated[str, Path(description="The profile's name", examples=["throttling"])]
_UNKNOWN = problem_responses(HTTPStatus.NOT_FOUND)


@router.get("/faults", summary="What goes wrong on purpose", response_model_exclude_unset=True)
async def show_faults(gateway: FromRequest) -> FaultsAnswer:
    """All faults that are on, and how often each was met and struck."""
    return faults_answer(gateway.flow.rules.faults, gateway.flow.tally)


@router.put("/faults", summary="Replace all faults", response_model_exclude_unset=True)
async def set_faults(gateway: FromRequest, wish: Annotated[FaultsBody, Body()]) -> FaultsAnswer:
    """From now on these go wrong and no others. Faults that stay as they are keep their counts."""
    rules = _read(gateway, wish.faults)
    names = ", ".join(rule.name for rule in rules) or "none"
    return await _set(gateway, rules, f"set to {names}", wish.seed)


@router.post(
    "/faults",
    summary="Add one fault",
    response_model_exclude_unset=True,
    responses=problem_responses(HTTPStatus.CONFLICT),
)
async def add_fault(gateway: FromRequest, wish: Annotated[FaultBody, Body()]) -> FaultsAnswer:
    """It is asked after those that are on. 409 when its name is taken."""
    present = gateway.flow.rules.faults.rules
    if any(rule.name == wish.name for rule in present):
        raise Problem(
            HTTPStatus.CONFLICT, f'there is a fault "{wish.name}" already: remove it first'
        )
    return await _set(gateway, [*present, *_read(gateway, [wish])], f"{wish.name} added")


@router.delete("/faults", summary="Let nothing go wrong", response_model_exclude_unset=True)
async def clear_faults(gateway: FromRequest) -> FaultsAnswer:
    """Switches all faults off."""
    return await _set(gateway, [], "all removed")


@router.delete(
    "/faults/{name}",
    summary="Remove one fault",
    response_model_exclude_unset=True,
    responses=_UNKNOWN,
)
async def remove_fault(gateway: FromRequest, name: Name) -> FaultsAnswer:
    """Switches it off; the others stay."""
    present = gateway.flow.rules.faults.rules
    left = [rule for rule in present if rule.name != name]
    if len(left) == len(present):
        raise Problem(HTTPStatus.NOT_FOUND, _no_such("fault", name, [one.name for one in present]))
    return await _set(gateway, left, f"{name} removed")


@router.get("/fault-profiles", summary="Useful sets of faults", response_model_exclude_unset=True)
async def list_profiles(gateway: FromRequest) -> list[ProfileAnswer]:
    """Sets of faults under one name. All are invented: plausible, measured nowhere."""
    faults = gateway.flow.rules.faults
    return [profile_answer(profile, faults) for profile in PROFILES.values()]


@router.put(
    "/fault-profiles/{name}",
    summary="Switch a set of faults on",
    response_model_exclude_unset=True,
    responses=_UNKNOWN,
)
async def switch_on(
    gateway: FromRequest,
    name: ProfileName,
    account: Annotated[
        str, Query(description="Only for this system_id, or those that begin so, with *")
    ] = "",
) -> FaultsAnswer:
    """Adds the profile's faults, in place of those of the same profile that are on."""
    bodies = [
        body.model_copy(update={"account": account}) if account else body
        for body in profile_answer(_profile(name), gateway.flow.rules.faults).faults
    ]
    rules = _read(gateway, bodies)
    words = f"profile {name} on" + (f" for {account}" if account else "")
    return await _set(gateway, [*_without(gateway, name), *rules], words)


@router.delete(
    "/fault-profiles/{name}",
    summary="Switch a set of faults off",
    response_model_exclude_unset=True,
    responses=_UNKNOWN,
)
async def switch_off(gateway: FromRequest, name: ProfileName) -> FaultsAnswer:
    """Removes the profile's faults; the others stay."""
    return await _set(gateway, _without(gateway, _profile(name).name), f"profile {name} off")


def _profile(name: str) -> FaultProfile:
    profile = PROFILES.get(name)
    if profile is None:
        raise Problem(HTTPStatus.NOT_FOUND, _no_such("fault profile", name, list(PROFILES)))
    return profile


def _without(gateway: Gateway, profile: str) -> list[FaultRule]:
    rules = gateway.flow.rules.faults.rules
    return [rule for rule in rules if not rule.name.startswith(f"{profile}.")]


def _no_such(kind: str, name: str, known: Sequence[str]) -> str:
    there = f"there are {', '.join(known)}" if known else "there is none"
    return f'no {kind} is called "{name[:60]}"; {there}'


def _read(gateway: Gateway, bodies: Sequence[FaultBody]) -> list[FaultRule]:
    read = read_rules(bodies, gateway.smpp.accounts())
    rules = [rule for rule in read if isinstance(rule, FaultRule)]
    if len(rules) < len(read):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, " | ".join(map(str, read)))
    return rules


async def _set(
    gateway: Gateway, rules: Sequence[FaultRule], what: str, seed: int | None = None
) -> FaultsAnswer:
    if len(rules) > FAULTS_MOST:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"more than {FAULTS_MOST} faults: remove some first"
        )
    present = gateway.flow.rules.faults
    await gateway.set_faults(arm(rules, present.seed if seed is None else seed), what)
    return faults_answer(gateway.flow.rules.faults, gateway.flow.tally)
