"""Several SMSCs in one process, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from gateway.config import AccountConfig, Config, SmppConfig, SmscConfig
from gateway.links.smpp_server import CannotListen
from gateway.links.smpp_smscs import Smscs
from tests.gateway.links.esme import (
    BIND_TRX,
    ENQUIRE_LINK,
    SUBMIT_SM,
    UNBIND,
    RawEsme,
    Running,
    bind_body,
    c,
    submit_body,
)

HANDSET = "6281234567890"
OTHER = SmscConfig(
    name="other",
    system_id="OTHER",
    accounts=(
        AccountConfig(system_id="a2p", password="secret"),
        AccountConfig(system_id="bank", password="bank", serves=("5555",)),
    ),
)


class Network:
    def __init__(self, *smscs: SmscConfig) -> None:
        self.parts = Running(SmppConfig(), None)
        self.smscs = Smscs(
            Config(smpp=SmppConfig(port=0), smsc=smscs),
            registration_code="4444",
            flow=self.parts.flow,
            courier=self.parts.courier,
            clock=self.parts.clock,
        )
        self.ports: dict[str, int] = {}
        self.esmes: list[RawEsme] = []

    async def esme(self, smsc: str) -> RawEsme:
        self.esmes.append(await RawEsme.connect(self.ports[smsc]))
        return self.esmes[-1]


@contextlib.asynccontextmanager
async def network(*smscs: SmscConfig) -> AsyncIterator[Network]:
    found = Network(*smscs)
    found.ports = {name: port for name, (_, port) in (await found.smscs.start()).items()}
    work = [
        asyncio.create_task(found.parts.flow.run()),
        asyncio.create_task(found.parts.courier.run()),
        asyncio.create_task(found.smscs.run()),
    ]
    try:
        yield found
    finally:
        for esme in found.esmes:
            await esme.close()
        await found.smscs.stop()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def test_each_has_its_own_port_name_and_accounts() -> None:
    async with network(OTHER) as found:
        assert sorted(found.ports) == ["other", "smpp"]
        for smsc, password, status, name in (
            ("smpp", "a2p", 0, "SMSC4444"),
            ("smpp", "secret", 0x0E, None),
            ("other", "secret", 0, "OTHER"),
            ("other", "a2p", 0x0E, None),
        ):
            esme = await found.esme(smsc)
            frame = await esme.ask(BIND_TRX, bind_body("a2p", password, 0x33))
            assert (frame.status, frame.body) == (status, c(name) if name else b"")
        traffic = found.smscs.traffic()
        assert set(traffic) == {"qa", "a2p", "sink", "reg4444", "other/a2p", "other/bank"}
        assert (traffic["a2p"].binds, traffic["a2p"].binds_refused) == (1, 1)
        assert (traffic["other/a2p"].binds, traffic["other/a2p"].binds_refused) == (1, 1)


async def test_receipts_go_to_the_smsc_that_took_the_message() -> None:
    async with network(OTHER) as found:
        first, second = await found.esme("smpp"), await found.esme("other")
        assert (await first.bind("a2p")).status == 0
        assert (await second.bind("a2p", "secret")).status == 0
        second.send(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1), registered=1))
        frames = [await second.receive(), await second.receive()]
        assert [frame.status for frame in frames] == [0, 0]
        # Numbers of sessions are those of the process.
        await first.nothing_but(ENQUIRE_LINK)
        second.answer(next(frame for frame in frames if frame.command_id == 5))
        await second.nothing_but(ENQUIRE_LINK)


async def test_codes_belong_to_one_account_of_all() -> None:
    async with network(OTHER) as found:
        esme = await found.esme("smpp")
        await esme.bind("a2p")
        assert (await esme.ask(SUBMIT_SM, submit_body("5555", HANDSET))).status == 0x0A
        bank = await found.esme("other")
        await bank.bind("bank")
        assert (await bank.ask(SUBMIT_SM, submit_body("5555", HANDSET))).status == 0
        assert (await bank.ask(SUBMIT_SM, submit_body("4444", HANDSET))).status == 0x0A
        assert found.smscs.route("5555") == "other/bank"
        assert found.smscs.route("4444") == "reg4444"


async def test_a_stop_ends_all_of_them() -> None:
    async with network(OTHER) as found:
        esmes = [await found.esme(name) for name in found.ports]
        await esmes[0].bind("a2p")
        await esmes[1].bind("a2p", "secret")
        stopping = asyncio.create_task(found.smscs.stop())
        for esme in esmes:
            frame = await esme.receive()
            assert frame.command_id == UNBIND
            esme.answer(frame)
            assert await esme.closed() == b""
        await stopping


async def test_a_port_in_use_is_told_by_its_row() -> None:
    async with network(OTHER) as found:
        taken = SmscConfig(name="third", port=found.ports["other"])
        with pytest.raises(CannotListen, match=r'\[\[smsc\]\] "third".*another in its row'):
            await Network(taken).smscs.start()


async def test_sessions_are_shown_and_ended() -> None:
    async with network(OTHER) as found:
        first, second = await found.esme("smpp"), await found.esme("other")
        body = bind_body("a2p", "a2p", 0x33, address_range="^62")
        assert (await first.ask(BIND_TRX, body)).status == 0
        assert (await second.bind("a2p", "secret", kind=2)).status == 0
        await first.ask(SUBMIT_SM, submit_body("BANK", HANDSET, ton=(5, 1)))
        await first.ask(SUBMIT_SM, submit_body("BANK", ""))
        one, two = found.smscs.sessions()
        assert (one.id, one.account, one.smsc, one.bind) == (1, "a2p", "smpp", "transceiver")
        assert (one.interface_version, one.address_range, one.tls) == (0x33, "^62", False)
        assert (one.requests, one.unanswered, one.outstanding, one.delivers) == (2, 0, 0, 0)
        assert one.seconds >= 0
        assert one.peer.startswith("127.0.0.1:")
        assert (two.id, two.account, two.smsc, two.bind) == (2, "other/a2p", "other", "transmitter")
        shown = found.smscs.accounts()["a2p"]
        assert shown.statuses == {"ESME_ROK": 1, "ESME_RINVDSTADR": 1}
        assert (shown.counters["sessions"], shown.counters["submits"]) == (1, 2)
        ended = found.smscs.end_session(2)
        assert ended is not None
        assert ended.bind == "transmitter"
        frame = await second.receive()
        assert frame.command_id == UNBIND
        assert [view.bind for view in found.smscs.sessions()] == ["transceiver", "unbinding"]
        second.answer(frame)
        assert await second.closed() == b""
        await found.parts.until(lambda: len(found.smscs.sessions()) == 1)
        assert found.smscs.end_session(2) is None
