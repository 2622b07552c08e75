"""A broker's place and what it wants to see."""

from pathlib import Path

import pytest
import trustme

from gateway.air.packets import REFUSALS
from handsets.broker import BadCertificates, Broker, broker_at, tls_to, way_out
from handsets.place import Place


def test_a_bare_place_lets_everybody_in() -> None:
    assert broker_at(Place("h", 1)) == Broker("h", 1)
    mine = Broker("h", 1, "u", "p")
    assert broker_at(mine) is mine


def test_its_password_is_not_shown() -> None:
    broker = Broker("h", 1, "u", "secret")
    assert str(broker) == "h:1"
    assert "secret" not in repr(broker)


def test_tls_only_where_wanted_and_with_the_named_authority(tmp_path: Path) -> None:
    pem = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(pem))
    assert tls_to(Broker("h", 1)) is None
    context = tls_to(Broker("h", 1, tls=True, ca=str(pem)))
    assert context is not None
    assert len(context.get_ca_certs()) == 1


def test_a_file_without_certificates_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadCertificates, match=r"none\.pem"):
        tls_to(Broker("h", 1, tls=True, ca=str(tmp_path / "none.pem")))


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("[code:134] Bad user name or password", "check user and password: --broker mqtt://"),
        ("[code:135] Not authorized", "check user and password: --broker mqtt://"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED]", "check that it speaks TLS there"),
        ("Connection refused", "start it"),
    ],
)
def test_the_way_out_is_what_the_broker_complains_of(why: str, told: str) -> None:
    assert way_out(why, "start it", "--broker").startswith(told)


@pytest.mark.parametrize("code", [4, 5])
def test_what_our_own_connections_say_of_a_wrong_password_is_known(code: int) -> None:
    assert way_out(REFUSALS[code], "start it").startswith("check user and password")
