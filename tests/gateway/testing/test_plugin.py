"""The plugin as its users have it: their files, their settings, their reports."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from gateway.testing import plugin
from tests.gateway.testing.users import ROOT, readme, run_pytest, run_python

_FAILING = """
def test_in_vain(handset):
    phone = handset("081290000001")
    phone.sms("4444", "HALO")
    phone.expect("terdaftar", sender="4444", within=0.1)
"""

_SETTINGS = """
import pytest

@pytest.mark.sms_gateway("registration.numbers_per_nik=1")
def test_marked(handset, citizen, sms_gateway):
    siti = citizen()
    for number in ("081290000001", "081290000002"):
        handset(number).sms("4444", f"REG {siti.nik}#{siti.kk}#")
    assert "Selamat" in handset("081290000001").expect().text
    assert "Selamat" not in handset("081290000002").expect().text
    assert len(sms_gateway.messages("081290000001")) == 2

def test_several_at_once(sms_gateways):
    one, two = sms_gateways(), sms_gateways()
    assert one.smpp != two.smpp
    assert one.esme("qa").bound and two.esme("qa").bound
    one.handset("081290000001").sms("4444", "HALO")
    assert two.messages() == []

def test_people_are_new(citizen):
    assert citizen().nik != citizen().nik
"""


def test_the_readme_s_file_runs_on_workers_and_leaves_what_junit_shows(tmp_path: Path) -> None:
    (tmp_path / "test_readme.py").write_text(readme("pytest"))
    (tmp_path / "test_settings.py").write_text(_SETTINGS)
    ran = run_pytest(
        tmp_path,
        *("-q", "-n", "2", "--sms-gateway-artifacts", "kept", "-W", "error"),
        *("--strict-markers", "--junitxml", "junit.xml", "-o", "junit_logging=system-out"),
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "4 passed" in ran.stdout
    case = next(
        case
        for case in ElementTree.parse(tmp_path / "junit.xml").iter("testcase")
        if case.get("name") == "test_registering_lifts_the_bar"
    )
    kept = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert set(kept) == {f"sms_gateway.{name}" for name in _NAMES}
    assert all((tmp_path / str(path)).stat().st_size for path in kept.values())
    shown = "".join(case.itertext())
    assert all(f"{name}]]" in shown for name in _NAMES), shown
    journal = (tmp_path / str(kept["sms_gateway.journal.jsonl"])).read_text()
    assert "in OUTGOING_BARRED: MO CALL barred" in journal, journal


_NAMES = ("messages.jsonl", "journal.jsonl", "smpp.pcap")


def test_the_readme_s_bar_is_ten_lines() -> None:
    assert len(readme("pytest").strip().splitlines()) <= 10


def test_coroutine_tests_are_run_by_whatever_runs_them(tmp_path: Path) -> None:
    example = readme("pytest-asyncio")
    (tmp_path / "test_strict.py").write_text(f"import pytest\n\n@pytest.mark.asyncio\n{example}")
    (tmp_path / "test_anyio.py").write_text(
        "import pytest\n\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n\n"
        f"@pytest.mark.anyio\n{example}"
    )
    ran = run_pytest(tmp_path, "-q", "-W", "error")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 passed" in ran.stdout


def test_a_failed_test_shows_what_came_near_and_why(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text(_FAILING)
    ran = run_pytest(tmp_path, "-q")
    assert ran.returncode == 1
    for line in (
        'did not get an SMS from 4444 with "terdaftar" within 0.1 s',
        "(its text is another)",
        "bad format: UNKNOWN_WORD",
        "sms gateway: what was decided",
    ):
        assert line in ran.stdout, ran.stdout
    # The way through the plugin's own loops is not the test's affair.
    assert "_base.py" not in ran.stdout
    assert "home.py" not in ran.stdout


def test_the_plugin_costs_those_nothing_who_do_not_use_it(tmp_path: Path) -> None:
    program = (
        "import sys, gateway.testing.plugin\n"
        "assert not [one for one in sys.modules if one in ('fastapi', 'gateway.node', 'msgspec')]"
    )
    ran = run_python(tmp_path, "-c", program)
    assert ran.returncode == 0, ran.stderr


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    declared = (ROOT / "pyproject.toml").read_text()
    assert f'[project.entry-points.pytest11]\nsms_gateway = "{plugin.__name__}"' in declared
