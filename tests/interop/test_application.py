"""Role B: a registration application on aiosmpplib serves 4444 for phones on MQTT and ESMEs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.core.registration.citizens import Registry
from tests.interop.commands import Commands, run
from tests.interop.serving import Served, environment

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

SARI, BUDI, DEWI = "6281290000001", "6281290000002", "6281290000003"
CITIZENS = list(Registry(4444, 100_000_000).citizens(3))
DONE = "Selamat, nomor Anda berhasil diregistrasi."


@contextmanager
def application(folder: Path, ready: dict[str, Any], to: Commands, *words: str) -> Iterator[None]:
    """Run the application; its bind need not be awaited, for what phones send waits for it."""
    people = folder / "citizens.json"
    people.write_text(json.dumps({one.nik.digits: one.kk.digits for one in CITIZENS}))
    program = "tests.interop.esmes.registration_application"
    command = [sys.executable, "-m", program, str(ready["smpp"]["port"]), to.api, str(people)]
    process = subprocess.Popen(
        [*command, *words], env=environment(), stdout=subprocess.DEVNULL, stderr=None
    )
    try:
        yield
        assert process.poll() is None
    finally:
        process.kill()
        process.wait(20)


def row(**keys: str) -> str:
    """Write the row that gives 4444 to the application."""
    more = "".join(f",{key}={value}" for key, value in keys.items())
    return f'short_codes=[{{code="4444",served_by="reg4444"{more}}}]'


def reg(citizen: Any, kk: str = "") -> str:
    return f"ULANG {citizen.nik.digits}#{kk or citizen.kk.digits}#"


def test_phones_register_with_the_application(tmp_path: Path) -> None:
    with Served(tmp_path, row(), 'clock.now="2018-05-05T08:00:00+07:00"') as served:
        ready = served.ready()
        to = Commands(ready)
        with application(tmp_path, ready, to):
            assert to.gateway("subscriber", SARI)["stage"] == "TOTAL_BARRED"
            sms = to.sms(SARI, "4444", reg(CITIZENS[0]))
            assert sms.code == 0, sms
            assert sms.json["reply"]["text"] == DONE
            sari = to.gateway("subscriber", SARI)
            assert (sari["status"], sari["stage"]) == ("registered", "OPEN")
            assert sari["nik"] == str(CITIZENS[0].nik)
            # An ESME plays the phone: the reply comes back to it.
            played = to.sms(BUDI, "4444", reg(CITIZENS[1]), "--smpp", to.smpp)
            assert played.code == 0, played
            assert played.json["reply"]["text"] == DONE
            assert to.gateway("subscriber", BUDI)["status"] == "registered"
            wrong = to.sms(DEWI, "4444", "REG")
            assert wrong.json["reply"]["text"] == "Maaf, format SMS salah."
            assert to.gateway("subscriber", DEWI)["status"] == "unregistered"
        assert served.stop() == 0


def test_shadow_finds_a_careless_application(tmp_path: Path) -> None:
    with Served(tmp_path, row(shadow="true")) as served:
        ready = served.ready()
        to = Commands(ready)
        with application(tmp_path, ready, to, "--careless"):
            assert to.sms(SARI, "4444", reg(CITIZENS[0])).code == 0
            assert to.gateway("differences")["differences"] == []
            others = CITIZENS[2].kk.digits
            assert to.sms(BUDI, "4444", reg(CITIZENS[1], others)).json["reply"]["text"] == DONE
        done = run("gateway", "differences", "--api", to.api, "--json")
        (found,) = json.loads(done.out)["differences"]
        assert done.code == 5
        assert (found["msisdn"], found["by"]) == (BUDI, "regapp")
        assert (found["told"]["outcome"], found["desk"]["outcome"]) == ("registered", "kk_mismatch")
        words = run("gateway", "differences", "--api", to.api).out
        assert "regapp says registered" in words
        assert "the desk says kk_mismatch" in words
        assert served.stop() == 0
    assert any("the application and the desk differ" in line for line in served.errors)
    assert not any(others in line for line in served.errors)
