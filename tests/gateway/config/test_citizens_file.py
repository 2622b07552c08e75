"""A CSV file of people, and all that can be wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import Config
from gateway.config.citizens_file import BadFile, load_citizens
from gateway.config.reading import load
from gateway.core.numbers import Kk, Nik
from gateway.core.registration.citizens import Role, Sex, Verdict
from gateway.core.registration.listed import ListedPerson, ListedPopulation

HEAD = "nik,kk,name,sex,birth_date,role\n"
ROW = "3201064507859001,3201060102179001,Siti,PEREMPUAN,1985-07-05,ISTRI\n"


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def mistakes(tmp_path: Path, text: str) -> list[str]:
    loaded = load_citizens(written(tmp_path, text))
    assert not isinstance(loaded, ListedPopulation)
    return [bad.what for bad in loaded]


def test_people_are_read_with_what_is_known_of_them(tmp_path: Path) -> None:
    text = HEAD + ROW + "3201 0601.0180-9001,3201060102179001,,,,\n"
    nik, kk = Nik("3201064507859001"), Kk("3201060102179001")
    assert load_citizens(written(tmp_path, text)) == ListedPopulation(
        [
            ListedPerson(nik, kk, "Siti", Sex.FEMALE, "1985-07-05", Role.SPOUSE),
            ListedPerson(Nik("3201060101809001"), kk, ""),
        ]
    )


def test_nik_and_kk_are_enough(tmp_path: Path) -> None:
    loaded = load_citizens(written(tmp_path, "\ufeffkk,nik\n3201060102179001,3201064507859001\n"))
    assert isinstance(loaded, ListedPopulation)
    assert loaded.population == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "has no column nik"),
        ("nik,name\n", "has no column kk"),
        ("nik,kk,age\n", 'has a column "age"'),
        (HEAD, "names nobody"),
        (HEAD + "32010645,3201060102179001,,,,\n", "line 2: NIK_LEN=8"),
        (HEAD + "3201064507859001,32010601O2179001,,,,\n", "line 2: KK_NONDIGIT@9"),
        (HEAD + ROW + ROW, "line 3: has the NIK of line 2"),
        (HEAD + ROW.replace("PEREMPUAN", "F"), "line 2: 'F' is not a valid Sex"),
        (HEAD + ROW.replace("1985-07-05", "5 Juli"), "line 2: Invalid isoformat string: '5 Juli'"),
        (HEAD + "3201064507859001\n", "line 2: has not as many fields as the first line"),
        (HEAD + ROW.replace("ISTRI", "ISTRI,x"),
         "line 2: has not as many fields as the first line"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    assert mistakes(tmp_path, text) == [what]


def test_many_mistakes_are_counted(tmp_path: Path) -> None:
    found = mistakes(tmp_path, HEAD + "1,2,,,,\n" * 8)
    assert found[0] == "line 2: NIK_LEN=1"
    assert found[-1] == "has 3 more mistakes"
    assert len(found) == 6


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing = load_citizens(str(tmp_path / "none.csv"))
    assert missing == (BadFile("cannot be read: No such file or directory", "name a CSV file"),)
    latin = tmp_path / "latin.csv"
    latin.write_bytes(HEAD.encode() + b"\xe9\n")
    loaded = load_citizens(str(latin))
    assert not isinstance(loaded, ListedPopulation)
    assert loaded[0].what.startswith("is no CSV file in UTF-8")


def test_the_file_takes_the_place_of_the_synthetic_population(tmp_path: Path) -> None:
    config = load(None, [f'registry.citizens="{written(tmp_path, HEAD + ROW)}"'])
    assert isinstance(config, Config)
    registry = config.rules().registry
    assert registry.population == 1
    assert registry.verify(Nik("3201064507859001"), Kk("3201060102179001")) is Verdict.MATCH


def test_a_mistake_in_the_file_is_one_of_the_configuration(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD)
    loaded = load(None, [f'registry.citizens="{path}"'])
    assert not isinstance(loaded, Config)
    assert [mistake.what for mistake in loaded.mistakes] == ["names nobody"]


def test_code_that_names_a_wrong_file_is_told(tmp_path: Path) -> None:
    from gateway.config import RegistryConfig

    with pytest.raises(ValueError, match="citizens names nobody"):
        RegistryConfig(citizens=written(tmp_path, HEAD)).population_of()
