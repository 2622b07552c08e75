"""Where scenarios come from."""

from pathlib import Path

import pytest

from handsets.fleet.files import SCENARIOS, load_scenario
from handsets.tables import BadTable


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_packaged_scenarios_are_without_mistakes(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.about


def test_a_file_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(BadTable, match="registration"):
        load_scenario("no/such.toml")


@pytest.mark.parametrize(
    ("octets", "told"),
    [(b"\xff", "not UTF-8"), (b"a = ", "correct the TOML"), (b"phones = 0", "phones: 0")],
)
def test_what_is_wrong_with_a_file_is_told_with_its_name(
    tmp_path: Path, octets: bytes, told: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(octets)
    with pytest.raises(BadTable) as caught:
        load_scenario(str(path))
    assert all(line.startswith(f"{path}: ") for line in caught.value.lines)
    assert told in str(caught.value)
