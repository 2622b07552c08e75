"""What a subscriber may not use: the BlockStage x Service table, and who is exempt from it.

domain.md 3.4. Whoever wants to know whether something is barred asks `refusal`; nobody
compares stages.
"""

from __future__ import annotations

from typing import Final

from gateway.core.causes import Cause
from gateway.core.numbers import EMERGENCY_NUMBERS
from gateway.core.subscriber import BlockStage, Service, Status, Subscriber

# An Enum's member costs a call in CPython 3.11, more than building a value does.
_MO_CALL: Final = Service.MO_CALL
_OPERATOR_DETERMINED_BARRING: Final = Cause.OPERATOR_DETERMINED_BARRING
_UNKNOWN_SUBSCRIBER: Final = Cause.UNKNOWN_SUBSCRIBER

_SMS_AND_CALLS_OUT = (Service.MO_SMS, Service.MO_CALL)
_SMS_AND_CALLS_IN = (Service.MT_SMS, Service.MT_CALL)

BARRED: dict[BlockStage, tuple[Service, ...]] = {
    BlockStage.OPEN: (),
    BlockStage.OUTGOING_BARRED: _SMS_AND_CALLS_OUT,
    BlockStage.INCOMING_BARRED: _SMS_AND_CALLS_OUT + _SMS_AND_CALLS_IN,
    BlockStage.TOTAL_BARRED: _SMS_AND_CALLS_OUT + _SMS_AND_CALLS_IN + (Service.DATA,),
}

# A number that never was registered can use nothing (row "New"); one whose validity ended is
# unknown to the network (row "Hangus").
STAGE_BY_STATUS: dict[Status, BlockStage] = {
    Status.NEW: BlockStage.TOTAL_BARRED,
    Status.REGISTERED: BlockStage.OPEN,
    Status.REGISTERED_UNVALIDATED: BlockStage.OPEN,
    Status.EXPIRED: BlockStage.TOTAL_BARRED,
    Status.UNREGISTERED_DEAD: BlockStage.TOTAL_BARRED,
}

# What became of a number that is nobody's any more, for people.
GONE = {Status.EXPIRED: "has expired", Status.UNREGISTERED_DEAD: "was given up by UNREG"}

_SMS = frozenset({Service.MO_SMS, Service.MT_SMS})


def refusal(
    subscriber: Subscriber,
    stage: BlockStage,
    service: Service,
    other: str,
    registration_code: str,
) -> Cause | None:
    """Decide whether `subscriber` in `stage` may use `service` with `other`; None means yes.

    SMS with the registration short code passes both ways in every stage, emergency calls pass
    always; an expired or given up number is unknown, also to the registration code (domain.md 3.4).
    """
    if service is _MO_CALL and other in EMERGENCY_NUMBERS:
        return None
    if subscriber.status.gone:
        return _UNKNOWN_SUBSCRIBER
    if other == registration_code and service in _SMS:
        return None
    if service in BARRED[stage]:
        return _OPERATOR_DETERMINED_BARRING
    return None


def explain(subscriber: Subscriber, stage: BlockStage, service: Service) -> str:
    """Say in one English line why `refusal` refused: the journal's `why`."""
    who = f"{subscriber.msisdn} ({subscriber.status.value})"
    what = service.value.replace("_", " ")
    gone = GONE.get(subscriber.status)
    if gone is not None:
        return f"{who}: {what} refused, the number {gone}"
    return f"{who} in {stage.value}: {what} barred (operator determined barring)"
