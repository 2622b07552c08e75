import pytest

from gateway.smpp.errors import Misuse
from gateway.smpp.smpp_time import (
    Absolute,
    Malformed,
    Relative,
    format_absolute,
    format_relative,
    parse_time,
    unix_ms,
)

NOON = unix_ms(2026, 11, 22, 12, 0, 0)
assert NOON is not None
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("261122120000000+", Absolute(NOON)),
        ("261122120000500+", Absolute(NOON + 500)),
        ("261122190000028+", Absolute(NOON)),
        ("261122070000020-", Absolute(NOON)),
        ("991231235959000+", Absolute((unix_ms(2099, 12, 31, 23, 59, 59)) or 0)),
        ("000000010000000R", Relative(HOUR)),
        ("010203040506000R", Relative((((365 + 60 + 3) * 24 + 4) * 60 + 5) * 60_000 + 6000)),
        ("261322120000000+", Malformed("261322120000000+")),
        ("260230120000000+", Malformed("260230120000000+")),
        ("261122120000049+", Malformed("261122120000049+")),
        ("261122120000000", Malformed("261122120000000")),
        ("261122120000000*", Malformed("261122120000000*")),
        ("tomorrow", Malformed("tomorrow")),
        ("٢٦١١٢٢١٢٠٠٠٠٠٠٠+", Malformed("٢٦١١٢٢١٢٠٠٠٠٠٠٠+")),
    ],
)
def test_times_are_read(text: str, value: object) -> None:
    assert parse_time(text) == value


@pytest.mark.parametrize(
    ("quarters", "text"),
    [(0, "261122120000100+"), (28, "261122190000128+"), (-20, "261122070000120-")],
)
def test_instants_are_written_and_read_back(quarters: int, text: str) -> None:
    assert format_absolute(NOON + 100, quarters) == text  # type: ignore[operator]
    assert parse_time(text) == Absolute(NOON + 100)  # type: ignore[operator]


@pytest.mark.parametrize("duration", [0, 1000, HOUR, 86_400_000 * 400 + 61_000])
def test_durations_are_written_and_read_back(duration: int) -> None:
    assert parse_time(format_relative(duration)) == Relative(duration)


def test_a_relative_time_is_from_now() -> None:
    assert Relative(500).after(1000) == Absolute(1500)


def test_what_has_no_form_is_our_mistake() -> None:
    for ms, quarters in ((0, 0), (5_000_000_000_000, 0), (1_700_000_000_000, 49)):
        with pytest.raises(Misuse):
            format_absolute(ms, quarters)
    for duration in (-1, 100 * 365 * 86_400_000):
        with pytest.raises(Misuse):
            format_relative(duration)
