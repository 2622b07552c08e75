"""Faults are listed, added, removed and replaced while the gateway runs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from msgspec import structs

from gateway.config import PROFILES
from gateway.console import faults_api
from gateway.core.decision import Record
from gateway.core.events import FaultsSet
from gateway.core.fault_aim import Count
from gateway.core.faults import DropReceipt, FaultRule, Refuse, Throttle

from .small_gateway import SmallGateway

FAULTS = "/api/v1/faults"
PROFILES_AT = "/api/v1/fault-profiles"
BUSY: dict[str, Any] = {
    "name": "busy",
    "kind": "refuse",
    "status": "ESME_RMSGQFUL",
    "account": "qa",
    "probability": 0.1,
}
LOST: dict[str, Any] = {"name": "lost", "kind": "drop_receipt"}


async def test_at_first_nothing_goes_wrong(client: httpx.AsyncClient) -> None:
    assert (await client.get(FAULTS)).json() == {"seed": 4444, "faults": []}


async def test_a_fault_is_added_and_counted(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    answer = await client.post(FAULTS, json=BUSY)
    assert answer.status_code == 200
    assert answer.json()["faults"] == [{**BUSY, "met": 0, "struck": 0}]
    assert gateway.flow.rules.faults.rules == (
        FaultRule(name="busy", fault=Refuse(0x14), account="qa", probability=0.1),
    )
    gateway.flow.tally["busy"] = Count(20, 3)
    await client.post(FAULTS, json=LOST)
    assert (await client.get(FAULTS)).json()["faults"] == [
        {**BUSY, "met": 20, "struck": 3},
        {**LOST, "met": 0, "struck": 0},
    ]


async def test_a_name_is_taken_once(client: httpx.AsyncClient) -> None:
    await client.post(FAULTS, json=LOST)
    answer = await client.post(FAULTS, json=LOST)
    assert answer.status_code == 409
    assert answer.json()["detail"] == 'there is a fault "lost" already: remove it first'


async def test_all_are_replaced(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    await client.post(FAULTS, json=BUSY)
    answer = await client.put(FAULTS, json={"faults": [LOST], "seed": 7})
    assert answer.json() == {"seed": 7, "faults": [{**LOST, "met": 0, "struck": 0}]}
    assert gateway.flow.rules.faults.rules == (FaultRule(name="lost", fault=DropReceipt()),)
    answer = await client.put(FAULTS, json={"faults": []})
    assert answer.json() == {"seed": 7, "faults": []}


async def test_one_is_removed(client: httpx.AsyncClient) -> None:
    await client.put(FAULTS, json={"faults": [BUSY, LOST]})
    answer = await client.delete(f"{FAULTS}/busy")
    assert [one["name"] for one in answer.json()["faults"]] == ["lost"]
    answer = await client.delete(f"{FAULTS}/busy")
    assert answer.status_code == 404
    assert answer.json()["detail"] == 'no fault is called "busy"; there are lost'


async def test_all_are_removed(client: httpx.AsyncClient) -> None:
    await client.put(FAULTS, json={"faults": [BUSY, LOST]})
    assert (await client.delete(FAULTS)).json() == {"seed": 4444, "faults": []}
    answer = await client.delete(f"{FAULTS}/busy")
    assert answer.json()["detail"] == 'no fault is called "busy"; there is none'


async def test_each_change_is_journalled(client: httpx.AsyncClient, gateway: SmallGateway) -> None:
    records: list[Record] = []
    gateway.feed.watch(records.extend)
    await client.post(FAULTS, json=LOST)
    await client.put(FAULTS, json={"faults": [BUSY, LOST], "seed": 7})
    await client.delete(f"{FAULTS}/busy")
    await client.put(f"{PROFILES_AT}/throttling?account=qa")
    await client.delete(f"{PROFILES_AT}/throttling")
    await client.delete(FAULTS)
    await client.put(FAULTS, json={"faults": []})
    assert [record.why.removeprefix("faults on purpose: ") for record in records] == [
        "lost added",
        "set to busy, lost",
        "busy removed",
        "profile throttling on for qa",
        "profile throttling off",
        "all removed",
        "set to none",
    ]
    events = [record.event for record in records]
    assert isinstance(events[1], FaultsSet)
    assert [rule.name for rule in events[1].rules] == ["busy", "lost"]
    assert events[1].seed == 7


# ---- profiles


async def test_profiles_are_listed_with_their_provenance(client: httpx.AsyncClient) -> None:
    answer = (await client.get(PROFILES_AT)).json()
    assert [profile["name"] for profile in answer] == list(PROFILES)
    [throttling] = [profile for profile in answer if profile["name"] == "throttling"]
    assert throttling == {
        "name": "throttling",
        "what": "ten messages a second and no more",
        "provenance": "invented: plausible, measured nowhere",
        "on": False,
        "faults": [{"name": "throttling.rate", "kind": "throttle", "per_second": 10.0}],
    }


async def test_a_profile_is_switched_on_and_off(
    client: httpx.AsyncClient, gateway: SmallGateway
) -> None:
    await client.post(FAULTS, json=LOST)
    for _ in range(2):
        answer = await client.put(f"{PROFILES_AT}/throttling")
        assert answer.status_code == 200
        assert [one["name"] for one in answer.json()["faults"]] == ["lost", "throttling.rate"]
    states = {one["name"]: one["on"] for one in (await client.get(PROFILES_AT)).json()}
    assert [name for name, on in states.items() if on] == ["throttling"]
    await client.put(f"{PROFILES_AT}/throttling?account=q*")
    rule = FaultRule(name="throttling.rate", fault=Throttle(10.0))
    assert gateway.flow.rules.faults.rules[1] == structs.replace(rule, account="q*")
    answer = await client.delete(f"{PROFILES_AT}/throttling")
    assert [one["name"] for one in answer.json()["faults"]] == ["lost"]


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_a_profile_must_be_known(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, f"{PROFILES_AT}/trottling")
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith(
        'no fault profile is called "trottling"; there are flaky-operator, throttling, '
    )


async def test_a_profile_is_for_an_account_that_there_is(client: httpx.AsyncClient) -> None:
    answer = await client.put(f"{PROFILES_AT}/throttling?account=bank")
    assert answer.status_code == 422
    assert answer.json()["detail"] == (
        'account: is "bank", the system_id of no account; write one of "qa", "other/bank"'
    )


# ---- what is wrong


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            {"name": "x", "kind": "refuse"},
            'status: is missing; write status = "ESME_RSYSERR"',
        ),
        (
            {"name": "x", "kind": "drop_receipt", "text": "(a"},
            "text: is no pattern: missing ): (a; write a regular expression as RE2 takes it, "
            "for example (?i)promo",
        ),
        (
            {"name": "x", "kind": "delay_response", "delay": {"secs": 1}},
            "delay secs: is not a key; did you mean seconds? | delay: is missing; "
            "write delay = { seconds = 2.0 }",
        ),
        (
            {"name": "", "kind": "drop_receipt", "probability": 2},
            'name: is "", no name for a fault; write up to 60 letters, digits, dots, dashes: '
            "lost-receipts | probability: is 2; write 0.0 (never) to 1.0 (always)",
        ),
        ({"name": "x"}, "kind: Field required"),
        (
            {"name": "x", "kind": "drop_receipt", "rate": 1},
            "rate: Extra inputs are not permitted (sent: 1)",
        ),
    ],
)
async def test_wrong_faults_are_named(
    client: httpx.AsyncClient, fault: dict[str, Any], expected: str
) -> None:
    answer = await client.post(FAULTS, json=fault)
    assert answer.status_code == 422
    assert answer.json()["detail"] == expected
    assert (await client.get(FAULTS)).json()["faults"] == []


async def test_of_several_faults_the_wrong_one_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.put(FAULTS, json={"faults": [BUSY, {**LOST, "every_n": 0}]})
    assert answer.json()["detail"] == "fault no. 2 every_n: is 0; write 1 to 1000000000"


async def test_faults_are_not_without_number(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults_api, "FAULTS_MOST", 1)
    await client.post(FAULTS, json=LOST)
    answer = await client.post(FAULTS, json=BUSY)
    assert answer.status_code == 422
    assert answer.json()["detail"] == "more than 1 faults: remove some first"
