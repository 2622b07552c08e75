"""A real broker for the module's phones; each test takes numbers of its own."""

import itertools
import socket
from collections.abc import Iterator

import pytest
from iotcore import Broker

from gateway.core.numbers import Msisdn
from handsets.place import Place

_numbers = itertools.count(6281200000000)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def broker() -> Iterator[Place]:
    place = Place("127.0.0.1", free_port())
    with Broker(listen=place.host, port=place.port):
        yield place


@pytest.fixture
def msisdn() -> Msisdn:
    """A number that no other test uses: the broker keeps retained frames."""
    return Msisdn(str(next(_numbers)))
