"""Faults as JSON: what the API is sent, and what it answers; the keys are those of [[faults]]."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from gateway.config import FaultConfig, FaultKind, FaultProfile, check_faults, row_of
from gateway.config.fields import FieldReader
from gateway.config.places import Path
from gateway.core.fault_aim import Count, Faults, Tally
from gateway.core.faults import FaultRule, FinalState, Form

_DELAY = (
    "Seconds: {seconds}, or kind uniform {least, most}, normal {mean, deviation}, lognormal "
    "{median, sigma}, percentiles {points: [[percent, seconds], ...]}"
)


class FaultBody(BaseModel):
    """One fault: its kind, the keys of that kind, whom it meets, and when it strikes.

    What is left out restricts nothing. `account` may end in *; `source` and `destination` are an
    address, a beginning with *, or two numbers with - between; `text` is an RE2 pattern. Of what
    fits, the first `skip` are passed over, then each `every_n`th is struck with `probability`,
    `limit` times at most (0: no limit), from `active_from` until `active_until` on the calendar.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "busy",
                    "kind": "refuse",
                    "status": "ESME_RMSGQFUL",
                    "account": "a2p",
                    "probability": 0.1,
                }
            ]
        },
    )

    name: str
    kind: FaultKind
    status: str = Field(default="", description="refuse, refuse_bind: a name or number")
    per_second: float = Field(default=0.0, description="throttle: messages a second")
    delay: dict[str, Any] = Field(default={}, description=_DELAY)
    form: Form = Field(default=Form.BAD_LENGTH, description="malformed_response, malformed_deliver")
    after: int = Field(default=1, description="disconnect: at the session's submit no.")
    answered: StrictBool = Field(
        default=True, description="disconnect: whether that one is answered"
    )
    state: FinalState = Field(default=FinalState.UNDELIVERABLE, description="change_receipt")
    error: int = Field(default=0, description="change_receipt: a GSM MAP number")
    account: str = ""
    source: str = ""
    destination: str = ""
    text: str = ""
    probability: float = 1.0
    every_n: int = 1
    skip: int = 0
    limit: int = 0
    active_from: str = ""
    active_until: str = ""


class FaultsBody(BaseModel):
    """All faults from now on; without `seed` the present one stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "seed": 4444,
                    "faults": [{"name": "lost", "kind": "drop_receipt", "probability": 0.1}],
                }
            ]
        },
    )

    faults: list[FaultBody] = Field(max_length=1000)
    seed: StrictInt | None = None


class FaultAnswer(FaultBody):
    """One fault that is on; `met` counts what it was aimed at, `struck` how often it struck."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "busy",
                    "kind": "refuse",
                    "status": "ESME_RMSGQFUL",
                    "account": "a2p",
                    "probability": 0.1,
                    "met": 250,
                    "struck": 23,
                }
            ]
        },
    )

    met: int
    struck: int


class FaultsAnswer(BaseModel):
    """All faults that are on, in the order in which they are asked."""

    seed: int
    faults: list[FaultAnswer]


class ProfileAnswer(BaseModel):
    """A set of faults under one name; `provenance` says where it comes from."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "throttling",
                    "what": "ten messages a second and no more",
                    "provenance": "invented: plausible, measured nowhere",
                    "on": False,
                    "faults": [{"name": "throttling.rate", "kind": "throttle", "per_second": 10.0}],
                }
            ]
        },
    )

    name: str
    what: str
    provenance: str
    on: bool
    faults: list[FaultBody]


def faults_answer(faults: Faults, tally: Tally) -> FaultsAnswer:
    """Show the faults with their counts."""
    return FaultsAnswer(seed=faults.seed, faults=[_shown(rule, tally) for rule in faults.rules])


def _shown(rule: FaultRule, tally: Tally) -> FaultAnswer:
    count = tally.get(rule.name, Count())
    return FaultAnswer(**row_of(rule), met=count.met, struck=count.struck)


def profile_answer(profile: FaultProfile, faults: Faults) -> ProfileAnswer:
    """Show a profile, and whether any of its faults is on."""
    return ProfileAnswer(
        name=profile.name,
        what=profile.what,
        provenance=profile.provenance,
        on=any(rule.name.startswith(f"{profile.name}.") for rule in faults.rules),
        faults=[FaultBody(**row_of(row.rule())) for row in profile.rows_for("")],
    )


def read_rules(
    bodies: Sequence[FaultBody], accounts: Collection[str]
) -> list[FaultRule] | list[str]:
    """Read faults as the configuration does; gives rules, or a line for each mistake."""
    mistakes: list[str] = []

    def blame(path: Path, what: str, remedy: str) -> None:
        number, *keys = path[1:]
        place = " ".join(map(str, keys)) or "fault"
        assert isinstance(number, int)
        at = place if len(bodies) == 1 else f"fault no. {number + 1} {place}"
        mistakes.append(f"{at}: {what}; {remedy}")

    reader = FieldReader(blame)
    rows = [
        reader.table(
            FaultConfig, body.model_dump(mode="json", exclude_unset=True), ("faults", index), None
        )
        for index, body in enumerate(bodies)
    ]
    check_faults(rows, ("faults",), reader, accounts)
    return mistakes or [row.rule() for row in rows]
