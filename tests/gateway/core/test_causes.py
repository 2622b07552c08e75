"""Each cause has its number in every interface; those of the programme are domain.md 6.2's."""

import pytest

from gateway.core.causes import CODES, Cause, Codes


def test_every_cause_has_its_codes() -> None:
    assert set(CODES) == set(Cause)


def test_barring_is_the_programme_s_own_codes() -> None:
    assert CODES[Cause.OPERATOR_DETERMINED_BARRING] == Codes(rp=8, q850=21, sm=8, map_error=13)


@pytest.mark.parametrize(
    ("cause", "map_error"),
    [(Cause.UNKNOWN_SUBSCRIBER, 1), (Cause.ABSENT_SUBSCRIBER, 27), (Cause.NORMAL_CLEARING, 0)],
)
def test_receipt_errors_are_map_numbers(cause: Cause, map_error: int) -> None:
    assert CODES[cause].map_error == map_error


@pytest.mark.parametrize("cause", Cause)
def test_codes_fit_their_fields(cause: Cause) -> None:
    # RP cause, Q.850 cause value: 7 bits; SM cause: one octet; network_error_code: two.
    codes = CODES[cause]
    assert 1 <= codes.rp <= 127
    assert 1 <= codes.q850 <= 127
    assert 1 <= codes.sm <= 255
    assert 0 <= codes.map_error <= 999


def test_names_are_what_frames_carry() -> None:
    assert all(cause.value == cause.name.lower() for cause in Cause)
