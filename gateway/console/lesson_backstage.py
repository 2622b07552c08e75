"""What happens beside the phones of a lesson: calendar, outlets, applications, ESMEs."""

from __future__ import annotations

from typing import Final, TypeAlias

from gateway.console.view import Gateway
from gateway.core.ageing import DAY_MS
from gateway.core.decision import Decision, Denied, Imported
from gateway.core.events import Event, SubscribersImported
from gateway.core.imports import ImportRow
from gateway.core.numbers import Msisdn
from gateway.core.outlets import Document, Foreigner, OutletRegisters, Papers
from gateway.core.programme import RegistrationTold
from gateway.core.registration.outcomes import OutcomeKind
from gateway.core.subscriber import BlockStage, Status
from gateway.smpp.codes import Npi, Ton
from gateway.smpp.pdu import SubmitSm
from gateway.smpp.text import encode_text

Result: TypeAlias = tuple[bool, str]
"""Whether it went as told, and what came of it."""

UNDELIVERABLE: Final = "undeliverable"
"""What the reason of a message says that reaches nobody."""

_MORNING_MS: Final = 8 * 3_600_000
_OUTLET: Final = "GERAI-017"
_APPLICATION: Final = "reg4444"
# An invented person.
_FOREIGNER: Final = Foreigner(
    Document.PASSPORT, "N1234567", "AU", "Emma Brown", "Perth", "1990-05-17"
)


async def to_stage(gateway: Gateway, stage: BlockStage) -> Result:
    """Move the calendar to the morning of the day on which a stage begins."""
    schedule = gateway.flow.rules.schedule
    days = {one.stage: one.day for one in schedule.steps}
    at = schedule.day_zero + days[stage] * DAY_MS + _MORNING_MS
    if at < gateway.clock.now():
        return False, "the calendar is past that"
    await gateway.set_clock(at, None)
    return True, ""


async def starter(gateway: Gateway, msisdn: Msisdn) -> Result:
    """Make a number a starter card."""
    rows = (ImportRow(msisdn, Status.NEW),)
    decision = await gateway.flow.ask(SubscribersImported(rows, update=True))
    answer = decision.answer
    return _result(isinstance(answer, Imported) and not answer.refused, decision)


async def at_outlet(gateway: Gateway, msisdn: Msisdn, citizen: int | None) -> Result:
    """Register a number at an outlet, on a citizen, or on a foreigner for None."""
    identity: Papers | Foreigner = _FOREIGNER
    if citizen is not None:
        owner = gateway.flow.rules.registry.citizen(citizen)
        identity = Papers(owner.nik, owner.kk)
    return await _registered(gateway, msisdn, OutletRegisters(msisdn, _OUTLET, identity))


async def told_by_application(gateway: Gateway, msisdn: Msisdn, citizen: int) -> Result:
    """Tell as an operator's own application that a number is registered on a citizen."""
    owner = gateway.flow.rules.registry.citizen(citizen)
    told = RegistrationTold(msisdn, OutcomeKind.REGISTERED, _APPLICATION, owner.nik, owner.kk)
    return await _registered(gateway, msisdn, told)


async def _registered(gateway: Gateway, msisdn: Msisdn, event: Event) -> Result:
    decision: Decision = await gateway.flow.ask(event)
    found = gateway.store.subscriber(msisdn)
    registered = found is not None and found.status is Status.REGISTERED
    return _result(registered and not isinstance(decision.answer, Denied), decision)


def _result(well: bool, decision: Decision) -> Result:
    """Give the reason only where it went otherwise: the network view has it in any case."""
    return well, "" if well else decision.why


async def from_esme(gateway: Gateway, account: str, sender: str, to: Msisdn, text: str) -> str:
    """Send an SMS as an ESME's account does; gives the reason of what became of it."""
    coding, octets = encode_text(text)
    alphanumeric = not sender.isdigit()
    pdu = SubmitSm(
        0,
        source_addr_ton=Ton.ALPHANUMERIC if alphanumeric else Ton.NETWORK_SPECIFIC,
        source_addr=sender,
        dest_addr_ton=Ton.INTERNATIONAL,
        dest_addr_npi=Npi.ISDN,
        destination_addr=to,
        data_coding=coding,
        short_message=octets,
    )
    events = gateway.smpp.injected(account, [pdu], gateway.clock.now())
    if not isinstance(events, list):
        return events or f"there is no account {account}"
    return (await gateway.flow.ask(events[0])).why
