"""One-shot errands over MQTT: a phone comes on, does one thing, sees how it ends, and goes off."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from gateway.air.frames import (
    CauseFrame,
    DataDown,
    DataStatus,
    DataUpAction,
    ResultDown,
    ResultStatus,
    SmsDown,
    UssdDown,
    UssdStatus,
)
from gateway.core.numbers import Address, Msisdn, mask_identities
from handsets.handset import (
    Answered,
    ContactLost,
    DataChanged,
    Handset,
    Happening,
    SmsReceived,
    UssdAnswered,
)
from handsets.outcome import DataOutcome, SmsOutcome, SmsShown, Status, UssdOutcome, shown
from handsets.place import Place
from handsets.radio import Radio, on_air

Watch = Callable[[Happening], None]
T = TypeVar("T")


def unwatched(happening: Happening) -> None:
    """Show nothing of what happens on the way."""


class Errand:
    """A phone on the air for one purpose: its handset, and all that has happened to it."""

    def __init__(self, handset: Handset, radio: Radio, heard: asyncio.Queue[Happening]) -> None:
        self.handset = handset
        self.happened: list[Happening] = []
        self._radio = radio
        self._heard = heard

    def ask(self, request: Callable[[float], str]) -> str:
        """Send a request off; gives its ref. `request` is called with the present time."""
        ref = request(self._radio.now())
        self._radio.wake()
        return ref

    async def until(self, found: Callable[[], T | None], patience: float) -> T | None:
        """Wait until `found` gives something, asked again after each happening.

        None after `patience` seconds.
        """
        try:
            async with asyncio.timeout(patience):
                while (value := found()) is None:
                    self.happened.append(await self._heard.get())
        except TimeoutError:
            return None
        return value

    def result_of(self, ref: str) -> ResultDown | None:
        """Give the network's answer to a request, once it has come."""
        for happening in self.happened:
            if isinstance(happening, Answered) and happening.request.ref == ref:
                return happening.result
        return None


@asynccontextmanager
async def errand(msisdn: Msisdn, broker: Place, watch: Watch = unwatched) -> AsyncIterator[Errand]:
    """Switch a phone on for one errand; raises NoBroker."""
    heard: asyncio.Queue[Happening] = asyncio.Queue()

    def tell(happening: Happening) -> None:
        watch(happening)
        heard.put_nowait(happening)

    # The gateway remembers refs for ever: those of another run must not be met again.
    handset = Handset(msisdn, run=secrets.token_hex(6))
    async with on_air(handset, broker, tell) as radio:
        yield Errand(handset, radio, heard)


def no_answer(patience: float) -> str:
    """Say that the network is silent."""
    return (
        f"no answer from the network within {patience:g} s; "
        "check that a gateway is connected to this broker"
    )


# ---- SMS


async def send_sms(
    broker: Place, sender: Msisdn, to: Address, text: str, patience: float, *, wants_reply: bool
) -> SmsOutcome:
    """Send an SMS and await the result and, if wanted, the reply from `to`.

    `patience` in seconds, for both together. Raises NoBroker.
    """
    async with errand(sender, broker) as phone:
        ref = phone.ask(lambda now: phone.handset.send_sms(to, text, now))

        def over() -> bool | None:
            result = phone.result_of(ref)
            if result is None:
                return None
            refused = result.status is ResultStatus.REFUSED
            done = refused or not wants_reply or _reply(phone, result, to) is not None
            return done or None

        in_time = await phone.until(over, patience)
        phone.handset.forget(ref)
        result = phone.result_of(ref)
    return _sms_outcome(phone, to, text, result, None if in_time else patience)


def _reply(phone: Errand, result: ResultDown, to: Address) -> SmsDown | None:
    """Find the reply: the first SMS from `to` that the network took after ours.

    Ids rise, so what waited for the phone since earlier has a lower one, and the order in which
    the broker brings result and reply does not matter.
    """
    ours = int(result.id or 0)
    for happening in phone.happened:
        if isinstance(happening, SmsReceived):
            sms = happening.sms
            if sms.source == to and int(sms.id) > ours:
                return sms
    return None


def _sms_outcome(
    phone: Errand, to: Address, text: str, result: ResultDown | None, late: float | None
) -> SmsOutcome:
    sender = phone.handset.msisdn
    reply: SmsDown | None = None
    if result is None:
        status, why = Status.TIMEOUT, no_answer(late or 0.0)
    elif result.status is ResultStatus.REFUSED:
        status, why = Status.REFUSED, result.why
    elif late is not None:
        status, why = Status.TIMEOUT, f"accepted, but no reply from {to} within {late:g} s"
    else:
        status, why = Status.ACCEPTED, result.why
        reply = _reply(phone, result, to)

    def written(sms: SmsDown) -> SmsShown:
        return SmsShown(sms.id, sms.source, sender, sms.text, sms.at, sms.parts)

    return SmsOutcome(
        source=sender,
        to=to,
        text=mask_identities(text),
        status=status,
        id=result.id if result else "",
        cause=shown(result.cause) if result else None,
        why=mask_identities(why),
        reply=written(reply) if reply else None,
        also_received=tuple(
            written(happening.sms)
            for happening in phone.happened
            if isinstance(happening, SmsReceived) and happening.sms is not reply
        ),
    )


# ---- data


async def switch_data(
    broker: Place,
    msisdn: Msisdn,
    action: DataUpAction,
    patience: float,
    *,
    hold: float = 0.0,
    watch: Watch = unwatched,
) -> DataOutcome:
    """Open or close the data session; an open one is kept for `hold` seconds.

    The phone's leaving closes it, and the network may earlier. Raises NoBroker.
    """
    async with errand(msisdn, broker, watch) as phone:
        ref = phone.ask(lambda now: phone.handset.switch_data(action, now))
        answer = await phone.until(lambda: _data_answer(phone, ref), patience)
        if answer is None:
            phone.handset.forget(ref)
            return _data_outcome(phone, action, Status.TIMEOUT, None, no_answer(patience))
        if answer.status is DataStatus.REFUSED:
            return _data_outcome(phone, action, Status.REFUSED, answer.cause, answer.why)
        if action is DataUpAction.OPEN and hold:
            closed = await phone.until(lambda: _closed_unasked(phone), hold)
            if closed is not None:
                return _data_outcome(phone, action, Status.ACCEPTED, *closed, by_network=True)
        return _data_outcome(phone, action, Status.ACCEPTED, None, answer.why)


def _data_answer(phone: Errand, ref: str) -> DataDown | None:
    result = phone.result_of(ref)
    if result is not None:  # the frame was wrong
        return DataDown(ref, DataStatus.REFUSED, result.cause, result.why)
    for happening in phone.happened:
        if isinstance(happening, DataChanged) and happening.asked:
            return happening.data
    return None


def _closed_unasked(phone: Errand) -> tuple[CauseFrame | None, str] | None:
    for happening in phone.happened:
        if isinstance(happening, DataChanged) and not happening.asked:
            return happening.data.cause, "the network closed the session"
        if isinstance(happening, ContactLost):
            return None, f"radio contact was lost: {happening.why}"
    return None


def _data_outcome(
    phone: Errand,
    action: DataUpAction,
    status: Status,
    cause: CauseFrame | None,
    why: str,
    *,
    by_network: bool = False,
) -> DataOutcome:
    return DataOutcome(
        source=phone.handset.msisdn,
        action=action.value,
        status=status,
        cause=shown(cause),
        why=why,
        closed_by_network=by_network,
    )


# ---- USSD


async def ask_ussd(broker: Place, msisdn: Msisdn, code: str, patience: float) -> UssdOutcome:
    """Ask a USSD service and await its answer. Raises NoBroker."""
    async with errand(msisdn, broker) as phone:
        ref = phone.ask(lambda now: phone.handset.ask_ussd(code, now))
        answer = await phone.until(lambda: _ussd_answer(phone, ref), patience)
        phone.handset.forget(ref)
    if answer is None:
        status, why = Status.TIMEOUT, no_answer(patience)
        return UssdOutcome(source=msisdn, code=code, status=status, why=why)
    refused = answer.status is UssdStatus.REFUSED
    return UssdOutcome(
        source=msisdn,
        code=code,
        status=Status.REFUSED if refused else Status.ACCEPTED,
        text=answer.text,
        cause=shown(answer.cause),
        why=answer.why,
    )


def _ussd_answer(phone: Errand, ref: str) -> UssdDown | None:
    result = phone.result_of(ref)
    if result is not None:  # the frame was wrong
        return UssdDown(ref, UssdStatus.REFUSED, "", result.cause, result.why)
    for happening in phone.happened:
        if isinstance(happening, UssdAnswered) and happening.ussd.ref == ref:
            return happening.ussd
    return None
