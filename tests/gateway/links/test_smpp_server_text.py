"""Long messages and default alphabets through the server over real sockets, both ways."""

from __future__ import annotations

import pytest

from gateway.config import AccountConfig
from gateway.core.events import MoSms
from gateway.core.numbers import Msisdn, ShortCode
from gateway.core.origin import Phone
from gateway.smpp.codec import decode
from gateway.smpp.message import part_of, segment_of, text_of, whole_text
from gateway.smpp.pdu import DeliverSm
from gateway.smpp.reassembly import Complete, Reassembly
from gateway.smpp.segmentation import segments
from gateway.smpp.text import DefaultAlphabet, encode_text
from gateway.smpp.udh import LongForm
from tests.gateway.links.esme import (
    REG,
    SUBMIT_SM,
    RawEsme,
    pdu,
    running,
    submit_body,
)

GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet
HANDSET = "6281234567890"
SHOP = "1234"
LONG = "Promo [hari ini]: diskon 50% @ gerai kami, caf\u00e9 & kue. " * 8


def accounts(alphabet: DefaultAlphabet, form: LongForm) -> tuple[AccountConfig, ...]:
    return (
        AccountConfig(
            system_id="qa",
            password="qa",
            speaks_for_handsets=True,
            serves=(SHOP,),
            default_alphabet=alphabet,
            long_messages=form,
        ),
    )


async def received(esme: RawEsme) -> DeliverSm:
    """Take the next PDU, a deliver_sm, and confirm it."""
    frame = await esme.receive()
    read = decode(pdu(frame.command_id, frame.sequence, frame.body))
    assert isinstance(read, DeliverSm)
    esme.answer(frame)
    return read


@pytest.mark.parametrize("form", [LongForm.UDH_8, LongForm.UDH_16])
@pytest.mark.parametrize("alphabet", DefaultAlphabet)
async def test_a_long_registration_in_the_account_s_alphabet_registers(
    alphabet: DefaultAlphabet, form: LongForm
) -> None:
    text = REG.ljust(200)
    first, second = segments(text, 7, form=form, alphabet=alphabet)
    async with running(accounts=accounts(alphabet, LongForm.PAYLOAD)) as parts:
        esme = await parts.esme("qa")
        for part in (second, second, first):
            body = submit_body(
                HANDSET, "4444", part.short_message, ton=(1, 3), esm_class=part.esm_class
            )
            frame = await esme.ask(SUBMIT_SM, body)
            assert frame.status == 0
        reply = await received(esme)
        assert text_of(reply, alphabet).startswith("Selamat, nomor")
        assert reply.short_message == encode_text(text_of(reply, alphabet), alphabet)[1]
        await parts.until(lambda: not parts.courier.waiting())


@pytest.mark.parametrize("form", LongForm)
@pytest.mark.parametrize("alphabet", [GSM, PACKED, LATIN_1])
async def test_a_phone_s_long_message_comes_in_the_account_s_form(
    alphabet: DefaultAlphabet, form: LongForm
) -> None:
    async with running(accounts=accounts(alphabet, form)) as parts:
        esme = await parts.esme("qa")
        await parts.flow.ask(MoSms(Msisdn(HANDSET), ShortCode(SHOP), LONG, Phone("r1")))
        pieces = [await received(esme)]
        place = part_of(pieces[0])
        total = 1 if place is None else place.total
        assert total == (1 if form is LongForm.PAYLOAD else 4 if alphabet is LATIN_1 else 3)
        pieces += [await received(esme) for _ in range(total - 1)]
        assert {piece.data_coding for piece in pieces} == {0}
        if place is None:
            assert text_of(pieces[0], alphabet) == LONG
        else:
            held: Reassembly[None] = Reassembly()
            for piece in pieces:
                where = part_of(piece)
                assert where is not None
                assert where.form is form
                outcome = held.add(*segment_of(piece, where, None, alphabet), 0)
            assert isinstance(outcome, Complete)
            assert whole_text(outcome.parts, alphabet) == LONG
        await parts.until(lambda: not parts.courier.waiting())
        assert not parts.store.pending()
