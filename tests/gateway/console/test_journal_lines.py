"""The journal as lines: whole, or without anything that an identity may lie in."""

from __future__ import annotations

import json

import msgspec
import pytest

from gateway.console.journal_lines import record_line
from gateway.core.decision import NOTED, Record
from gateway.core.events import MoSms, Phone
from gateway.core.numbers import Msisdn
from gateway.core.origin import Body, Part, PartKey
from gateway.core.outlets import Document, Foreigner, OutletRegisters
from tests.gateway.core.network import SITI, TELKOMSEL, Network, esme, mt, registration, sms

NUMBER = Msisdn("6281290000001")


def record(text: str, part: Part | None = None) -> Record:
    body = Body(octets=text.encode())
    return Record(1, 2, MoSms(NUMBER, "4444", text, Phone("a"), body, part), NOTED, "why")


def test_in_clear_a_line_is_the_journals() -> None:
    one = record(registration(SITI))
    assert msgspec.json.decode(record_line(one, clear=True), type=Record) == one


@pytest.mark.parametrize(
    "text",
    [
        "REG 3201010101019001#3201010101019002#",
        "REG 3201.0101.0101.9001#",
        "32/01/01/01/01/01/90/01 Siti",
        "3 2 0 1 0 1 0 1 0 1 0 1 9 0 0 1",
    ],
)
def test_masked_a_line_shows_no_identity(text: str) -> None:
    line = record_line(record(text), clear=False).decode()
    shown = json.loads(line)["event"]
    assert "body" not in shown
    assert "01010101" not in "".join(character for character in line if character.isdigit())


def test_masked_the_parts_of_a_long_message_have_no_text() -> None:
    part = Part(PartKey("a", NUMBER, "4444", "sar", 1, 2), 1)
    shown = json.loads(record_line(record("REG 32010101", part), clear=False))
    assert shown["event"]["text"] == "(kept out)"


def test_masked_a_receipt_does_not_say_what_its_message_began_with() -> None:
    network = Network().online(TELKOMSEL)
    network.one(mt(TELKOMSEL, esme(1), text="NIK 32010101010190"))
    network.one(sms(TELKOMSEL, "4444", "halo"))
    from gateway.core.events import Acknowledged

    network.one(Acknowledged(TELKOMSEL, (1,)))
    lines = [json.loads(record_line(one, clear=False)) for one in network.records]
    (receipt,) = (
        change["message"]["receipt"]
        for line in lines
        for change in line["changes"]
        if "receipt" in change.get("message", {})
    )
    assert receipt[5] == "(kept out)"


def test_masked_a_foreigner_keeps_the_nationality_only() -> None:
    jane = Foreigner(Document.KITAS, "2C11", "AU", "Jane Doe", "Perth", "1990-05-17")
    network = Network()
    network.one(OutletRegisters(TELKOMSEL, "G-1", jane))
    line = record_line(network.records[0], clear=False).decode()
    assert '"nationality":"AU"' in line
    for secret in ("2C11", "Jane", "Perth", "1990-05-17"):
        assert secret in record_line(network.records[0], clear=True).decode()
        assert secret not in line


def test_other_texts_stay() -> None:
    assert json.loads(record_line(record("Halo 081234567890"), clear=False))["event"]["text"] == (
        "Halo 081234567890"
    )
