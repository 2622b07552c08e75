"""Opening a listening socket, with a clear word when that fails."""

from __future__ import annotations

import errno
import socket


class CannotListen(Exception):
    """The address cannot be listened on: show the line; another port or host is needed."""


def listening_socket(host: str, port: int, section: str) -> socket.socket:
    """Bind a listening TCP socket, port 0 for any free one; raises CannotListen.

    `section` is the part of the configuration that names the address, for the message.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        found = socket.socket(family, socket.SOCK_STREAM)
    except OSError as trouble:
        raise CannotListen(_line(host, port, section, trouble)) from trouble
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(1024)
        found.setblocking(False)
    except OSError as trouble:
        found.close()
        raise CannotListen(_line(host, port, section, trouble)) from trouble
    return found


def _line(host: str, port: int, section: str, trouble: OSError) -> str:
    place = f"[{section}] {host}:{port}"
    if trouble.errno == errno.EADDRINUSE:
        return (
            f"{place}: the port is in use; stop the program that has it, or give another with "
            f"--set {section}.port=PORT (0 takes any free one)"
        )
    if trouble.errno == errno.EACCES:
        return f"{place}: not allowed; ports below 1024 need rights: use a higher one"
    return f"{place}: {trouble.strerror or trouble}; set [{section}] host to an own address"
