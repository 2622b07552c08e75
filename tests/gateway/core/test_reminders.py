"""A campaign's reminders: who gets one, what it says, where it goes."""

from __future__ import annotations

import pytest
from msgspec import structs

from gateway.core.causes import Cause
from gateway.core.decision import MessageKind, MessageState
from gateway.core.events import CampaignBegan, CampaignEnded, Remind
from gateway.core.message import Receiver
from gateway.core.programme import Campaign, Target
from gateway.core.reminders import due_since
from gateway.core.subscriber import BlockStage, Status
from tests.gateway.core.network import (
    BUDI,
    OPEN_AT,
    OUTGOING_BARRED_AT,
    RULES,
    SITI,
    TELKOMSEL,
    TOTAL_BARRED_AT,
    Network,
    cause_of,
    messages_out,
    registration,
    sms,
    stored,
    wib,
)

HINT = "Ketik ULANG NIK#KK# kirim ke 4444"
PLAIN = "Abaikan jika sudah registrasi"


def remind(network: Network) -> Remind:
    return Remind(TELKOMSEL, "weekly", network.now)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (
            OPEN_AT,
            "Jangan tunggu DIBLOKIR (3 hari lagi), segera registrasikan nomor prabayar Anda. "
            f"{HINT}. {PLAIN}",
        ),
        (
            OUTGOING_BARRED_AT,
            f"Nomor Anda diblokir sebagian, 41 hari lagi blokir bertambah. {HINT} untuk membuka "
            f"blokir. {PLAIN}",
        ),
        (
            TOTAL_BARRED_AT,
            f"Nomor Anda diblokir. {HINT} untuk membuka blokir selama masa laku kartu belum "
            f"berakhir. {PLAIN}",
        ),
    ],
)
def test_a_phone_is_told_how_many_days_are_left(at: str, text: str) -> None:
    network = Network(at).online(TELKOMSEL)
    decision = network.one(remind(network))
    (message,) = messages_out(decision.outgoing)
    assert message.text == text
    assert (message.kind, message.source) == (MessageKind.MT, "4444")
    assert (message.receiver, message.state) == (Receiver.PHONE, MessageState.ENROUTE)
    assert network.subscriber(TELKOMSEL).reminded_at == network.now


def test_a_number_without_a_phone_has_it_in_its_inbox() -> None:
    network = Network().known(TELKOMSEL)
    decision = network.one(remind(network))
    assert decision.outgoing == ()
    (message,) = stored(decision)
    assert (message.receiver, message.state) == (Receiver.INBOX, MessageState.DELIVERED)


def test_where_the_sweep_lags_it_is_today() -> None:
    schedule = structs.replace(RULES.schedule, swept=True)
    network = Network(OUTGOING_BARRED_AT, schedule=schedule).known(TELKOMSEL)
    (message,) = stored(network.one(remind(network)))
    assert "DIBLOKIR (hari ini)" in message.text
    assert network.subscriber(TELKOMSEL).announced is BlockStage.OPEN


def test_nobody_is_reminded_twice_in_a_round() -> None:
    network = Network().known(TELKOMSEL)
    assert len(stored(network.one(remind(network)))) == 1
    again = network.one(remind(network))
    assert again.changes == ()
    assert again.why == f"{TELKOMSEL} was reminded already"
    network.at("2018-02-27 08:00")
    assert len(stored(network.one(remind(network)))) == 1


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.UNREGISTERED])
def test_who_need_not_register_is_passed_over(status: Status) -> None:
    network = Network().known(TELKOMSEL, status=status, expires_at=wib("2019-01-01 00:00"))
    assert network.one(remind(network)).changes == ()


UNVALIDATED = Status.REGISTERED_UNVALIDATED


def test_who_registered_by_statement_is_reminded_until_the_data_match() -> None:
    network = Network().known(TELKOMSEL, status=UNVALIDATED, nik=SITI.nik, kk=BUDI.kk)
    again = Remind(TELKOMSEL, "validate", network.now, Target.UNVALIDATED)
    (message,) = stored(network.one(again))
    assert message.text == (
        "Data nomor 081210000001 belum tervalidasi. Mohon registrasi ulang secara berkala hingga "
        "tervalidasi: ketik ULANG NIK#KK# kirim ke 4444."
    )
    assert network.one(again).why == f"{TELKOMSEL} was reminded already"
    assert network.one(remind(network)).changes == ()
    network.at("2018-03-27 08:00").one(sms(TELKOMSEL, "4444", registration(SITI)))
    later = Remind(TELKOMSEL, "validate", network.now, Target.UNVALIDATED)
    assert network.one(later).why == f"{TELKOMSEL} is registered: not reminded"


def test_a_number_that_nobody_knows_is_refused() -> None:
    network = Network()
    assert cause_of(network.one(remind(network))) is Cause.UNKNOWN_SUBSCRIBER


def test_the_begin_and_the_end_of_a_round_are_noted() -> None:
    network = Network()
    weekly = Campaign("weekly", "xl", Target.UNVALIDATED, 10.0, network.now, network.now)
    begun = network.one(CampaignBegan(weekly))
    assert begun.why == 'campaign "weekly" begins: reminders to the unvalidated of xl'
    assert network.state.campaigns == {"weekly": weekly}
    stopped = structs.replace(weekly, operator="", ended_at=network.now, sent=3, left=2)
    assert (
        network.one(CampaignEnded(stopped)).why == 'campaign "weekly" was stopped: 3 sent, 2 left'
    )
    ended = structs.replace(stopped, left=0)
    assert network.one(CampaignEnded(ended)).why == 'campaign "weekly" ended: 3 sent, 0 left'
    assert network.state.campaigns == {"weekly": ended}


@pytest.mark.parametrize(
    ("day", "since"),
    [
        pytest.param("2018-02-20", "2018-02-20 08:00", id="all at once"),
        pytest.param("2018-02-25", None, id="not yet"),
        pytest.param("2018-02-26", "2018-02-26 08:00", id="a week later"),
        pytest.param("2018-02-28", "2018-02-26 08:00", id="that day still"),
        pytest.param("2018-03-05", "2018-03-05 08:00", id="again"),
        pytest.param("2018-03-20", "2018-03-19 08:00", id="rounds were left out"),
    ],
)
def test_an_unvalidated_number_is_due_by_its_own_date(day: str, since: str | None) -> None:
    at, own = wib(f"{day} 08:00"), 0 if day == "2018-02-20" else 7
    campaign = Campaign("w", "", Target.UNVALIDATED, 10.0, at, at, own_days=own)
    network = Network().known(
        TELKOMSEL, status=Status.REGISTERED_UNVALIDATED, registered_at=wib("2018-02-19 12:00")
    )
    due = due_since(campaign, network.subscriber(TELKOMSEL))
    assert due == (None if since is None else wib(since))
