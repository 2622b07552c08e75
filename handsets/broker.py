"""Where the MQTT broker is, and what a client shows to it: user, password, TLS."""

from __future__ import annotations

import ssl

from handsets.place import Place


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


def broker_at(place: Place) -> Broker:
    """Take a place as a broker that lets everybody in, unless it says otherwise."""
    return place if isinstance(place, Broker) else Broker(place.host, place.port)


def tls_to(broker: Broker) -> ssl.SSLContext | None:
    """Make ready for TLS, where the broker wants it. Raises BadCertificates."""
    if not broker.tls:
        return None
    try:
        return ssl.create_default_context(cafile=broker.ca or None)
    except OSError as trouble:
        raise BadCertificates(
            f"{broker.ca}: no certificates can be read ({trouble.strerror or trouble}); "
            "name a PEM file with the broker's CA"
        ) from trouble
