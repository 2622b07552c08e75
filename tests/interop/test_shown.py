"""What issue 2 wants shown, by the commands as a user types them, on a real `gateway serve`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.core.registration.citizens import Citizen, Registry
from tests.interop.commands import Commands, Done, Phone, run
from tests.interop.esme import bound, read_until, submit
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

REGISTRY = Registry(seed=4444)
GOLDEN = Path(__file__).parent / "golden" / "demo.txt"

# Telkomsel, Indosat, Tri
SARI, SARI_SHORT = "6281290000001", "081290000001"
BUDI = "6285690000002"
AGUS, AGUS_SHORT = "6289790000004", "089790000004"
OUTGOING = "OUTGOING_BARRED: MO SMS, MO CALL barred; INCOMING_BARRED from 2018-04-15 00:00"
INCOMING = (
    "INCOMING_BARRED: MO SMS, MO CALL, MT SMS, MT CALL barred; TOTAL_BARRED from 2018-04-30 00:00"
)
TOTAL = "TOTAL_BARRED: MO SMS, MO CALL, MT SMS, MT CALL, DATA barred"
RECEIPT = 0x04  # esm_class (SMPP 3.4 section 5.2.12)


def register(person: Citizen, kk: str = "") -> str:
    return f"REG {person.nik.digits}#{kk or person.kk.digits}#"


def replied(done: Done) -> str:
    """Give the reply of an SMS that was accepted and replied."""
    assert done.code == 0, done
    assert done.json["status"] == "accepted"
    text: str = done.json["reply"]["text"]
    return text


def refused(done: Done) -> dict[str, Any]:
    """Give the cause of what was refused."""
    assert done.code == 3, done
    assert done.json["status"] == "refused"
    cause: dict[str, Any] = done.json["cause"]
    return cause


# ---- registering


def test_numbers_register_over_mqtt_and_smpp(tmp_path: Path) -> None:
    first, second, third = REGISTRY.citizen(7), REGISTRY.citizen(8), REGISTRY.citizen(400)
    with Served(tmp_path) as served:
        to = Commands(served.ready())
        smpp = ("--smpp", to.smpp)
        assert "berhasil diregistrasi" in replied(to.sms(SARI, "4444", register(first)))
        assert "berhasil" in replied(to.sms("081290000002", "4444", register(second), *smpp))
        for number in (SARI_SHORT, "+6281290000002"):
            found = httpx.get(f"{to.api}/api/v1/subscribers/{number}").json()
            assert found["status"] == "registered"
            assert found["stage"] == "OPEN"
            assert found["barred"] == []
            assert found["msisdn"].startswith("6281290")

        wrong_kk = register(third, second.kk.digits)
        assert "data NO_KK" in replied(to.sms("081290000003", "4444", wrong_kk))
        assert "format SMS salah" in replied(to.sms("081290000003", "4444", "REG halo"))
        assert "format SMS salah" in replied(to.sms("081290000003", "4444", "REG halo", *smpp))
        found = to.gateway("subscriber", "081290000003")
        assert found["status"] == "unregistered"

        # One NIK has three numbers of an operator, and no fourth.
        for number in ("081290000011", "081290000012"):
            assert "berhasil" in replied(to.sms(number, "4444", register(first), *smpp))
        fourth = to.sms("081290000013", "4444", register(first))
        assert "berhasil" not in replied(fourth)
        assert "3 nomor" in replied(fourth)
        assert "limit" in fourth.json["why"]
        assert to.gateway("subscriber", "081290000013")["status"] == "unregistered"
        # With another operator that NIK is as good as new.
        assert "berhasil" in replied(to.sms(BUDI, "4444", register(first)))
        assert served.stop() == 0


def test_exit_codes_of_sms(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        to = Commands(served.ready())
        unknown = to.sms(SARI, "99999", "halo")
        assert refused(unknown)["rp"] == 1
        over_smpp = to.sms(SARI, "99999", "halo", "--smpp", to.smpp)
        assert refused(over_smpp)["command_status"] == 0x0B
        late = to.sms(SARI, "4444", "INFO", "--timeout", "2", "--smpp", to.mqtt)
        assert late.code in (1, 4)
        assert late.json["status"] in ("unreachable", "timeout")
        assert to.sms("12", "4444", "INFO").code == 2
        assert served.stop() == 0
        gone = to.sms(SARI, "4444", "INFO")
        assert gone.code == 1
        assert gone.json["status"] == "unreachable"
        assert to.mqtt in gone.complaint()


# ---- the calendar


def test_the_clock_moves(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        to = Commands(served.ready())
        shown = to.gateway("clock", "show")
        assert shown["now"].startswith("2018-02-26T08:00:")
        assert shown["speed"] == 1
        assert to.gateway("clock", "speed", "0")["speed"] == 0
        clock = f"{to.api}/api/v1/clock"
        assert httpx.get(clock).json() == httpx.get(clock).json()
        later = to.gateway("clock", "advance", "1d12h")
        assert later["now"].startswith("2018-02-27T20:00:")
        back = run("gateway", "clock", "set", "2018-02-01", "--api", to.api)
        assert back.code == 1
        assert "only moves forwards" in back.complaint()
        text = run("gateway", "clock", "show", "--api", to.api)
        assert re.fullmatch(r"2018-02-27T20:00:\d\d\+07:00  speed 0\n", text.out)
        # At a day a second the deadline comes by itself.
        with to.phone(SARI) as phone:
            phone.shows("OPEN: nothing barred; OUTGOING_BARRED from 2018-03-01 00:00")
            assert to.gateway("clock", "speed", "86400")["speed"] == 86400
            phone.shows("OUTGOING_BARRED: MO SMS, MO CALL barred")
        assert served.stop() == 0
        gone = run("gateway", "clock", "show", "--api", to.api)
        assert gone.code == 1
        assert "gateway serve" in gone.complaint()


def test_the_calendar_bars_stage_by_stage(tmp_path: Path) -> None:
    with Served(tmp_path) as served:
        to = Commands(served.ready())
        assert "berhasil" in replied(to.sms(SARI, "4444", register(REGISTRY.citizen(7))))
        with to.phone(SARI) as sari, to.phone(AGUS) as agus:
            sari.shows("OPEN: nothing barred")
            agus.shows("OPEN: nothing barred; OUTGOING_BARRED from 2018-03-01 00:00")
            agus.asks("data on", "data session opened")
            to.gateway("clock", "set", "2018-03-05")
            agus.shows(OUTGOING)
            _outgoing_is_barred(to, sari, agus)
            to.gateway("clock", "set", "2018-04-20")
            agus.shows(INCOMING)
            _incoming_is_barred_too(to, sari, agus)
            to.gateway("clock", "set", "2018-05-05")
            _everything_is_barred(sari, agus)
            _registering_brings_all_back(to, sari, agus)
            assert agus.switch_off() == 0
            assert sari.switch_off() == 0
        assert served.stop() == 0


def _outgoing_is_barred(to: Commands, sari: Phone, agus: Phone) -> None:
    odb = "refused: operator_determined_barring"
    agus.asks(f"sms {SARI} Halo", f"SMS to {SARI_SHORT}: {odb} (RP cause 8)")
    agus.asks(f"call {SARI}", f"call to {SARI_SHORT}: {odb} (Q.850 21)")
    agus.asks("sms 4444 INFO", "SMS from 4444 [2018-03-05 00:0")
    # The one-shot commands, of a number that was never seen before.
    name = "operator_determined_barring"
    assert refused(to.sms(BUDI, SARI, "Halo")) == {"name": name, "rp": 8}
    call = to.handsets("call", "--from", BUDI, "--to", SARI)
    assert refused(call) == {"name": name, "q850": 21}
    assert "OUTGOING_BARRED: MO CALL barred" in call.json["why"]
    assert "format SMS salah" in replied(to.sms(BUDI, "4444", "REG halo"))
    over_smpp = to.sms(BUDI, SARI, "Halo", "--smpp", to.smpp)
    assert refused(over_smpp)["command_status"] == 0x45
    assert to.handsets("data", "--from", BUDI, "open").code == 0
    _is_reached(sari, agus)


def _is_reached(sari: Phone, agus: Phone) -> None:
    """An SMS and a call from Sari come to Agus."""
    sari.types(f"sms {AGUS} Agus, kok tidak balas?")
    agus.shows(f"SMS from {SARI_SHORT} ")
    sari.types(f"call {AGUS}")
    agus.shows(f"call from {SARI_SHORT}: answer or reject?")
    agus.types("answer")
    sari.shows(f"call with {AGUS_SHORT}: answered")
    sari.types("hangup")
    agus.shows(f"call with {SARI_SHORT} ended: normal_clearing (Q.850 16)")


def _incoming_is_barred_too(to: Commands, sari: Phone, agus: Phone) -> None:
    delivered: list[Any] = []
    with bound(int(to.smpp.rpartition(":")[2]), "a2p", delivered) as a2p:
        id_ = submit(a2p, "BANK", AGUS, "Kode OTP Anda 123456", receipt=1)
        read_until(a2p, lambda: bool(delivered))
    (receipt,) = delivered
    assert receipt.esm_class == RECEIPT
    assert f"id:{id_} ".encode() in receipt.short_message
    assert b"stat:UNDELIV err:013" in receipt.short_message
    assert receipt.message_state == 5
    assert receipt.network_error_code == bytes.fromhex("03000d")
    assert receipt.receipted_message_id.rstrip(b"\0").decode() == id_
    sari.asks(
        f"call {AGUS}",
        f"call to {AGUS_SHORT}: refused: operator_determined_barring (Q.850 21)",
    )
    # 4444 and data stay.
    agus.asks("data off", "data session closed")
    agus.asks("data on", "data session opened")
    agus.asks("sms 4444 INFO", "SMS from 4444 [2018-04-20 00:0")


def _everything_is_barred(sari: Phone, agus: Phone) -> None:
    bye = "data session closed by the network: operator_determined_barring (SM cause 8)"
    # The two come in either order.
    said = [agus.shows("barr"), agus.shows("barr")]
    assert sorted(said) == sorted([bye, TOTAL])
    agus.asks("data on", "data refused: operator_determined_barring (SM cause 8)")
    agus.asks(f"sms {SARI} Tolong", "refused: operator_determined_barring (RP cause 8)")
    agus.asks("call 112", "call with 112: answered")
    agus.asks("hangup", "call with 112 ended: normal_clearing")
    assert not any("call from" in line for line in sari.heard)


def _registering_brings_all_back(to: Commands, sari: Phone, agus: Phone) -> None:
    person = REGISTRY.citizen(21)
    agus.types(f"sms 4444 ULANG#{person.nik.digits}#{person.kk.digits}#")
    said = [agus.shows(""), agus.shows(""), agus.shows("")]
    assert "SMS to 4444: accepted" in said
    assert "OPEN: nothing barred" in said
    assert any("Blokir layanan telah dibuka" in line for line in said)
    found = to.gateway("subscriber", AGUS_SHORT)
    assert (found["status"], found["stage"], found["barred"]) == ("registered", "OPEN", [])
    agus.asks("data on", "data session opened")
    agus.types(f"sms {SARI} Sudah bisa lagi")
    sari.shows(f"SMS from {AGUS_SHORT} ")
    _is_reached(sari, agus)
    agus.types(f"call {SARI}")
    sari.shows(f"call from {AGUS_SHORT}: answer or reject?")
    sari.types("reject")
    agus.shows(f"call with {SARI_SHORT} ended: call_rejected")


# ---- the demo


def test_the_demo_tells_its_story(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    done = run("gateway", "demo", "--once", "--hurry", folder=tmp_path)
    assert done.code == 0, done.err
    assert done.err == ""
    told = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", done.out)
    if request.config.getoption("--update-golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(told)
    assert told.splitlines() == GOLDEN.read_text().splitlines()
    assert list(tmp_path.iterdir()) == []
