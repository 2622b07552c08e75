"""A session that breaks the protocol when it is told to."""

from __future__ import annotations

from gateway.smpp.codec import decode, encode
from gateway.smpp.pdu import EnquireLink, EnquireLinkResp, SubmitSmResp
from gateway.smpp.session import Session, State
from tests.gateway.smpp.samples import DELIVER, bound


def two_ends() -> tuple[Session, Session]:
    """An SMSC and an ESME, bound to each other."""
    esme, smsc = bound()
    return smsc, esme


def test_octets_are_said_as_they_are() -> None:
    smsc, _ = two_ends()
    smsc.say(b"\0\0")
    smsc.deliver(DELIVER)
    assert smsc.take()[:6] == b"\0\0" + encode(DELIVER, 1)[:4]


def test_nothing_is_said_after_the_end() -> None:
    smsc, _ = two_ends()
    smsc.take_outstanding()
    assert smsc.state is State.CLOSED
    smsc.say(b"x")
    assert smsc.take() == b""


def test_what_was_said_last_is_garbled() -> None:
    smsc, _ = two_ends()
    smsc.deliver(DELIVER)
    smsc.deliver(DELIVER)
    smsc.garble(lambda frame: frame[:5])
    assert smsc.take() == encode(DELIVER, 1) + encode(DELIVER, 2)[:5]


def test_what_is_written_is_not_garbled() -> None:
    smsc, _ = two_ends()
    smsc.garble(lambda frame: b"x")
    assert smsc.take() == b""


def test_a_mute_session_writes_what_it_said_before_and_nothing_more() -> None:
    smsc, esme = two_ends()
    smsc.say(b"before")
    smsc.mute()
    smsc.say(b"after")
    smsc.mute()
    assert smsc.take() == b"before"
    esme.enquire_link()
    smsc.receive(esme.take())
    smsc.respond(SubmitSmResp(1, 0, "1"))
    assert smsc.take() == b""


def test_enquire_link_is_ignored_as_somebody_says() -> None:
    smsc, _ = two_ends()
    answers = [True, False]
    smsc.ignores_enquire_link = lambda: answers.pop(0)
    smsc.receive(encode(EnquireLink(5)))
    assert smsc.take() == b""
    smsc.receive(encode(EnquireLink(6)))
    assert decode(smsc.take()) == EnquireLinkResp(6)
    smsc.ignores_enquire_link = None
    smsc.receive(encode(EnquireLink(7)))
    assert decode(smsc.take()) == EnquireLinkResp(7)
