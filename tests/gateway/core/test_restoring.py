"""Numbers taken back to a snapshot: what they were, not where their phones are now."""

from __future__ import annotations

from gateway.config import Config
from gateway.core.decision import BarringSignal, Facts, SubscriberChanged
from gateway.core.events import SubscribersRestored
from gateway.core.ledger import Ledger, first_seen, replace
from gateway.core.numbers import Msisdn, Nik
from gateway.core.restoring import numbers_of, subscribers_restored
from gateway.core.subscriber import Status

SITI, BUDI = Msisdn("6281290000001"), Msisdn("6281290000002")
NIK = Nik("3201014107859001")
RULES = Config().rules()
NOW = Config().clock_now()
SLOT = (NIK.digits, "telkomsel")


def ledger_of(facts: Facts) -> Ledger:
    return Ledger(facts, NOW, RULES)


def test_a_number_with_a_phone_is_told_its_bars_again() -> None:
    before = first_seen(SITI, RULES, NOW)
    now = replace(
        before, status=Status.REGISTERED, nik=NIK, has_phone=True, online=True, data_ref="d1"
    )
    facts = Facts(1, subscribers={SITI: now}, numbers_per_nik={SLOT: 1})
    event = SubscribersRestored("clean", (before,))
    decision = subscribers_restored(event, ledger_of(facts))
    assert decision.why == "1 numbers were taken back to the snapshot clean"
    (change,) = decision.changes
    assert isinstance(change, SubscriberChanged)
    found = change.subscriber
    assert (found.status, found.nik) == (before.status, None)
    assert (found.has_phone, found.online, found.data_ref) == (True, True, "d1")
    assert [type(one) for one in decision.outgoing] == [BarringSignal]
    assert facts.numbers_per_nik == {SLOT: 0}


def test_what_came_since_is_as_never_seen_and_who_is_gone_comes_back() -> None:
    registered = replace(first_seen(SITI, RULES, 0), status=Status.REGISTERED, nik=NIK)
    facts = Facts(
        1, subscribers={BUDI: replace(registered, msisdn=BUDI)}, numbers_per_nik={SLOT: 1}
    )
    event = SubscribersRestored("clean", (registered,), (BUDI,))
    assert numbers_of(event) == {SITI, BUDI}
    decision = subscribers_restored(event, ledger_of(facts))
    found = [one.subscriber for one in decision.changes if isinstance(one, SubscriberChanged)]
    assert found == [registered, first_seen(BUDI, RULES, NOW)]
    assert facts.numbers_per_nik == {SLOT: 1}
