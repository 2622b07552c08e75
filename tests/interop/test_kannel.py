"""Kannel: binds, sends, gets replies and receipts; its own log has them, and no complaint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from gateway.core.registration.citizens import Registry
from tests.interop.esmes.driver import CLIENTS, Esme
from tests.interop.kannel import BUFFERED, DELIVERED, REFUSED, TAKEN, Kannel, kannel
from tests.interop.network import Network
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]

GSM = "Kode OTP Anda [1234] {5678} ~"
UCS2 = "Selamat datang, 雅加达 😀"
LONG = {"gsm": "Kode {OTP} [1234]. " * 20, "ucs2": "雅加达, kota kita 😀. " * 10}
# Kannel's own account serves a code, so that it has MO beside what it sends.
ACCOUNTS = """smpp.accounts=[
  {system_id="a2p", password="a2p", serves=["1234"]},
  {system_id="qa", password="qa", speaks_for_handsets=true},
]"""


class Running(NamedTuple):
    network: Network
    kannel: Kannel


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give both, bound; at the end Kannel has unbound, and its log names no trouble."""
    folder = tmp_path_factory.mktemp("kannel")
    with Served(folder, ACCOUNTS.replace("\n", " ")) as served:
        network = Network(served.ready())
        with kannel(folder, network.port) as box:
            yield Running(network, box)
            box.stop()
        log = "".join(box.bearerbox.log)
        assert log.count("type_name: unbind_resp") == 3
        assert "could not find message" not in log
        assert [line for line in box.bearerbox.log + box.smsbox.log if _trouble(line)] == []
        assert served.stop() == 0


def _trouble(line: str) -> bool:
    """Whether a line of Kannel's log tells of an error that no test brought about."""
    by_intention = "SMSC returned error code 0x0000000b" in line or "SIGINT received" in line
    return (" ERROR: " in line or " PANIC: " in line) and not by_intention


def statuses(box: Kannel, to: str, *wanted: int) -> dict[int, str]:
    """Wait for these receipts of a message; gives what each says. Kannel tells in any order."""
    got = box.service.takes("/dlr", len(wanted))
    assert {one["to"] for one in got} == {to}
    told = {int(one["status"]): one["answer"] for one in got}
    assert set(told) == set(wanted)
    return told


@pytest.mark.parametrize("text", [GSM, UCS2], ids=["gsm", "ucs2"])
def test_sends_a_message_and_logs_its_receipt(running: Running, text: str) -> None:
    network, box = running
    to = "6281290000001" if text == GSM else "6281290000002"
    box.sends("a2p", "BANK", to, text)
    told = statuses(box, to, TAKEN, BUFFERED, DELIVERED)
    assert "stat:ENROUTE" in told[BUFFERED]
    assert "stat:DELIVRD err:000" in told[DELIVERED]
    (message,) = network.inbox(to)
    assert message["text"] == text
    logged = [line for line in box.access_log().splitlines() if f"[to:{to}]" in line]
    assert sum("Receive DLR [SMSC:a2p]" in line for line in logged) == 3
    assert any("stat:DELIVRD" in line for line in logged)


def test_a_refused_message_is_logged_as_that(running: Running) -> None:
    _, box = running
    box.sends("a2p", "BANK", "99999", "Halo")
    # ESME_RINVDSTADR, as Kannel names it.
    assert statuses(box, "99999", REFUSED)[REFUSED].startswith("NACK/0x0000000b/")


@pytest.mark.parametrize("alphabet", LONG)
def test_parts_that_kannel_cut_are_one_message(running: Running, alphabet: str) -> None:
    network, box = running
    to, text = ("6281290000004" if alphabet == "gsm" else "6281290000005"), LONG[alphabet]
    box.sends("a2p", "BANK", to, text, mask=DELIVERED)
    assert "stat:DELIVRD" in statuses(box, to, DELIVERED)[DELIVERED]
    (message,) = network.inbox(to)
    assert message["text"] == text


@pytest.mark.parametrize(
    "text", [GSM, UCS2, *LONG.values()], ids=["gsm", "ucs2", "long gsm", "long ucs2"]
)
def test_a_phone_writes_to_the_application(running: Running, text: str) -> None:
    network, box = running
    phone = "6281290000006"
    with Esme(CLIENTS["smpp34"], network.port) as phones:
        phones.bind("qa", "transmitter")
        phones.submit(phone, "1234", text, parts="payload")
        message = box.receives()
        phones.unbind()
    # Its way to write TON 1, international.
    assert (message["from"], message["to"]) == (f"+{phone}", "1234")
    assert message["text"] == text


def test_a_phone_registers_and_the_application_gets_the_reply(running: Running) -> None:
    network, box = running
    person = Registry(seed=4444).citizen(40)
    phone = "6281290000003"
    text = f"REG {person.nik.digits}#{person.kk.digits}#"
    box.sends("phones", phone, "4444", text, mask=0)
    reply = box.receives()
    assert (reply["from"], reply["to"]) == ("4444", phone)
    assert "berhasil diregistrasi" in reply["text"]
    assert network.subscriber(phone)["status"] == "registered"
