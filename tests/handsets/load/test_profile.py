"""A profile is read whole, or everything that is wrong with it is told."""

# ruff: noqa: E501 - a table, a mistake a line

from typing import Any

import msgspec
import pytest

from handsets.load.curve import Closed, Piece, Rates
from handsets.load.profile import OPERATORS, A2p, Profile, read_profile

CURVE = [{"kind": "constant", "rate": 5.0, "seconds": 2.0}]


def read(table: dict[str, Any]) -> Profile | list[str]:
    return read_profile(table, "mine", lambda file, _column: f"{file} cannot be read")


def good(**table: Any) -> Profile:
    found = read({"curve": CURVE, **table})
    assert isinstance(found, Profile), found
    return found


def test_the_least_profile_has_all_defaults() -> None:
    found = good()
    assert found.curve == Rates((Piece(2.0, 5.0, 5.0),))
    assert found.mix == {"registration": 1.0}
    assert set(found.operators) == set(OPERATORS)
    assert found.registrations.failures["kk_wrong"] == 45.0
    assert found.a2p == A2p()


def test_a_profile_can_be_sent_to_agents() -> None:
    found = good(expect=["p99<1s"], abort=[{"when": "errors>5%", "seconds": 3}])
    again = msgspec.json.decode(msgspec.json.encode(found), type=Profile)
    assert again == found


def test_curves_of_each_kind() -> None:
    pieces = [
        {"kind": "ramp", "from": 0.0, "to": 10.0, "seconds": 5.0},
        {
            "kind": "burst",
            "rate": 1.0,
            "burst": 9.0,
            "burst_seconds": 1.0,
            "every": 3.0,
            "seconds": 3.0,
        },
    ]
    assert good(curve=pieces).curve == Rates(
        (Piece(5.0, 0.0, 10.0), Piece(2.0, 1.0, 1.0), Piece(1.0, 9.0, 9.0))
    )
    closed = [{"kind": "closed", "window": 7, "seconds": 3.0}]
    assert good(curve=closed).curve == Closed(7, 3.0)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"curve": []}, 'curve: say when to send: [[curve]] with kind = "constant", rate, seconds'),
        ({"sed": 1}, 'sed: there is no such key; did you mean "seed"?'),
        ({"arrivals": "poison"}, 'arrivals: "poison" is unknown; did you mean "poisson"?'),
        ({"patience": 0}, "patience: 0 is out of range; write a number from 0.1 to 86400 seconds"),
        ({"seed": 1.5}, "seed: 1.5 is no whole number; write one like 2018"),
        ({"seed": True}, "seed: true is no number; write one like 2018"),
        ({"about": 3}, "about: 3 is no text; write it in quotes"),
        ({"mix": {"registration": 0}}, "mix: all shares are 0; give one to registration or a2p or call or data"),
        ({"mix": {"sms": 1}}, 'mix.sms: there is no such key; write one of a2p, call, data, registration'),
        ({"operators": 3}, "operators: 3 is no table; write [operators] and its keys below"),
        ({"expect": ["p99"]}, "expect: 'p99' is no threshold; write it like p99<200ms, reply.p99.9<1s, max<5s, errors<1%, lost<=0, refused<5 or rate>500"),
        ({"expect": "p99<1s"}, "expect: write a list of texts in quotes"),
        ({"abort": [{"seconds": 3}]}, 'abort 1.when: say when to end the run, like when = "errors>20%"'),
        ({"abort": 3}, "abort: write it as [[abort]], once for each"),
        ({"registrations": {"to": "desk"}}, "registrations.to: write a short code or a number in digits, like 4444"),
        ({"registrations": {"again_after": [5, 1]}}, "registrations.again_after: write the least and the most seconds: [60.0, 600.0]"),
        ({"a2p": {"source": ""}}, "a2p.source: write 1 to 20 ASCII characters"),
        ({"a2p": {"text": "x" * 161}}, "a2p.text: write at most 160 ASCII characters"),
        ({"curve": [{"kind": "burst", "burst_seconds": 9.0, "every": 9.0}]}, "curve 1.every: bursts of 9 s need more than 9 s from one to the next"),
        ({"curve": [{"kind": "replay"}]}, "curve 1.file: name the CSV file that has the moments"),
        ({"curve": [{"kind": "replay", "file": "x.csv"}]}, "curve 1.file: x.csv cannot be read"),
        ({"curve": [{"kind": "closed"}, *CURVE]}, 'curve: "closed" stands alone; take the other [[curve]]s away'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_remedy(table: dict[str, Any], told: str) -> None:
    assert read({"curve": CURVE, **table}) == [told]


def test_all_mistakes_are_told_at_once() -> None:
    found = read({"curve": [{"kind": "wave", "rat": 3}], "patience": "long", "people": {"x": 1}})
    assert isinstance(found, list)
    assert len(found) == 4
