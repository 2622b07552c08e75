from __future__ import annotations

import pytest

from gateway.config.places import Path, Places

TEXT = """\
smpp.window = 5
[smpp]
port = 1
"quoted" = 2
accounts = [
  { system_id = "a" },
]
  [ operators . xl ]   # a comment
prefixes = [
  "0817",
]
new_number.keyword = "REG"

[[schedules]]
name = "a"
[[schedules.steps]]
day = 1
[[schedules]]
name = "b"
[[schedules.steps]]
day = 2
[[schedules.steps]]
day = 3
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("smpp",), "f.toml:2 [smpp]"),
        (("smpp", "window"), "f.toml:1 [smpp] window"),
        (("smpp", "port"), "f.toml:3 [smpp] port"),
        (("smpp", "quoted"), "f.toml:4 [smpp] quoted"),
        (("smpp", "host"), "f.toml:2 [smpp] host"),
        (
            ("smpp", "accounts", 0, "system_id"),
            "f.toml:5 [[smpp.accounts]] no. 1 system_id",
        ),
        (("operators", "xl", "prefixes"), "f.toml:9 [operators.xl] prefixes"),
        (
            ("operators", "xl", "new_number", "keyword"),
            "f.toml:12 [operators.xl.new_number] keyword",
        ),
        (("schedules",), "f.toml:14 [schedules]"),
        (("schedules", 1), "f.toml:18 [[schedules]] no. 2"),
        (("schedules", 1, "name"), "f.toml:19 [[schedules]] no. 2 name"),
        (("schedules", 0, "steps", 0, "day"), "f.toml:17 [[schedules]] no. 1 steps no. 1 day"),
        (("schedules", 1, "steps", 1, "day"), "f.toml:23 [[schedules]] no. 2 steps no. 2 day"),
        (("http", "port"), "f.toml [http] port"),
    ],
)
def test_a_place_in_the_file(path: Path, expected: str) -> None:
    assert Places("f.toml", TEXT).name(path) == expected


def test_a_place_without_a_file_is_the_key() -> None:
    assert Places("", "").name(("smpp", "port")) == "[smpp] port"


def test_a_place_of_an_option() -> None:
    places = Places("f.toml", TEXT)
    places.note_set(("smpp", "accounts"))
    places.note_set(("http", "host"))
    assert places.name(("smpp", "accounts", 1, "serves")) == "--set smpp.accounts no. 2 serves"
    assert places.name(("smpp", "port")) == "f.toml:3 [smpp] port"
    assert places.name(("http",)) == "--set http"


def test_rank_tells_how_much_a_value_was_meant() -> None:
    places = Places("f.toml", TEXT)
    places.note_set(("smpp", "port"))
    assert places.rank(("smpp", "port")) == 2
    assert places.rank(("smpp", "window")) == 1
    assert places.rank(("http", "port")) == 0
