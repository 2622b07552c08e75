"""PDUs that are none: a whole frame -> octets that break the protocol in one way; pure."""

from __future__ import annotations

from struct import Struct
from typing import Final, assert_never

from gateway.core.faults import Form

_HEADER: Final = Struct(">IIII")
# Below the 16 octets of a header: nothing can be read after it (SMPP 3.4 section 3.2).
_NO_LENGTH: Final = 15
# Reserved in SMPP 3.4 (table 5-1), as a request and as a response.
_NO_COMMAND: Final = 0x00000F00
_RESPONSE: Final = 0x80000000
# Far from the numbers that a client counts through, and within what it may use.
_FAR: Final = 0x3FFFFFFF
_LAST: Final = 0x7FFFFFFF


def malformed(frame: bytes, form: Form) -> bytes:
    """Break a frame. What STALL leaves of it is the last that may be written."""
    length, command_id, status, sequence = _HEADER.unpack_from(frame)
    body = frame[_HEADER.size :]
    match form:
        case Form.BAD_LENGTH:
            length = _NO_LENGTH
        case Form.UNKNOWN_COMMAND:
            command_id = command_id & _RESPONSE | _NO_COMMAND
        case Form.WRONG_SEQUENCE:
            sequence = (sequence + _FAR) % _LAST + 1 if command_id & _RESPONSE else 0
        case Form.CUT:
            body = body[: len(body) // 2]
            length = _HEADER.size + len(body)
        case Form.STALL:
            return frame[: len(frame) // 2]
        case _:
            assert_never(form)
    return _HEADER.pack(length, command_id, status, sequence) + body
