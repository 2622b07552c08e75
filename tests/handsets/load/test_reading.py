"""Raw values are shown as TOML writes them."""

import pytest

from handsets.load.reading import Reader, one_of, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        ("a", '"a"'),
        ("x" * 50, f'"{"x" * 40}..."'),
        ({}, "a table"),
        ([], "a list"),
        (1.5, "1.5"),
    ],
)
def test_shown(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_wrong_word_is_led_to_the_right_one() -> None:
    assert one_of("ramb", ("ramp", "burst")) == 'did you mean "ramp"?'
    assert one_of("zzz", ("ramp", "burst")) == "write one of ramp, burst"


def test_a_mistake_of_a_table_itself_names_the_table() -> None:
    mistakes: list[str] = []
    Reader({}, "curve 2", mistakes).wrong("", "odd")
    Reader({}, "", mistakes).wrong("", "odd")
    assert mistakes == ["curve 2: odd", "odd"]
