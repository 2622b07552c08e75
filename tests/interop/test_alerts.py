"""alert_notification: an ESME that asked with set_dpf hears when the phone comes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.commands import Commands
from tests.interop.esmes.driver import Client, Esme, able, address
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]

PHONE = "6281290000001"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with Served(tmp_path) as served:
        yield served
        assert served.stop() == 0


@able("alert_notification")
def test_the_phone_comes_on(served: Served, client: Client) -> None:
    ready = served.ready()
    to = Commands(ready)
    with to.phone(PHONE) as phone:
        phone.shows("OPEN")
        assert phone.switch_off() == 0
    with Esme(client, ready["smpp"]["port"]) as esme:
        esme.bind("a2p")
        # set_dpf is data_sm's (SMPP 3.4 section 4.7.1).
        sent = esme.do(
            "data_sm",
            source=address("BANK"),
            destination=address(PHONE),
            text="Kapan bangun?",
            registered_delivery=1,
            set_dpf=True,
        )
        (response,) = sent["responses"]
        assert response["command_status"] == 0
        with to.phone(PHONE) as phone:
            phone.shows("SMS from BANK")
            (alert,) = esme.takes(lambda one: one.command == "alert_notification")
            assert (alert.source, alert.destination) == (PHONE, "BANK")
            (receipt,) = esme.takes(lambda one: one.is_receipt)
            assert f"id:{response['message_id']} " in receipt.text
            assert phone.switch_off() == 0
        esme.unbind()
