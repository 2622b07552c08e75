"""Orders about earlier messages: how their texts are read."""

from __future__ import annotations

import pytest

from gateway.core.events import Replace
from gateway.links.smpp_mapping import Sender
from gateway.links.smpp_orders import order_of
from gateway.smpp.pdu import ReplaceSm
from gateway.smpp.septets import pack
from gateway.smpp.text import DefaultAlphabet

GSM, PACKED, LATIN_1, ASCII = DefaultAlphabet


@pytest.mark.parametrize(
    ("alphabet", "octets", "text"),
    [(GSM, b"\x00", "@"), (PACKED, pack(b"\x00 hi"), "@ hi"), (LATIN_1, b"\xe7", "\xe7")],
)
def test_replace_sm_is_in_the_default_alphabet(
    alphabet: DefaultAlphabet, octets: bytes, text: str
) -> None:
    sender = Sender("bank", False, frozenset(), alphabet=alphabet)
    order = order_of(ReplaceSm(message_id="7", short_message=octets), sender, 0, int)
    assert isinstance(order, Replace)
    assert (order.id, order.text) == (7, text)
