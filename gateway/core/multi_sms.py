"""How one SMS to several destinations is decided (submit_multi, SMPP 3.4 section 4.5)."""

from __future__ import annotations

from gateway.core.causes import Cause
from gateway.core.decision import AcceptedFor, Change, Decision, Denied, Outgoing
from gateway.core.events import MtSms, MultiSms
from gateway.core.ledger import Ledger, replace
from gateway.core.sms import mt_sms


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
        via = replace(event.via, destination=written)
        one = MtSms(event.source, to, event.text, via, event.body, reported_as=id_)
        decision = mt_sms(one, ledger)
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
