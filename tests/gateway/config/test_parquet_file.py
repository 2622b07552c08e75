"""A Parquet file of people, and all that can be wrong with it."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

from gateway.config.citizens_file import BadFile, load_citizens
from gateway.config.parquet_file import MAGIC
from gateway.core.registration.listed import ListedPopulation
from tests.gateway.config.test_citizens_file import HEAD, ROW


def parquet(tmp_path: Path, select: str) -> str:
    """Write a Parquet file with what a query gives."""
    path = str(tmp_path / "people.parquet")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize("kind", ["VARCHAR", "DATE", "TIMESTAMP"])
def test_a_parquet_file_has_the_same_people_as_the_csv_file(tmp_path: Path, kind: str) -> None:
    text = HEAD + ROW + "3201060101809001,3201060102179001,,,,\n"
    csv = str(tmp_path / "people.csv")
    Path(csv).write_text(text, encoding="utf-8")
    from_csv = load_citizens(csv)
    assert isinstance(from_csv, ListedPopulation)
    typed = (
        f"SELECT nik::BIGINT AS nik, kk, name, sex, birth_date::{kind} AS birth_date, role "
        f"FROM read_csv('{csv}', all_varchar = true)"
    )
    assert load_citizens(parquet(tmp_path, typed)) == from_csv


@pytest.mark.parametrize(
    ("select", "what"),
    [
        ("SELECT 1 AS nik", "has no column kk"),
        ("SELECT '1' AS nik, '2' AS kk, 3 AS age", 'has a column "age"'),
        ("SELECT '32010645' AS nik, '3201060102179001' AS kk", "row 1: NIK_LEN=8"),
        (
            "SELECT '3201064507859001' AS nik, '3201060102179001' AS kk FROM range(2)",
            "row 2: has the NIK of row 1",
        ),
        ("SELECT '1' AS nik, '2' AS kk LIMIT 0", "names nobody"),
        (
            "SELECT 3201064507859001::DOUBLE AS nik, '3201060102179001' AS kk",
            "has a column of floating-point numbers",
        ),
    ],
)
def test_a_mistake_in_a_parquet_file_is_told_with_its_row(
    tmp_path: Path, select: str, what: str
) -> None:
    loaded = load_citizens(parquet(tmp_path, select))
    assert not isinstance(loaded, ListedPopulation)
    assert [bad.what for bad in loaded] == [what]


@pytest.mark.parametrize(
    ("name", "octets"),
    [("people.parquet", b"nik,kk\n"), ("people", b"PAR1" + bytes(60)), ("people", b"PAR1")],
)
def test_what_is_no_parquet_file_is_told(tmp_path: Path, name: str, octets: bytes) -> None:
    (tmp_path / name).write_bytes(octets)
    loaded = load_citizens(str(tmp_path / name))
    assert not isinstance(loaded, ListedPopulation)
    (bad,) = loaded
    assert bad.what.startswith("is no Parquet file: ")
    assert "\n" not in bad.what


def test_a_damaged_parquet_file_is_told(tmp_path: Path) -> None:
    path = parquet(tmp_path, "SELECT '3201064507859001' AS nik, '3201060102179001' AS kk")
    whole = Path(path).read_bytes()
    Path(path).write_bytes(MAGIC + bytes(40) + whole[44:])
    loaded = load_citizens(path)
    assert not isinstance(loaded, ListedPopulation)
    assert loaded[0].what.startswith("is no Parquet file: ")


def test_without_duckdb_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = parquet(tmp_path, "SELECT '1' AS nik, '2' AS kk")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert load_citizens(path) == (
        BadFile(
            "is a Parquet file, which needs DuckDB",
            'run: pip install "sms-gateway-simulator[parquet]", or save it as CSV',
        ),
    )
