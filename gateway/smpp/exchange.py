"""A request that carries a message, with its answer, and how several of them are numbered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from gateway.smpp.codec import encode
from gateway.smpp.pdu import (
    AlertNotification,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    SubmitSm,
    SubmitSmResp,
)
from gateway.smpp.pdu_ring import SeenPdu
from gateway.smpp.text import DefaultAlphabet

Request = SubmitSm | DataSm | DeliverSm | AlertNotification
Answer = SubmitSmResp | DataSmResp | DeliverSmResp


class Exchange(Struct, frozen=True, gc=False):
    """A request, and its answer where it is known that there was one.

    `received` is from the ESME; `at` in Unix milliseconds, 0 for what is not known to have been
    sent. `session` is 0 where no connection had it. `alphabet` is what data_coding 0 means.
    """

    account: str
    session: int
    received: bool
    at: int
    request: Request
    answer: Answer | None = None
    alphabet: DefaultAlphabet = DefaultAlphabet.GSM


class NumberedPdu(Struct, frozen=True, gc=False):
    """One PDU of an account, with a sequence number that was counted here."""

    account: str
    seen: SeenPdu


def numbered(exchanges: Iterable[Exchange]) -> Iterator[NumberedPdu]:
    """Write them as frames, with sequence numbers from 1 on for each end of each session."""
    last: defaultdict[tuple[str, int, bool], int] = defaultdict(int)
    for one in exchanges:
        key = (one.account, one.session, one.received)
        last[key] += 1
        for pdu, received in ((one.request, one.received), (one.answer, not one.received)):
            if pdu is not None:
                frame = encode(pdu, last[key])
                seen = SeenPdu(one.at / 1000, one.session, received, frame, one.alphabet)
                yield NumberedPdu(one.account, seen)
