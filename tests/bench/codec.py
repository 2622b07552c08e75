"""Measure the codec: submit_sm and deliver_sm, read and written, beside code written by hand.

    python -m tests.bench.codec [--json]

Each row is the least of several runs, in nanoseconds a PDU. The code by hand is what one would
write for this PDU alone: every field read into a tuple, every field packed, nothing checked. Only
the ratio to it is to be compared between machines; `known` is what was once measured elsewhere.
"""

from __future__ import annotations

import argparse
import json
import time
import timeit
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from struct import Struct
from typing import NamedTuple

from gateway.smpp.codec import decode, encode
from gateway.smpp.codes import TlvTag
from gateway.smpp.fast import encode_deliver_sm
from gateway.smpp.pdu import DeliverSm, SubmitSm, Tlv

SUBMIT = SubmitSm(
    7,
    source_addr_ton=1,
    source_addr_npi=1,
    source_addr="6281234567890",
    dest_addr_npi=1,
    destination_addr="4444",
    registered_delivery=1,
    short_message=b"REG 3201010101010001#3201060401130027#",
)
DELIVER = DeliverSm(
    7,
    source_addr_ton=3,
    source_addr="4444",
    dest_addr_ton=1,
    dest_addr_npi=1,
    destination_addr="6281234567890",
    short_message=b"Selamat, nomor Anda 081234567890 berhasil diregistrasi. Terima kasih.",
)
RECEIPT = DeliverSm(
    8,
    source_addr_ton=1,
    source_addr_npi=1,
    source_addr="6281234567890",
    dest_addr_ton=5,
    destination_addr="BANK",
    esm_class=4,
    short_message=b"id:123456 sub:001 dlvrd:001 submit date:1802260800 done date:1802260801 "
    b"stat:DELIVRD err:000 Text:Kode OTP Anda 123456",
    tlvs=(Tlv(TlvTag.RECEIPTED_MESSAGE_ID, b"123456\0"), Tlv(TlvTag.MESSAGE_STATE, b"\2")),
)

_HEADER = Struct(">IIII")
_TLV = Struct(">HH")


def read_by_hand(data: bytes) -> tuple[object, ...]:
    """Read every field of a submit_sm or deliver_sm, trusting the octets."""
    length, command_id, status, sequence = _HEADER.unpack_from(data)
    end = data.index(0, 16)
    service = data[16:end].decode("latin-1")
    source_ton, source_npi = data[end + 1], data[end + 2]
    start, end = end + 3, data.index(0, end + 3)
    source = data[start:end].decode("latin-1")
    dest_ton, dest_npi = data[end + 1], data[end + 2]
    start, end = end + 3, data.index(0, end + 3)
    dest = data[start:end].decode("latin-1")
    esm_class, protocol, priority = data[end + 1], data[end + 2], data[end + 3]
    start, end = end + 4, data.index(0, end + 4)
    schedule = data[start:end].decode("latin-1")
    start, end = end + 1, data.index(0, end + 1)
    validity = data[start:end].decode("latin-1")
    registered, replace, coding, default, size = data[end + 1 : end + 6]
    at = end + 6 + size
    message = data[end + 6 : at]
    tlvs = []
    while at < length:
        tag, size = _TLV.unpack_from(data, at)
        tlvs.append((tag, data[at + 4 : at + 4 + size]))
        at += 4 + size
    return (
        command_id, status, sequence, service, source_ton, source_npi, source, dest_ton, dest_npi,
        dest, esm_class, protocol, priority, schedule, validity, registered, replace, coding,
        default, message, tlvs,
    )  # fmt: skip


def write_by_hand(command_id: int, pdu: SubmitSm | DeliverSm) -> bytes:
    """Write every field of one, trusting the values."""
    message = pdu.short_message
    body = b"%s\0%c%c%s\0%c%c%s\0%c%c%c%s\0%s\0%c%c%c%c%c%s" % (
        pdu.service_type.encode(),
        pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr.encode(),
        pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr.encode(),
        pdu.esm_class, pdu.protocol_id, pdu.priority_flag,
        pdu.schedule_delivery_time.encode(), pdu.validity_period.encode(),
        pdu.registered_delivery, pdu.replace_if_present_flag, pdu.data_coding,
        pdu.sm_default_msg_id, len(message), message,
    )  # fmt: skip
    for one in pdu.tlvs:
        body += _TLV.pack(one.tag, len(one.value)) + one.value
    return _HEADER.pack(16 + len(body), command_id, 0, pdu.sequence_number) + body


@dataclass(frozen=True)
class Row:
    """What one operation costs, in nanoseconds; `known` is architecture.md's figure, if any."""

    name: str
    ours: float
    by_hand: float
    known: int | None

    @property
    def ratio(self) -> float:
        """Ours to that by hand."""
        return self.ours / self.by_hand


class _Pair(NamedTuple):
    ours: Callable[[], object]
    by_hand: Callable[[], object]


def _least(name: str, pair: _Pair, repeats: int, count: int, known: int | None) -> Row:
    """Time both, taken in turns, so that a busy machine slows them alike."""
    best = [float("inf"), float("inf")]
    for _ in range(repeats):
        for place, work in enumerate(pair):
            spent = timeit.timeit(work, timer=time.process_time, number=count)
            best[place] = min(best[place], spent / count * 1e9)
    return Row(name, best[0], best[1], known)


def measure(repeats: int = 200, count: int = 500) -> list[Row]:
    """Measure every row."""
    rows = []
    for name, pdu, known in (
        ("submit_sm", SUBMIT, 3300),
        ("deliver_sm", DELIVER, None),
        ("deliver_sm, receipt with TLVs", RECEIPT, None),
    ):
        octets = encode(pdu)
        reads = _Pair(partial(decode, octets), partial(read_by_hand, octets))
        writes = _Pair(partial(encode, pdu), partial(write_by_hand, pdu.command_id.value, pdu))
        rows.append(_least(f"decode {name}", reads, repeats, count, known))
        rows.append(_least(f"encode {name}", writes, repeats, count, None))
    # As a session that delivers many does it.
    deliver = _Pair(partial(encode_deliver_sm, DELIVER, 7), partial(write_by_hand, 5, DELIVER))
    name = "encode deliver_sm, by Session.deliver"
    return [*rows, _least(name, deliver, repeats, count, 500)]


def table(rows: list[Row]) -> str:
    """Lay the rows out as text."""
    lines = [f"{'ns a PDU':40}{'ours':>8}{'by hand':>9}{'ratio':>7}{'known':>7}"]
    lines += [
        f"{row.name:40}{row.ours:8.0f}{row.by_hand:9.0f}{row.ratio:7.2f}{row.known or '':>7}"
        for row in rows
    ]
    return "\n".join(lines)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.codec")
    parser.add_argument("--json", action="store_true")
    rows = measure()
    if parser.parse_args().json:
        print(json.dumps([asdict(row) | {"ratio": round(row.ratio, 3)} for row in rows]))
    else:
        print(table(rows))


if __name__ == "__main__":
    main()
