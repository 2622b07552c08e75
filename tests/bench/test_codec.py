"""The codec's benchmark compares like with like, and the codec costs what code by hand costs."""

from __future__ import annotations

import pytest

from gateway.smpp.codec import decode, encode
from gateway.smpp.pdu import DeliverSm, SubmitSm
from tests.bench.codec import (
    DELIVER,
    RECEIPT,
    SUBMIT,
    measure,
    read_by_hand,
    table,
    write_by_hand,
)

pytestmark = pytest.mark.bench

# Ours also checks every length and makes a PDU of it; a busy machine measures badly.
RATIO_MOST = 2.0


@pytest.mark.parametrize("pdu", [SUBMIT, DELIVER, RECEIPT])
def test_by_hand_is_read_and_written_the_same(pdu: SubmitSm | DeliverSm) -> None:
    octets = encode(pdu)
    assert write_by_hand(pdu.command_id.value, pdu) == octets
    assert decode(octets) == pdu
    tlvs = [(one.tag, one.value) for one in pdu.tlvs]
    read = read_by_hand(octets)
    assert (read[2], read[6], read[9], read[19], read[20]) == (
        pdu.sequence_number,
        pdu.source_addr,
        pdu.destination_addr,
        pdu.short_message,
        tlvs,
    )


def test_the_codec_costs_what_code_by_hand_costs() -> None:
    rows = measure(repeats=100, count=300)
    assert "decode submit_sm" in table(rows)
    assert {row.name: round(row.ratio, 2) for row in rows if row.ratio > RATIO_MOST} == {}
