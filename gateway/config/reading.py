"""config.toml and --set -> Config, or every mistake at once, each with its place and remedy.

Each field is read by itself, so that one mistake hides no other; what only shows when values are
seen together is in checks.py.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path as FilePath

from msgspec import Struct

from gateway.config.checks import check
from gateway.config.fields import FieldReader
from gateway.config.places import Path, Places
from gateway.config.scalars import Given
from gateway.config.values import Config

DEFAULT_FILE = FilePath("config.toml")
_FIRST_LINES = re.compile(r"\(at line (\d+), column (\d+)\)")
# A value that begins like this was meant as TOML: not taken for a text when it is not.
_MEANT_AS_TOML = ("[", "{", '"', "'")


class Mistake(Struct, frozen=True):
    """What is wrong in a configuration, where, and what to do."""

    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}; {self.remedy}"


class Mistakes(Struct, frozen=True):
    """All mistakes of a configuration; `unreadable` when its file could not even be read."""

    mistakes: tuple[Mistake, ...]
    unreadable: bool = False


def default_path() -> FilePath | None:
    """Give ./config.toml when there is one; None stands for the built-in defaults."""
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def load(path: FilePath | None, sets: Sequence[str] = ()) -> Config | Mistakes:
    """Read a configuration: the file (None: no file), overridden by `section.key=value` texts."""
    text = "" if path is None else _text(path)
    if isinstance(text, Mistake):
        return Mistakes((text,), unreadable=True)
    found: list[Mistake] = []
    try:
        raw: dict[str, object] = tomllib.loads(text)
    except (ValueError, RecursionError) as trouble:
        raw = {}
        found.append(_syntax(str(path), trouble))
    whole = not found
    places = Places("" if path is None else str(path), text)
    for option in sets:
        refused = _apply(option, raw, places)
        if refused is not None:
            found.append(refused)

    in_file: list[tuple[int, Mistake]] = []

    def blame(at: Path, what: str, remedy: str) -> None:
        in_file.append((places.line(at), Mistake(places.name(at), what, remedy)))

    reader = FieldReader(blame)
    config = reader.table(Config, raw, (), Config())
    if whole:
        check(config, reader, places.rank)
    found += [mistake for _, mistake in sorted(in_file, key=itemgetter(0))]
    return Mistakes(tuple(found)) if found else config


def _text(path: FilePath) -> str | Mistake:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as trouble:
        return Mistake(
            str(path),
            f"cannot be read: {trouble.strerror or trouble}",
            "give another file with --config PATH",
        )
    except UnicodeDecodeError as trouble:
        line = trouble.object[: trouble.start].count(b"\n") + 1
        return Mistake(
            f"{path}:{line}", "is not UTF-8 text", "save the file as UTF-8, or give another"
        )


def _syntax(file: str, trouble: Exception) -> Mistake:
    if isinstance(trouble, RecursionError):
        return Mistake(file, "is nested too deeply", "write it as config.toml of the project is")
    text = str(trouble)
    where = _FIRST_LINES.search(text)
    place = f"{file}:{where[1]}" if where else file
    column = f", column {where[2]}" if where else ""
    what = _FIRST_LINES.sub("", text).strip()
    return Mistake(
        place,
        f"is not TOML{column}: {what}",
        'write key = value, texts in quotes: host = "127.0.0.1"',
    )


# ---- --set section.key=value


def _apply(option: str, raw: dict[str, object], places: Places) -> Mistake | None:
    """Write one --set into the tables read from the file."""
    name, equals, text = option.partition("=")
    keys = tuple(key.strip() for key in name.split("."))
    if not equals or not all(keys):
        return Mistake(
            f"--set {option}",
            "is not section.key=value",
            "write for example --set smpp.port=0",
        )
    value = _toml_value(text.strip())
    if isinstance(value, Mistake):
        return Mistake(f"--set {name}", value.what, value.remedy)
    return _put(raw, keys, (), value, places)


def _toml_value(text: str) -> object:
    """Read a TOML value; what is none is a text, unless it begins like one."""
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError) as trouble:
        if text.startswith(_MEANT_AS_TOML):
            return Mistake(
                "",
                f"is not a TOML value: {_FIRST_LINES.sub('', str(trouble)).strip()}",
                'quote it for the shell: --set \'smpp.accounts=[{system_id="a", password="b"}]\'',
            )
        return Given(text, text)
    if set(document) != {"value"} or "\n" in text:
        return Given(text, text)
    value = document["value"]
    return value if isinstance(value, dict | list) else Given(text, value)


def _put(
    table: dict[str, object],
    keys: tuple[str, ...],
    above: Path,
    value: object,
    places: Places,
) -> Mistake | None:
    key, *rest = keys
    path = (*above, key)
    if rest:
        below = table.setdefault(key, {})
        if isinstance(below, list):
            return Mistake(
                f"--set {'.'.join(map(str, (*above, *keys)))}",
                f"{'.'.join(map(str, path))} is a list, which has no keys",
                f"give the whole list: --set '{'.'.join(map(str, path))}=[...]'",
            )
        if not isinstance(below, dict):
            below = table[key] = {}
        return _put(below, tuple(rest), path, value, places)
    present = table.get(key)
    if isinstance(value, dict) and isinstance(present, dict):
        for name, item in value.items():
            _put(present, (name,), path, item, places)
        return None
    table[key] = value
    places.note_set(path)
    return None
