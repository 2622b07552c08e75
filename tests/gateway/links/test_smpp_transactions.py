"""Transaction mode: the response tells whether the message was delivered (SMPP 3.4 §2.10.3)."""

from __future__ import annotations

import pytest

from gateway.core.events import Lapsed, Presence
from gateway.core.numbers import Msisdn
from tests.gateway.links.esme import (
    DATA_SM,
    ENQUIRE_LINK,
    RESP,
    SUBMIT_SM,
    Frame,
    Running,
    c,
    running,
    submit_body,
)

PHONE = "6281234567890"
FORWARD, DATAGRAM = 2, 1
PAYLOAD = b"\x04\x24\x00\x04halo"
# delivery_failure_reason 0; network_error_code: GSM, absent subscriber.
UNREACHED = b"\0\x04\x25\0\1\0\x04\x23\0\3\3\0\x1b"


def data_sm(esm_class: int) -> bytes:
    return c("") + b"\5\0" + c("BANK") + b"\1\1" + c(PHONE) + bytes((esm_class, 0, 0)) + PAYLOAD


@pytest.mark.parametrize("command_id", [DATA_SM, SUBMIT_SM])
async def test_the_answer_waits_for_the_phone(command_id: int) -> None:
    async with running() as parts:
        phone = await parts.phone(PHONE)
        esme = await parts.esme("a2p")
        body = data_sm(FORWARD)
        if command_id == SUBMIT_SM:
            body = submit_body("BANK", PHONE, "halo", ton=(5, 1), esm_class=FORWARD)
        sequence = esme.send(command_id, body)
        message = await phone.message()
        assert message.text == "halo"
        await esme.nothing_but(ENQUIRE_LINK)
        await phone.acknowledge(message)
        assert (await esme.receive())[:3] == (command_id | RESP, 0, sequence)


async def test_a_message_that_fails_is_answered_so() -> None:
    async with running() as parts:
        phone = await parts.phone(PHONE)
        esme = await parts.esme("a2p")
        esme.send(DATA_SM, data_sm(FORWARD))
        message = await phone.message()
        assert message.valid_until - message.accepted_at == 10_000
        await parts.flow.ask(Lapsed((message.id,)))
        frame = await esme.receive()
        assert (frame.status, frame.body) == (0xFE, UNREACHED)


def part(number: int) -> bytes:
    header = bytes((5, 0, 3, 9, 2, number)).decode("latin-1")
    return submit_body("BANK", PHONE, header + "halo", ton=(5, 1), esm_class=0x40 | FORWARD)


@pytest.mark.parametrize("fails", [False, True])
async def test_of_a_long_message_the_last_answer_waits_for_the_phone(fails: bool) -> None:
    async with running() as parts:
        phone = await parts.phone(PHONE)
        esme = await parts.esme("a2p")
        assert (await esme.ask(SUBMIT_SM, part(1))).status == 0
        sequence = esme.send(SUBMIT_SM, part(2))
        message = await phone.message()
        assert message.text == "halohalo"
        await esme.nothing_but(ENQUIRE_LINK)
        if fails:
            await parts.flow.ask(Lapsed((message.id,)))
        else:
            await phone.acknowledge(message)
        frame = await esme.receive()
        assert (frame[0], frame[2]) == (SUBMIT_SM | RESP, sequence)
        assert (frame.status == 0) is not fails


@pytest.mark.parametrize("mode", [FORWARD, DATAGRAM])
async def test_a_phone_that_is_off_is_told_at_once(mode: int) -> None:
    async with running() as parts:
        await off(parts, PHONE)
        esme = await parts.esme("a2p")
        frame = await esme.ask(DATA_SM, data_sm(mode))
        assert (frame.status, frame.body) == (0xFE, UNREACHED)


async def test_a_datagram_is_answered_when_it_is_taken() -> None:
    async with running() as parts:
        await parts.phone(PHONE)
        esme = await parts.esme("a2p")
        assert taken(await esme.ask(DATA_SM, data_sm(DATAGRAM)))


async def test_what_needs_no_phone_is_answered_at_once() -> None:
    async with running() as parts:
        esme = await parts.esme("a2p")
        assert taken(await esme.ask(DATA_SM, data_sm(FORWARD)))


def taken(frame: Frame) -> bool:
    return frame.status == 0 and len(frame.body) > 1


async def off(parts: Running, number: str) -> None:
    await parts.phone(number)
    parts.courier.close(number, 0)
    await parts.flow.ask(Presence(Msisdn(number), False))
