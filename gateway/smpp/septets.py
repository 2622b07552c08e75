"""Septets packed into octets and back: eight characters in seven octets (3GPP TS 23.038 §6.1.2).

In SMPP the length of a message counts octets, so that seven spare bits at its end look like one
more septet. Written here is a carriage return for them (§6.1.2.3.1), and one more behind a septet
at the octet boundary that would be taken for such padding; read, both are dropped, and so is the
zero with which most ESMEs pad. Only carriage returns that end a text can get lost by this.
"""

from typing import Final

_CR: Final = 0x0D
_PADDING: Final = (_CR, 0)
_SEPTET: Final = 0x7F
_GROUP: Final = 8
_PACKED_GROUP: Final = 7


def fill_bits(header_size: int) -> int:
    """Give the bits between a header of so many octets and the next septet (23.040 §9.2.3.24)."""
    return -8 * header_size % 7


def packed_size(septets: bytes, fill: int = 0) -> int:
    """Give the octets that `pack` would make."""
    return (fill + 7 * len(_guarded(septets, fill)) + 7) // 8


def pack(septets: bytes, fill: int = 0) -> bytes:
    """Pack septets, one an octet, behind `fill` zero bits (0 to 6)."""
    guarded = _guarded(septets, fill)
    if (fill + 7 * len(guarded)) % 8 == 1:
        guarded += bytes((_CR,))
    octets = bytearray()
    for start in range(0, len(guarded), _GROUP):
        group = guarded[start : start + _GROUP]
        bits = 0
        for septet in reversed(group):
            bits = bits << 7 | septet & _SEPTET
        octets += bits.to_bytes((7 * len(group) + 7) // 8, "little")
    if not fill:
        return bytes(octets)
    size = (fill + 7 * len(guarded) + 7) // 8
    return (int.from_bytes(octets, "little") << fill).to_bytes(size, "little")


def unpack(octets: bytes, fill: int = 0) -> bytes:
    """Read the septets behind `fill` bits, one an octet, without padding; never raises."""
    count = max(8 * len(octets) - fill, 0) // 7
    if fill:
        octets = (int.from_bytes(octets, "little") >> fill).to_bytes(len(octets), "little")
    septets = bytearray()
    for start in range(0, len(octets), _PACKED_GROUP):
        bits = int.from_bytes(octets[start : start + _PACKED_GROUP], "little")
        for _ in range(_GROUP):
            septets.append(bits & _SEPTET)
            bits >>= 7
    del septets[count:]
    is_guard = septets[-1:] == b"\r" and _looks_padded(septets[:-1], fill)
    if is_guard or _looks_padded(septets, fill):
        del septets[-1]
    return bytes(septets)


def _guarded(septets: bytes, fill: int) -> bytes:
    return septets + bytes((_CR,)) if _looks_padded(septets, fill) else septets


def _looks_padded(septets: bytes | bytearray, fill: int) -> bool:
    return bool(septets) and _at_boundary(fill, len(septets)) and septets[-1] in _PADDING


def _at_boundary(fill: int, count: int) -> bool:
    return (fill + 7 * count) % 8 == 0
