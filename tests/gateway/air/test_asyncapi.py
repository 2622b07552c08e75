"""The published contract, gateway/air/asyncapi.yaml, says what the code does."""

from __future__ import annotations

import json
from enum import Enum
from importlib.resources import files
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from gateway.air import frames
from gateway.air.frames import (
    DOWN_FRAMES,
    UP_FRAMES,
    BadFrame,
    decode_down,
    decode_up,
    encode,
)
from gateway.air.topics import DownKind, UpKind
from gateway.core.causes import CODES, Cause
from gateway.core.subscriber import BlockStage, Service

DOCUMENT: dict[str, Any] = yaml.safe_load(
    files("gateway.air").joinpath("asyncapi.yaml").read_text(encoding="utf-8")
)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
STRUCTS: list[type[msgspec.Struct]] = [
    *UP_FRAMES.values(),
    *DOWN_FRAMES.values(),
    frames.NextStage,
]
KINDS: list[tuple[str, UpKind | DownKind, type[msgspec.Struct]]] = [
    *(("up", kind, UP_FRAMES[kind]) for kind in UpKind),
    *(("down", kind, DOWN_FRAMES[kind]) for kind in DownKind),
]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Follow a local reference."""
    return SCHEMAS[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema


def validator(name: str) -> jsonschema.Draft202012Validator:
    whole = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    return jsonschema.Draft202012Validator(whole)


def examples() -> list[Any]:
    return [
        pytest.param(way, kind, frame, example["payload"], id=f"{frame.__name__} {example['name']}")
        for way, kind, frame in KINDS
        for example in DOCUMENT["components"]["messages"][frame.__name__]["examples"]
    ]


@pytest.mark.parametrize(("way", "kind", "frame"), KINDS)
def test_every_kind_has_its_channel_and_frame(
    way: str, kind: UpKind | DownKind, frame: type[msgspec.Struct]
) -> None:
    channel = DOCUMENT["channels"][way + kind.value.capitalize()]
    assert channel["address"] == f"handsets/{{msisdn}}/{way}/{kind.value}"
    assert list(channel["messages"]) == [frame.__name__]
    message = DOCUMENT["components"]["messages"][frame.__name__]
    assert message["payload"] == {"$ref": f"#/components/schemas/{frame.__name__}"}


@pytest.mark.parametrize(("way", "kind", "frame"), KINDS)
def test_every_kind_has_its_operation(
    way: str, kind: UpKind | DownKind, frame: type[msgspec.Struct]
) -> None:
    verb, action = ("take", "receive") if way == "up" else ("send", "send")
    operation = DOCUMENT["operations"][verb + kind.value.capitalize()]
    assert operation["action"] == action
    channel = f"#/channels/{way}{kind.value.capitalize()}"
    assert operation["channel"] == {"$ref": channel}
    retained = kind in (UpKind.STATE, DownKind.BARRING)
    assert operation["bindings"]["mqtt"]["retain"] is retained


def test_nothing_else_is_promised() -> None:
    assert len(DOCUMENT["channels"]) == len(DOCUMENT["operations"]) == len(KINDS)
    assert set(DOCUMENT["components"]["messages"]) == {frame.__name__ for _, _, frame in KINDS}
    made = {struct.__name__ for struct in STRUCTS}
    assert set(SCHEMAS) == made | {"Ref", "Id", "Stage", "Service", "Cause"}


@pytest.mark.parametrize("struct", STRUCTS)
def test_fields_and_which_are_required_equal_the_frames(struct: type[msgspec.Struct]) -> None:
    _, made = msgspec.json.schema_components([struct])
    schema = SCHEMAS[struct.__name__]
    assert list(schema["properties"]) == list(struct.__struct_encode_fields__)
    assert set(schema["required"]) == set(made[struct.__name__].get("required", ()))


def test_the_cause_equals_the_frame() -> None:
    schema = SCHEMAS["Cause"]
    assert list(schema["properties"]) == list(frames.CauseFrame.__struct_encode_fields__)
    assert schema["required"] == ["name"]
    assert set(CODES) == set(Cause)


@pytest.mark.parametrize(
    ("path", "enum"),
    [
        ("StateUp.state", frames.PhoneState),
        ("CallUp.action", frames.CallUpAction),
        ("DataUp.action", frames.DataUpAction),
        ("ResultDown.status", frames.ResultStatus),
        ("CallDown.event", frames.CallEvent),
        ("DataDown.status", frames.DataStatus),
        ("UssdDown.status", frames.UssdStatus),
        ("BarringDown.stage", BlockStage),
        ("NextStage.stage", BlockStage),
        ("Cause.name", Cause),
    ],
)
def test_values_equal_the_enumerations(path: str, enum: type[Enum]) -> None:
    struct, name = path.split(".")
    schema = resolved(SCHEMAS[struct]["properties"][name])
    assert schema["enum"] == [member.value for member in enum]


def test_services_equal_the_enumeration() -> None:
    items = resolved(SCHEMAS["BarringDown"]["properties"]["barred"]["items"])
    assert items["enum"] == [service.value for service in Service]


def test_references_and_ids_have_the_limits_of_the_frames() -> None:
    _, made = msgspec.json.schema_components([frames.SmsUp, frames.AckUp])
    for name, of in (("Ref", made["SmsUp"]["properties"]["ref"]), ("Id", made["AckUp"])):
        limits = of if name == "Ref" else of["properties"]["id"]
        documented = {key: value for key, value in SCHEMAS[name].items() if key != "description"}
        assert documented == limits


def test_the_limit_of_octets_is_told() -> None:
    assert f"at most {frames.PAYLOAD_MOST} octets" in DOCUMENT["info"]["description"]


@pytest.mark.parametrize(("way", "kind", "frame", "payload"), examples())
def test_examples_are_valid_and_read_as_themselves(
    way: str, kind: Any, frame: type[msgspec.Struct], payload: dict[str, Any]
) -> None:
    validator(frame.__name__).validate(payload)
    written = json.dumps(payload).encode()
    read = decode_up(kind, written) if way == "up" else decode_down(kind, written)
    assert not isinstance(read, BadFrame)
    assert isinstance(read, frame)
    assert json.loads(encode(read)) == payload


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        (UpKind.STATE, {"state": "asleep"}),
        (UpKind.SMS, {"ref": "a", "to": "4444"}),
        (UpKind.SMS, {"ref": "", "to": "4444", "text": ""}),
        (UpKind.SMS, {"ref": "r" * 65, "to": "4444", "text": ""}),
        (UpKind.ACK, {"id": 5}),
        (UpKind.ACK, {"id": "x"}),
        (UpKind.CALL, {"action": "dial", "ref": "a"}),
        (UpKind.CALL, {"action": "dial", "ref": "a", "to": ""}),
        (UpKind.CALL, {"action": "dial", "to": "112"}),
        (UpKind.CALL, {"action": "answer", "ref": "a"}),
        (UpKind.CALL, {"action": "answer", "id": ""}),
        (UpKind.DATA, {"action": "open"}),
        (UpKind.DATA, {"ref": "a", "action": "reopen"}),
        (UpKind.USSD, {"ref": "a"}),
        (UpKind.USSD, {"ref": "a", "code": "*"}),
    ],
)
def test_what_the_document_forbids_the_code_refuses(kind: UpKind, payload: dict[str, Any]) -> None:
    assert not validator(UP_FRAMES[kind].__name__).is_valid(payload)
    assert isinstance(decode_up(kind, json.dumps(payload).encode()), BadFrame)


def test_the_last_will_is_a_frame() -> None:
    will = DOCUMENT["servers"]["gateway"]["bindings"]["mqtt"]["lastWill"]
    assert will["topic"] == DOCUMENT["channels"]["upState"]["address"]
    assert decode_up(UpKind.STATE, will["message"].encode()) == frames.StateUp(
        frames.PhoneState.OFFLINE
    )
