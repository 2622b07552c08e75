"""A PDU for people: names instead of numbers, the text instead of octets, in one line or as fields.

Passwords are never shown. `mask` is called on every text that came from the peer and hides what
its caller knows to be private; digits at the edges of a segment are hidden in any case, for a
number that is cut in two would pass by it.
"""

import re
from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final

from gateway.smpp.codec import decode
from gateway.smpp.codes import (
    CommandId,
    CommandStatus,
    EsmClass,
    MessageState,
    Npi,
    RegisteredDelivery,
    Ton,
)
from gateway.smpp.data_coding import CODINGS, Alphabet, describe_data_coding
from gateway.smpp.errors import Rejected
from gateway.smpp.message import MessagePdu, body_of, part_of, text_of, user_data
from gateway.smpp.pdu import (
    DataSm,
    DeliverSm,
    DistributionList,
    Pdu,
    ReplaceSm,
    SmeAddress,
    SubmitMulti,
    SubmitSm,
    Tlv,
    UnsuccessSme,
)
from gateway.smpp.pdu_link import ResponsePdu
from gateway.smpp.text import DefaultAlphabet, decode_text, unpacked
from gateway.smpp.tlvs import TLV_RULES, TlvKind
from gateway.smpp.udh import parse_udh

Mask = Callable[[str], str]
Shown = str | int | list[str] | dict[str, str]

_EDGE_DIGITS: Final = re.compile(r"\A\s*\d{4,}|\d{4,}\s*\Z")
_DIGIT: Final = re.compile(r"\d")
_MESSAGES: Final = (SubmitSm, DeliverSm, SubmitMulti, DataSm)
# Fields that are told together with others, or never.
_TOLD_ELSEWHERE: Final = frozenset(
    {"sequence_number", "command_status", "short_message", "tlvs", "esm_class"}
    | {"source_addr_ton", "source_addr_npi", "dest_addr_ton", "dest_addr_npi"}
    | {"addr_ton", "addr_npi", "esme_addr_ton", "esme_addr_npi", "password"}
)
_PREFIXES: Final = {
    "source_addr": "source_addr",
    "destination_addr": "dest_addr",
    "address_range": "addr",
    "esme_addr": "esme_addr",
}
_MODES: Final = ("default mode", "datagram", "forward", "store and forward")
_TYPES: Final = {
    EsmClass.TYPE_DEFAULT: "",
    EsmClass.TYPE_DELIVERY_RECEIPT: "delivery receipt",
    EsmClass.TYPE_DELIVERY_ACK: "delivery acknowledgement",
    EsmClass.TYPE_USER_ACK: "user acknowledgement",
    EsmClass.TYPE_CONVERSATION_ABORT: "conversation abort",
    EsmClass.TYPE_INTERMEDIATE_NOTIFICATION: "intermediate notification",
}
_RECEIPTS: Final = ("no receipt", "receipt", "receipt on failure", "receipt on success")
_REGISTERED: Final = (
    (RegisteredDelivery.SME_DELIVERY_ACK, "delivery acknowledgement"),
    (RegisteredDelivery.SME_USER_ACK, "user acknowledgement"),
    (RegisteredDelivery.INTERMEDIATE, "intermediate notification"),
)
_SHORT: Final = 4


def show(
    frame: bytes, mask: Mask, alphabet: DefaultAlphabet = DefaultAlphabet.GSM
) -> dict[str, Shown]:
    """Give a whole frame's fields by name, those that say nothing left out.

    `command` and `sequence_number` come first. `alphabet` is what data_coding 0 means.
    """
    pdu = decode(frame)
    if isinstance(pdu, Rejected):
        return {
            "command": name_of(CommandId, pdu.command_id),
            "sequence_number": pdu.sequence_number,
            "malformed": mask(pdu.why),
            "answer": name_of(CommandStatus, pdu.command_status).upper(),
        }
    shown: dict[str, Shown] = {
        "command": name_of(CommandId, pdu.command_id),
        "sequence_number": pdu.sequence_number,
    }
    if isinstance(pdu, ResponsePdu):
        shown["command_status"] = name_of(CommandStatus, pdu.command_status).upper()
    for name in pdu.__struct_fields__:
        value = getattr(pdu, name)
        if name not in _TOLD_ELSEWHERE and value not in ("", 0, (), b""):
            shown[name] = _field(pdu, name, value, mask)
    if isinstance(pdu, _MESSAGES):
        _message(pdu, shown, mask, alphabet)
    elif isinstance(pdu, ReplaceSm):
        shown["text"] = mask(decode_text(0, unpacked(0, pdu.short_message, alphabet), alphabet))
    tlvs: tuple[Tlv, ...] = getattr(pdu, "tlvs", ())
    if tlvs:
        shown["tlvs"] = {tlv_name(one.tag): _tlv(one, mask) for one in tlvs}
    return shown


def line(shown: dict[str, Shown]) -> str:
    """Write what `show` gives in one line, without what a terminal would obey."""
    command, number = shown["command"], shown["sequence_number"]
    parts = [f"{command} {number}"]
    for name, value in shown.items():
        if name in ("command", "sequence_number"):
            continue
        if isinstance(value, dict):
            value = ", ".join(f"{key} {one}" for key, one in value.items())
        elif isinstance(value, list):
            value = ", ".join(value)
        if name == "text":
            value = repr(value)
        parts.append(str(value) if name == "command_status" else f"{name}: {value}")
    whole = "; ".join(parts)
    return whole if whole.isprintable() else "".join(map(_printable, whole))


def _printable(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def name_of(kind: type[IntEnum], value: int) -> str:
    """Name a code in lower case, or write it in hexadecimal."""
    try:
        return kind(value).name.lower()
    except ValueError:
        return f"0x{value:08x}"


def tlv_name(tag: int) -> str:
    """Name a TLV, or write its tag."""
    rule = TLV_RULES.get(tag)
    return f"0x{tag:04x}" if rule is None else rule.name


def esm_class_words(esm_class: int) -> str:
    """Say what an esm_class means (§5.2.12)."""
    mode, kind = esm_class & EsmClass.MODE_MASK, esm_class & EsmClass.TYPE_MASK
    words = [_MODES[mode]] if mode else []
    words.append(_TYPES.get(kind, f"reserved type 0x{kind:02x}"))
    words.append("UDHI" if esm_class & EsmClass.UDHI else "")
    words.append("reply path" if esm_class & EsmClass.REPLY_PATH else "")
    return ", ".join(word for word in words if word)


def registered_words(registered: int) -> str:
    """Say what a registered_delivery asks for (§5.2.17)."""
    words = [_RECEIPTS[registered & RegisteredDelivery.RECEIPT_MASK]]
    return ", ".join(words + [word for bit, word in _REGISTERED if registered & bit])


def _field(pdu: Pdu, name: str, value: Any, mask: Mask) -> Shown:
    if name in _PREFIXES:
        prefix = _PREFIXES[name]
        return _address(value, getattr(pdu, f"{prefix}_ton"), getattr(pdu, f"{prefix}_npi"), mask)
    if name == "dest_address":
        return [_destination(one, mask) for one in value]
    if name == "unsuccess_sme":
        return [_unsuccessful(one, mask) for one in value]
    if name == "registered_delivery":
        return registered_words(value)
    if name == "data_coding":
        return describe_data_coding(value)
    if name == "message_state":
        return name_of(MessageState, value)
    if name == "interface_version":
        return f"{value >> 4}.{value & 0xF}"
    return mask(value) if isinstance(value, str) else int(value)


def _address(digits: str, ton: int, npi: int, mask: Mask) -> str:
    return f"{mask(digits)} ({_code(Ton, ton)}, {_code(Npi, npi)})"


def _code(kind: type[IntEnum], value: int) -> str:
    try:
        return kind(value).name.lower()
    except ValueError:
        return str(value)


def _destination(one: SmeAddress | DistributionList, mask: Mask) -> str:
    if isinstance(one, DistributionList):
        return f"list {mask(one.dl_name)}"
    return _address(one.destination_addr, one.dest_addr_ton, one.dest_addr_npi, mask)


def _unsuccessful(one: UnsuccessSme, mask: Mask) -> str:
    address = _address(one.destination_addr, one.dest_addr_ton, one.dest_addr_npi, mask)
    return f"{address} {name_of(CommandStatus, one.error_status_code).upper()}"


def _message(
    pdu: MessagePdu, shown: dict[str, Shown], mask: Mask, alphabet: DefaultAlphabet
) -> None:
    if pdu.esm_class:
        shown["esm_class"] = esm_class_words(pdu.esm_class)
    part = part_of(pdu)
    if part is not None:
        shown["segment"] = f"{part.number} of {part.total}, reference {part.reference}"
    if pdu.esm_class & EsmClass.UDHI:
        header = parse_udh(user_data(pdu))
        elements = () if header is None else header.elements
        shown["header"] = ", ".join(f"0x{one.identifier:02x}" for one in elements) or "unsound"
    if CODINGS[pdu.data_coding].alphabet is Alphabet.BINARY:
        shown["binary"] = f"{len(body_of(pdu))} octets"
        return
    text = text_of(pdu, alphabet)
    if part is not None:
        text = _EDGE_DIGITS.sub(lambda found: _DIGIT.sub("*", found[0]), text)
    shown["text"] = mask(text)


def _tlv(one: Tlv, mask: Mask) -> str:
    rule, size = TLV_RULES.get(one.tag), len(one.value)
    if rule is not None and not rule.least <= size <= rule.most:
        return f"{size} octets, a wrong length"
    if rule is not None and rule.kind is TlvKind.INTEGER:
        return str(int.from_bytes(one.value, "big"))
    if rule is not None and rule.kind is TlvKind.CSTRING:
        return mask(one.value.partition(b"\0")[0].decode("latin-1"))
    # What octets hold is not known, and may be a number that must not be shown.
    return one.value.hex() if size <= _SHORT else f"{size} octets"


def is_secret(frame: bytes) -> bool:
    """Say whether a frame holds a password, so that its octets must not be shown."""
    return int.from_bytes(frame[4:8], "big") in _WITH_PASSWORD


_WITH_PASSWORD: Final = frozenset(
    {
        CommandId.BIND_TRANSMITTER.value,
        CommandId.BIND_RECEIVER.value,
        CommandId.BIND_TRANSCEIVER.value,
        CommandId.OUTBIND.value,
    }
)
