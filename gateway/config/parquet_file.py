"""A Parquet file -> the rows of a CSV file with the same columns, as text; needs DuckDB.

DuckDB is an extra: 25 MB that few need. Of the readers that are lighter still, arro3-io aborts with
a panic on a damaged file; pyarrow is twice as heavy.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

MAGIC: Final = b"PAR1"
"""What a Parquet file begins with."""
EXTRA: Final = "sms-gateway-simulator[parquet]"

_ROWS_AT_ONCE: Final = 10_000
# Nothing is fetched from anywhere, and no setting of the user's own counts.
_SETTINGS: Final = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "threads": 1,
}


class CannotRead(Exception):
    """The file cannot be read: say `what` is wrong, and the `remedy`."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")
        self.what = what
        self.remedy = remedy


class Parquet(Struct, frozen=True):
    """An open file: its columns, and its rows by column; a value that there is not is ""."""

    columns: list[str]
    rows: Iterator[dict[str, str]]


def is_parquet(path: Path) -> bool:
    """Tell by its name or its first octets; raises OSError."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC or path.suffix.lower() == ".parquet"


def open_parquet(path: Path) -> Parquet:
    """Open a Parquet file. Raises CannotRead, also while its rows are read."""
    try:
        duckdb = import_module("duckdb")
    except ImportError as missing:
        raise CannotRead(
            "is a Parquet file, which needs DuckDB",
            f'run: pip install "{EXTRA}", or save it as CSV',
        ) from missing
    try:
        connection = duckdb.connect(":memory:", config=_SETTINGS)
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
    except duckdb.Error as trouble:
        raise _unreadable(trouble) from trouble
    columns = [name for name, *_ in found.description]
    return Parquet(columns, _rows(found, columns, duckdb.Error))


def _rows(found: Any, columns: list[str], error: type[Exception]) -> Iterator[dict[str, str]]:
    while True:
        try:
            page = found.fetchmany(_ROWS_AT_ONCE)
        except error as trouble:
            raise _unreadable(trouble) from trouble
        if not page:
            return
        for values in page:
            yield dict(zip(columns, map(_text, values), strict=True))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            # A number of 16 digits may not be what it was.
            raise CannotRead("has a column of floating-point numbers", "write text in its place")
        case datetime():  # as pandas writes dates
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _unreadable(trouble: Exception) -> CannotRead:
    first = str(trouble).partition("\n")[0]
    return CannotRead(f"is no Parquet file: {first}", "write it anew, or save it as CSV")
