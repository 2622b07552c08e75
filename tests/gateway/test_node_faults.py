"""Faults in a whole running gateway: from its configuration, and changed by its API."""

from __future__ import annotations

import httpx

from gateway.config import (
    Config,
    FaultConfig,
    FaultKind,
    HttpConfig,
    MqttConfig,
    SmppConfig,
    StoreConfig,
)
from gateway.core.decision import Record
from gateway.core.events import FaultsSet
from gateway.node import running
from tests.gateway.links.esme import SUBMIT_SM, RawEsme, submit_body

BUSY = FaultConfig(name="busy", kind=FaultKind.REFUSE, status="ESME_RSYSERR", account="a2p")
CONFIG = Config(
    store=StoreConfig(path=":memory:"),
    smpp=SmppConfig(port=0),
    mqtt=MqttConfig(port=0),
    http=HttpConfig(port=0),
    faults=(BUSY,),
)
SUBMIT = submit_body("BANK", "6281234567890", "Kode", ton=(5, 1))


async def test_faults_of_the_configuration_are_journalled_and_changed_while_it_runs() -> None:
    async with running(CONFIG) as gateway:
        records: list[Record] = []
        gateway.feed.watch(records.extend)
        esme = await RawEsme.connect(gateway.listeners["smpp"][1])
        try:
            await esme.bind("a2p")
            assert (await esme.ask(SUBMIT_SM, SUBMIT)).status == 0x08
            host, port = gateway.listeners["http"]
            async with httpx.AsyncClient(base_url=f"http://{host}:{port}/api/v1") as api:
                [shown] = (await api.get("faults")).json()["faults"]
                assert (shown["name"], shown["met"], shown["struck"]) == ("busy", 1, 1)
                assert (await api.delete("faults/busy")).status_code == 200
            assert (await esme.ask(SUBMIT_SM, SUBMIT)).status == 0
        finally:
            await esme.close()
        assert gateway.store.numbers()["records"] == 3
        changes = [record for record in records if isinstance(record.event, FaultsSet)]
        assert [record.why for record in changes] == ["faults on purpose: busy removed"]
