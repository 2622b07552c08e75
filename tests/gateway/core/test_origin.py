"""How a message was written, and when its text alone says it all."""

from __future__ import annotations

import pytest

from gateway.core.origin import Body


@pytest.mark.parametrize("coding", [0, 8])
def test_a_plain_text_says_it_all(coding: int) -> None:
    assert Body(coding, octets=b"halo").says_no_more_than_text


@pytest.mark.parametrize(
    "body",
    [
        Body(data_coding=4),
        Body(data_coding=1),
        Body(esm_class=0x40),
        Body(esm_class=0x80),
        Body(protocol_id=0x40),
        Body(header=b"\x06\x05\x04\x0b\x84\x00\x00"),
        Body(tlvs=((0x0204, b"\0\1"),)),
    ],
)
def test_what_is_more_than_a_text(body: Body) -> None:
    assert not body.says_no_more_than_text
