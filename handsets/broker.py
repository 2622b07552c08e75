"""Where the MQTT broker is, and what a client shows to it: user, password, TLS."""

from __future__ import annotations

import ssl
from typing import Final

from handsets.place import Place
from handsets.tls_socket import TlsSocket


class Broker(Place, frozen=True):
    """A broker and how to get in; `ca` is a file of certificates to trust, else the system's."""

    username: str = ""
    password: str = ""
    tls: bool = False
    ca: str = ""

    __str__ = Place.__str__

    def __repr__(self) -> str:
        """Show the place; the password is nobody's."""
        return f"Broker({self})"


class BadCertificates(Exception):
    """The file of certificates cannot be used: name another."""


# What brokers, and the libraries that speak to them, say of a client that shows the wrong papers.
_REFUSED: Final = ("user name or password", "not authorized", "may not connect")
_TLS: Final = "mqtts://HOST:8883?ca=FILE"
_UNTRUSTED: Final = ("certificate", "ssl", "tls")


START_OR_NAME: Final = "start the gateway (gateway serve), or name its broker with --mqtt HOST:PORT"
"""What to do where no broker answers at all."""


def way_out(why: str, otherwise: str, option: str = "--mqtt") -> str:
    """Say what to do about a broker that takes nobody, by why it does not."""
    said = why.lower()
    if any(words in said for words in _REFUSED):
        return f"check user and password: {option} mqtt://USER:PASSWORD@HOST:PORT"
    if any(words in said for words in _UNTRUSTED):
        return f"check that it speaks TLS there, and who signed its certificate: {option} {_TLS}"
    return otherwise


def broker_at(place: Place) -> Broker:
    """Take a place as a broker that lets everybody in, unless it says otherwise."""
    return place if isinstance(place, Broker) else Broker(place.host, place.port)


def tls_to(broker: Broker) -> ssl.SSLContext | None:
    """Make ready for TLS, where the broker wants it. Raises BadCertificates."""
    if not broker.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=broker.ca or None)
    except OSError as trouble:
        raise BadCertificates(
            f"{broker.ca}: no certificates can be read ({trouble.strerror or trouble}); "
            "name a PEM file with the broker's CA"
        ) from trouble
    context.sslsocket_class = TlsSocket
    return context
