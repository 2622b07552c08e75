"""Ports for what must be told its port before it starts: other programs, and nobody at all."""

import random
import socket

# Below the range that Linux gives to outgoing connections and to whoever asks for any port:
# between a look here and the start of the program no other test is given it by the kernel.
_FROM, _BELOW = 20_000, 32_000


def free_port() -> int:
    """Give a port of 127.0.0.1 that nobody listens on."""
    while True:
        port = random.randrange(_FROM, _BELOW)
        with socket.socket() as found:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
