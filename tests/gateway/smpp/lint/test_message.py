from __future__ import annotations

from typing import Any

import pytest

from gateway.smpp.lint.message import Submitted, data_of, message_notes
from gateway.smpp.pdu import DataSm, DistributionList, SmeAddress, SubmitMulti, SubmitSm, Tlv
from gateway.smpp.text import DefaultAlphabet

NOW = 1_519_606_800_000
GOOD: dict[str, Any] = {
    "source_addr_ton": 1,
    "source_addr_npi": 1,
    "source_addr": "6281234567890",
    "dest_addr_ton": 1,
    "dest_addr_npi": 1,
    "destination_addr": "6281234567891",
}
HEADER = b"\5\0\3\7\2\1"
SAR = (Tlv(0x020C, b"\0\1"), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\1"))


def ids(pdu: Submitted, alphabet: DefaultAlphabet = DefaultAlphabet.GSM) -> list[str]:
    return [rule.id for rule, _ in message_notes(pdu, data_of(pdu), NOW, alphabet)]


def submit(**values: Any) -> SubmitSm:
    return SubmitSm(**{**GOOD, "short_message": b"halo", **values})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"source_addr": "BANK"}, ["name_without_ton"]),
        ({"destination_addr": ""}, ["destination_empty"]),
        ({"esm_class": 0x04}, ["esm_class"]),
        ({"priority_flag": 9}, ["priority"]),
        ({"validity_period": "170101000000000+"}, ["validity_past"]),
        ({"tlvs": (Tlv(0x1500, b"x"),)}, ["tlv_vendor"]),
        ({"short_message": b"x" * 160}, []),
        ({"short_message": b"x" * 161}, ["too_long_for_one"]),
        ({"short_message": b"\4" * 140, "data_coding": 4}, []),
        ({"short_message": b"\4" * 141, "data_coding": 4}, ["too_long_for_one"]),
        ({"short_message": HEADER + b"x" * 153, "esm_class": 0x40}, []),
        ({"short_message": HEADER + b"x" * 154, "esm_class": 0x40}, ["too_long_for_one"]),
        ({"short_message": b"\xff" * 161, "esm_class": 0x40}, ["too_long_for_one", "udh_unsound"]),
        ({"short_message": b"halo", "esm_class": 0x40}, ["udh_unsound"]),
        ({"short_message": HEADER + b"x"}, ["udh_without_udhi"]),
        ({"short_message": b"\6\x08\4\0\7\2\1x"}, ["udh_without_udhi"]),
        ({"short_message": HEADER + b"x", "esm_class": 0x40, "tlvs": SAR}, ["sar_and_udh"]),
        ({"short_message": b"x", "tlvs": SAR}, []),
        ({"short_message": b"\4\5\2\x10\x00x", "esm_class": 0x40, "tlvs": SAR}, []),
        ({"short_message": b"abc", "data_coding": 8}, ["ucs2_odd"]),
        ({"short_message": HEADER + b"abc", "esm_class": 0x40, "data_coding": 8}, ["ucs2_odd"]),
        ({"short_message": "café".encode()}, ["utf8_as_default"]),
    ],
)
def test_submit_sm(values: dict[str, Any], expected: list[str]) -> None:
    assert ids(submit(**values)) == expected


def test_another_default_alphabet() -> None:
    packed = DefaultAlphabet.GSM_PACKED
    assert ids(submit(short_message=b"\xe9"), packed) == []
    assert ids(submit(short_message=b"\xe9" * 140), packed) == []
    assert ids(submit(short_message=b"\xe9" * 141), packed) == ["too_long_for_one"]
    assert ids(submit(short_message=b"\xe9" * 160), DefaultAlphabet.LATIN_1) == []


def test_message_payload_may_be_long() -> None:
    payload = (Tlv(0x0424, b"x" * 500),)
    assert ids(submit(short_message=b"", tlvs=payload)) == []
    assert ids(submit(short_message=b"", data_coding=8, tlvs=(Tlv(0x0424, b"abc"),))) == [
        "ucs2_odd"
    ]


def test_submit_multi_is_looked_at_destination_by_destination() -> None:
    pdu = SubmitMulti(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr="6281234567890",
        dest_address=(
            SmeAddress("", 1, 1),
            SmeAddress("+62812345678", 1, 1),
            DistributionList("a"),
        ),
        short_message=b"x" * 200,
    )
    assert ids(pdu) == ["destination_empty", "plus_sign", "too_long_for_one"]


def test_data_sm() -> None:
    pdu = DataSm(**GOOD, registered_delivery=3, tlvs=(Tlv(0x0424, "é".encode()),))
    assert ids(pdu) == ["registered_delivery", "utf8_as_default"]
    assert data_of(pdu) == "é".encode()
