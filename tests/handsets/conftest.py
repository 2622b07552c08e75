"""A real broker for the module's phones; each test takes numbers of its own."""

import itertools
from collections.abc import Iterator

import pytest
from iotcore import Broker

from gateway.core.numbers import Msisdn
from handsets.place import Place
from tests.ports import free_port

_numbers = itertools.count(6281200000000)


@pytest.fixture(scope="module")
def broker() -> Iterator[Place]:
    place = Place("127.0.0.1", free_port())
    with Broker(listen=place.host, port=place.port):
        yield place


@pytest.fixture
def msisdn() -> Msisdn:
    """A number that no other test uses: the broker keeps retained frames."""
    return Msisdn(str(next(_numbers)))
