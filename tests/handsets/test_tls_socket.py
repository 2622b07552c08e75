"""A TLS socket that is given up is closed at once, without a ResourceWarning."""

import gc
import socket
import ssl
import warnings

import pytest

from handsets.tls_socket import TlsSocket


def context() -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.sslsocket_class = TlsSocket
    return made


def test_a_handshake_that_fails_closes() -> None:
    near, far = socket.socketpair()
    far.sendall(b"this is no TLS\r\n")
    shaking = context().wrap_socket(
        near, server_hostname="localhost", do_handshake_on_connect=False
    )
    with pytest.raises(ssl.SSLError):
        shaking.do_handshake()
    far.close()
    assert shaking.fileno() == -1


def test_one_that_is_dropped_in_a_cycle_is_closed_quietly() -> None:
    near, far = socket.socketpair()
    cycle: list[object] = [
        context().wrap_socket(near, server_hostname="localhost", do_handshake_on_connect=False)
    ]
    cycle.append(cycle)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        del cycle
        gc.collect()
    assert not [one for one in told if issubclass(one.category, ResourceWarning)]
    assert far.recv(1) == b""
    far.close()
