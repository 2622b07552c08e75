"""The API's answers, and how the network's values turn into them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from gateway.clock import Clock
from gateway.core.ageing import iso, next_step, stage_at
from gateway.core.barring import BARRED
from gateway.core.decision import Message, MessageKind, MessageState, Receiver
from gateway.core.ledger import Rules
from gateway.core.lifetime import life_due
from gateway.core.numbers import mask_identities
from gateway.core.registration.citizens import Citizen, Role, Sex
from gateway.core.registration.profiles import operator_of
from gateway.core.registration.records import Records, Standing
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [values]})


class NextStage(BaseModel):
    """The stage that falls due next; `at` is ISO 8601."""

    stage: BlockStage
    at: str


class SubscriberAnswer(BaseModel):
    """One number. `known` is false for one that was never seen: then this is what it would be.

    `barred` are the services that it may not use now; `nik` is masked, `outlet` the id of the
    outlet that registered it, `foreigner` whose it is where that is no citizen, masked; moments
    are ISO 8601 on the network's calendar. `verdict_due_at` is when the desk answers a
    registration that it took, `failures` counts those that failed in a row, `locked_until` is
    when it takes one again.
    """

    model_config = _example(
        msisdn="6281190000001",
        operator="telkomsel",
        brand="Telkomsel",
        status="unregistered",
        stage="OUTGOING_BARRED",
        barred=["MO_SMS", "MO_CALL"],
        next={"stage": "INCOMING_BARRED", "at": "2018-04-15T00:00:00+07:00"},
        registered_at=None,
        expires_at=None,
        nik=None,
        outlet=None,
        foreigner=None,
        verdict_due_at=None,
        failures=1,
        locked_until=None,
        has_phone=True,
        online=True,
        known=True,
    )

    msisdn: str
    operator: str
    brand: str
    status: Status
    stage: BlockStage
    barred: list[Service]
    next: NextStage | None
    registered_at: str | None
    expires_at: str | None
    nik: str | None
    outlet: str | None
    foreigner: str | None
    verdict_due_at: str | None
    failures: int
    locked_until: str | None
    has_phone: bool
    online: bool
    known: bool


def subscriber_answer(
    subscriber: Subscriber, known: bool, rules: Rules, now: int
) -> SubscriberAnswer:
    """Say how a subscriber stands now."""
    stage = stage_at(rules.schedule, subscriber, now)
    expires = life_due(rules.schedule, subscriber)
    if subscriber.status is Status.EXPIRED:
        expires = subscriber.expires_at
    step = next_step(rules.schedule, subscriber, now)
    tries, pending = subscriber.tries, subscriber.pending
    locked = tries is not None and tries.locked_until > now
    return SubscriberAnswer(
        msisdn=subscriber.msisdn,
        operator=subscriber.operator,
        brand=operator_of(subscriber.msisdn, rules.profiles).brand,
        status=subscriber.status,
        stage=stage,
        barred=list(BARRED[stage]),
        next=NextStage(stage=step[0], at=iso(step[1])) if step else None,
        registered_at=_moment(subscriber.registered_at or 0),
        expires_at=_moment(expires or 0),
        nik=str(subscriber.nik) if subscriber.nik else None,
        outlet=subscriber.outlet or None,
        foreigner=str(subscriber.foreigner) if subscriber.foreigner else None,
        verdict_due_at=_moment(pending.due_at) if pending is not None else None,
        failures=tries.count if tries is not None else 0,
        locked_until=_moment(tries.locked_until) if locked and tries is not None else None,
        has_phone=subscriber.has_phone,
        online=subscriber.online,
        known=known,
    )


class MessageAnswer(BaseModel):
    """One short message; NIK and KK in its text are masked.

    `error` is the GSM MAP error number of a message that failed, 0 otherwise; `receiver` is who
    takes it: the desk behind 4444, the store's inbox, a phone, an ESME, "later" for one that is
    scheduled, "parts" for a part of a long message; `receipt_of` the message that a delivery
    receipt reports on; `part` its place in a long message ("1/2"), `parts` the ids of those that
    a long message was joined of.
    """

    model_config = _example(
        id="2",
        kind="reply",
        **{"from": "4444"},
        to="6281190000001",
        text="Selamat, nomor Anda telah terdaftar.",
        state="DELIVERED",
        at="2018-02-26T08:00:05+07:00",
        ended_at="2018-02-26T08:00:05+07:00",
        error=0,
        receiver="phone",
        receipt_of=None,
        part=None,
        parts=[],
    )

    id: str
    kind: MessageKind
    source: str = Field(serialization_alias="from")
    to: str
    text: str
    state: MessageState
    at: str
    ended_at: str | None
    error: int
    receiver: Receiver
    receipt_of: str | None
    part: str | None
    parts: list[str]


def message_answer(message: Message) -> MessageAnswer:
    """Show a message."""
    return MessageAnswer(
        id=str(message.id),
        kind=message.kind,
        source=message.source,
        to=message.destination,
        text=mask_identities(message.text),
        state=message.state,
        at=iso(message.accepted_at),
        ended_at=_moment(message.ended_at),
        error=message.error,
        receiver=message.receiver,
        receipt_of=str(message.receipt.message_id) if message.receipt else None,
        part=f"{message.part.number}/{message.part.key.total}" if message.part else None,
        parts=[str(id_) for id_ in message.parts],
    )


class MessagesAnswer(BaseModel):
    """Messages by rising id. `last` is the last one's id: give it as `after` to go on."""

    messages: list[MessageAnswer]
    last: str


class ClockAnswer(BaseModel):
    """The network's calendar: `now` in ISO 8601, `speed` in calendar seconds a real second."""

    model_config = _example(now="2018-03-05T00:00:00+07:00", speed=1.0)

    now: str
    speed: float


def clock_answer(clock: Clock) -> ClockAnswer:
    """Read the calendar."""
    return ClockAnswer(now=iso(clock.now()), speed=clock.speed)


class CitizenAnswer(BaseModel):
    """A person of the simulated civil registry.

    `standing` is how the NIK stands with it. `kk` is the family card as it is listed, `valid_kk`
    the one that the registry takes: another one where the standing is "kk_changed".
    """

    model_config = _example(
        index=0,
        nik="3201014107859001",
        kk="3201010203179000",
        name="Siti Lestari",
        sex="PEREMPUAN",
        birth_date="1985-07-01",
        province="Jawa Barat",
        regency="Kab. Bogor",
        role="ISTRI",
        standing="sound",
        valid_kk="3201010203179000",
    )

    index: int
    nik: str
    kk: str
    name: str
    sex: Sex
    birth_date: str
    province: str
    regency: str
    role: Role
    standing: Standing
    valid_kk: str

    @property
    def trouble(self) -> str:
        """The standing where it is not sound, after what else a line says."""
        return "" if self.standing is Standing.SOUND else f" ({self.standing.value})"


def citizen_answer(citizen: Citizen, records: Records | None) -> CitizenAnswer:
    """Show a citizen with clear NIK and KK: they are synthetic, and there to be sent."""
    standing, kk = (Standing.SOUND, citizen.kk) if records is None else records.standing(citizen)
    return CitizenAnswer(
        index=citizen.index,
        nik=citizen.nik.digits,
        kk=citizen.kk.digits,
        name=citizen.name,
        sex=citizen.sex,
        birth_date=citizen.birth_date,
        province=citizen.province,
        regency=citizen.regency,
        role=citizen.role,
        standing=standing,
        valid_kk=kk.digits,
    )


class HealthAnswer(BaseModel):
    """Whether the gateway works. `waiting` counts events that are not decided yet.

    Of `store`: `pending` messages wait for a receiver; `unfolded` subscribers, messages, calls and
    data sessions are in the journal and not in the tables yet.
    """

    model_config = _example(
        status="ok",
        links={"smpp": "up", "mqtt": "up", "http": "up"},
        store={"records": 12, "subscribers": 6, "pending": 0, "unfolded": 0},
        waiting=0,
    )

    status: str
    links: dict[str, str]
    store: dict[str, int]
    waiting: int


def _moment(at: int) -> str | None:
    return iso(at) if at else None
