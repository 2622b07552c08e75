"""One value of a table by the type of its field, and how it is written."""

from __future__ import annotations

import math
from datetime import date

from msgspec import Struct, inspect

from gateway.config.places import Path
from gateway.config.words import shown


class Given(Struct, frozen=True):
    """A value of --set: as typed, and as TOML reads it; a key that holds a text takes the first."""

    text: str
    value: object


def scalar(kind: inspect.Type, raw: object) -> object | None:
    """Turn a raw value into the field's type; None when it is none."""
    value = raw.value if isinstance(raw, Given) else raw
    match kind:
        case inspect.StrType():
            if isinstance(value, date):
                return value.isoformat()
            if isinstance(value, str):
                return value
            return raw.text if isinstance(raw, Given) else None
        case inspect.EnumType(cls=cls):
            return next((choice for choice in cls if choice.value == value), None)
        case inspect.BoolType():
            return value if isinstance(value, bool) else None
        case inspect.IntType():
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        case inspect.FloatType():
            return _finite(value)
        case _:
            raise TypeError(f"no configuration field can be of type {kind}")


def _finite(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


_WANTED: dict[type[inspect.Type], str] = {
    inspect.StrType: "a text in quotes",
    inspect.BoolType: "true or false",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
}
EXAMPLES: dict[type[inspect.Type], str] = {
    inspect.StrType: '"..."',
    inspect.BoolType: "true",
    inspect.IntType: "1",
    inspect.FloatType: "1.0",
}


def wanted(kind: inspect.Type) -> str:
    """Word what a value of the type looks like."""
    if isinstance(kind, inspect.EnumType):
        return "one of " + ", ".join(f'"{choice.value}"' for choice in kind.cls)
    return _WANTED[type(kind)]


def example(kind: inspect.Type, path: Path, default: object) -> str:
    """Write the key as it could stand in the file: with its default where it has one."""
    value = EXAMPLES.get(type(kind), "...")
    if isinstance(default, str | int | float):
        value = shown(default)
    elif isinstance(kind, inspect.EnumType):
        value = shown(next(iter(kind.cls)).value)
    elif isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StructType):
        value = "[{...}]"
    elif isinstance(kind, inspect.VarTupleType):
        value = f"[{EXAMPLES.get(type(kind.item_type), '...')}]"
    return f"{path[-1]} = {value}"


def placeholder(kind: inspect.Type) -> object:
    """Stand in for a value that is wrong and has no default; nothing checks it any more."""
    match kind:
        case inspect.StrType():
            return ""
        case inspect.EnumType(cls=cls):
            return next(iter(cls))
        case inspect.VarTupleType():
            return ()
        case _:
            return 0


def keys_remedy(info: inspect.StructType) -> str:
    """Word which keys a table can have."""
    return "give it keys: " + ", ".join(field.name for field in info.fields[:5])
