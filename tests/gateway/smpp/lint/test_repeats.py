from __future__ import annotations

from gateway.smpp.lint.repeats import AT_ONCE_S, Repeats


def test_the_same_again_within_two_seconds() -> None:
    repeats = Repeats()
    assert not repeats.seen(1, 10.0)
    assert not repeats.seen(2, 10.0)
    assert repeats.seen(1, 10.0 + AT_ONCE_S)
    assert not repeats.seen(1, 20.0)


def test_only_the_last_messages_are_remembered() -> None:
    repeats = Repeats()
    repeats.seen(-1, 1.0)
    for message in range(300):
        assert not repeats.seen(message, 1.0)
    assert repeats.seen(-1, 1.0)
    for message in range(1000, 1600):
        assert not repeats.seen(message, 1.0)
    assert not repeats.seen(0, 1.0)
