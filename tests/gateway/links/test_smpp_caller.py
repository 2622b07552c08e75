"""Who calls."""

from __future__ import annotations

from gateway.links.smpp_caller import Caller, names_in


def test_as_text() -> None:
    assert str(Caller("127.0.0.1", 4000)) == "127.0.0.1:4000"
    assert str(Caller("::1", 4000)) == "[::1]:4000"


def test_names_in_a_certificate() -> None:
    certificate = {
        "subject": (
            (("organizationName", "Bank"),),
            (("organizationalUnitName", "SMS"), ("commonName", "esme")),
        ),
        "subjectAltName": (("DNS", "esme.bank.example"), ("IP Address", "127.0.0.1")),
    }
    assert names_in(certificate) == {"esme", "esme.bank.example"}
    assert names_in({}) == frozenset()
