"""Reads tables of raw TOML values into the configuration's Structs, field by field."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from msgspec import NODEFAULT, Struct, inspect, structs

from gateway.config.operators import (
    DEFAULT_OPERATORS,
    OTHER_OPERATOR,
    OperatorConfig,
)
from gateway.config.places import Path
from gateway.config.words import did_you_mean, shown

T = TypeVar("T", bound=Struct)
Blame = Callable[[Path, str, str], None]


class Given(Struct, frozen=True):
    """A value of --set: as typed, and as TOML reads it; a key that holds a text takes the first."""

    text: str
    value: object


class FieldReader:
    """Reads fields and blames what is wrong; a wrong field has its default in the result."""

    def __init__(self, blame: Blame) -> None:
        self._blame = blame
        self._unsound: list[Path] = []

    def note(self, path: Path, what: str, remedy: str) -> None:
        """Report a mistake in a value, unless it could not even be read."""
        if not any(path[: len(wrong)] == wrong for wrong in self._unsound):
            self._blame(path, what, remedy)

    def sound(self, path: Path) -> bool:
        """Tell whether a value could be read, and all that is in it."""
        return not any(
            path[: len(wrong)] == wrong or wrong[: len(path)] == path for wrong in self._unsound
        )

    def _misread(self, path: Path, what: str, remedy: str) -> None:
        self._unsound.append(path)
        self._blame(path, what, remedy)

    def table(self, cls: type[T], raw: object, path: Path, base: T | None) -> T:
        """Read a table into `cls`; what it leaves out is as in `base`, or as the class says."""
        if isinstance(raw, Given):
            raw = raw.value
        info = inspect.type_info(cls)
        assert isinstance(info, inspect.StructType)
        if not isinstance(raw, dict):
            self._misread(path, f"is {shown(raw)}, wanted a table of keys", _keys_remedy(info))
            raw = {}
        names = [field.name for field in info.fields]
        for key in raw:
            if key not in names:
                self._unknown_key(key, names, path)
        values = {field.name: self._field(field, raw, path, base) for field in info.fields}
        return cls(**values)

    def _field(
        self, field: inspect.Field, raw: Mapping[str, object], path: Path, base: Struct | None
    ) -> object:
        default = getattr(base, field.name) if base is not None else field.default
        at = (*path, field.name)
        if field.name in raw:
            return self._value(field.type, raw[field.name], at, default)
        if default is NODEFAULT:
            self.note(at, "is missing", f"write {_example(field.type, at, default)}")
            self._unsound.append(at)
            return _placeholder(field.type)
        return default

    def _unknown_key(self, key: str, names: list[str], path: Path) -> None:
        what = "is not a key" if path else "is not a section"
        self._blame((*path, key), what, did_you_mean(key, names))

    # ---- one value, by the type of its field

    def _value(self, kind: inspect.Type, raw: object, path: Path, default: object) -> object:
        match kind:
            case inspect.StructType(cls=cls):
                base = default if isinstance(default, cls) else None
                return self.table(cls, raw, path, base)
            case inspect.VarTupleType(item_type=inspect.StructType(cls=cls)):
                return self._rows(cls, raw, path)
            case inspect.VarTupleType(item_type=inspect.TupleType(item_types=kinds)):
                return self._groups(kinds, raw, path, default)
            case inspect.VarTupleType():
                return self._texts(kind, raw, path, default)
            case inspect.DictType():
                return self._operators(raw, path)
            case _:
                return self._scalar(kind, raw, path, default)

    def _scalar(self, kind: inspect.Type, raw: object, path: Path, default: object) -> object:
        value = _scalar(kind, raw)
        if value is not None:
            return value
        given = raw.value if isinstance(raw, Given) else raw
        remedy = f"write {_example(kind, path, default)}"
        if isinstance(kind, inspect.EnumType):
            choices = [str(choice.value) for choice in kind.cls]
            remedy = did_you_mean(str(given), choices, quoted=True)
        # A password is not shown, not even a wrong one.
        what = "" if path[-1] == "password" else f"is {shown(given)}, "
        self._misread(path, f"{what}wanted {_wanted(kind)}", remedy)
        return _placeholder(kind) if default is NODEFAULT else default

    def _rows(self, cls: type[Struct], raw: object, path: Path) -> tuple[Struct, ...]:
        if isinstance(raw, Given):
            raw = raw.value
        if not isinstance(raw, list):
            head = ".".join(map(str, path))
            what = f"is {shown(raw)}, wanted a list of tables"
            self._misread(path, what, f"head each with [[{head}]]")
            return ()
        return tuple(self.table(cls, row, (*path, place), None) for place, row in enumerate(raw))

    def _groups(
        self, kinds: tuple[inspect.Type, ...], raw: object, path: Path, default: object
    ) -> object:
        """Read a list of lists that hold one value of each kind."""
        if isinstance(raw, Given):
            raw = raw.value
        groups = raw if isinstance(raw, list) else [raw]
        read: list[tuple[object, ...]] = []
        for group in groups:
            values: list[object] = [None]
            if isinstance(group, list) and len(group) == len(kinds):
                values = [_scalar(kind, one) for kind, one in zip(kinds, group, strict=True)]
            if None in values:
                what = f"{'holds' if isinstance(raw, list) else 'is'} {shown(group)}"
                group_example = ", ".join(_EXAMPLES[type(kind)] for kind in kinds)
                self._misread(
                    path,
                    f"{what}, wanted a list of lists of {len(kinds)}",
                    f"write {path[-1]} = [[{group_example}]]",
                )
                return () if default is NODEFAULT else default
            read.append(tuple(values))
        return tuple(read)

    def _texts(
        self, kind: inspect.VarTupleType, raw: object, path: Path, default: object
    ) -> object:
        if isinstance(raw, Given):
            raw = raw.value
        if isinstance(raw, list) and all(isinstance(item, str) for item in raw):
            return tuple(raw)
        odd = raw
        if isinstance(raw, list):
            odd = next(item for item in raw if not isinstance(item, str))
        what = f"{'holds' if isinstance(raw, list) else 'is'} {shown(odd)}"
        self._misread(
            path, f"{what}, wanted a list of texts", f"write {_example(kind, path, default)}"
        )
        return () if default is NODEFAULT else default

    def _operators(self, raw: object, path: Path) -> dict[str, OperatorConfig]:
        """Lay the rows over the built-in ones; a new operator starts from the row "other"."""
        rows = dict(DEFAULT_OPERATORS)
        if isinstance(raw, Given):
            raw = raw.value
        if not isinstance(raw, dict):
            self._misread(
                path, f"is {shown(raw)}, wanted tables", "head each with [operators.NAME]"
            )
            return rows
        for name, table in raw.items():
            base = DEFAULT_OPERATORS.get(name) or structs.replace(
                DEFAULT_OPERATORS[OTHER_OPERATOR], brand=name, provenance="configuration"
            )
            row = self.table(OperatorConfig, table, (*path, name), base)
            rows[name] = _with_provenance(row, base, table, name)
        return rows


def _with_provenance(
    row: OperatorConfig, base: OperatorConfig, table: object, name: str
) -> OperatorConfig:
    """Say in a built-in row which of its fields the configuration changed."""
    if name not in DEFAULT_OPERATORS or (isinstance(table, dict) and "provenance" in table):
        return row
    changed = [key for key in row.__struct_fields__ if getattr(row, key) != getattr(base, key)]
    if not changed:
        return row
    note = f"{base.provenance}; changed by configuration: {', '.join(changed)}"
    return structs.replace(row, provenance=note)


# ---- types


def _scalar(kind: inspect.Type, raw: object) -> object | None:
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
_EXAMPLES: dict[type[inspect.Type], str] = {
    inspect.StrType: '"..."',
    inspect.BoolType: "true",
    inspect.IntType: "1",
    inspect.FloatType: "1.0",
    inspect.VarTupleType: '["..."]',
}


def _wanted(kind: inspect.Type) -> str:
    if isinstance(kind, inspect.EnumType):
        return "one of " + ", ".join(f'"{choice.value}"' for choice in kind.cls)
    return _WANTED[type(kind)]


def _example(kind: inspect.Type, path: Path, default: object) -> str:
    """Write the key as it could stand in the file: with its default where it has one."""
    value = _EXAMPLES.get(type(kind), "...")
    if isinstance(default, str | int | float):
        value = shown(default)
    elif isinstance(kind, inspect.EnumType):
        value = shown(next(iter(kind.cls)).value)
    elif isinstance(kind, inspect.VarTupleType) and isinstance(kind.item_type, inspect.StructType):
        value = "[{...}]"
    return f"{path[-1]} = {value}"


def _placeholder(kind: inspect.Type) -> object:
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


def _keys_remedy(info: inspect.StructType) -> str:
    return "give it keys: " + ", ".join(field.name for field in info.fields[:5])
