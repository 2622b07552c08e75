"""Truncations and refusals field by field; whole PDUs are in test_codec."""

import pytest

from gateway.smpp.codes import CommandStatus
from gateway.smpp.errors import Misuse
from gateway.smpp.fields import LAYOUTS, Field, Kind
from gateway.smpp.pdu import DistributionList, SmeAddress, SubmitMulti, Tlv, UnsuccessSme
from gateway.smpp.wire import READERS, WRITERS, Fault, read_tlvs, write_tlvs

S = CommandStatus
ADDRESS = Field("source_addr", Kind.CSTRING, 21, S.ESME_RINVSRCADR)
NUMBER = Field("error_code", Kind.INT4, 4, S.ESME_RINVCMDLEN)
MESSAGE = Field("short_message", Kind.SHORT_MESSAGE, 254, S.ESME_RINVMSGLEN)
DESTINATIONS = Field("dest_address", Kind.DESTINATIONS, 254, S.ESME_RINVNUMDESTS)
UNSUCCESSFUL = Field("unsuccess_sme", Kind.UNSUCCESSFUL, 255, S.ESME_RINVNUMDESTS)


@pytest.mark.parametrize(
    ("field", "octets", "status"),
    [
        (NUMBER, b"\0\0\0", S.ESME_RINVCMDLEN),
        (ADDRESS, b"", S.ESME_RINVCMDLEN),
        (ADDRESS, b"6281", S.ESME_RINVCMDLEN),
        (ADDRESS, b"6" * 21, S.ESME_RINVSRCADR),
        (ADDRESS, b"6" * 21 + b"\0", S.ESME_RINVSRCADR),
        (MESSAGE, b"", S.ESME_RINVCMDLEN),
        (MESSAGE, b"\xff" + b"x" * 255, S.ESME_RINVMSGLEN),
        (MESSAGE, b"\x05abcd", S.ESME_RINVMSGLEN),
        (DESTINATIONS, b"", S.ESME_RINVCMDLEN),
        (DESTINATIONS, b"\0", S.ESME_RINVNUMDESTS),
        (DESTINATIONS, b"\xff", S.ESME_RINVNUMDESTS),
        (DESTINATIONS, b"\1", S.ESME_RINVCMDLEN),
        (DESTINATIONS, b"\1\3", S.ESME_RINVDESTFLAG),
        (DESTINATIONS, b"\1\1\0", S.ESME_RINVCMDLEN),
        (DESTINATIONS, b"\1\1\0\0" + b"6" * 22, S.ESME_RINVDSTADR),
        (DESTINATIONS, b"\1\2" + b"x" * 22, S.ESME_RINVDLNAME),
        (UNSUCCESSFUL, b"", S.ESME_RINVCMDLEN),
        (UNSUCCESSFUL, b"\1\0", S.ESME_RINVCMDLEN),
        (UNSUCCESSFUL, b"\1\0\x006\0\0\0", S.ESME_RINVCMDLEN),
    ],
)
def test_what_cannot_be_read_says_what_to_answer(
    field: Field, octets: bytes, status: CommandStatus
) -> None:
    read = READERS[field.kind](field, octets, 0, len(octets))
    assert isinstance(read, Fault)
    assert read.status is status


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"\x04", S.ESME_RINVOPTPARSTREAM),
        (b"\x04\x27\x00", S.ESME_RINVOPTPARSTREAM),
        (b"\x04\x27\x00\x01", S.ESME_RINVPARLEN),
        (b"\x14\x00\xff\xffvendor", S.ESME_RINVPARLEN),
    ],
)
def test_a_tlv_that_is_cut_off_says_what_to_answer(octets: bytes, status: CommandStatus) -> None:
    read = read_tlvs(octets, 0, len(octets))
    assert isinstance(read, Fault)
    assert read.status is status


def test_reading_stops_at_the_end_of_the_pdu() -> None:
    assert isinstance(READERS[Kind.CSTRING](ADDRESS, b"62\0", 0, 2), Fault)
    assert READERS[Kind.CSTRING](ADDRESS, b"\xff\xe9\0", 0, 3) == ("ÿé", 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (NUMBER, -1),
        (NUMBER, 1 << 32),
        (ADDRESS, "6" * 21),
        (ADDRESS, "6\0"),
        (ADDRESS, "€"),
        (MESSAGE, b"x" * 255),
        (DESTINATIONS, ()),
        (DESTINATIONS, (SmeAddress("6"),) * 255),
        (DESTINATIONS, (DistributionList("x" * 21),)),
        (UNSUCCESSFUL, (UnsuccessSme("6", 1),) * 256),
        (UNSUCCESSFUL, (UnsuccessSme("6", -1),)),
    ],
)
def test_what_cannot_be_written_is_our_mistake(field: Field, value: object) -> None:
    with pytest.raises(Misuse):
        WRITERS[field.kind](field, value)


@pytest.mark.parametrize("broken", [Tlv(0x10000, b""), Tlv(1, b"x" * 0x10000)])
def test_a_tlv_that_cannot_be_written_is_our_mistake(broken: Tlv) -> None:
    with pytest.raises(Misuse):
        write_tlvs((broken,))


def test_every_kind_is_used_read_and_written() -> None:
    used = {field.kind for layout in LAYOUTS.values() for field in layout.fields}
    assert used | {Kind.INT4} == set(READERS) == set(WRITERS) == set(Kind)
    assert SubmitMulti().dest_address == ()
