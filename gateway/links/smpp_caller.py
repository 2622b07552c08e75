"""Who calls: what is known of a connection before its bind; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Caller(NamedTuple):
    """The other end of a connection.

    `names` are those in the certificate that it showed, if that is trusted.
    """

    host: str
    port: int = 0
    tls: bool = False
    names: frozenset[str] = frozenset()

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def names_in(certificate: Mapping[str, object]) -> frozenset[str]:
    """Give the common name and the DNS names of a certificate as `ssl` shows it."""
    found = set()
    subject, others = certificate.get("subject", ()), certificate.get("subjectAltName", ())
    assert isinstance(subject, tuple)
    assert isinstance(others, tuple)
    for name, value in (pair for relative in subject for pair in relative):
        if name == "commonName":
            found.add(value)
    found.update(value for kind, value in others if kind == "DNS")
    return frozenset(found)
