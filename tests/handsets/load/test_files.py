"""Profiles of the package and of files."""

from pathlib import Path

import pytest

from handsets.load.curve import Replay
from handsets.load.files import PROFILES, load_profile, read_moments
from handsets.tables import BadTable


@pytest.mark.parametrize("name", PROFILES)
def test_the_packages_profiles_are_good(name: str) -> None:
    profile = load_profile(name)
    assert profile.name == name
    assert profile.about


def test_realistic_is_600_a_second_for_an_hour() -> None:
    curve = load_profile("realistic").curve
    assert (curve.seconds, getattr(curve, "messages", 0)) == (3600.0, 2_160_000.0)


def test_a_file_of_ones_own_with_its_recorded_moments(tmp_path: Path) -> None:
    (tmp_path / "times.csv").write_text("n,at\n1,2018-02-28T10:00:05\n2,2018-02-28T10:00:00\n")
    mine = tmp_path / "mine.toml"
    mine.write_text('[[curve]]\nkind = "replay"\nfile = "times.csv"\n')
    profile = load_profile(str(mine))
    assert (profile.name, profile.curve) == ("mine", Replay((0.0, 5.0)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("at\n1\nsoon\n", "line 3: 'soon' is no time; write seconds or ISO 8601"),
        ("when\n1\n", 'has no column "at"; set column to one of its first line'),
        ("at\n", "holds no moment; write one a line below at"),
    ],
)
def test_moments_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "times.csv"
    path.write_text(text)
    found = read_moments(path, "at")
    assert isinstance(found, str)
    assert told in found


def test_moments_of_no_file(tmp_path: Path) -> None:
    found = read_moments(tmp_path / "none.csv", "at")
    assert isinstance(found, str)
    assert "cannot be read (No such file or directory)" in found


def wrong(name: str) -> list[str]:
    with pytest.raises(BadTable) as caught:
        load_profile(name)
    return caught.value.lines


def test_an_unknown_name_names_the_known_ones() -> None:
    assert wrong("realistik") == [
        "realistik: no such profile; write a TOML file, or realistic, last-day-2018, stretch"
    ]


def test_what_is_no_toml_no_file_or_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[[curve]\n")
    assert "correct the TOML there" in wrong(str(path))[0]
    assert "cannot be read" in wrong(str(tmp_path))[0]
    path.write_bytes(b"\xff")
    assert "(not UTF-8)" in wrong(str(path))[0]
    path.write_text("seed = -1\nsed = 2\n")
    assert len(wrong(str(path))) == 3
