"""What must hold for any octets: each target takes some and raises if it does not.

Nothing here draws at random: the octets decide everything, so that a find can be played again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from gateway.config import DEFAULT_ACCOUNTS
from gateway.core.numbers import mask_identities
from gateway.links.smpp_asks import ASKED, Asker, asks_of
from gateway.links.smpp_mapping import senders
from gateway.links.smpp_parts import body_of, passed_on
from gateway.smpp.address_range import AddressRange, Malformed, address_range
from gateway.smpp.codec import decode, decode_by_table, encode, error_response
from gateway.smpp.codes import RESPONSE_BIT, CommandStatus
from gateway.smpp.errors import Rejected
from gateway.smpp.fields import LAYOUTS, misfits, sar
from gateway.smpp.framing import HEADER, HEADER_SIZE
from gateway.smpp.items import Answered, Closed, Refused
from gateway.smpp.lint.account import AccountLint
from gateway.smpp.lint.message import message_notes
from gateway.smpp.lint.session import SessionLint
from gateway.smpp.message import part_of, text_of, user_data
from gateway.smpp.pdu import (
    BindReceiver,
    BindTransceiver,
    BindTransmitter,
    DataSm,
    DeliverSm,
    EnquireLink,
    Pdu,
    SubmitMulti,
    SubmitSm,
    Tlv,
    Unbind,
)
from gateway.smpp.receipt import ReceiptWriter
from gateway.smpp.receipt_form import IdForm, read_id
from gateway.smpp.receipt_presets import PRESETS
from gateway.smpp.receipt_reading import parse_receipt
from gateway.smpp.rules import refusal
from gateway.smpp.segmentation import segments
from gateway.smpp.session import Role, Session, State
from gateway.smpp.show import line, show
from gateway.smpp.smpp_time import Absolute, format_absolute, parse_time
from gateway.smpp.states import ONE_WAY
from gateway.smpp.text import DefaultAlphabet, decode_text, encode_as, encode_text
from gateway.smpp.udh import LongForm, concatenation_header, parse_udh, split_udh

NOW: Final = 1_519_606_800_000  # 2018-02-26T08:00 WIB
_FIRST_MS: Final = 946_684_800_000  # 2000-01-01
_LAST_MS: Final = 4_102_444_799_900  # 2099-12-31
_BINDS: Final = (BindTransmitter, BindReceiver, BindTransceiver)
_MESSAGES: Final = (SubmitSm, DeliverSm, SubmitMulti, DataSm)
_SENDERS: Final = tuple(senders(DEFAULT_ACCOUNTS, "4444").values())
_IDS: Final = tuple(LAYOUTS)


def codec(octets: bytes) -> None:
    """Any octets give a PDU or a named error; what is read is written so that it reads the same."""
    _read(octets)
    if len(octets) >= HEADER_SIZE:
        # The same with a command_length that is true, so that a fuzzer need not guess it.
        _read(len(octets).to_bytes(4, "big") + octets[4:])


def _read(frame: bytes) -> None:
    read = decode(frame)
    # What the PDU log prints, for each account's default alphabet.
    for alphabet in DefaultAlphabet:
        assert line(show(frame, mask_identities, alphabet)).isprintable()
    if isinstance(read, Rejected):
        assert read.command_status in set(CommandStatus), read
        assert read.why, read
        answer = decode(error_response(read))
        assert isinstance(answer, Pdu), answer
        assert answer.sequence_number == read.sequence_number
        assert answer.command_id.value & RESPONSE_BIT
        return
    _, command_id, status, sequence = HEADER.unpack_from(frame)
    assert (read.command_id, read.sequence_number) == (command_id, sequence)
    # The fast path reads as the table does.
    assert read == decode_by_table(frame, HEADER_SIZE, len(frame), command_id, status, sequence)
    assert decode(encode(read, error_body=True)) == read
    misfits(getattr(read, "tlvs", ()))
    # What is asked of the network.
    if isinstance(read, ASKED):
        for sender in _SENDERS:
            asks, refused = asks_of([read], Asker(sender, 1, _read_id), NOW)
            assert len(asks) + len(refused) == 1
    if isinstance(read, _MESSAGES):
        _look_at(read)


def _look_at(message: SubmitSm | DeliverSm | SubmitMulti | DataSm) -> None:
    """Do what the gateway does with a message."""
    text = text_of(message)
    assert len(text) <= len(user_data(message)) * 2
    place = part_of(message)
    assert place is None or 1 <= place.number <= place.total
    parse_receipt(text, message.tlvs)
    if isinstance(message, DeliverSm):
        return
    assert refusal(message, NOW) in set(CommandStatus)
    for alphabet in DefaultAlphabet:
        for note in message_notes(message, user_data(message), NOW, alphabet):
            assert isinstance(note, tuple)
    body = body_of(message, text, always=True)
    assert body is not None
    assert all(Tlv(one.tag, one.value) in message.tlvs for one in passed_on(body))


def _read_id(text: str) -> int | None:
    return read_id(text, IdForm())


class _Script:
    """Octets as instructions."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets
        self._at = 0

    def number(self) -> int:
        """Give the next octet; 0 when there are no more."""
        self._at += 1
        return self._octets[self._at - 1] if self._at <= len(self._octets) else 0

    def take(self, size: int) -> bytes:
        """Give the next `size` octets, or as many as there are."""
        self._at += size
        return self._octets[self._at - size : self._at]

    @property
    def over(self) -> bool:
        """Whether all octets are used."""
        return self._at >= len(self._octets)


class _Smsc:
    """An SMSC's session with an application that does what a script says."""

    def __init__(self, script: _Script) -> None:
        self.script = script
        self.window = 1 + script.number() % 4
        self.session = Session(
            Role.SMSC, window=self.window, max_pdu=512, error_body=bool(self.window & 1)
        )
        self.lint = SessionLint(AccountLint("nobody", mask_identities), 0, 0.0)
        self.waiting: list[Any] = []
        self.asked: list[int] = []
        self.answered: list[int] = []
        self.heard = 0
        self.next_context = 0

    def hear(self, octets: bytes) -> None:
        """Receive, and note what the application must answer."""
        self.heard += len(octets)
        items = self.session.receive(octets)
        # Whoever watches the client sees the same.
        self.lint.received(items, self.session, 0.0, NOW)
        for item in items:
            if isinstance(item, Answered):
                self.answered.append(item.context)
            elif not isinstance(item, Refused | Closed) and item.command_id not in ONE_WAY:
                self.waiting.append(item)

    def frame(self) -> bytes:
        """Make a frame whose length is true, so that the script need not count."""
        kind, sequence, size = self.script.number(), self.script.number(), self.script.number()
        body = self.script.take(size)
        command_id = _IDS[kind % len(_IDS)]
        return HEADER.pack(HEADER_SIZE + len(body), command_id, kind & 0x80, sequence) + body

    def answer(self, *, well: bool) -> None:
        """Answer the oldest request."""
        if not self.waiting:
            return
        request = self.waiting.pop(0)
        if not well:
            self.session.refuse(request, CommandStatus.ESME_RSYSERR)
        elif isinstance(request, _BINDS):
            self.session.accept_bind(request, "SMSC")
        else:
            make: Any = LAYOUTS[request.command_id | RESPONSE_BIT].pdu
            self.session.respond(make(request.sequence_number, 0))

    def speak(self) -> None:
        """Send what the state and the window allow."""
        if self.session.can_receive and self.session.window_free():
            self.next_context += 1
            self.asked.append(self.next_context)
            self.session.deliver(DeliverSm(short_message=b"x"), self.next_context)

    def control(self) -> None:
        """Ask for life, or say goodbye, where one may."""
        if self.session.bound_as is None:
            return
        self.session.request(EnquireLink() if self.script.number() % 2 else Unbind())

    def check(self) -> None:
        """Hold what must always be so."""
        session = self.session
        assert len(session.window.outstanding) <= self.window
        assert session.unanswered >= 0
        said = session.take()
        self.lint.sent(said, 0.0)
        at = 0
        while at < len(said):
            length = int.from_bytes(said[at : at + 4], "big")
            assert isinstance(decode(said[at : at + length]), Pdu), said[at:]
            at += length
        assert at == len(said)
        if session.state is State.CLOSED:
            assert session.done


def session(octets: bytes) -> None:
    """No octets and no order of answers break a session or lose one of its own requests."""
    script = _Script(octets)
    smsc = _Smsc(script)
    while not script.over:
        match script.number() % 8:
            case 0:
                smsc.hear(script.take(script.number()))
            case 1 | 2:
                smsc.hear(smsc.frame())
            case 3:
                smsc.answer(well=True)
            case 4:
                smsc.answer(well=False)
            case 5:
                smsc.speak()
            case 6:
                smsc.control()
            case _:
                smsc.answered += smsc.session.expire(script.number())
        smsc.check()
    smsc.answered += smsc.session.take_outstanding()
    assert sorted(smsc.answered) == smsc.asked


def stream(octets: bytes) -> None:
    """A stream means the same whole, octet by octet, and cut anywhere."""
    cut = octets[0] if octets else 0
    octets = octets[1:]
    expected = _play([octets])
    assert _play([octets[at : at + 1] for at in range(len(octets))]) == expected
    assert _play([octets[:cut], octets[cut:]]) == expected


def _play(chunks: list[bytes]) -> tuple[list[Any], bytes]:
    smsc = Session(Role.SMSC, max_pdu=512)
    smsc.receive(encode(BindTransceiver(1, "qa", "qa", interface_version=0x34)))
    smsc.accept_bind(BindTransceiver(1, "qa", "qa", interface_version=0x34), "SMSC")
    items = [item for chunk in chunks for item in smsc.receive(chunk)]
    return items, smsc.take()


def text(octets: bytes) -> None:
    """Any octets are some text in any data_coding, and any text can be sent on."""
    coding, octets = (octets[0] if octets else 0), octets[1:]
    shown = decode_text(coding, octets)
    assert isinstance(encode_as(coding, shown), bytes)
    own, again = encode_text(shown)
    assert decode_text(own, again) == shown.encode("utf-16-be", "replace").decode("utf-16-be")
    if len(again) < 200 * 140:
        parts = segments(shown, coding, form=LongForm.UDH_16 if coding & 1 else LongForm.UDH_8)
        bodies = [
            split_udh(part.short_message)[1] if part.esm_class else part.short_message
            for part in parts
        ]
        joined = "".join(
            decode_text(part.data_coding, body) for part, body in zip(parts, bodies, strict=True)
        )
        assert joined == decode_text(own, again)
        assert all(len(part.short_message) <= 160 for part in parts)


def udh(octets: bytes) -> None:
    """Any octets are a header with its body, or none; a sound place is written back the same."""
    header = parse_udh(octets)
    found, body = split_udh(octets)
    assert found == header
    assert len(body) == len(octets) - (header.size if header is not None else 0)
    message = SubmitSm(esm_class=0x40, data_coding=8, short_message=octets[:254])
    text_of(message)
    part_of(message)
    place = header.concatenation if header is not None else None
    if place is not None:
        again = parse_udh(concatenation_header(place))
        assert again is not None
        assert again.concatenation == place


_FORMS: Final = tuple(preset.form for preset in PRESETS.values())
_WRITERS: Final = tuple(ReceiptWriter(form) for form in _FORMS)


def receipt(octets: bytes) -> None:
    """Any text is a receipt or none, any sixteen characters a time or none."""
    size, octets = (octets[0] if octets else 0), octets[1:]
    words = octets[size:].decode("latin-1")
    tlvs = (Tlv(0x1E, octets[:size]), Tlv(0x427, octets[:1]), Tlv(0x423, octets[:3]))
    for found in (parse_receipt(words), *(parse_receipt(words, tlvs, form) for form in _FORMS)):
        if found is not None:
            assert found.message_id
    for writer in _WRITERS:
        named = writer.read_id(words)
        assert named is None or 0 <= named < 1 << 63
    assert sar(tlvs) is None
    time = parse_time(words)
    if isinstance(time, Absolute):
        # Local time may lie in another century than UTC; what does not is written and read back.
        within = min(max(time.unix_ms, _FIRST_MS), _LAST_MS)
        assert parse_time(format_absolute(within)) == Absolute(within)


def address(octets: bytes) -> None:
    """Any address_range is a set of addresses, all of them, or malformed, and costs little."""
    size, octets = (octets[0] if octets else 0), octets[1:]
    text, to = octets[:size].decode("latin-1"), octets[size:][:20].decode("latin-1")
    serves = address_range(text)
    assert isinstance(serves, AddressRange | Malformed | None)
    if isinstance(serves, AddressRange):
        assert serves.matches(to) in (True, False)
        assert serves.specificity >= 0
    elif isinstance(serves, Malformed):
        assert serves.why


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "codec": codec,
    "session": session,
    "stream": stream,
    "text": text,
    "udh": udh,
    "receipt": receipt,
    "address": address,
}
"""Every target by its name, which is also its corpus's."""
