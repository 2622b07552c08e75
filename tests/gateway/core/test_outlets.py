from __future__ import annotations

from gateway.core.outlets import Document, Foreigner, OutletRegisters, Papers
from tests.gateway.core.network import SITI, TELKOMSEL

JANE = Foreigner(Document.PASSPORT, "X1234567", "AU", "Jane Doe", "Perth", "1990-05-17")


def test_a_document_is_printed_masked() -> None:
    assert str(JANE) == "passport X*** (AU)"
    assert repr(JANE) == "Foreigner(passport X*** (AU))"
    told = repr(OutletRegisters(TELKOMSEL, "G-1", JANE))
    assert "X1234567" not in told
    assert "Jane" not in told


def test_a_foreigner_has_no_nik() -> None:
    assert OutletRegisters(TELKOMSEL, "G-1", JANE).nik is None
    assert OutletRegisters(TELKOMSEL, "G-1", Papers(SITI.nik, SITI.kk)).nik == SITI.nik
