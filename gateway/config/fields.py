"""Reads tables of raw TOML values into the configuration's Structs, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from msgspec import NODEFAULT, Struct, inspect, structs

from gateway.config.operators import (
    DEFAULT_OPERATORS,
    OTHER_OPERATOR,
    OperatorConfig,
)
from gateway.config.places import Path
from gateway.config.receipts import ReceiptConfig, preset_table
from gateway.config.scalars import (
    EXAMPLES,
    Given,
    example,
    keys_remedy,
    placeholder,
    scalar,
    wanted,
)
from gateway.config.words import did_you_mean, shown

T = TypeVar("T", bound=Struct)
Blame = Callable[[Path, str, str], None]


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
            self._misread(path, f"is {shown(raw)}, wanted a table of keys", keys_remedy(info))
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
            self.note(at, "is missing", f"write {example(field.type, at, default)}")
            self._unsound.append(at)
            return placeholder(field.type)
        return default

    def _unknown_key(self, key: str, names: list[str], path: Path) -> None:
        what = "is not a key" if path else "is not a section"
        self._blame((*path, key), what, did_you_mean(key, names))

    # ---- one value, by the type of its field

    def _value(self, kind: inspect.Type, raw: object, path: Path, default: object) -> object:
        match kind:
            case inspect.StructType(cls=cls):
                base = default if isinstance(default, cls) else None
                if cls is ReceiptConfig:
                    base = preset_table(raw) or base
                return self.table(cls, raw, path, base)
            case inspect.VarTupleType(item_type=inspect.StructType(cls=cls)):
                return self._rows(cls, raw, path)
            case inspect.VarTupleType(item_type=inspect.TupleType(item_types=kinds)):
                return self._groups(kinds, raw, path, default)
            case inspect.VarTupleType():
                return self._items(kind, raw, path, default)
            case inspect.DictType(value_type=inspect.StructType()):
                return self._operators(raw, path)
            case inspect.DictType():
                return self._words(raw, path, default)
            case _:
                return self._scalar(kind, raw, path, default)

    def _scalar(self, kind: inspect.Type, raw: object, path: Path, default: object) -> object:
        value = scalar(kind, raw)
        if value is not None:
            return value
        given = raw.value if isinstance(raw, Given) else raw
        remedy = f"write {example(kind, path, default)}"
        if isinstance(kind, inspect.EnumType):
            choices = [str(choice.value) for choice in kind.cls]
            remedy = did_you_mean(str(given), choices, quoted=True)
        # A password is not shown, not even a wrong one.
        what = "" if path[-1] == "password" else f"is {shown(given)}, "
        self._misread(path, f"{what}wanted {wanted(kind)}", remedy)
        return placeholder(kind) if default is NODEFAULT else default

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
                values = [scalar(kind, one) for kind, one in zip(kinds, group, strict=True)]
            if None in values:
                what = f"{'holds' if isinstance(raw, list) else 'is'} {shown(group)}"
                group_example = ", ".join(EXAMPLES[type(kind)] for kind in kinds)
                self._misread(
                    path,
                    f"{what}, wanted a list of lists of {len(kinds)}",
                    f"write {path[-1]} = [[{group_example}]]",
                )
                return () if default is NODEFAULT else default
            read.append(tuple(values))
        return tuple(read)

    def _items(
        self, kind: inspect.VarTupleType, raw: object, path: Path, default: object
    ) -> object:
        """Read a list of texts, or of numbers."""
        if isinstance(raw, Given):
            raw = raw.value
        items = raw if isinstance(raw, list) else [raw]
        read = [scalar(kind.item_type, item) for item in items]
        if isinstance(raw, list) and None not in read:
            return tuple(read)
        odd = items[read.index(None)] if None in read else raw
        what = f"{'holds' if isinstance(raw, list) else 'is'} {shown(odd)}"
        plural = "texts" if isinstance(kind.item_type, inspect.StrType) else "numbers"
        self._misread(
            path, f"{what}, wanted a list of {plural}", f"write {example(kind, path, default)}"
        )
        return () if default is NODEFAULT else default

    def _words(self, raw: object, path: Path, default: object) -> object:
        """Read a table of texts under any keys."""
        if isinstance(raw, Given):
            raw = raw.value
        if isinstance(raw, dict) and all(isinstance(word, str) for word in raw.values()):
            return raw
        odd = raw
        if isinstance(raw, dict):
            odd = next(word for word in raw.values() if not isinstance(word, str))
        what = f"{'holds' if isinstance(raw, dict) else 'is'} {shown(odd)}"
        self._misread(
            path, f"{what}, wanted a table of texts", f'write {path[-1]} = {{ KEY = "..." }}'
        )
        return default

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
