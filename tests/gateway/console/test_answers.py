from __future__ import annotations

import pytest
from pydantic import BaseModel

from gateway.console import answers
from gateway.console.smpp_api import AccountAnswer, SessionAnswer
from gateway.core.chance import Fixed
from gateway.core.decision import (
    Message,
    MessageKind,
    MessageState,
    ReceiptOf,
    Receiver,
)
from gateway.core.registration.records import Person, Records, Standing, renewed
from gateway.core.subscriber import Tries
from tests.gateway.core.network import (
    INDOSAT,
    REGISTRY,
    SITI,
    TELKOMSEL,
    Network,
    registration,
    sms,
)

MODELS = [
    answers.SubscriberAnswer,
    answers.MessageAnswer,
    answers.ClockAnswer,
    answers.CitizenAnswer,
    answers.HealthAnswer,
    AccountAnswer,
    SessionAnswer,
]


@pytest.mark.parametrize("model", MODELS)
def test_examples_have_exactly_the_fields_of_their_answer(model: type[BaseModel]) -> None:
    schema = model.model_json_schema(mode="serialization")
    for example in schema["examples"]:
        assert set(example) == set(schema["properties"])


def test_a_receipt_names_its_message() -> None:
    receipt = Message(
        id=9,
        kind=MessageKind.RECEIPT,
        source="6281190000001",
        destination="BANK",
        text="",
        receiver=Receiver.ESME,
        state=MessageState.DELIVERED,
        accepted_at=0,
        ended_at=1000,
        receipt=ReceiptOf(8, MessageState.UNDELIVERABLE, 13, 0, 0, ""),
    )
    answer = answers.message_answer(receipt).model_dump(by_alias=True, mode="json")
    assert answer["receipt_of"] == "8"
    assert answer["at"] == "1970-01-01T07:00:00+07:00"
    assert answer["ended_at"] == "1970-01-01T07:00:01+07:00"


def test_a_citizen_with_a_new_card_shows_the_one_that_is_valid() -> None:
    citizen = REGISTRY.citizen(0)
    new = renewed(citizen.kk)
    changed = Person(Standing.KK_CHANGED, new)
    records = Records(REGISTRY, people={citizen.nik.digits: changed})
    answer = answers.citizen_answer(citizen, records)
    assert (answer.kk, answer.valid_kk) == (citizen.kk.digits, new.digits)
    assert answer.trouble == " (kk_changed)"
    assert answers.citizen_answer(citizen, None).trouble == ""


def test_a_number_shows_what_it_waits_for_and_what_failed() -> None:
    network = Network(verdict_delay=Fixed(60_000))
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    waits = answers.subscriber_answer(
        network.subscriber(TELKOMSEL), True, network.rules, network.now
    )
    assert (waits.verdict_due_at, waits.failures) == ("2018-02-26T08:01:00+07:00", 0)
    until = network.now + 1
    network.known(INDOSAT, tries=Tries(SITI.nik, SITI.kk, 5, until))
    locked, free = (
        answers.subscriber_answer(network.subscriber(INDOSAT), True, network.rules, now)
        for now in (until - 1, until)
    )
    assert (locked.failures, locked.locked_until) == (5, "2018-02-26T08:00:00+07:00")
    assert (free.failures, free.locked_until) == (5, None)
