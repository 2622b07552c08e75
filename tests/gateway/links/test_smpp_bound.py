"""A bind's deliveries: the window, what is not answered, what is refused, what cannot be stored."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gateway.config import Config
from gateway.core.decision import MessageState, Record
from gateway.core.events import Acknowledged, Refused
from gateway.store.memory import MemoryStore
from gateway.store.protocol import NotCommitted
from tests.gateway.links.esme import (
    BIND_RX,
    DELIVER_SM,
    ENQUIRE_LINK,
    NACK,
    REG,
    RESP,
    SUBMIT_SM,
    UNBIND,
    c,
    pdu,
    read_deliver,
    running,
    submit_body,
)

HANDSET = "6281234567890"


SOON = (0.01,)


async def test_window_of_deliveries() -> None:
    async with running(window=3) as parts:
        esme = await parts.esme("qa")
        for n in range(5):
            esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", f"no format {n}"))
        frames = [await esme.receive() for _ in range(8)]
        delivers = [frame for frame in frames if frame.command_id == 5]
        assert len(delivers) == 3
        await esme.nothing_but(ENQUIRE_LINK)
        esme.answer(delivers[1])
        await esme.deliver()
        await esme.nothing_but(ENQUIRE_LINK)


async def test_unanswered_reply_comes_again_after_a_rebind() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        reply = await esme.deliver()
        await esme.close()
        again = await parts.esme("qa")
        repeated = await again.deliver()
        assert repeated.text == reply.text
        again.answer(repeated)
        await parts.until(lambda: not parts.store.pending())


async def test_confirmed_reply_comes_no_more() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        esme.answer(await esme.deliver())
        await esme.close()
        again = await parts.esme("qa")
        await again.nothing_but(ENQUIRE_LINK)
        assert not parts.courier.waiting()


@pytest.mark.parametrize("status", [0x64, 0x14, 0x58])
async def test_refused_for_now_comes_again(status: int) -> None:
    async with running(retry=SOON) as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        reply = await esme.deliver()
        for _ in range(3):
            esme.answer(reply, status)
            reply = await esme.deliver()
        esme.answer(reply)
        await parts.until(lambda: not parts.store.pending())


async def test_refused_for_now_waits_for_the_window() -> None:
    async with running(retry=SOON, window=1) as parts:
        esme = await parts.esme("qa")
        for _ in range(2):
            esme.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        frames = [await esme.receive() for _ in range(3)]
        (first,) = [frame for frame in frames if frame.command_id == DELIVER_SM]
        esme.answer(first, 0x14)
        # The other reply has the window now; the first one comes after it.
        second = await esme.deliver()
        parts.courier.tick(1e12)
        await esme.nothing_but(ENQUIRE_LINK)
        esme.answer(second)
        assert (await esme.deliver()).text == read_deliver(first).text


@pytest.mark.parametrize("status", [0x65, 0x66, 0x08])
async def test_refused_for_good_ends_as_rejected(status: int) -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        esme.answer(await esme.deliver(), status)
        await parts.until(lambda: not parts.store.pending())
        event = parts.records[-1].event
        assert isinstance(event, Refused)
        assert event.command_status == status
        (message,) = await parts.store.messages(None, event.id - 1, 1)
        assert message.state is MessageState.REJECTED


async def test_nacked_reply_ends_as_rejected() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        reply = await esme.deliver()
        esme.writer.write(pdu(NACK, reply.sequence, status=0x03))
        await parts.until(lambda: not parts.store.pending())
        assert isinstance(parts.records[-1].event, Refused)


async def test_unanswered_in_time_comes_again_on_the_same_session() -> None:
    async with running(retry=SOON, response_timeout=0.05) as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        reply = await esme.deliver()
        again = await esme.deliver()
        assert again.sequence != reply.sequence
        assert again.text == reply.text
        # The late answer is nobody's any more; the one to the repeat counts.
        esme.answer(reply)
        esme.answer(again)
        await parts.until(lambda: not parts.store.pending())
        assert [type(record.event) for record in parts.records[1:]] == [Acknowledged]


async def test_acknowledgements_of_one_read_are_one_event() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        body = submit_body(HANDSET, "4444", REG)
        esme.writer.write(b"".join(pdu(SUBMIT_SM, n, body) for n in range(1, 11)))
        frames = [await esme.receive() for _ in range(20)]
        delivers = [frame for frame in frames if frame.command_id == DELIVER_SM]
        acks = [pdu(DELIVER_SM | RESP, frame.sequence, c("")) for frame in delivers]
        esme.writer.write(b"".join(acks) + pdu(SUBMIT_SM, 11, body))
        assert (await esme.receive()).sequence == 11
        events = [record.event for record in parts.records]
        acknowledged = [event for event in events if isinstance(event, Acknowledged)]
        assert [len(event.ids) for event in acknowledged] == [10]


class Failing(MemoryStore):
    """A store whose next commits fail, as on a full disk."""

    failures = 0

    async def commit(self, records: Sequence[Record]) -> None:
        if self.failures:
            self.failures -= 1
            raise NotCommitted("no space left on device")
        await super().commit(records)


def _failing() -> Failing:
    rules = Config().rules()
    return Failing(rules.schedule, rules.ring_ms)


async def test_what_is_not_stored_is_refused_as_full() -> None:
    store = _failing()
    async with running(store) as parts:
        esme = await parts.esme("qa")
        store.failures = 1
        body = submit_body(HANDSET, "4444", REG)
        assert (await esme.ask(SUBMIT_SM, body)).status == 0x14
        assert (await esme.ask(SUBMIT_SM, body)).status == 0


async def test_confirmation_that_is_not_stored_brings_it_again() -> None:
    store = _failing()
    async with running(store, retry=SOON) as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        store.failures = 1
        esme.answer(await esme.deliver())
        esme.answer(await esme.deliver())
        await parts.until(lambda: not store.pending())


async def test_unbind_while_replies_are_open() -> None:
    async with running() as parts:
        esme = await parts.esme("qa")
        await esme.ask(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
        await esme.deliver()
        assert (await esme.ask(UNBIND)).status == 0
        await esme.closed()
        receiver = await parts.esme("qa", BIND_RX)
        await receiver.deliver()
