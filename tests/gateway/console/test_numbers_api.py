from __future__ import annotations

import asyncio

import httpx
import pytest
from msgspec import structs

from gateway.console import numbers_api
from gateway.core.events import MtSms, Presence
from gateway.core.ledger import Rules, Unknown
from gateway.core.numbers import Msisdn
from gateway.core.origin import Esme, Part, PartKey, SmeAddress
from gateway.store.protocol import NotCommitted

from .small_gateway import SmallGateway

NUMBER = "6281190000001"
SUBSCRIBER = f"/api/v1/subscribers/{NUMBER}"
MESSAGES = "/api/v1/messages"


async def register(gateway: SmallGateway) -> str:
    """Register NUMBER; gives the NIK."""
    citizen = gateway.flow.rules.registry.citizen(1)
    await gateway.sms(NUMBER, "4444", f"ULANG {citizen.nik.digits}#{citizen.kk.digits}#")
    return citizen.nik.digits


@pytest.mark.parametrize("written", ["081190000001", NUMBER, f"+{NUMBER}", "0811-9000-0001"])
async def test_a_number_never_seen_answers_as_what_it_would_be(
    client: httpx.AsyncClient, written: str
) -> None:
    answer = await client.get(f"/api/v1/subscribers/{written}")
    assert answer.status_code == 200
    assert answer.json() == {
        "msisdn": NUMBER,
        "operator": "telkomsel",
        "brand": "Telkomsel",
        "status": "unregistered",
        "stage": "OPEN",
        "barred": [],
        "next": {"stage": "OUTGOING_BARRED", "at": "2018-03-01T00:00:00+07:00"},
        "registered_at": None,
        "expires_at": None,
        "nik": None,
        "outlet": None,
        "foreigner": None,
        "verdict_due_at": None,
        "failures": 0,
        "locked_until": None,
        "has_phone": False,
        "online": False,
        "known": False,
    }


async def test_asking_does_not_make_a_number_known(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await client.get(SUBSCRIBER)
    assert gateway.store.subscriber(Msisdn(NUMBER)) is None


async def test_a_registered_number(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    await gateway.decide(Presence(Msisdn(NUMBER), True))
    nik = await register(gateway)
    answer = (await client.get(SUBSCRIBER)).json()
    assert answer["status"] == "registered"
    assert answer["registered_at"] == "2018-02-26T08:00:00+07:00"
    assert answer["nik"] == f"{nik[:4]}********{nik[-4:]}"
    assert answer["next"] is None
    assert answer["has_phone"]
    assert answer["online"]
    assert answer["known"]


async def test_what_is_barred_follows_the_calendar(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await client.put("/api/v1/clock", json={"now": "2018-04-20"})
    answer = (await client.get(SUBSCRIBER)).json()
    assert answer["stage"] == "INCOMING_BARRED"
    assert answer["barred"] == ["MO_SMS", "MO_CALL", "MT_SMS", "MT_CALL"]
    assert answer["next"] == {"stage": "TOTAL_BARRED", "at": "2018-04-30T00:00:00+07:00"}


@pytest.mark.parametrize("written", ["12", "abc", "080123456789", "%20"])
async def test_what_is_no_number_is_refused_with_the_remedy(
    client: httpx.AsyncClient, written: str
) -> None:
    answer = await client.get(f"/api/v1/subscribers/{written}")
    assert answer.status_code == 422
    assert " is no mobile number; " in answer.json()["detail"]


class TestRefusing:
    """With [subscribers] unknown = "refuse"."""

    @pytest.fixture
    def rules(self, rules: Rules) -> Rules:
        return structs.replace(rules, unknown=Unknown.REFUSE)

    async def test_an_unknown_number_is_not_found(self, client: httpx.AsyncClient) -> None:
        answer = await client.get(SUBSCRIBER)
        assert answer.status_code == 404
        assert answer.json()["detail"] == f"{NUMBER} is no subscriber here"


async def test_parts_of_a_long_message_are_listed_when_asked_for(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    key = PartKey("a2p", "BANK", NUMBER, "8 bits", 7, 2)
    via = Esme("a2p", 1, SmeAddress(5, 0, "BANK"), SmeAddress(1, 1, NUMBER))
    for number, text in enumerate(("satu ", "dua"), 1):
        await gateway.decide(MtSms("BANK", NUMBER, text, via, part=Part(key, number)))
    (whole,) = (await client.get(MESSAGES, params={"limit": 1})).json()["messages"]
    assert (whole["text"], whole["part"], whole["parts"]) == ("satu dua", None, ["1", "2"])
    found = (await client.get(MESSAGES, params={"parts": True})).json()["messages"]
    assert [(one["text"], one["part"], one["receiver"]) for one in found] == [
        ("satu ", "1/2", "parts"),
        ("dua", "2/2", "parts"),
        ("satu dua", None, "inbox"),
    ]


async def test_messages_of_a_number_in_order_and_masked(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    nik = await register(gateway)
    await gateway.sms("6281790000002", "4444", "INFO")
    answer = (await client.get(MESSAGES, params={"msisdn": "081190000001"})).json()
    request, reply = answer["messages"]
    assert request["kind"] == "mo"
    assert (request["from"], request["to"]) == (NUMBER, "4444")
    assert request["state"] == "DELIVERED"
    assert request["receiver"] == "desk"
    assert request["at"] == request["ended_at"] == "2018-02-26T08:00:00+07:00"
    assert request["error"] == 0
    assert nik not in request["text"]
    assert f"{nik[:4]}********{nik[-4:]}" in request["text"]
    assert (reply["from"], reply["to"], reply["kind"]) == ("4444", NUMBER, "reply")
    assert (reply["state"], reply["ended_at"]) == ("ENROUTE", None)
    assert answer["last"] == reply["id"] == "2"


async def test_messages_of_all_after_an_id_and_limited(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await register(gateway)
    await gateway.sms("6281790000002", "4444", "INFO")
    everything = (await client.get(MESSAGES)).json()["messages"]
    assert [message["id"] for message in everything] == ["1", "2", "3", "4"]
    some = (await client.get(MESSAGES, params={"after": 1, "limit": 2})).json()
    assert [message["id"] for message in some["messages"]] == ["2", "3"]
    assert some["last"] == "3"


async def test_nothing_new_answers_at_once_with_the_same_last(client: httpx.AsyncClient) -> None:
    answer = await client.get(MESSAGES, params={"after": 7})
    assert answer.json() == {"messages": [], "last": "7"}


async def test_a_long_poll_answers_when_a_message_comes(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    poll = asyncio.create_task(
        client.get(MESSAGES, params={"msisdn": f"+{NUMBER}", "wait": 30}), name="poll"
    )
    # Another number's message does not end it.
    await gateway.sms("6281790000002", "4444", "INFO")
    await register(gateway)
    async with asyncio.timeout(5):
        answer = (await poll).json()
    assert [message["from"] for message in answer["messages"]] == [NUMBER, "4444"]


async def test_a_long_poll_ends_empty(client: httpx.AsyncClient) -> None:
    answer = await client.get(MESSAGES, params={"wait": 0.01})
    assert answer.json() == {"messages": [], "last": "0"}


async def test_a_long_wait_is_capped(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers_api, "WAIT_MOST", 0.01)
    async with asyncio.timeout(5):
        answer = await client.get(MESSAGES, params={"wait": 3600})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("after=x", "after: should be a valid integer, unable to parse string as an "
         "integer (sent: x)"),
        ("after=-1", "after: should be greater than or equal to 0 (sent: -1)"),
        ("wait=nan", "wait: should be a finite number (sent: nan)"),
        ("limit=1001", "limit: should be less than or equal to 1000 (sent: 1001)"),
    ],
)  # fmt: skip
async def test_wrong_queries_are_named(
    client: httpx.AsyncClient, query: str, expected: str
) -> None:
    answer = await client.get(f"{MESSAGES}?{query}")
    assert answer.status_code == 422
    assert answer.json()["detail"] == expected


async def test_dates_of_a_number_are_set(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    answer = await client.patch(
        SUBSCRIBER, json={"expires_at": "2018-03-01", "notice_at": "2018-02-01"}
    )
    assert answer.status_code == 200
    assert answer.json()["expires_at"] == "2018-03-01T00:00:00+07:00"
    wrong = await client.patch(SUBSCRIBER, json={"expires_at": "soon"})
    assert wrong.status_code == 422
    await gateway.set_clock(gateway.clock.now() + 10 * 86_400_000, None)
    assert (await client.get(SUBSCRIBER)).json()["status"] == "expired"
    assert (await client.get(SUBSCRIBER)).json()["expires_at"] == "2018-03-01T00:00:00+07:00"
    late = await client.patch(SUBSCRIBER, json={"expires_at": "2018-04-01"})
    assert late.status_code == 409
    assert "has expired" in late.json()["detail"]


async def test_dates_of_nobody(
    client: httpx.AsyncClient, gateway: SmallGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.flow._rules = structs.replace(gateway.flow.rules, unknown=Unknown.REFUSE)
    assert (await client.patch(SUBSCRIBER, json={"notice_at": "2018-03-01"})).status_code == 404

    async def full(records: object) -> None:
        raise NotCommitted("the disk is full")

    monkeypatch.setattr(gateway.store, "commit", full)
    assert (await client.patch(SUBSCRIBER, json={})).status_code == 503
