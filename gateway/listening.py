"""Opening a listening socket, with a clear word when that fails."""

from __future__ import annotations

import errno
import socket


class CannotListen(Exception):
    """The address cannot be listened on: show the line; another port or host is needed."""


def listening_socket(host: str, port: int, section: str, row: str = "") -> socket.socket:
    """Bind a listening TCP socket, port 0 for any free one; raises CannotListen.

    `section` is the part of the configuration that names the address, for the message; `row` is
    the name of a row of it.
    """
    try:
        family, _, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # asyncio's own loop sets TCP_NODELAY only on connections whose protocol is named: without
        # it a second small write waits for the other side's delayed acknowledgement, 40 ms.
        found = socket.socket(family, socket.SOCK_STREAM, protocol)
    except OSError as trouble:
        raise CannotListen(_line(host, port, section, row, trouble)) from trouble
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(1024)
        found.setblocking(False)
    except OSError as trouble:
        found.close()
        raise CannotListen(_line(host, port, section, row, trouble)) from trouble
    return found


def _line(host: str, port: int, section: str, row: str, trouble: OSError) -> str:
    head = f'[[{section}]] "{row}"' if row else f"[{section}]"
    place = f"{head} {host}:{port}"
    if trouble.errno == errno.EADDRINUSE:
        other = "in its row" if row else f"with --set {section}.port=PORT"
        return (
            f"{place}: the port is in use; stop the program that has it, or give another {other} "
            "(0 takes any free one)"
        )
    if trouble.errno == errno.EACCES:
        return f"{place}: not allowed; ports below 1024 need rights: use a higher one"
    return f"{place}: {trouble.strerror or trouble}; set {head} host to an own address"
