import pytest

from gateway.smpp.data_coding import (
    CODINGS,
    Alphabet,
    Coding,
    Indication,
    MessageClass,
    Waiting,
    describe_data_coding,
)


@pytest.mark.parametrize(
    ("code", "coding"),
    [
        (0x00, Coding(Alphabet.DEFAULT)),
        (0x04, Coding(Alphabet.BINARY)),
        (0x0B, Coding(Alphabet.DEFAULT, reserved=True)),
        (0x10, Coding(Alphabet.DEFAULT, MessageClass.CLASS_0)),
        (0x16, Coding(Alphabet.BINARY, MessageClass.CLASS_2)),
        (0x19, Coding(Alphabet.UCS2, MessageClass.CLASS_1)),
        (0x1C, Coding(Alphabet.DEFAULT, MessageClass.CLASS_0, reserved=True)),
        (0x20, Coding(Alphabet.BINARY, compressed=True)),
        (0x38, Coding(Alphabet.BINARY, MessageClass.CLASS_0, compressed=True)),
        (0x40, Coding(Alphabet.DEFAULT, deleted_when_read=True)),
        (0x60, Coding(Alphabet.BINARY, compressed=True, deleted_when_read=True)),
        (0x80, Coding(Alphabet.DEFAULT, reserved=True)),
        (0xC8, Coding(Alphabet.DEFAULT, indication=Indication(Waiting.VOICEMAIL, True, True))),
        (0xD1, Coding(Alphabet.DEFAULT, indication=Indication(Waiting.FAX, False, False))),
        (0xEA, Coding(Alphabet.UCS2, indication=Indication(Waiting.EMAIL, True, False))),
        (0xF0, Coding(Alphabet.DEFAULT, MessageClass.CLASS_0)),
        (0xF7, Coding(Alphabet.BINARY, MessageClass.CLASS_3)),
    ],
)
def test_every_group_is_read(code: int, coding: Coding) -> None:
    assert CODINGS[code] == coding


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0x00, "default alphabet"),
        (0x01, "ASCII"),
        (0x02, "8-bit binary"),
        (0x08, "UCS-2"),
        (0x0F, "default alphabet, reserved"),
        (0x10, "default alphabet, class 0 (flash)"),
        (0x28, "compressed UCS-2"),
        (0x41, "default alphabet, deleted when read"),
        (0xC8, "default alphabet, voicemail waiting, discard"),
        (0xE3, "UCS-2, other no longer waiting, store"),
        (0xF6, "8-bit binary, class 2 (SIM)"),
    ],
)
def test_a_data_coding_is_described(code: int, words: str) -> None:
    assert describe_data_coding(code) == words


def test_all_256_are_described() -> None:
    assert all(describe_data_coding(code) for code in range(256))
