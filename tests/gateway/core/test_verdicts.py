"""An operator's own registration application serves 4444: what it is sent, what it tells."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.application import Difference, Player, ServedCode
from gateway.core.causes import Cause
from gateway.core.decision import BarringSignal, Decision, MessageState
from gateway.core.events import Esme, Event, MoSms, Part, PartKey, RegistrationTold, SmeAddress
from gateway.core.ledger import Unknown
from gateway.core.message import Receiver
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import Citizen
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import BlockStage, Status
from tests.gateway.core.network import (
    BUDI,
    INDOSAT,
    OPEN_AT,
    OTHER,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    accepted_id,
    cause_of,
    esme,
    messages_out,
    mt,
    registration,
    signals_out,
    sms,
    stored,
)

HOUR = 3_600_000
APP = "reg4444"
CODE = "4444"


def network(at: str = OPEN_AT, *, shadow: bool = False, **rules: object) -> Network:
    """A network whose 4444 an application serves."""
    return Network(at, short_codes={CODE: ServedCode(APP, shadow, 2 * HOUR)}, **rules)


def told(
    msisdn: Msisdn,
    outcome: OutcomeKind = OutcomeKind.REGISTERED,
    who: Citizen | None = None,
    by: str = APP,
) -> RegistrationTold:
    """The application tells."""
    nik, kk = (who.nik, who.kk) if who is not None else (None, None)
    return RegistrationTold(msisdn, outcome, by, nik, kk)


def played(text: str, sender: Msisdn = OTHER) -> MoSms:
    """An ESME plays a phone."""
    via = Esme("qa", 7, SmeAddress(1, 1, sender), SmeAddress(0, 1, CODE))
    return MoSms(sender, CODE, text, via)


def difference(net: Network, msisdn: Msisdn) -> Difference | None:
    dealings = net.subscriber(msisdn).dealings
    return dealings.difference if dealings is not None else None


# ---- what phones send


def test_a_registration_goes_to_the_application_and_waits_as_configured() -> None:
    net = network(TOTAL_BARRED_AT).online(TELKOMSEL)
    decision = net.one(sms(TELKOMSEL, CODE, registration(SITI)))
    (message,) = messages_out(decision.outgoing)
    assert (message.receiver, message.account) == (Receiver.ESME, APP)
    assert message.state is MessageState.ENROUTE
    assert message.valid_until == net.now + 2 * HOUR
    assert net.subscriber(TELKOMSEL).status is Status.UNREGISTERED
    assert net.subscriber(TELKOMSEL).dealings is None


def test_a_number_seen_for_the_first_time_is_noted() -> None:
    net = network()
    net.one(sms(TELKOMSEL, CODE, "INFO"))
    assert net.subscriber(TELKOMSEL).status is Status.UNREGISTERED


def test_another_code_can_be_served_beside_the_desk() -> None:
    net = Network(short_codes={"123": ServedCode("care", False, HOUR)})
    (message,) = messages_out(net.one(sms(TELKOMSEL, "123")).outgoing)
    assert message.account == "care"
    decision = net.one(sms(TELKOMSEL, CODE, registration(SITI), "a2"))
    assert stored(decision)[0].receiver is Receiver.DESK


def test_its_own_validity_comes_before_the_configured_wait() -> None:
    net = network()
    event = played("INFO")
    via = structs.replace(event.via, validity=1_000)
    (message,) = messages_out(net.one(structs.replace(event, via=via)).outgoing)
    assert message.valid_until == net.now + 1_000


# ---- what the application sends


def test_its_sms_reaches_a_phone_at_the_last_stage() -> None:
    net = network(TOTAL_BARRED_AT).online(TELKOMSEL)
    (message,) = messages_out(net.one(mt(TELKOMSEL, esme(account=APP), source=CODE)).outgoing)
    assert message.receiver is Receiver.PHONE


def test_its_sms_to_a_number_that_an_esme_plays_goes_to_that_esme() -> None:
    net = network(TOTAL_BARRED_AT)
    net.one(played(registration(SITI)))
    dealings = net.subscriber(OTHER).dealings
    assert dealings is not None
    assert dealings.player == Player("qa", 7, SmeAddress(1, 1, OTHER), SmeAddress(0, 1, CODE))
    (message,) = messages_out(net.one(mt(OTHER, esme(account=APP), source=CODE)).outgoing)
    assert (message.receiver, message.account, message.session) == (Receiver.ESME, "qa", 7)
    assert message.source_as == SmeAddress(0, 1, CODE)
    assert message.destination_as == SmeAddress(1, 1, OTHER)


def test_a_number_that_nobody_plays_has_its_inbox() -> None:
    net = network(shadow=True)
    net.one(sms(TELKOMSEL, CODE, registration(SITI)))
    (message,) = stored(net.one(mt(TELKOMSEL, esme(account=APP), source=CODE)))
    assert message.receiver is Receiver.INBOX


# ---- what it tells


def test_a_registration_lifts_the_bars_and_tells_the_phone() -> None:
    net = network(TOTAL_BARRED_AT).online(TELKOMSEL)
    decision = net.one(told(TELKOMSEL, who=SITI))
    one = net.subscriber(TELKOMSEL)
    assert (one.status, one.nik, one.kk) == (Status.REGISTERED, SITI.nik, SITI.kk)
    assert one.registered_at == net.now
    (signal,) = signals_out(decision.outgoing)
    assert isinstance(signal, BarringSignal)
    assert signal.stage is BlockStage.OPEN
    assert net.state.numbers_per_nik == {(SITI.nik.digits, "telkomsel"): 1}


def test_a_number_without_a_phone_is_registered_silently() -> None:
    net = network()
    assert net.one(told(TELKOMSEL, who=SITI)).outgoing == ()
    assert net.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_to_tell_again_changes_nothing() -> None:
    net = network(shadow=True).online(TELKOMSEL)
    net.one(told(TELKOMSEL, who=SITI))
    again = net.one(told(TELKOMSEL, who=SITI))
    assert (again.changes, again.outgoing) == ((), ())
    assert difference(net, TELKOMSEL) is None


def test_a_registration_on_another_identity_takes_its_place() -> None:
    net = network()
    net.batch(told(TELKOMSEL, who=SITI), told(TELKOMSEL, who=BUDI))
    assert net.subscriber(TELKOMSEL).nik == BUDI.nik
    assert net.state.numbers_per_nik == {(BUDI.nik.digits, "telkomsel"): 1}


def test_a_statement_registers_unvalidated() -> None:
    net = network().online(TELKOMSEL)
    net.one(told(TELKOMSEL, OutcomeKind.REGISTERED_UNVALIDATED, SITI))
    assert net.subscriber(TELKOMSEL).status is Status.REGISTERED_UNVALIDATED
    net.one(told(TELKOMSEL, who=SITI))
    assert net.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_a_number_is_given_up() -> None:
    net = network().online(TELKOMSEL)
    net.one(told(TELKOMSEL, who=SITI))
    decision = net.one(told(TELKOMSEL, OutcomeKind.UNREGISTERED, SITI))
    one = net.subscriber(TELKOMSEL)
    assert (one.status, one.nik, one.registered_at) == (Status.UNREGISTERED_DEAD, None, None)
    assert net.state.numbers_per_nik == {}
    (signal,) = signals_out(decision.outgoing)
    assert isinstance(signal, BarringSignal)
    assert signal.stage is BlockStage.TOTAL_BARRED


def test_an_outlet_may_register_a_foreigner_without_a_nik() -> None:
    net = network()
    net.one(told(TELKOMSEL))
    one = net.subscriber(TELKOMSEL)
    assert (one.status, one.nik) == (Status.REGISTERED, None)


def test_a_failure_registers_nobody() -> None:
    net = network()
    net.one(told(TELKOMSEL, OutcomeKind.KK_MISMATCH, SITI))
    assert net.subscriber(TELKOMSEL).status is Status.UNREGISTERED


def test_an_expired_number_cannot_be_registered() -> None:
    net = network().known(TELKOMSEL, status=Status.EXPIRED)
    assert cause_of(net.one(told(TELKOMSEL, who=SITI))) is Cause.UNKNOWN_SUBSCRIBER


def test_who_is_no_subscriber_cannot_be_registered() -> None:
    net = network(unknown=Unknown.REFUSE)
    assert cause_of(net.one(told(TELKOMSEL, who=SITI))) is Cause.UNKNOWN_SUBSCRIBER


def test_an_outlet_may_tell_beside_the_built_in_desk() -> None:
    net = Network()
    net.one(told(TELKOMSEL, who=SITI, by="gerai 17"))
    assert net.subscriber(TELKOMSEL).status is Status.REGISTERED
    assert net.subscriber(TELKOMSEL).dealings is None


# ---- shadow


def after(text: str, *events: Event) -> tuple[Network, Decision]:
    """Send an SMS to an application with a shadow, then let something happen."""
    net = network(shadow=True)
    accepted_id(net.one(sms(TELKOMSEL, CODE, text)))
    decisions = net.batch(*events)
    return net, decisions[-1]


def test_shadow_agrees() -> None:
    net, _ = after(registration(SITI), told(TELKOMSEL, who=SITI))
    dealings = net.subscriber(TELKOMSEL).dealings
    assert dealings is not None
    assert [(one.told, one.replied) for one in dealings.asked] == [(True, False)]
    assert dealings.difference is None


@pytest.mark.parametrize(
    ("text", "event", "desk"),
    [
        (
            f"REG {SITI.nik.digits}#{BUDI.kk.digits}#",
            told(TELKOMSEL, who=structs.replace(SITI, kk=BUDI.kk)),
            OutcomeKind.KK_MISMATCH,
        ),
        (registration(SITI), told(TELKOMSEL, OutcomeKind.BAD_FORMAT), OutcomeKind.REGISTERED),
        (registration(SITI), told(TELKOMSEL, who=BUDI), OutcomeKind.REGISTERED),
        (
            registration(SITI),
            told(TELKOMSEL, who=structs.replace(SITI, kk=BUDI.kk)),
            OutcomeKind.REGISTERED,
        ),
        ("REG 123", told(TELKOMSEL, who=SITI), OutcomeKind.BAD_FORMAT),
    ],
)
def test_shadow_finds_a_difference(text: str, event: RegistrationTold, desk: OutcomeKind) -> None:
    net, decision = after(text, event)
    found = difference(net, TELKOMSEL)
    assert found is not None
    assert (found.asked, found.by, found.expected.outcome) == (1, APP, desk)
    assert found.told.outcome is event.outcome
    assert decision.why.startswith(f"{TELKOMSEL} differs: ")


def test_the_network_does_as_the_application_says() -> None:
    net, _ = after("REG 123", told(TELKOMSEL, who=SITI))
    assert net.subscriber(TELKOMSEL).status is Status.REGISTERED


def test_the_limit_per_nik_counts_what_the_application_registered() -> None:
    net = network(shadow=True, numbers_per_nik=1)
    net.one(told(OTHER, who=SITI))
    net.one(sms(TELKOMSEL, CODE, registration(SITI)))
    net.one(told(TELKOMSEL, who=SITI))
    found = difference(net, TELKOMSEL)
    assert found is not None
    assert found.expected.outcome is OutcomeKind.OVER_LIMIT


def test_what_is_no_registration_is_not_compared() -> None:
    net, _ = after("INFO", told(TELKOMSEL, OutcomeKind.NOT_OFFERED))
    assert difference(net, TELKOMSEL) is None


WRONG_KK = structs.replace(SITI, kk=BUDI.kk)


def five_failures(net: Network, msisdn: Msisdn, text: str) -> None:
    """Send data that fail five times; the application asks for a statement as the desk would."""
    for number in range(5):
        net.one(sms(msisdn, CODE, text, f"a{number}"))
        outcome = OutcomeKind.STATEMENT_DUE if number == 4 else OutcomeKind.KK_MISMATCH
        net.one(told(msisdn, outcome, WRONG_KK))


def test_shadow_counts_failures_and_knows_the_statement_after_the_fifth() -> None:
    net = network(shadow=True)
    five_failures(net, TELKOMSEL, registration(WRONG_KK))
    assert difference(net, TELKOMSEL) is None
    net.one(sms(TELKOMSEL, CODE, "YA", "a6"))
    net.one(told(TELKOMSEL, OutcomeKind.REGISTERED_UNVALIDATED, WRONG_KK))
    assert difference(net, TELKOMSEL) is None
    now = net.subscriber(TELKOMSEL)
    assert now.status is Status.REGISTERED_UNVALIDATED
    assert now.dealings is not None
    assert now.dealings.tries is None


def test_shadow_finds_an_application_that_asks_for_no_statement() -> None:
    net = network(shadow=True)
    for number in range(5):
        net.one(sms(TELKOMSEL, CODE, registration(WRONG_KK), f"a{number}"))
        net.one(told(TELKOMSEL, OutcomeKind.KK_MISMATCH, WRONG_KK))
    found = difference(net, TELKOMSEL)
    assert found is not None
    assert found.expected.outcome is OutcomeKind.STATEMENT_DUE


def test_shadow_locks_where_the_operator_does() -> None:
    net = network(shadow=True)
    text = f"ULANG#{WRONG_KK.nik.digits}#{WRONG_KK.kk.digits}#"
    for number in range(6):
        net.one(sms(INDOSAT, CODE, text, f"a{number}"))
        outcome = OutcomeKind.LOCKED if number >= 4 else OutcomeKind.KK_MISMATCH
        net.one(told(INDOSAT, outcome, WRONG_KK))
    assert difference(net, INDOSAT) is None


def test_a_statement_counts_the_numbers_of_its_nik() -> None:
    net = network(shadow=True, numbers_per_nik=1)
    five_failures(net, TELKOMSEL, registration(WRONG_KK))
    net.one(told(OTHER, who=SITI, by="gerai 17"))
    net.one(sms(TELKOMSEL, CODE, "YA", "a6"))
    net.one(told(TELKOMSEL, OutcomeKind.REGISTERED_UNVALIDATED, WRONG_KK))
    found = difference(net, TELKOMSEL)
    assert found is not None
    assert found.expected.outcome is OutcomeKind.OVER_LIMIT


def test_a_word_that_nothing_was_asked_before_is_not_compared() -> None:
    net, _ = after("YA", told(TELKOMSEL, OutcomeKind.NOT_OFFERED))
    assert difference(net, TELKOMSEL) is None


def test_without_an_sms_the_identity_is_judged() -> None:
    net = network(shadow=True)
    net.one(told(INDOSAT, who=structs.replace(SITI, kk=BUDI.kk), by="gerai 17"))
    found = difference(net, INDOSAT)
    assert found is not None
    assert (found.asked, found.expected.outcome) == (0, OutcomeKind.KK_MISMATCH)


def test_verdicts_find_the_sms_that_they_are_about() -> None:
    net = network(shadow=True)
    net.one(sms(TELKOMSEL, CODE, f"REG {BUDI.nik.digits}#{SITI.kk.digits}#", "a1"))
    net.one(sms(TELKOMSEL, CODE, registration(SITI), "a2"))
    net.one(told(TELKOMSEL, who=SITI))
    net.one(told(TELKOMSEL, OutcomeKind.KK_MISMATCH))
    assert difference(net, TELKOMSEL) is None


def test_the_oldest_of_many_untold_sms_are_given_up() -> None:
    net = network(shadow=True)
    for number in range(10):
        net.one(sms(TELKOMSEL, CODE, "REG 123", f"a{number}"))
    dealings = net.subscriber(TELKOMSEL).dealings
    assert dealings is not None
    assert [one.id for one in dealings.asked] == list(range(3, 11))


def test_a_long_registration_is_judged_whole() -> None:
    net = network(shadow=True, numbers_per_nik=1)
    net.one(told(TELKOMSEL, who=SITI))
    text = registration(SITI)
    halves = (text[:10], text[10:])
    for number, half in enumerate(halves, start=1):
        part = Part(PartKey("qa", OTHER, CODE, "8", 1, 2), number)
        net.one(structs.replace(played(half), part=part))
    dealings = net.subscriber(OTHER).dealings
    assert dealings is not None
    (asked,) = dealings.asked
    assert asked.expected.outcome is OutcomeKind.OVER_LIMIT
