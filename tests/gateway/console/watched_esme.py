"""An ESME that a small gateway watches: its octets go straight to the tap."""

from __future__ import annotations

from gateway.config import SmppConfig
from gateway.links.smpp_watch import Watching
from gateway.smpp.codec import encode
from gateway.smpp.pdu import BindTransceiver, Pdu, SubmitSm
from gateway.smpp.session import Role, Session

NIK = "3201010101010001"
REG = f"REG {NIK}#3201010101010002#"


def speaks(watching: Watching, account: str, *pdus: Pdu) -> None:
    """Bind, say these, go without unbind."""
    session = Session(Role.SMSC)
    tap = watching.tap(SmppConfig(), session, ("127.0.0.1", 40000), ("127.0.0.1", 2775))
    bind = BindTransceiver(1, account, "secret")
    tap.received(encode(bind), session.receive(encode(bind)))
    session.accept_bind(bind, "SMSC")
    tap.bound(account, bind, 7)
    tap.sent(session.take())
    for pdu in pdus:
        octets = encode(pdu)
        tap.received(octets, session.receive(octets))
    tap.ended(by_us=False)


def submit(sequence: int, text: bytes, data_coding: int = 0) -> SubmitSm:
    """Give a submit_sm with good addresses."""
    return SubmitSm(
        sequence,
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="6281190000001",
        destination_addr="4444",
        short_message=text,
        data_coding=data_coding,
    )
