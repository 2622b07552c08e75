from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.config import Config
from gateway.config.reading import Mistake, Mistakes, default_path, load

HERE = Path(__file__).parent
FIXTURES = sorted((HERE / "mistakes").glob("*.toml"))


def found(loaded: Config | Mistakes) -> list[str]:
    assert isinstance(loaded, Mistakes), "no mistake was found"
    return [str(mistake) for mistake in loaded.mistakes]


def values(*sets: str) -> Config:
    loaded = load(None, sets)
    assert isinstance(loaded, Config), loaded
    return loaded


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_each_mistake_is_named_with_its_place_and_remedy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    expected = path.read_text().splitlines()[0].removeprefix("# ")
    assert found(load(Path(path.name))) == [expected]


def test_all_mistakes_are_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    lines = found(load(Path("all_mistakes.toml"), ["log.level=loud", "nonsense"]))
    places = [re.split(r"(?<!-): ", line)[0] for line in lines]
    assert sorted(places) == sorted(
        [
            "--set nonsense",
            "--set log.level",
            "all_mistakes.toml:2 [clock] mode",
            "all_mistakes.toml:3 [clock] now",
            "all_mistakes.toml:4 [clock] speed",
            "all_mistakes.toml:6 [smtp]",
            "all_mistakes.toml:10 [smpp] port",
            "all_mistakes.toml:11 [smpp] prot",
            "all_mistakes.toml:12 [smpp] window",
            "all_mistakes.toml:16 [[smpp.accounts]] no. 1 password",
            "all_mistakes.toml:19 [[smpp.accounts]] no. 2 system_id",
            "all_mistakes.toml:18 [[smpp.accounts]] no. 2 password",
            "all_mistakes.toml:23 [mqtt] port",
            "all_mistakes.toml:24 [mqtt] qos",
            "all_mistakes.toml:27 [http] port",
            "all_mistakes.toml:30 [schedule] profile",
            "all_mistakes.toml:33 [registration] code",
            "all_mistakes.toml:34 [registration] numbers_per_nik",
            "all_mistakes.toml:37 [operators.telkomsel] reading",
            "all_mistakes.toml:38 [operators.telkomsel] prefixes",
            "all_mistakes.toml:38 [operators.telkomsel] prefixes",
        ]
    )


def test_without_a_file_the_defaults_hold() -> None:
    assert load(None) == Config()


def test_default_path_is_the_config_in_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_path() is None
    (tmp_path / "config.toml").touch()
    assert default_path() == Path("config.toml")


def test_set_overrides_the_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[smpp]\nport = 1\nhost = '::1'\n")
    loaded = load(path, ["smpp.port=0"])
    assert isinstance(loaded, Config)
    assert (loaded.smpp.port, loaded.smpp.host) == (0, "::1")


def test_set_reads_toml_values_and_plain_texts() -> None:
    config = values(
        "clock.now=2018-03-05T00:00:00+07:00",
        "clock.speed=60",
        "log.level=debug",
        'store.path=":memory:"',
        "smpp.system_id=4444",
        "mqtt.username=",
        " http.port = 0 ",
    )
    assert config.clock.now == "2018-03-05T00:00:00+07:00"
    assert config.clock.speed == 60.0
    assert config.log.level.value == "debug"
    assert config.store.path == ":memory:"
    assert config.smpp.system_id == "4444"
    assert config.mqtt.username == ""
    assert config.http.port == 0


def test_set_takes_lists_and_tables() -> None:
    config = values(
        'smpp.accounts=[{system_id="a", password="b", serves=["4444"]}]',
        "http={port=0}",
        "operators.xl={reading='strict'}",
        "registration.reading=profile",
    )
    [account] = config.smpp.accounts
    assert (account.system_id, account.password, account.serves) == ("a", "b", ("4444",))
    assert config.http.port == 0
    assert config.http.host == "127.0.0.1"
    assert config.operators["xl"].reading.value == "strict"


def test_a_set_table_keeps_what_the_file_says_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[http]\nhost = '::1'\nport = 1\n")
    loaded = load(path, ["http={port=2}"])
    assert isinstance(loaded, Config)
    assert (loaded.http.host, loaded.http.port) == ("::1", 2)


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (
            "smpp.port",
            "--set smpp.port: is not section.key=value; write for example --set smpp.port=0",
        ),
        ("=1", "--set =1: is not section.key=value; write for example --set smpp.port=0"),
        ("smpp.prot=1", "--set smpp.prot: is not a key; did you mean port?"),
        ("smtp.port=1", "--set smtp: is not a section; did you mean smpp?"),
        (
            "smpp.port=many",
            '--set smpp.port: is "many", wanted a whole number; write port = 2775',
        ),
        (
            "smpp.port.x=1",
            "--set smpp.port: is a table, wanted a whole number; write port = 2775",
        ),
        (
            "http=8080",
            "--set http: is 8080, wanted a table of keys; give it keys: host, port, read_token, "
            "act_token",
        ),
        (
            "smpp.accounts=qa",
            '--set smpp.accounts: is "qa", wanted a list of tables; '
            "head each with [[smpp.accounts]]",
        ),
        (
            "smpp.accounts=[{system_id='a', password='123456789'}]",
            "--set smpp.accounts no. 1 password: has 9 characters, too many; "
            "write 1 to 8 ASCII characters (SMPP 3.4 section 5.2)",
        ),
        (
            "operators=x",
            '--set operators: is "x", wanted tables; head each with [operators.NAME]',
        ),
        (
            "operators.bolt.reading=strict",
            "--set operators.bolt prefixes: is empty, so the operator has no numbers; "
            'write prefixes = ["0811"]',
        ),
        (
            "operators.xl.prefixes=0811",
            '--set operators.xl.prefixes: is "0811", wanted a list of texts; '
            'write prefixes = ["..."]',
        ),
        (
            "http.port=1883",
            "--set http.port: is 1883, which is [mqtt]'s port too; "
            "give each its own, or 0 for any free one",
        ),
        (
            "log.level=in\nfo",
            '--set log.level: is "in\\nfo", wanted one of "debug", "info", "warning", "error"; '
            'did you mean "info"?',
        ),
        ("clock.speed=1e999", "--set clock.speed: is inf, wanted a number; write speed = 1.0"),
        (
            "http.a b=1",
            "--set http.a b: is not a key; write one of host, port, read_token, act_token",
        ),
    ],
)
def test_a_wrong_set_is_named(option: str, expected: str) -> None:
    assert found(load(None, [option])) == [expected]


def test_a_set_value_cannot_bring_in_another_key() -> None:
    assert values("mqtt.username='a'\nqos = 1").mqtt.qos == 0


def test_a_huge_whole_number_is_no_speed() -> None:
    [line] = found(load(None, [f"clock.speed={10**400}"]))
    assert line.startswith("--set clock.speed: is 1000")


def test_set_below_a_value_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("http = 8080\n")
    loaded = load(path, ["http.port=1"])
    assert isinstance(loaded, Config)
    assert loaded.http.port == 1


def test_set_inside_a_list_asks_for_the_whole_list(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[smpp.accounts]]\nsystem_id = 'a'\npassword = 'b'\n")
    assert found(load(path, ["smpp.accounts.a.password=c"])) == [
        "--set smpp.accounts.a.password: smpp.accounts is a list, which has no keys; "
        "give the whole list: --set 'smpp.accounts=[...]'"
    ]


def test_set_that_begins_like_toml_must_be_toml() -> None:
    [line] = found(load(None, ["smpp.accounts=[{system_id=qa}]"]))
    assert line.startswith("--set smpp.accounts: is not a TOML value: ")
    assert "quote it for the shell" in line


def test_a_replaced_list_is_blamed_on_the_option(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[smpp.accounts]]\nsystem_id = 'a'\npassword = 'b'\n")
    assert found(load(path, ["smpp.accounts=[{system_id='a', password=1}]"])) == [
        '--set smpp.accounts no. 1 password: wanted a text in quotes; write password = "..."'
    ]


def test_the_port_that_was_written_is_blamed_not_the_default(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[smpp]\nport = 8080\n")
    [line] = found(load(path))
    assert line.startswith(f"{path}:2 [smpp] port: is 8080, which is [http]'s port too")


def test_same_port_on_different_hosts_is_no_mistake() -> None:
    config = values("http.port=2775", "http.host=127.0.0.2")
    assert config.http.port == config.smpp.port


def test_localhost_is_the_loopback_address() -> None:
    assert len(found(load(None, ["http.port=2775", "http.host=localhost"]))) == 1


def test_an_external_broker_is_no_listener() -> None:
    config = values("mqtt.broker=external", "mqtt.port=8080")
    assert config.mqtt.port == config.http.port


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    assert load(path) == Mistakes(
        (
            Mistake(
                str(path),
                "cannot be read: No such file or directory",
                "give another file with --config PATH",
            ),
        ),
        unreadable=True,
    )


def test_a_file_that_is_a_directory(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert isinstance(loaded, Mistakes)
    assert loaded.unreadable
    assert "cannot be read: Is a directory" in found(loaded)[0]


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(b"[clock]\nmode = '\xff'\n")
    loaded = load(path)
    assert isinstance(loaded, Mistakes)
    assert loaded.unreadable
    assert found(loaded)[0].startswith(f"{path}:2: is not UTF-8 text; ")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("\ufeff[http]\nport = 1\n", encoding="utf-8")
    loaded = load(path)
    assert isinstance(loaded, Config)
    assert loaded.http.port == 1


def test_a_file_nested_too_deeply(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("a = " + "[" * 100_000)
    [line] = found(load(path))
    assert line.startswith(f"{path}: is nested too deeply; ")


def test_a_file_that_ends_early_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[smpp")
    [line] = found(load(path))
    assert line.startswith(f"{path}: is not TOML: ")


def test_a_broken_file_does_not_hide_mistakes_of_options(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[schedules]]\nname = mine\n")
    lines = found(load(path, ["smpp.prot=1", "schedule.profile=mine"]))
    assert len(lines) == 2
    assert lines[1] == "--set smpp.prot: is not a key; did you mean port?"


def test_mistakes_come_in_the_order_of_the_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.toml").write_text('[http]\nport = "x"\n[clock]\nmode = "moon"\n[smpp]\nprot = 1\n')
    lines = found(load(Path("x.toml"), ["log.level=loud"]))
    assert [line.partition(" ")[0] for line in lines] == [
        "x.toml:2",
        "x.toml:4",
        "x.toml:6",
        "--set",
    ]
