"""One SMS over SMPP, by the real aiosmpplib against an SMSC on a real socket."""

import pytest

from gateway.core.numbers import Address, Msisdn, ShortCode
from gateway.smpp.codes import CommandStatus
from gateway.smpp.pdu import SubmitSm
from gateway.smpp.session import Session
from handsets import esme
from handsets.esme import send_sms
from handsets.outcome import SmsOutcome, Status
from handsets.smpp_session import Account, BoundSession, CannotSend, NoSmsc
from tests.handsets.fake_smsc import (
    Answer,
    FakeSmsc,
    accept,
    fake_smsc,
    nack,
    refuse,
    silence,
    sms,
)

SENDER = Msisdn("6281234567890")
FRIEND = Msisdn("6281234567891")
DESK = ShortCode("4444")
TEXT = "REG 3201010101010001#3201010101010002#"


async def send(
    smsc: FakeSmsc,
    to: Address = DESK,
    text: str = TEXT,
    *,
    wants_reply: bool = True,
    patience: float = 5.0,
) -> SmsOutcome:
    account = Account("qa", "qa")
    return await send_sms(smsc.place, account, SENDER, to, text, patience, wants_reply=wants_reply)


async def test_sends_and_awaits_response_and_reply() -> None:
    async with fake_smsc() as smsc:
        outcome = await send(smsc)

    assert (outcome.status, outcome.id) == (Status.ACCEPTED, "42")
    assert outcome.reply is not None
    assert (outcome.reply.source, outcome.reply.text) == ("4444", "Terima kasih")
    assert outcome.text == "REG 3201********0001#3201********0002#"
    (submit,) = smsc.submits
    assert (submit.source_addr, submit.source_addr_ton, submit.source_addr_npi) == (SENDER, 1, 1)
    assert (submit.destination_addr, submit.dest_addr_ton) == ("4444", 0)
    assert submit.registered_delivery == 0
    assert submit.short_message == TEXT.encode()


async def test_awaits_no_reply_when_none_is_wanted() -> None:
    async with fake_smsc(accept) as smsc:
        outcome = await send(smsc, FRIEND, "hai", wants_reply=False)
    assert (outcome.status, outcome.reply) == (Status.ACCEPTED, None)
    assert smsc.submits[0].dest_addr_ton == 1


async def test_what_waited_for_the_account_is_no_reply() -> None:
    async with fake_smsc() as smsc:
        smsc.waiting = [sms("4444", SENDER, b"old"), sms("4444", FRIEND, b"not mine")]
        outcome = await send(smsc)
    assert outcome.reply is not None
    assert outcome.reply.text == "Terima kasih"
    assert [also.text for also in outcome.also_received] == ["old", "not mine"]


def reply_first(session: Session, submit: SubmitSm) -> None:
    session.deliver(sms(submit.destination_addr, submit.source_addr, b"Terima kasih"))
    accept(session, submit)


async def test_a_reply_may_come_before_a_late_response() -> None:
    async with fake_smsc(reply_first) as smsc:
        smsc.waiting = [sms("4444", SENDER, b"old")]
        outcome = await send(smsc)
    assert (outcome.status, outcome.id) == (Status.ACCEPTED, "42")
    assert outcome.reply is not None
    assert outcome.reply.text == "Terima kasih"
    assert [also.text for also in outcome.also_received] == ["old"]


async def test_a_refusal_has_no_reply() -> None:
    def refused(session: Session, submit: SubmitSm) -> None:
        session.deliver(sms("4444", SENDER, b"Maaf"))
        session.refuse(submit, CommandStatus.ESME_RSYSERR)

    async with fake_smsc(refused) as smsc:
        outcome = await send(smsc)
    assert outcome.status is Status.REFUSED


async def test_an_smsc_that_answers_no_enquire_link_is_sent_to_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def lost(session: BoundSession) -> None:
        """Let the enquire_link never arrive."""

    monkeypatch.setattr(BoundSession, "enquire", lost)
    monkeypatch.setattr(esme, "_ENQUIRE_S", 0.01)
    async with fake_smsc() as smsc:
        outcome = await send(smsc)
    assert outcome.reply is not None


async def test_a_refusal_shows_the_command_status() -> None:
    async with fake_smsc(refuse(CommandStatus.ESME_RSUBMITFAIL)) as smsc:
        outcome = await send(smsc)
    assert outcome.status is Status.REFUSED
    assert str(outcome.cause) == "ESME_RSUBMITFAIL (command_status 69)"
    assert outcome.why.startswith("submit_sm_resp: ")


async def test_a_generic_nack_is_a_refusal() -> None:
    async with fake_smsc(nack) as smsc:
        outcome = await send(smsc)
    assert outcome.status is Status.REFUSED
    assert outcome.why.startswith("generic_nack: ")


@pytest.mark.parametrize(
    ("answer", "id_", "why"),
    [
        (silence, "", "no submit_sm_resp within 0.2 s"),
        (accept, "42", "accepted, but no reply from 4444 within 0.2 s"),
    ],
)
async def test_silence_is_a_timeout_that_says_what_is_missing(
    answer: Answer, id_: str, why: str
) -> None:
    async with fake_smsc(answer) as smsc:
        outcome = await send(smsc, patience=0.2)
    assert (outcome.status, outcome.id, outcome.why) == (Status.TIMEOUT, id_, why)


async def test_a_session_that_breaks_is_told() -> None:
    async with fake_smsc(accept) as smsc:
        smsc.hang_up_on_submit = True
        with pytest.raises(NoSmsc, match="broke"):
            await send(smsc)


async def test_an_empty_text_cannot_be_sent() -> None:
    async with fake_smsc(accept) as smsc:
        with pytest.raises(CannotSend):
            await send(smsc, text="")
