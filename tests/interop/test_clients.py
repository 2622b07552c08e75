"""Clients of other people against `gateway serve`: each binds, sends, receives and unbinds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway.core.registration.citizens import Registry
from tests.interop.esmes.driver import CLIENTS, Client, Delivered, Esme, able
from tests.interop.network import Network
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]

REGISTRY = Registry(seed=4444)
EVERY = pytest.mark.parametrize("client", CLIENTS.values(), ids=list(CLIENTS))
MODES = ("transmitter", "receiver", "transceiver")
# Each septet twice (GSM 03.38's extension table), accents of the default table, both kinds of @.
GSM = "Kode OTP Anda: {1234} [5678] ~ 10€ @ éàü"
# Not in GSM 03.38, one of them beyond the basic plane: a surrogate pair in UTF-16.
UCS2 = "Selamat datang di Jakarta, 雅加达 😀"
RINVPASWD = 0x0E


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Served(tmp_path_factory.mktemp("clients")) as served:
        yield Network(served.ready())
        assert served.stop() == 0


def number(client: Client, last: int) -> str:
    """Give each client subscribers of its own."""
    return f"62812{90 + list(CLIENTS).index(client.name)}{last:06d}"


def _receipt(one: Delivered) -> bool:
    return one.is_receipt


def _message(one: Delivered) -> bool:
    return not one.is_receipt


@EVERY
@pytest.mark.parametrize("mode", MODES)
def test_binds_and_unbinds(network: Network, client: Client, mode: str) -> None:
    with Esme(client, network.port) as esme:
        assert esme.bind("a2p", mode)["command_status"] == 0
        esme.unbind()


@pytest.mark.parametrize(
    "client",
    # smpp34's client tells no status of a refused bind, whoever refuses: "bind timed out".
    [client for client in CLIENTS.values() if client.name != "smpp34"],
    ids=lambda client: client.name,
)
def test_a_wrong_password_is_refused(network: Network, client: Client) -> None:
    with Esme(client, network.port) as esme:
        assert esme.bind("a2p", password="wrong")["command_status"] == RINVPASWD


@EVERY
@pytest.mark.parametrize("text", [GSM, UCS2], ids=["gsm", "ucs2"])
def test_sends_a_message_and_gets_its_receipt(network: Network, client: Client, text: str) -> None:
    to = number(client, 1 if text == GSM else 2)
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        (id_,) = esme.submit("BANK", to, text, receipt=1)
        (receipt,) = esme.takes(_receipt)
        assert f"id:{id_} " in receipt.text
        assert "stat:DELIVRD err:000" in receipt.text
        assert (receipt.source, receipt.destination) == (to, "BANK")
        esme.unbind()
    (message,) = network.inbox(to)
    assert message["text"] == text
    assert message["from"] == "BANK"


@EVERY
def test_plays_a_phone_and_gets_the_reply(network: Network, client: Client) -> None:
    person = REGISTRY.citizen(list(CLIENTS).index(client.name) + 50)
    phone = number(client, 3)
    with Esme(client, network.port) as esme:
        esme.bind("qa")
        text = f"REG {person.nik.digits}#{person.kk.digits}#"
        esme.submit(phone, "4444", text)
        (reply,) = esme.takes(_message)
        assert "berhasil diregistrasi" in reply.text
        assert (reply.source, reply.destination) == ("4444", phone)
        esme.unbind()
    assert network.subscriber(phone)["status"] == "registered"


@EVERY
def test_sends_on_one_session_and_receives_on_another(network: Network, client: Client) -> None:
    to = number(client, 4)
    with Esme(client, network.port) as receiver, Esme(client, network.port) as transmitter:
        receiver.bind("a2p", "receiver")
        transmitter.bind("a2p", "transmitter")
        (id_,) = transmitter.submit("BANK", to, "Halo", receipt=1)
        (receipt,) = receiver.takes(_receipt)
        assert f"id:{id_} " in receipt.text
        assert transmitter.delivered == []
        transmitter.unbind()
        receiver.unbind()


@able("enquire_link")
def test_asks_whether_the_gateway_lives(network: Network, client: Client) -> None:
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        assert esme.do("enquire_link")["command_status"] == 0
        esme.unbind()


@able("interface_version")
@pytest.mark.parametrize("version", [0x33, 0x34, 0x50], ids=["3.3", "3.4", "5.0"])
def test_binds_as_another_version(network: Network, client: Client, version: int) -> None:
    to = number(client, 5)
    with Esme(client, network.port) as esme:
        bound = esme.bind("a2p", interface_version=version)
        assert bound["command_status"] == 0
        # The gateway speaks 3.4; before that there were no TLVs (SMPP 3.4 section 5.2.4).
        assert bound.get("sc_interface_version") == (None if version < 0x34 else 0x34)
        (id_,) = esme.submit("BANK", to, "Halo", receipt=1)
        (receipt,) = esme.takes(_receipt)
        assert f"id:{id_} " in receipt.text
        assert bool(receipt.tlvs) == (version >= 0x34)
        esme.unbind()
