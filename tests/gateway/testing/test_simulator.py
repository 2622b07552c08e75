"""A Simulator in the test's own loop: how fast it starts, what its parts do."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from pathlib import Path

import httpx
import pytest

from gateway.clock import monotonic
from gateway.core.message import MessageKind
from gateway.testing import CannotSimulate, NotSeen, Simulator
from tests.gateway.testing.users import readme, run_python

START_S = 0.25


async def test_it_starts_in_under_a_quarter_of_a_second(sms: Simulator) -> None:
    # The first has imported everything. A machine that is shared may be slow once.
    took = []
    for _ in range(3):
        began = monotonic()
        async with Simulator():
            took.append(monotonic() - began)
    assert min(took) < START_S, took


async def test_it_has_ports_store_and_calendar_of_its_own(sms: Simulator, tmp_path: Path) -> None:
    async with Simulator(store=tmp_path / "own.sqlite3") as other:
        assert len({sms.smpp, other.smpp}) == 2
        await other.clock.set("2018-04-20")
        assert str(other.clock).startswith("2018-04-20T00:00")
        assert sms.clock.now.isoformat() == "2018-02-26T08:00:00+07:00"
        await sms.clock.advance("2d")
        assert sms.clock.now.isoformat() == "2018-02-28T08:00:00+07:00"
        phone = await other.handset("081290000001")
        assert (phone.stage, phone.barred[0]) == ("INCOMING_BARRED", "MO_SMS")
        assert await sms.messages() == []
    assert (tmp_path / "own.sqlite3").stat().st_size
    async with Simulator(store=tmp_path / "own.sqlite3") as again:
        assert str(again.clock).startswith("2018-04-20T00:00")


async def test_the_rest_api_is_there(sms: Simulator) -> None:
    async with httpx.AsyncClient() as client:
        health = (await client.get(f"{sms.http}/api/v1/health")).json()
    assert health["links"]["mqtt"] == "off"
    assert sms.mqtt is None


async def test_a_broker_is_there_where_it_is_asked_for() -> None:
    async with Simulator('mqtt.broker="embedded"') as sms:
        assert sms.mqtt is not None
        with socket.create_connection(sms.mqtt, timeout=5):
            phone = await sms.handset("081290000001")
        assert phone.stage == "OPEN"


async def test_a_listed_number_has_its_messages(sms: Simulator) -> None:
    phone = await sms.handset("0812 9000 0001")
    assert await sms.handset("+6281290000001") is phone
    await phone.sms("4444", "HALO")
    assert [one.kind for one in await sms.messages("081290000001")] == [
        MessageKind.MO,
        MessageKind.REPLY,
    ]
    assert [one.destination for one in await sms.messages()] == ["4444", phone.number]


@pytest.mark.parametrize("what", ["handset", "messages"])
async def test_what_is_no_number_is_said(sms: Simulator, what: str) -> None:
    with pytest.raises(ValueError, match='"12" is no mobile number'):
        await getattr(sms, what)("12")


def test_wrong_settings_are_all_told() -> None:
    with pytest.raises(CannotSimulate) as told:
        Simulator("smpp.port=x", "registration.numbers_per_nik=-1")
    assert len(str(told.value).splitlines()) == 2


def test_the_readme_s_program_runs(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(readme("simulator"))
    ran: subprocess.CompletedProcess[str] = run_python(tmp_path, "program.py")
    assert ran.returncode == 0, ran.stderr
    assert "Selamat" in ran.stdout


async def test_other_loops_may_ask(sms: Simulator) -> None:
    def in_a_thread() -> str:
        async def ask() -> str:
            phone = await sms.handset("081290000001")
            assert (await phone.sms("4444", "HALO")).accepted
            with pytest.raises(NotSeen):
                await phone.expect("terdaftar", within=0.05)
            return (await phone.expect(sender="4444")).text

        return asyncio.run(ask())

    assert "format SMS salah" in await asyncio.to_thread(in_a_thread)
