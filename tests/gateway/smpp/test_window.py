from gateway.smpp.window import LAST_SEQUENCE, Window


def test_numbers_wrap_to_one() -> None:
    window = Window(10, LAST_SEQUENCE)
    assert (window.number(), window.number()) == (LAST_SEQUENCE, 1)


def test_a_number_still_waiting_is_not_given_again() -> None:
    window = Window(10, 1)
    window.add(window.number(), "first", 0)
    window.sequence = 1
    assert window.number() == 2


def test_free_counts_down_and_never_below_zero() -> None:
    window = Window(2)
    window.add(1, "a", 0)
    assert window.free() == 1
    window.limit = 0
    assert window.free() == 0


def test_expiry_goes_by_ordinal_and_takes_the_oldest() -> None:
    window = Window(10)
    for sequence, context in ((9, "a"), (3, "b"), (7, "c")):
        window.add(sequence, context, 0)
    assert window.expire(2) == ["a", "b"]
    assert window.expire(2) == []
    assert window.expire(9) == ["c"]
    assert window.sent == 3


def test_take_empties() -> None:
    window = Window(10)
    window.add(1, "a", 0)
    assert (window.take(), window.take()) == (["a"], [])
