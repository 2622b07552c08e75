"""The inbox's search language: what is read, what it finds, what is said of mistakes."""

from __future__ import annotations

import pytest

from gateway.core.message import Message, MessageKind, MessageState, Receiver
from gateway.core.moments import parse_moment
from gateway.core.numbers import Msisdn
from gateway.core.origin import Esme, SmeAddress
from gateway.core.search import (
    HELP,
    QUERY_MOST,
    BadQuery,
    Field,
    Known,
    Query,
    fits,
    parse_query,
)
from gateway.core.subscriber import BlockStage

NOW = parse_moment("2018-03-05T12:00:00")
SITI = "6281290000001"
STAGES = {Msisdn(SITI): BlockStage.OUTGOING_BARRED}
KNOWN = Known(stage=STAGES.get, tags=lambda id_: ("Smoke",) if id_ == 7 else ())
REPLY = Message(
    id=7,
    kind=MessageKind.REPLY,
    source="4444",
    destination=SITI,
    text="Selamat, nomor Anda telah terdaftar.",
    receiver=Receiver.PHONE,
    state=MessageState.UNDELIVERABLE,
    accepted_at=parse_moment("2018-03-05T11:00:00"),
    error=13,
    account="qa",
    session=4,
)
BANK = Message(
    id=8,
    kind=MessageKind.MT,
    source="BANK",
    destination="6285690000002",
    text="Kode",
    receiver=Receiver.INBOX,
    state=MessageState.DELIVERED,
    accepted_at=NOW,
    esme=Esme("a2p", 3, SmeAddress(5, 0, "BANK"), SmeAddress(1, 1, "6285690000002")),
)


def read(text: str) -> Query:
    query = parse_query(text, NOW)
    assert isinstance(query, Query), query
    return query


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "both"),
        ("  ", "both"),
        ("from:4444", "reply"),
        ("from:BANK", "bank"),
        ("from:bank", "none"),
        ("to:0812-9000-0001", "reply"),
        ("to:+6281290000001", "reply"),
        ("to:0812*", "reply"),
        ("to:+62856*", "bank"),
        ("from:BA*", "bank"),
        ("with:081290000001", "reply"),
        ("with:4444", "reply"),
        ("terdaftar", "reply"),
        ("TERDAFTAR nomor", "reply"),
        ('"nomor Anda"', "reply"),
        ('text:"anda nomor"', "none"),
        ("-terdaftar", "bank"),
        ("state:delivered", "bank"),
        ("-state:delivered", "reply"),
        ("kind:mt", "bank"),
        ("cause:operator_determined_barring", "reply"),
        ("cause:13", "reply"),
        ("cause:0", "bank"),
        ("stage:outgoing_barred", "reply"),
        ("stage:open", "none"),
        ("esme:qa", "reply"),
        ("esme:a*", "bank"),
        ("esme:*", "both"),
        ("session:4", "reply"),
        ("session:3", "bank"),
        ("id:8", "bank"),
        ("tag:smoke", "reply"),
        ("since:30m", "bank"),
        ("until:30m", "reply"),
        ("since:2018-03-05", "both"),
        ("until:2018-03-05T11:30:00+07:00", "reply"),
        ("from:4444 text:gagal", "none"),
        ("FROM:4444  State:Undeliverable", "reply"),
    ],
)
def test_a_query_finds_what_it_says(text: str, found: str) -> None:
    query = read(text)
    hits = [one.kind.value for one in (REPLY, BANK) if fits(query, one, KNOWN)]
    assert {"reply": ["reply"], "bank": ["mt"], "both": ["reply", "mt"], "none": []}[found] == hits


@pytest.mark.parametrize(
    ("text", "term", "remedy"),
    [
        ("form:4444", "form:4444", "there is no such field; use from, to,"),
        ("from: 4444", "from:", "behind the colon"),
        ('text:""', 'text:""', "say what: words in the text"),
        ('text:"offen', 'text:"offen', "close the quotes"),
        ('"a"b', '"a"b', "close the quotes"),
        ("state:gone", "state:gone", "state: is enroute, delivered"),
        ("kind:x", "kind:x", "kind: is mo, mt"),
        ("stage:x", "stage:x", "stage: is the stage"),
        ("cause:x", "cause:x", "cause: is why it failed"),
        ("cause:normal_clearing", "cause:normal_clearing", "cause: is why"),
        ("id:x", "id:x", "id: is the message's id"),
        ("session:-1", "session:-1", "session: is the number"),
        ("since:yesterday", "since:yesterday", "since: is accepted at or after"),
        ("x" * (QUERY_MOST + 1), "x" * 60, "is longer than"),
        ("from:4444 nik:3201014107859001", "nik:3201********9001", "no such field"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(text: str, term: str, remedy: str) -> None:
    bad = parse_query(text, NOW)
    assert isinstance(bad, BadQuery)
    assert bad.term == term
    assert remedy in bad.remedy
    assert str(bad) == f'"{bad.term}": {bad.remedy}'


def test_a_number_that_every_hit_has_is_told() -> None:
    assert read("text:x with:081290000001").msisdn == SITI
    for text in ("", "from:4444", "to:0812*", "-from:081290000001", "esme:qa"):
        assert read(text).msisdn is None


def test_every_field_is_explained() -> None:
    assert set(HELP) == set(Field)
