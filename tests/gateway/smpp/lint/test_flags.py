from __future__ import annotations

import pytest

from gateway.smpp.lint.flags import flag_notes, time_notes, tlv_notes
from gateway.smpp.pdu import Tlv

NOW = 1_519_606_800_000  # 2018-02-26T01:00 UTC


def ids(notes: object) -> list[str]:
    return [rule.id for rule, _ in notes]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ((0, 0, 0, 0), []),
        ((0xC3, 0x1E, 3, 1), []),
        ((0x08, 1, 0, 0), []),
        ((0x10, 1, 0, 0), []),
        ((0x04, 1, 0, 0), ["esm_class"]),
        ((0x3C, 1, 0, 0), ["esm_class"]),
        ((0, 3, 0, 0), ["registered_delivery"]),
        ((0, 0x20, 0, 0), ["registered_delivery"]),
        ((0, 0, 4, 0), ["priority"]),
        ((0, 0, 0, 2), ["replace_flag"]),
    ],
)
def test_flags(flags: tuple[int, int, int, int], expected: list[str]) -> None:
    assert ids(flag_notes(*flags)) == expected


@pytest.mark.parametrize(
    ("schedule", "validity", "expected"),
    [
        ("", "", []),
        ("", "180226020000000+", []),
        ("180226020000000+", "000001000000000R", []),
        ("", "180226005900000+", ["validity_past"]),
        ("", "180226085900028+", []),
        ("", "180226085900028-", []),
        ("180226005900000+", "", ["schedule_past"]),
        ("tomorrow", "1802", ["time_malformed", "time_malformed"]),
    ],
)
def test_times(schedule: str, validity: str, expected: list[str]) -> None:
    if validity.endswith("28+"):
        # 08:59 in Jakarta, seven hours ahead, is 01:59 UTC.
        assert time_notes("", validity, NOW + 3_600_000) != []
    assert ids(time_notes(schedule, validity, NOW)) == expected


@pytest.mark.parametrize(
    ("tlvs", "expected"),
    [
        ((Tlv(0x0204, b"\0\1"),), []),
        ((Tlv(0x1401, b"x"),), ["tlv_vendor"]),
        ((Tlv(0x130C, b""),), []),
        ((Tlv(0x0600, b"x"),), ["tlv_unknown"]),
        ((Tlv(0x0204, b"\1"),), ["tlv_misfit"]),
        ((Tlv(0x0204, b"\0\1"), Tlv(0x0204, b"\0\2")), ["tlv_repeated"]),
        ((Tlv(0x1401, b"x"), Tlv(0x1401, b"y")), ["tlv_vendor", "tlv_repeated"]),
        ((Tlv(0x020C, b"\0\1"),), ["sar_incomplete"]),
        ((Tlv(0x020C, b"\0\1"), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\1")), []),
        ((Tlv(0x020C, b"\0\1"), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\3")), ["sar_incomplete"]),
    ],
)
def test_optional_parameters(tlvs: tuple[Tlv, ...], expected: list[str]) -> None:
    assert ids(tlv_notes(tlvs)) == expected
