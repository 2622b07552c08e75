"""query_sm, replace_sm, cancel_sm, data_sm, submit_multi by the clients that have them."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.interop.esmes.driver import CLIENTS, Client, Delivered, Esme, able, address
from tests.interop.network import Network
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]


# Two hours, relative (SMPP 3.4 section 7.1.1).
LATER = "000000020000000R"
BANK = address("BANK")
# message_state (section 5.2.28) and command_status (5.1.3)
ENROUTE, DELIVERED, DELETED = 1, 2, 4
RINVDSTADR, RCANCELFAIL, RQUERYFAIL = 0x0B, 0x11, 0x67


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Served(tmp_path_factory.mktemp("orders"), "clock.speed=0.0") as served:
        yield Network(served.ready())
        assert served.stop() == 0


def number(client: Client, last: int) -> str:
    """Give each client subscribers of its own."""
    return f"62812{90 + list(CLIENTS).index(client.name)}{last:06d}"


def _receipt(one: Delivered) -> bool:
    return one.is_receipt


def later(network: Network) -> None:
    """Let three hours of the calendar pass."""
    now = httpx.get(f"{network.api}/clock").json()["now"]
    hour = int(now[11:13]) + 3
    assert hour < 24
    moved = {"now": f"{now[:11]}{hour:02d}{now[13:]}"}
    assert httpx.put(f"{network.api}/clock", json=moved).status_code == 200


@able("query_sm")
def test_queries_what_waits_and_what_came(network: Network, client: Client) -> None:
    to = number(client, 1)
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        (id_,) = esme.submit("BANK", to, "Nanti", receipt=1, schedule=LATER)
        asked = esme.do("query_sm", message_id=id_, source=BANK)
        assert asked["command_status"] == 0
        assert (asked["message_id"], asked["message_state"]) == (id_, ENROUTE)
        assert not asked["final_date"]
        later(network)
        esme.takes(_receipt)
        asked = esme.do("query_sm", message_id=id_, source=BANK)
        assert (asked["message_id"], asked["message_state"]) == (id_, DELIVERED)
        assert asked["final_date"]
        unknown = esme.do("query_sm", message_id="999999999", source=BANK)
        assert unknown["command_status"] == RQUERYFAIL
        esme.unbind()


@able("replace_sm")
def test_replaces_what_waits(network: Network, client: Client) -> None:
    to = number(client, 2)
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        (id_,) = esme.submit("BANK", to, "Lama", receipt=1, schedule=LATER)
        replaced = esme.do("replace_sm", message_id=id_, source=BANK, text="Baru")
        assert replaced["command_status"] == 0
        later(network)
        (receipt,) = esme.takes(_receipt)
        assert f"id:{id_} " in receipt.text
        esme.unbind()
    (message,) = network.inbox(to)
    assert message["text"] == "Baru"


@able("cancel_sm")
def test_cancels_what_waits_once(network: Network, client: Client) -> None:
    to = address(number(client, 3))
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        (id_,) = esme.submit("BANK", number(client, 3), "Batal", receipt=1, schedule=LATER)
        cancelled = esme.do("cancel_sm", message_id=id_, source=BANK, destination=to)
        assert cancelled["command_status"] == 0
        (receipt,) = esme.takes(_receipt)
        assert "stat:DELETED" in receipt.text
        asked = esme.do("query_sm", message_id=id_, source=BANK)
        assert asked["message_state"] == DELETED
        again = esme.do("cancel_sm", message_id=id_, source=BANK, destination=to)
        assert again["command_status"] == RCANCELFAIL
        esme.unbind()


@able("data_sm")
@pytest.mark.parametrize("text", ["Halo [data]", "Halo 雅加达 😀"], ids=["gsm", "ucs2"])
def test_sends_a_message_as_data_sm(network: Network, client: Client, text: str) -> None:
    to = number(client, 4 if text.isascii() else 5)
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        sent = esme.do(
            "data_sm", source=BANK, destination=address(to), text=text, registered_delivery=1
        )
        (response,) = sent["responses"]
        assert (response["command"], response["command_status"]) == ("data_sm_resp", 0)
        (receipt,) = esme.takes(_receipt)
        assert f"id:{response['message_id']} " in receipt.text
        esme.unbind()
    (message,) = network.inbox(to)
    assert message["text"] == text


@able("submit_multi")
def test_sends_to_many_and_learns_which_failed(network: Network, client: Client) -> None:
    good = [number(client, 6), number(client, 7)]
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        sent = esme.do(
            "submit_multi",
            source=BANK,
            destinations=[address(one) for one in (good[0], "99999", good[1])],
            text="Untuk semua",
        )
        (response,) = sent["responses"]
        assert (response["command"], response["command_status"]) == ("submit_multi_resp", 0)
        assert response["message_id"]
        assert sent["unsuccess"] == [["99999", RINVDSTADR]]
        esme.unbind()
    for one in good:
        (message,) = network.inbox(one)
        assert message["text"] == "Untuk semua"
