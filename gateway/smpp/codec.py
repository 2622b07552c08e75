"""Octets <-> PDU. Total: any frame gives a PDU or a `Rejected` that says what to answer.

Source: SMPP 3.4 §3.2 (format), chapter 4 (bodies). The four PDUs that carry the traffic are tried
by `fast` first; everything else, and whatever `fast` will not take, goes by the table in `fields`.
"""

from collections.abc import Callable
from typing import Final

from gateway.smpp.codes import RESPONSE_BIT, CommandId, CommandStatus, TlvTag
from gateway.smpp.errors import Misuse, Rejected
from gateway.smpp.fast import FAST_DECODERS, FAST_ENCODERS
from gateway.smpp.fields import LAYOUTS, Layout
from gateway.smpp.framing import HEADER, HEADER_SIZE
from gateway.smpp.pdu import Pdu, Response
from gateway.smpp.wire import READERS, WRITERS, Fault, read_tlvs, write_tlvs

_MAX_U32: Final = 0xFFFFFFFF
_NACK: Final = CommandId.GENERIC_NACK.value


def decode(frame: bytes | bytearray | memoryview) -> Pdu | Rejected:
    """Read one whole frame."""
    data = frame if type(frame) is bytes else bytes(frame)
    if len(data) < HEADER_SIZE:
        return Rejected(CommandStatus.ESME_RINVCMDLEN, 0, 0, "shorter than a header")
    length, command_id, status, sequence = HEADER.unpack_from(data)
    if length != len(data):
        return Rejected(CommandStatus.ESME_RINVCMDLEN, command_id, sequence, "command_length")
    return decode_body(data, HEADER_SIZE, length, command_id, status, sequence)


def decode_body(
    data: bytes, start: int, end: int, command_id: int, status: int, sequence: int
) -> Pdu | Rejected:
    """Read the body at data[start:end] of a PDU whose header is already read."""
    fast = FAST_DECODERS.get(command_id)
    if fast is not None:
        pdu = fast(data, start, end, status, sequence)
        if pdu is not None:
            return pdu
    return decode_by_table(data, start, end, command_id, status, sequence)


def decode_by_table(
    data: bytes, start: int, end: int, command_id: int, status: int, sequence: int
) -> Pdu | Rejected:
    """Read any body by the table of fields; the reference for `fast`."""
    layout = LAYOUTS.get(command_id)
    if layout is None:
        return Rejected(CommandStatus.ESME_RINVCMDID, command_id, sequence, "unknown command_id")
    values: list[object] = [sequence, status] if layout.is_response else [sequence]
    # A response without a body is common from real peers, with any status (§4.1.2, §4.4.2).
    if not layout.fields or (layout.is_response and start == end):
        return layout.pdu(*values)  # type: ignore[arg-type]  # the table fits its PDU: tested
    fault = _read_fields(layout, data, start, end, values)
    if fault is not None:
        return Rejected(fault.status, command_id, sequence, fault.why)
    return layout.pdu(*values)  # type: ignore[arg-type]  # the table fits its PDU: tested


def _read_fields(
    layout: Layout, data: bytes, position: int, end: int, values: list[object]
) -> Fault | None:
    for field in layout.fields:
        read = READERS[field.kind](field, data, position, end)
        if isinstance(read, Fault):
            return read
        value, position = read
        values.append(value)
    tlvs = read_tlvs(data, position, end)
    if isinstance(tlvs, Fault):
        return tlvs
    # short_message is the last field wherever there is one.
    if layout.has_message and values[-1]:
        for one in tlvs:
            if one.tag == TlvTag.MESSAGE_PAYLOAD:
                return Fault(
                    CommandStatus.ESME_ROPTPARNOTALLWD, "short_message and message_payload"
                )
    values.append(tlvs)
    return None


def encode(pdu: Pdu, sequence: int | None = None, *, error_body: bool = False) -> bytes:
    """Give the PDU's octets, with `sequence` in place of its own number if given.

    An error response leaves its body out where §4 says so, unless `error_body`. Raises Misuse for
    a value that its field cannot hold.
    """
    if sequence is None:
        sequence = pdu.sequence_number
    fast = FAST_ENCODERS.get(type(pdu))
    if fast is not None:
        frame = fast(pdu, sequence)
        if frame is not None:
            return frame
    return encode_by_table(pdu, sequence, error_body=error_body)


def encode_by_table(pdu: Pdu, sequence: int, *, error_body: bool = False) -> bytes:
    """Write any PDU by the table of fields; the reference for `fast`."""
    layout = LAYOUTS[pdu.command_id]
    status = pdu.command_status if isinstance(pdu, Response) else 0
    if not 0 <= sequence <= _MAX_U32 or not 0 <= status <= _MAX_U32:
        raise Misuse(f"sequence_number {sequence} or command_status {status} out of range")
    body = b""
    if layout.fields and (status == 0 or layout.error_body or error_body):
        parts = [WRITERS[field.kind](field, getattr(pdu, field.name)) for field in layout.fields]
        parts.append(write_tlvs(getattr(pdu, "tlvs", ())))
        body = b"".join(parts)
    return HEADER.pack(HEADER_SIZE + len(body), pdu.command_id, status, sequence) + body


def error_response(rejected: Rejected, *, error_body: bool = False) -> bytes:
    """Give the frame that answers a rejected request: its own response, or generic_nack (§4.3)."""
    answer = LAYOUTS.get(rejected.command_id | RESPONSE_BIT)
    # alert_notification and outbind have no response, an unknown command_id none that is known.
    known = answer is not None and rejected.command_id in LAYOUTS
    layout = answer if answer is not None and known else LAYOUTS[_NACK]
    make: Callable[[int, int], Pdu] = layout.pdu
    pdu = make(rejected.sequence_number, rejected.command_status)
    return encode_by_table(pdu, rejected.sequence_number, error_body=error_body)
