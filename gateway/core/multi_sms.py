"""How one SMS to several destinations is decided (submit_multi, SMPP 3.4 section 4.5)."""

from __future__ import annotations

from gateway.core.causes import Cause
from gateway.core.decision import AcceptedFor, Change, Decision, Denied, Outgoing
from gateway.core.events import MoSms, MtSms, MultiSms
from gateway.core.ledger import Ledger, replace
from gateway.core.numbers import Msisdn
from gateway.core.origin import Esme, part_to
from gateway.core.sms import mo_sms, mt_sms


def multi_sms(event: MultiSms, ledger: Ledger) -> Decision:
    """Decide on each destination as on an SMS of its own; all are reported under one id.

    That is the id of the first that was taken. Denied where none was.
    """
    id_ = 0
    denied: list[tuple[int, Cause]] = []
    changes: list[Change] = []
    outgoing: list[Outgoing] = []
    whys: list[str] = []
    for place, (to, written) in enumerate(event.to):
        decision = _one(event, to, replace(event.via, destination=written), id_, ledger)
        changes += decision.changes
        outgoing += decision.outgoing
        whys.append(decision.why)
        if isinstance(decision.answer, Denied):
            denied.append((place, decision.answer.cause))
        elif not id_:
            # Nothing but a message's acceptance is left.
            id_ = decision.answer.id  # type: ignore[union-attr]
    answer = AcceptedFor(id_, tuple(denied)) if id_ else Denied(denied[0][1])
    return Decision(answer, "; ".join(whys), tuple(changes), tuple(outgoing))


def _one(event: MultiSms, to: str, via: Esme, id_: int, ledger: Ledger) -> Decision:
    """Decide on one destination; `id_` is the one that all are reported under, 0 for its own."""
    part = part_to(event.part, to) if event.part is not None else None
    if event.by_handset:
        sender = Msisdn(event.source)
        mo = MoSms(sender, to, event.text, via, event.body, part, reported_as=id_)
        return mo_sms(mo, None, ledger)
    mt = MtSms(event.source, to, event.text, via, event.body, part, reported_as=id_)
    return mt_sms(mt, ledger)
