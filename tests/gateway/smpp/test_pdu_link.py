from gateway.smpp.pdu_link import BindTransceiver, Outbind


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(BindTransceiver(1, "esme", "secret"))
    assert "secret" not in repr(Outbind(1, "smsc", "secret"))
    assert repr(Outbind(1, "smsc", "secret")) == "Outbind(1, 'smsc')"
