"""What a test leaves behind."""

from __future__ import annotations

from pathlib import Path

from gateway.testing import Simulator
from gateway.testing.artifacts import directory_of, messages_of
from tests.turns import until


async def test_messages_are_shown_as_they_ended(sms: Simulator) -> None:
    siti, person = await sms.handset("081290000001"), sms.citizen()
    await siti.sms("4444", f"ULANG {person.nik}#{person.kk}#")
    await siti.expect()
    await until(lambda: "acknowledged" in sms.journal.lines()[-1])
    asked, reply = messages_of(list(sms.journal.records))
    assert (asked["from"], asked["to"], asked["state"]) == (siti.number, "4444", "DELIVERED")
    assert person.nik not in str(asked["text"])
    assert (reply["kind"], reply["state"]) == ("reply", "DELIVERED")


def test_a_test_s_name_becomes_a_directory(tmp_path: Path) -> None:
    path = directory_of("tests/test_a.py::test_b[x/y é]", tmp_path)
    assert path.is_dir()
    assert path.name == "tests_test_a.py_test_b_x_y"
