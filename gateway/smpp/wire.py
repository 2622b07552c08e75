"""Reading and writing one mandatory field of each kind, and the TLVs behind them (§3.1, §3.2.4).

Readers take any octets and give the value with the position after it, or a `Fault`. Writers raise
Misuse for a value that does not fit.
"""

from collections.abc import Callable
from struct import Struct
from struct import error as struct_error
from typing import Any, Final

import msgspec

from gateway.smpp.codes import CommandStatus
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import Field, Kind
from gateway.smpp.pdu import Destination, DistributionList, SmeAddress, Tlv, UnsuccessSme

TLV_HEADER: Final = Struct(">HH")
_TLV_HEADER_SIZE: Final = TLV_HEADER.size
_unpack_tlv: Final = TLV_HEADER.unpack_from
_pack_tlv: Final = TLV_HEADER.pack
_ADDRESS: Final = Field("destination_addr", Kind.CSTRING, 21, CommandStatus.ESME_RINVDSTADR)
_LIST_NAME: Final = Field("dl_name", Kind.CSTRING, 21, CommandStatus.ESME_RINVDLNAME)
_CODE: Final = Field("ton or npi", Kind.INT1, 1, CommandStatus.ESME_RINVCMDLEN)
_ERROR: Final = Field("error_status_code", Kind.INT4, 4, CommandStatus.ESME_RINVCMDLEN)
_SME: Final = 1
_LIST: Final = 2


class Fault(msgspec.Struct, frozen=True, gc=False):
    """Why a body cannot be read: the status to answer, and the field for people."""

    status: CommandStatus
    why: str


def _truncated(name: str) -> Fault:
    return Fault(CommandStatus.ESME_RINVCMDLEN, f"{name} is cut off")


def read_int(field: Field, data: bytes, position: int, end: int) -> tuple[int, int] | Fault:
    """Read an unsigned integer of `field.size` octets."""
    after = position + field.size
    if after > end:
        return _truncated(field.name)
    return int.from_bytes(data[position:after], "big"), after


def read_cstring(field: Field, data: bytes, position: int, end: int) -> tuple[str, int] | Fault:
    """Read a NUL-ended string; one that is too long has the field's own status."""
    nul = data.find(0, position, min(end, position + field.size))
    if nul >= 0:
        return data[position:nul].decode("latin-1"), nul + 1
    if end - position < field.size:
        return _truncated(field.name)
    return Fault(field.status, f"{field.name} is longer than {field.size - 1}")


def read_short_message(
    field: Field, data: bytes, position: int, end: int
) -> tuple[bytes, int] | Fault:
    """Read sm_length and short_message (§5.2.21, §5.2.22)."""
    if position >= end:
        return _truncated("sm_length")
    size = data[position]
    after = position + 1 + size
    if size > field.size:
        return Fault(field.status, f"sm_length {size} is above {field.size}")
    if after > end:
        return Fault(field.status, f"sm_length {size} runs past the PDU")
    return data[position + 1 : after], after


def _read_address(data: bytes, position: int, end: int) -> tuple[tuple[int, int, str], int] | Fault:
    if position + 2 > end:
        return _truncated(_CODE.name)
    address = read_cstring(_ADDRESS, data, position + 2, end)
    if isinstance(address, Fault):
        return address
    return (data[position], data[position + 1], address[0]), address[1]


def _read_destination(data: bytes, position: int, end: int) -> tuple[Destination, int] | Fault:
    if position >= end:
        return _truncated("dest_flag")
    flag = data[position]
    if flag == _SME:
        read = _read_address(data, position + 1, end)
        if isinstance(read, Fault):
            return read
        (ton, npi, address), position = read
        return SmeAddress(address, ton, npi), position
    if flag != _LIST:
        return Fault(CommandStatus.ESME_RINVDESTFLAG, f"dest_flag {flag}")
    name = read_cstring(_LIST_NAME, data, position + 1, end)
    return name if isinstance(name, Fault) else (DistributionList(name[0]), name[1])


def read_destinations(
    field: Field, data: bytes, position: int, end: int
) -> tuple[tuple[Destination, ...], int] | Fault:
    """Read number_of_dests and dest_address(es) (§4.5.1)."""
    if position >= end:
        return _truncated("number_of_dests")
    count = data[position]
    position += 1
    if not 1 <= count <= field.size:
        return Fault(field.status, f"number_of_dests {count}")
    found: list[Destination] = []
    for _ in range(count):
        read = _read_destination(data, position, end)
        if isinstance(read, Fault):
            return read
        found.append(read[0])
        position = read[1]
    return tuple(found), position


def read_unsuccessful(
    field: Field, data: bytes, position: int, end: int
) -> tuple[tuple[UnsuccessSme, ...], int] | Fault:
    """Read no_unsuccess and unsuccess_sme(s) (§4.5.2)."""
    if position >= end:
        return _truncated("no_unsuccess")
    count = data[position]
    position += 1
    found: list[UnsuccessSme] = []
    for _ in range(count):
        read = _read_address(data, position, end)
        if isinstance(read, Fault):
            return read
        (ton, npi, address), position = read
        error = read_int(_ERROR, data, position, end)
        if isinstance(error, Fault):
            return error
        code, position = error
        found.append(UnsuccessSme(address, code, ton, npi))
    return tuple(found), position


def read_tlvs(data: bytes, position: int, end: int) -> tuple[Tlv, ...] | Fault:
    """Read the TLVs up to the end, known or not; a value cut off is ESME_RINVPARLEN (§3.2.4.1)."""
    found: list[Tlv] = []
    while position < end:
        value = position + _TLV_HEADER_SIZE
        if value > end:
            return Fault(CommandStatus.ESME_RINVOPTPARSTREAM, "octets behind the last TLV")
        tag, size = _unpack_tlv(data, position)
        position = value + size
        if position > end:
            return Fault(CommandStatus.ESME_RINVPARLEN, f"TLV {tag:#06x} runs past the PDU")
        found.append(Tlv(tag, data[value:position]))
    return tuple(found)


def write_int(field: Field, value: int) -> bytes:
    """Write an unsigned integer of `field.size` octets."""
    if not 0 <= value < 1 << 8 * field.size:
        raise Misuse(f"{field.name} {value} does not fit {field.size} octets")
    return value.to_bytes(field.size, "big")


def write_cstring(field: Field, value: str) -> bytes:
    """Write a NUL-ended string of Latin-1 characters."""
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise Misuse(f"{field.name} is not Latin-1") from error
    if len(octets) >= field.size or b"\0" in octets:
        raise Misuse(f"{field.name} has a NUL or more than {field.size - 1} octets")
    return octets + b"\0"


def write_short_message(field: Field, value: bytes) -> bytes:
    """Write sm_length and short_message."""
    if len(value) > field.size:
        raise Misuse(f"{field.name} has {len(value)} octets, more than {field.size}")
    return bytes((len(value),)) + value


def _write_address(ton: int, npi: int, address: str) -> bytes:
    return write_int(_CODE, ton) + write_int(_CODE, npi) + write_cstring(_ADDRESS, address)


def write_destinations(field: Field, value: tuple[Destination, ...]) -> bytes:
    """Write number_of_dests and dest_address(es)."""
    if not 1 <= len(value) <= field.size:
        raise Misuse(f"{field.name} has {len(value)} destinations, not 1 to {field.size}")
    parts = [bytes((len(value),))]
    for one in value:
        if isinstance(one, DistributionList):
            parts.append(bytes((_LIST,)) + write_cstring(_LIST_NAME, one.dl_name))
        else:
            address = _write_address(one.dest_addr_ton, one.dest_addr_npi, one.destination_addr)
            parts.append(bytes((_SME,)) + address)
    return b"".join(parts)


def write_unsuccessful(field: Field, value: tuple[UnsuccessSme, ...]) -> bytes:
    """Write no_unsuccess and unsuccess_sme(s)."""
    if len(value) > field.size:
        raise Misuse(f"{field.name} has {len(value)} entries, more than {field.size}")
    parts = [bytes((len(value),))]
    for one in value:
        parts.append(_write_address(one.dest_addr_ton, one.dest_addr_npi, one.destination_addr))
        parts.append(write_int(_ERROR, one.error_status_code))
    return b"".join(parts)


def write_tlvs(tlvs: tuple[Tlv, ...]) -> bytes:
    """Write the TLVs as they are."""
    parts: list[bytes] = []
    for one in tlvs:
        value = one.value
        try:
            parts += (_pack_tlv(one.tag, len(value)), value)
        except struct_error as error:
            raise Misuse(f"TLV {one.tag:#x} of {len(value)} octets does not fit") from error
    return b"".join(parts)


Reader = Callable[[Field, bytes, int, int], tuple[Any, int] | Fault]
Writer = Callable[[Field, Any], bytes]

READERS: Final[dict[Kind, Reader]] = {
    Kind.INT1: read_int,
    Kind.INT4: read_int,
    Kind.CSTRING: read_cstring,
    Kind.SHORT_MESSAGE: read_short_message,
    Kind.DESTINATIONS: read_destinations,
    Kind.UNSUCCESSFUL: read_unsuccessful,
}
WRITERS: Final[dict[Kind, Writer]] = {
    Kind.INT1: write_int,
    Kind.INT4: write_int,
    Kind.CSTRING: write_cstring,
    Kind.SHORT_MESSAGE: write_short_message,
    Kind.DESTINATIONS: write_destinations,
    Kind.UNSUCCESSFUL: write_unsuccessful,
}
