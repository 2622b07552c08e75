"""HOST:PORT as it is shown."""

import pytest

from handsets.place import Place


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("127.0.0.1", 1883), "127.0.0.1:1883"),
        (Place("broker.example", 1), "broker.example:1"),
        (Place("::1", 2775), "[::1]:2775"),
    ],
)
def test_an_ipv6_address_stands_in_brackets(place: Place, shown: str) -> None:
    assert str(place) == shown
