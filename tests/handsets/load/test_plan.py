"""The same profile and seed make the same messages; senders share them."""

from collections import Counter
from itertools import islice
from typing import Any

from handsets.load.plan import Plan, Shot
from handsets.load.profile import Profile, read_profile

CONSTANT = {"kind": "constant", "rate": 100.0, "seconds": 20.0}


def profile(**table: Any) -> Profile:
    found = read_profile({"curve": [CONSTANT], **table}, "test", lambda _file, _column: "no file")
    assert isinstance(found, Profile), found
    return found


def shots(plan: Plan) -> list[Shot]:
    return list(plan)


def test_a_plan_is_repeatable() -> None:
    assert shots(Plan(profile())) == shots(Plan(profile()))
    assert shots(Plan(profile())) != shots(Plan(profile(seed=1)))


def test_every_number_sends_once() -> None:
    found = shots(Plan(profile()))
    assert 1_800 < len(found) < 2_200
    assert len({shot.source for shot in found}) == len(found)
    assert {shot.to for shot in found} == {"4444"}


def test_senders_have_no_number_in_common_and_are_together_the_whole() -> None:
    parts = [shots(Plan(profile(), sender, 3)) for sender in range(3)]
    numbers = [shot.source for part in parts for shot in part]
    assert len(set(numbers)) == len(numbers)
    assert 1_800 < len(numbers) < 2_200


def test_the_mix_is_that_of_the_profile() -> None:
    mix = {"registration": 2.0, "a2p": 1.0, "call": 1.0, "data": 1.0}
    found = shots(Plan(profile(mix=mix, a2p={"source": "BANK", "text": "hi"})))
    kinds = Counter(shot.kind for shot in found)
    assert 0.3 < kinds["registration"] / len(found) < 0.5
    a2p = next(shot for shot in found if shot.kind == "a2p")
    assert (a2p.source, a2p.text) == ("BANK", "hi")
    call = next(shot for shot in found if shot.kind == "call")
    assert call.source.startswith("628")
    assert call.to.startswith("628")
    data = next(shot for shot in found if shot.kind == "data")
    assert (data.to, data.text) == ("", "")


def test_operators_have_their_shares() -> None:
    found = shots(Plan(profile(operators={"telkomsel": 3.0, "tri": 1.0})))
    tri = sum(shot.source.startswith("6289") for shot in found)
    assert 0.2 < tri / len(found) < 0.3


def test_some_send_the_same_again_later() -> None:
    rules = {"duplicates": 0.3, "again_after": [2.0, 5.0]}
    found = shots(Plan(profile(registrations=rules)))
    first: dict[str, Shot] = {}
    waits = []
    for shot in found:
        earlier = first.setdefault(shot.source, shot)
        if earlier is not shot:
            assert shot.text == earlier.text
            waits.append(shot.at - earlier.at)
    assert min(waits) >= 2.0
    assert 0.15 < len(waits) / len(found) < 0.3


def test_a_closed_loop_has_no_end_and_no_times() -> None:
    plan = Plan(profile(curve=[{"kind": "closed", "window": 5, "seconds": 1}]))
    assert {shot.at for shot in islice(plan, 50)} == {0.0}


def test_recorded_moments_are_kept() -> None:
    table = {"curve": [{"kind": "replay", "file": "x.csv", "speed": 2.0}]}
    found = read_profile(table, "test", lambda _file, _column: (0.0, 1.0, 4.0))
    assert isinstance(found, Profile)
    assert [shot.at for shot in Plan(found)] == [0.0, 0.5, 2.0]
