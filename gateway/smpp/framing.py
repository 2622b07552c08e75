"""Cuts the octet stream into PDUs, however TCP has split or merged them (§3.2)."""

from struct import Struct
from typing import Final

from gateway.smpp.errors import FramingLost

HEADER: Final = Struct(">IIII")
HEADER_SIZE: Final = 16
"""Octets of command_length, command_id, command_status and sequence_number."""
_LENGTH_SIZE: Final = 4

Frame = tuple[int, int, int, int, int]
"""Body start, body end, command_id, command_status, sequence_number."""


class Framer:
    """Keeps the octets of a PDU that is not yet whole; never more than `max_pdu` of them.

    `lost` is set, for ever, by a command_length below 16 or above `max_pdu`: it is seen as soon as
    its four octets are there, so nothing is allocated for it.
    """

    __slots__ = ("_need", "_rest", "lost", "max_pdu")

    def __init__(self, max_pdu: int) -> None:
        """Accept PDUs of at most `max_pdu` octets."""
        self.max_pdu = max_pdu
        self.lost: FramingLost | None = None
        self._rest = bytearray()
        self._need = 0

    @property
    def rest(self) -> bytes:
        """The octets of a PDU that is not yet whole."""
        return bytes(self._rest)

    def feed(self, data: bytes) -> tuple[bytes, list[Frame]]:
        """Take what was read; give octets and the whole PDUs in them, in order."""
        frames: list[Frame] = []
        if self.lost is not None:
            return data, frames
        if self._rest:
            self._rest += data
            if len(self._rest) < self._need:
                return b"", frames
            data = bytes(self._rest)
            self._rest.clear()
        position = self._cut(data, frames)
        if position < len(data) and self.lost is None:
            self._rest += data[position:]
        return data, frames

    def _cut(self, data: bytes, frames: list[Frame]) -> int:
        unpack, most, size, position = HEADER.unpack_from, self.max_pdu, len(data), 0
        while position + HEADER_SIZE <= size:
            length, command_id, status, sequence = unpack(data, position)
            if not HEADER_SIZE <= length <= most:
                self.lost = FramingLost(length)
                return position
            end = position + length
            if end > size:
                self._need = length
                return position
            frames.append((position + HEADER_SIZE, end, command_id, status, sequence))
            position = end
        self._need = HEADER_SIZE
        if size - position < _LENGTH_SIZE:
            self._need = _LENGTH_SIZE
        else:
            length = int.from_bytes(data[position : position + _LENGTH_SIZE], "big")
            if not HEADER_SIZE <= length <= most:
                self.lost = FramingLost(length)
        return position
