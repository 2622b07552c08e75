from __future__ import annotations

from gateway.core.application import Difference, Opinion
from gateway.core.registration.outcomes import OutcomeKind
from tests.gateway.core.network import SITI

SAYS = Opinion(OutcomeKind.REGISTERED, SITI.nik, SITI.kk)


def test_an_opinion_is_worded_without_identities() -> None:
    assert str(SAYS) == f"registered (NIK {SITI.nik}, KK {SITI.kk})"
    assert SITI.nik.digits not in str(SAYS)
    assert str(Opinion(OutcomeKind.BAD_FORMAT)) == "bad_format"


def test_a_difference_names_both() -> None:
    found = Difference(0, 3, Opinion(OutcomeKind.KK_MISMATCH), SAYS, "regapp")
    assert str(found) == f"regapp says {SAYS}, the desk says kk_mismatch"
