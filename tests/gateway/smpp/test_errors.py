from gateway.smpp.errors import FramingLost, Misuse, Rejected


def test_what_the_peer_does_is_a_value_and_what_we_do_is_an_exception() -> None:
    assert not isinstance(Rejected(1, 4, 7), Exception)
    assert not isinstance(FramingLost(4), Exception)
    assert issubclass(Misuse, Exception)
