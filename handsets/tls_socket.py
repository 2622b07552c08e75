"""The TLS socket of an MQTT client, which closes itself.

paho drops the socket of a handshake that fails without closing it, and so does aiomqtt where the
task that connects is cancelled meanwhile: the connection then stays until a collection of garbage.
"""

from __future__ import annotations

import ssl


class TlsSocket(ssl.SSLSocket):
    """Set it as the `sslsocket_class` of a context that an MQTT client connects with."""

    def do_handshake(self, block: bool = False) -> None:
        """Shake hands; close where that fails."""
        try:
            super().do_handshake(block)
        except (OSError, ValueError):
            self.close()
            raise

    def __del__(self) -> None:
        """Close quietly what nobody has any more."""
        self.close()
