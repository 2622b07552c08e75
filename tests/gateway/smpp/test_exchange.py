from __future__ import annotations

from gateway.smpp.codec import decode
from gateway.smpp.exchange import Exchange, numbered
from gateway.smpp.pdu import DeliverSm, SubmitSm, SubmitSmResp


def test_each_end_of_each_session_counts_for_itself() -> None:
    submit = SubmitSm(0, destination_addr="4444")
    exchanges = [
        Exchange("qa", 1, True, 2_000, submit, SubmitSmResp(0, 0, "7")),
        Exchange("qa", 1, True, 3_000, submit, SubmitSmResp(0, 0, "8")),
        Exchange("qa", 1, False, 4_000, DeliverSm(0)),
        Exchange("qa", 2, True, 4_000, submit),
        Exchange("a2p", 1, True, 0, submit),
    ]
    made = list(numbered(exchanges))
    assert [(one.account, one.seen.session, one.seen.received, one.seen.at) for one in made] == [
        ("qa", 1, True, 2.0),
        ("qa", 1, False, 2.0),
        ("qa", 1, True, 3.0),
        ("qa", 1, False, 3.0),
        ("qa", 1, False, 4.0),
        ("qa", 2, True, 4.0),
        ("a2p", 1, True, 0.0),
    ]
    numbers = [decode(one.seen.frame).sequence_number for one in made]
    assert numbers == [1, 1, 2, 2, 1, 1, 1]
