"""Phones that come and go, their data sessions, and the stages that fall due for them."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.ageing import DAY_MS, SCHEDULES, Lifetime
from gateway.core.causes import Cause
from gateway.core.decision import (
    NOTED,
    Accepted,
    BarringSignal,
    CallSignal,
    DataSignal,
    Decision,
    MessageKind,
    MessageState,
    Receiver,
)
from gateway.core.events import (
    Acknowledged,
    CallAction,
    CallStep,
    DataClose,
    DataOpen,
    DatesSet,
    Dial,
    Esme,
    Presence,
    StageDue,
)
from gateway.core.ledger import Unknown
from gateway.core.numbers import Msisdn
from gateway.core.subscriber import BlockStage, Service, Status
from tests.gateway.core.network import (
    INCOMING_BARRED_AT,
    INDOSAT,
    OPEN_AT,
    OTHER,
    OUTGOING_BARRED_AT,
    RULES,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    cause_of,
    ends,
    esme,
    messages_out,
    mt,
    registration,
    signals_out,
    sms,
    stored,
    subscribers_changed,
    wib,
)

BARRED = Cause.OPERATOR_DETERMINED_BARRING
OUT, IN, TOTAL = BlockStage.OUTGOING_BARRED, BlockStage.INCOMING_BARRED, BlockStage.TOTAL_BARRED
OUT_AT, IN_AT, TOTAL_AT = (
    wib(f"{day} 00:00") for day in ("2018-03-01", "2018-04-15", "2018-04-30")
)


def stages_told(decisions: list[Decision]) -> list[BlockStage]:
    return [
        signal.stage
        for decision in decisions
        for signal in signals_out(decision.outgoing)
        if type(signal) is BarringSignal
    ]


# ---- presence


@pytest.mark.parametrize(
    ("at", "stage", "following"),
    [
        (OPEN_AT, BlockStage.OPEN, (OUT, OUT_AT)),
        (OUTGOING_BARRED_AT, OUT, (IN, IN_AT)),
        (INCOMING_BARRED_AT, IN, (TOTAL, TOTAL_AT)),
        (TOTAL_BARRED_AT, TOTAL, (None, 0)),
    ],
)
def test_a_phone_that_comes_on_is_told_what_is_barred(
    at: str, stage: BlockStage, following: tuple[BlockStage | None, int]
) -> None:
    network = Network(at)
    decision = network.one(Presence(TELKOMSEL, True))
    assert decision.answer == NOTED
    assert decision.why == f"{TELKOMSEL} is on, in {stage.value}"
    (signal,) = signals_out(decision.outgoing)
    assert type(signal) is BarringSignal
    assert (signal.msisdn, signal.stage) == (TELKOMSEL, stage)
    assert (signal.next_stage, signal.next_at) == following
    phone = network.subscriber(TELKOMSEL)
    assert (phone.has_phone, phone.online, phone.announced) == (True, True, stage)
    assert phone.first_seen_at == network.now


def test_a_phone_that_goes_off_loses_session_and_presence() -> None:
    network = Network().online(TELKOMSEL)
    network.one(DataOpen(TELKOMSEL, "d1"))
    decision = network.one(Presence(TELKOMSEL, False))
    assert decision == Decision(NOTED, f"{TELKOMSEL} is off", decision.changes)
    phone = network.subscriber(TELKOMSEL)
    assert (phone.has_phone, phone.online, phone.data_ref) == (True, False, "")


def test_a_number_that_was_never_on_goes_off() -> None:
    # Its last will may be all that the gateway sees of it.
    network = Network()
    network.one(Presence(TELKOMSEL, False))
    phone = network.subscriber(TELKOMSEL)
    assert (phone.has_phone, phone.online) == (False, False)


@pytest.mark.parametrize("online", [True, False])
def test_presence_of_an_unknown_number_where_those_are_refused(online: bool) -> None:
    network = Network(unknown=Unknown.REFUSE)
    decision = network.one(Presence(TELKOMSEL, online))
    assert cause_of(decision) is Cause.UNKNOWN_SUBSCRIBER
    assert network.state.subscribers == {}


def test_a_registered_number_is_told_that_nothing_is_barred() -> None:
    network = Network(TOTAL_BARRED_AT).online(TELKOMSEL)
    network.one(sms(TELKOMSEL, "4444", registration(SITI)))
    decision = network.one(Presence(TELKOMSEL, True))
    assert signals_out(decision.outgoing) == [
        BarringSignal(TELKOMSEL, BlockStage.OPEN, (), None, 0)
    ]


# ---- ESMEs that wait for a phone


def waited_for(*vias: Esme) -> Network:
    """A phone that is off, with ESMEs that want to be told (set_dpf)."""
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    network.batch(*(mt(TELKOMSEL, structs.replace(via, set_dpf=True)) for via in vias))
    return network


def test_an_esme_is_told_when_the_phone_comes_on() -> None:
    network = waited_for(esme(), esme(account="other"), esme())
    decision = network.one(Presence(TELKOMSEL, True))
    alerts = [one for one in stored(decision) if one.kind is MessageKind.ALERT]
    assert [(one.account, one.receiver, one.state) for one in alerts] == [
        ("a2p", Receiver.ESME, MessageState.ENROUTE),
        ("other", Receiver.ESME, MessageState.ENROUTE),
    ]
    for alert in alerts:
        assert (alert.source, alert.destination) == (TELKOMSEL, "BANK")
        assert alert.destination_as == esme().source
        assert alert.valid_until == network.now + network.rules.validity_ms
        assert alert in messages_out(decision.outgoing)
    assert network.subscriber(TELKOMSEL).alerts == ()


def test_an_esme_is_told_once() -> None:
    network = waited_for(esme())
    first, second = network.batch(Presence(TELKOMSEL, True), Presence(TELKOMSEL, True))
    assert [len(stored(one)) for one in (first, second)] == [1, 0]


def test_an_alert_ends_when_it_is_sent() -> None:
    network = waited_for(esme())
    (alert,) = stored(network.one(Presence(TELKOMSEL, True)))
    decision = network.one(Acknowledged("a2p", (alert.id,)))
    assert ends(decision) == [((alert.id,), MessageState.DELIVERED, 0)]


def test_a_phone_that_goes_off_tells_nobody() -> None:
    network = waited_for(esme())
    assert stored(network.one(Presence(TELKOMSEL, False))) == []
    assert len(network.subscriber(TELKOMSEL).alerts) == 1


# ---- data


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (OPEN_AT, True),
        (OUTGOING_BARRED_AT, True),
        (INCOMING_BARRED_AT, True),
        (TOTAL_BARRED_AT, False),
    ],
)
def test_data_is_the_last_that_is_barred(at: str, opens: bool) -> None:
    network = Network(at).online(TELKOMSEL)
    decision = network.one(DataOpen(TELKOMSEL, "d1"))
    if opens:
        assert decision.answer == Accepted(0)
        assert network.subscriber(TELKOMSEL).data_ref == "d1"
    else:
        assert cause_of(decision) is BARRED
        assert "DATA barred" in decision.why
        assert network.subscriber(TELKOMSEL).data_ref == ""
    assert decision.outgoing == ()


def test_a_data_session_uses_up_no_message_id() -> None:
    # An id that no record holds would be given twice.
    network = Network().online(TELKOMSEL)
    network.one(DataOpen(TELKOMSEL, "d1"))
    opened, message = network.batch(DataOpen(TELKOMSEL, "d2"), mt(TELKOMSEL, esme()))
    assert opened.answer == Accepted(0)
    assert stored(message)[0].id == 1


def test_a_starter_card_has_no_data() -> None:
    network = Network(unknown=Unknown.NEW)
    assert cause_of(network.one(DataOpen(TELKOMSEL, "d1"))) is BARRED


def test_an_expired_number_has_no_data() -> None:
    network = Network().known(TELKOMSEL, status=Status.EXPIRED)
    assert cause_of(network.one(DataOpen(TELKOMSEL, "d1"))) is Cause.UNKNOWN_SUBSCRIBER


def test_an_unknown_number_has_no_data_where_those_are_refused() -> None:
    network = Network(unknown=Unknown.REFUSE)
    assert cause_of(network.one(DataOpen(TELKOMSEL, "d1"))) is Cause.UNKNOWN_SUBSCRIBER


def test_closing_ends_the_session() -> None:
    network = Network().online(TELKOMSEL)
    network.one(DataOpen(TELKOMSEL, "d1"))
    decision = network.one(DataClose(TELKOMSEL, "d2"))
    assert decision.answer == Accepted(0)
    assert network.subscriber(TELKOMSEL).data_ref == ""


@pytest.mark.parametrize("known", [True, False])
def test_closing_what_is_closed_is_no_error(known: bool) -> None:
    network = Network()
    if known:
        network.online(TELKOMSEL)
    decision = network.one(DataClose(TELKOMSEL, "d1"))
    assert decision == Decision(Accepted(0), f"{TELKOMSEL} had no data session")


def test_repeated_data_frames_get_the_earlier_answer() -> None:
    network = Network().online(TELKOMSEL)
    opened = network.one(DataOpen(TELKOMSEL, "d1"))
    closed = network.one(DataClose(TELKOMSEL, "d2"))
    assert network.one(DataOpen(TELKOMSEL, "d1")) == Decision(opened.answer, opened.why)
    assert network.one(DataClose(TELKOMSEL, "d2")) == Decision(closed.answer, closed.why)
    assert network.subscriber(TELKOMSEL).data_ref == ""


# ---- stages


def test_a_stage_is_applied_when_it_falls_due() -> None:
    network = Network().online(TELKOMSEL)
    network.now = OUT_AT - 1
    assert network.state.due(network.now) == []
    network.now = OUT_AT
    assert network.state.due(network.now) == [StageDue(TELKOMSEL, OUT_AT)]
    (decision,) = network.catch_up()
    assert decision.answer == NOTED
    assert decision.why == (f"{TELKOMSEL} entered OUTGOING_BARRED at 2018-03-01T00:00:00+07:00")
    assert signals_out(decision.outgoing) == [
        BarringSignal(TELKOMSEL, OUT, (Service.MO_SMS, Service.MO_CALL), IN, IN_AT)
    ]
    assert network.subscriber(TELKOMSEL).announced is OUT


def test_a_jump_over_several_stages_applies_each_in_order() -> None:
    network = Network().online(TELKOMSEL)
    decisions = network.at(TOTAL_BARRED_AT).catch_up()
    assert stages_told(decisions) == [OUT, IN, TOTAL]
    assert [decision.why.rpartition(" at ")[2] for decision in decisions] == [
        "2018-03-01T00:00:00+07:00",
        "2018-04-15T00:00:00+07:00",
        "2018-04-30T00:00:00+07:00",
    ]
    assert network.state.due(network.now) == []


def test_all_phones_take_a_stage_together() -> None:
    network = Network().online(TELKOMSEL, INDOSAT, OTHER)
    network.at(INCOMING_BARRED_AT)
    rounds = []
    while due := network.state.due(network.now):
        rounds.append(len(due))
        network.batch(*due)
    assert rounds == [3, 3]


def test_a_phone_that_is_off_ages_too() -> None:
    network = Network().online(TELKOMSEL)
    network.one(Presence(TELKOMSEL, False))
    assert stages_told(network.at(INCOMING_BARRED_AT).catch_up()) == [OUT, IN]


def test_the_network_closes_a_data_session_when_data_is_barred() -> None:
    network = Network(INCOMING_BARRED_AT).online(TELKOMSEL)
    network.one(DataOpen(TELKOMSEL, "d1"))
    (decision,) = network.at(TOTAL_BARRED_AT).catch_up()
    assert DataSignal(TELKOMSEL, "d1", BARRED) in decision.outgoing
    assert network.subscriber(TELKOMSEL).data_ref == ""


def test_a_data_session_outlives_the_stages_before() -> None:
    network = Network().online(TELKOMSEL)
    network.one(DataOpen(TELKOMSEL, "d1"))
    for decision in network.at(INCOMING_BARRED_AT).catch_up():
        assert not any(type(one) is DataSignal for one in decision.outgoing)
    assert network.subscriber(TELKOMSEL).data_ref == "d1"


def in_call(at: str, caller: Msisdn, callee: str) -> Network:
    """A call of the one with the other, who is registered, answered if it rings."""
    network = Network(at).online(TELKOMSEL, INDOSAT)
    network.known(INDOSAT, status=Status.REGISTERED, has_phone=True, online=True)
    call = network.one(Dial(caller, callee, "c1")).answer
    assert type(call) is Accepted
    if callee != "112":
        network.one(CallStep(Msisdn(callee), CallAction.ANSWER, call.id))
    return network


@pytest.mark.parametrize(
    ("before", "caller", "callee", "after", "ends_call"),
    [
        (OPEN_AT, TELKOMSEL, INDOSAT, OUTGOING_BARRED_AT, True),
        (OPEN_AT, INDOSAT, TELKOMSEL, OUTGOING_BARRED_AT, False),
        (OUTGOING_BARRED_AT, INDOSAT, TELKOMSEL, INCOMING_BARRED_AT, True),
        (OPEN_AT, TELKOMSEL, "112", OUTGOING_BARRED_AT, False),
        (INCOMING_BARRED_AT, TELKOMSEL, "112", TOTAL_BARRED_AT, False),
    ],
)
def test_a_stage_ends_the_call_that_it_bars(
    before: str, caller: Msisdn, callee: str, after: str, ends_call: bool
) -> None:
    network = in_call(before, caller, callee)
    (call,) = network.state.calls.values()
    (decision,) = network.at(after).catch_up()
    ended = CallSignal(caller, call.id, "ended", callee, BARRED)
    assert (ended in decision.outgoing) is ends_call
    assert bool(network.state.calls) is not ends_call
    assert network.subscriber(TELKOMSEL).call_id == (0 if ends_call else call.id)
    assert network.subscriber(INDOSAT).call_id == (
        call.id if callee != "112" and not ends_call else 0
    )


def test_registering_in_the_same_batch_makes_a_stage_pointless() -> None:
    network = Network().online(TELKOMSEL)
    network.at(OUTGOING_BARRED_AT)
    (due,) = network.state.due(network.now)
    _, decision = network.batch(sms(TELKOMSEL, "4444", registration(SITI)), due)
    assert decision == Decision(NOTED, f"{TELKOMSEL} is told its stage already: OPEN")
    assert network.state.due(network.now) == []


def test_a_phone_that_comes_on_before_its_stages_are_applied_is_told_the_last_only() -> None:
    network = Network().online(TELKOMSEL)
    network.at(TOTAL_BARRED_AT)
    due = network.state.due(network.now)
    on, stale = network.batch(Presence(TELKOMSEL, True), *due)
    assert stages_told([on]) == [TOTAL]
    assert stages_told([stale]) == []
    assert network.subscriber(TELKOMSEL).announced is TOTAL
    assert network.catch_up() == []


def test_a_phone_that_says_on_again_before_its_stages_are_applied_loses_what_they_bar() -> None:
    # The calendar jumped; the timer has not come round yet.
    network = in_call(OPEN_AT, TELKOMSEL, INDOSAT)
    network.one(DataOpen(TELKOMSEL, "d1"))
    (message,) = stored(network.one(mt(TELKOMSEL, esme())))
    network.at(TOTAL_BARRED_AT)
    decision = network.one(Presence(TELKOMSEL, True))
    assert DataSignal(TELKOMSEL, "d1", BARRED) in decision.outgoing
    assert any(type(one) is CallSignal and one.event == "ended" for one in decision.outgoing)
    assert ends(decision) == [((message.id,), MessageState.UNDELIVERABLE, 13)]
    phone = network.subscriber(TELKOMSEL)
    assert (phone.online, phone.data_ref, phone.call_id) == (True, "", 0)


def test_a_stage_of_a_number_that_is_not_known() -> None:
    decision = Network().one(StageDue(TELKOMSEL, OUT_AT))
    assert cause_of(decision) is Cause.UNKNOWN_SUBSCRIBER
    assert subscribers_changed(decision) == []


# ---- stages that are swept

SWEPT = structs.replace(RULES.schedule, swept=True)


def test_a_number_is_open_until_the_sweep_comes() -> None:
    network = Network(OUTGOING_BARRED_AT, schedule=SWEPT).known(TELKOMSEL)
    assert type(network.one(sms(TELKOMSEL, INDOSAT, ref="a1")).answer) is Accepted
    decision = network.one(StageDue(TELKOMSEL, OUT_AT))
    assert decision.why.endswith(
        "is swept into OUTGOING_BARRED, due since 2018-03-01T00:00:00+07:00"
    )
    assert decision.outgoing == ()
    denied = network.one(sms(TELKOMSEL, INDOSAT, ref="a2"))
    assert cause_of(denied) is Cause.OPERATOR_DETERMINED_BARRING
    again = network.one(StageDue(TELKOMSEL, OUT_AT))
    assert again.changes == ()


def test_a_phone_is_told_when_the_sweep_comes_and_not_when_it_comes_on() -> None:
    network = Network(OUTGOING_BARRED_AT, schedule=SWEPT).known(TELKOMSEL)
    network.online(TELKOMSEL)
    assert network.subscriber(TELKOMSEL).announced is BlockStage.OPEN
    (signal,) = signals_out(network.one(StageDue(TELKOMSEL, OUT_AT)).outgoing)
    assert isinstance(signal, BarringSignal)
    assert (signal.stage, signal.next_stage) == (OUT, BlockStage.INCOMING_BARRED)


def test_the_next_stage_may_be_past_where_the_sweep_lags() -> None:
    network = Network(TOTAL_BARRED_AT, schedule=SWEPT).known(TELKOMSEL, has_phone=True)
    (signal,) = signals_out(network.one(StageDue(TELKOMSEL, OUT_AT)).outgoing)
    assert isinstance(signal, BarringSignal)
    assert (signal.next_stage, signal.next_at) == (
        BlockStage.INCOMING_BARRED,
        wib("2018-04-15 00:00"),
    )


def test_the_last_stage_has_no_next_one() -> None:
    network = Network(TOTAL_BARRED_AT, schedule=SWEPT)
    network.known(TELKOMSEL, has_phone=True, announced=BlockStage.INCOMING_BARRED)
    (signal,) = signals_out(network.one(StageDue(TELKOMSEL, wib("2018-04-30 00:00"))).outgoing)
    assert isinstance(signal, BarringSignal)
    assert (signal.stage, signal.next_stage) == (TOTAL, None)


def test_a_number_seen_for_the_first_time_is_where_the_sweep_has_been() -> None:
    network = Network(OUTGOING_BARRED_AT, schedule=SWEPT)
    denied = network.one(sms(TELKOMSEL, INDOSAT))
    assert cause_of(denied) is Cause.OPERATOR_DETERMINED_BARRING
    new = Network(OUTGOING_BARRED_AT, schedule=SWEPT, unknown=Unknown.NEW).online(TELKOMSEL)
    assert new.subscriber(TELKOMSEL).status is Status.NEW


# ---- the end of a number's life, and its dates

MORTAL = structs.replace(RULES.schedule, lifetime=Lifetime(60 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS))
END_AT = wib("2018-04-30 00:00")


def test_a_number_expires_and_what_waits_for_it_ends() -> None:
    network = Network(OPEN_AT, schedule=MORTAL).known(TELKOMSEL, has_phone=True)
    reply = network.one(sms(TELKOMSEL, "4444", "INFO"))
    (waits,) = messages_out(reply.outgoing)
    decision = network.at("2018-05-01 00:00").one(StageDue(TELKOMSEL, END_AT))
    assert decision.why.endswith(
        "has expired (hangus) at 2018-04-30T00:00:00+07:00: 4444 knows it no more"
    )
    one = network.subscriber(TELKOMSEL)
    assert (one.status, one.expires_at) == (Status.EXPIRED, END_AT)
    assert [ids for ids, _, _ in ends(decision)] == [(waits.id,)]
    (signal,) = signals_out(decision.outgoing)
    assert isinstance(signal, BarringSignal)
    assert (signal.stage, signal.next_stage) == (TOTAL, None)
    denied = network.one(sms(TELKOMSEL, "4444", registration(SITI), "a2"))
    assert cause_of(denied) is Cause.UNKNOWN_SUBSCRIBER


def test_an_expired_number_is_sold_anew() -> None:
    network = Network("2018-08-01 00:00", schedule=MORTAL)
    network.known(TELKOMSEL, status=Status.EXPIRED, expires_at=END_AT, nik=None)
    at = END_AT + 90 * DAY_MS
    decision = network.one(StageDue(TELKOMSEL, at))
    one = network.subscriber(TELKOMSEL)
    assert (one.status, one.first_seen_at, one.expires_at) == (Status.NEW, at, None)
    assert decision.outgoing == ()
    network.at("2018-09-01 00:00")
    assert network.catch_up()[-1].why.startswith(f"{TELKOMSEL} has expired")


def test_a_later_notice_takes_a_stage_back() -> None:
    permen = SCHEDULES["permen"]
    network = Network("2018-04-20 08:00", schedule=permen).known(
        TELKOMSEL, has_phone=True, announced=IN
    )
    decision = network.one(DatesSet(TELKOMSEL, notice_at=wib("2018-04-01 08:00")))
    (signal,) = signals_out(decision.outgoing)
    assert isinstance(signal, BarringSignal)
    assert (signal.stage, signal.next_at) == (BlockStage.OPEN, wib("2018-05-01 00:00"))
    assert network.subscriber(TELKOMSEL).announced is BlockStage.OPEN


def test_an_end_can_be_set_for_one_number() -> None:
    network = Network(OPEN_AT).known(TELKOMSEL)
    network.one(DatesSet(TELKOMSEL, expires_at=wib("2018-02-27 00:00")))
    network.at("2018-02-27 00:00").catch_up()
    assert network.subscriber(TELKOMSEL).status is Status.EXPIRED
    gone = network.one(DatesSet(TELKOMSEL, expires_at=1))
    assert cause_of(gone) is Cause.UNKNOWN_SUBSCRIBER
    assert gone.why == f"{TELKOMSEL} has expired"


def test_the_dates_of_a_registered_number_bar_nothing() -> None:
    network = Network(OPEN_AT).known(TELKOMSEL, status=Status.REGISTERED)
    assert network.one(DatesSet(TELKOMSEL, 1, 1)).outgoing == ()
    refused = Network(unknown=Unknown.REFUSE).one(DatesSet(TELKOMSEL, 1))
    assert cause_of(refused) is Cause.UNKNOWN_SUBSCRIBER
