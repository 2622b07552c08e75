"""How the desk behind 4444 goes wrong on purpose, as it did when it was overloaded.

Source: domain.md 1.4: on overload no reply at all, or a "maaf", or hours late [S48][S49][S58]; 5:
successes lost on the way back from the registry [S118][S119].
"""

from __future__ import annotations

from msgspec import Struct

from gateway.core.fault_aim import Armed, Happening
from gateway.core.faults import Fault, LateVerdict, Point
from gateway.core.ledger import Ledger
from gateway.core.origin import Esme, Phone


class Sent(Struct, frozen=True, gc=False):
    """An SMS to the desk as rules are asked about it; `account` is the ESME's, "" for a phone."""

    account: str
    what: Happening


def sent(source: str, to: str, text: str, via: Phone | Esme | None, ledger: Ledger) -> Sent | None:
    """Make ready to ask the rules; None where there are none."""
    if not ledger.rules.faults:
        return None
    account = via.account if isinstance(via, Esme) else ""
    return Sent(account, Happening(ledger.present, source, to, text))


def struck(kind: type[Fault], asked: Sent | None, ledger: Ledger) -> Armed | None:
    """Give the first rule of this kind that strikes; each kind is asked where it would act."""
    if asked is None:
        return None
    tally = ledger.facts.tally
    for armed in ledger.rules.faults.of(asked.account).get(Point.DESK, ()):
        if type(armed.rule.fault) is kind and armed.strikes(asked.what, tally):
            return armed
    return None


def late_by(asked: Sent | None, ledger: Ledger) -> int:
    """Give how many milliseconds later the verdict comes."""
    armed = struck(LateVerdict, asked, ledger)
    if armed is None:
        return 0
    fault = armed.rule.fault
    assert isinstance(fault, LateVerdict)
    return armed.delay_ms(fault.delay, ledger.facts.tally)
