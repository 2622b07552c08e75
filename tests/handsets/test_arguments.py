"""What commands take, and how a mistake is told."""

from collections.abc import Callable

import pytest
import typer

from handsets import arguments
from handsets.broker import Broker
from handsets.place import Place


@pytest.mark.parametrize("text", ["081234567890", "6281234567890", "+62 812-3456-7890"])
def test_a_number_in_any_form(text: str) -> None:
    assert arguments.msisdn(text) == "6281234567890"
    assert arguments.address(text) == "6281234567890"


def test_a_short_code_is_an_address() -> None:
    assert arguments.address("4444") == "4444"


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        ("127.0.0.1:1883", Place("127.0.0.1", 1883), "127.0.0.1:1883"),
        ("broker.example:1", Place("broker.example", 1), "broker.example:1"),
        ("[::1]:2775", Place("::1", 2775), "[::1]:2775"),
    ],
)
def test_a_place(text: str, place: Place, shown: str) -> None:
    assert arguments.place(text) == place
    assert str(place) == shown


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (arguments.msisdn, "4444", "is no mobile number: use an Indonesian mobile number"),
        (arguments.msisdn, "0812", "is no mobile number: write 9 to 12 digits"),
        (arguments.address, "44x", "or a short code: 4444"),
        (arguments.place, "1883", "is no HOST:PORT; write it like 127.0.0.1:1883"),
        (arguments.place, ":1883", "is no HOST:PORT"),
        (arguments.place, "host:", "is no HOST:PORT"),
        (arguments.place, "host:x", "is no HOST:PORT"),
        (arguments.place, "host:0", "a port is a number from 1 to 65535"),
        (arguments.place, "host:65536", "a port is a number from 1 to 65535"),
        (arguments.message, "\udcff", "not UTF-8"),
    ],
)
def test_a_mistake_is_told(read: Callable[[str], object], text: str, told: str) -> None:
    with pytest.raises(typer.BadParameter, match=told):
        read(text)


@pytest.mark.parametrize(
    ("text", "told"), [("rahasia-1", "at most 8"), ("\N{LATIN SMALL LETTER E WITH ACUTE}", "ASCII")]
)
def test_a_password_that_smpp_cannot_carry(text: str, told: str) -> None:
    with pytest.raises(typer.BadParameter, match=rf"--password: SMPP takes .*{told}"):
        arguments.credential(text, "--password", 8)


def test_what_can_be_carried_stays() -> None:
    assert arguments.credential("qa", "--password", 8) == "qa"
    assert arguments.message("nama 漢") == "nama 漢"


def test_a_ussd_code() -> None:
    assert arguments.ussd_code("*123*4444#") == "*123*4444#"
    for wrong in ("", "*#", "444", "*444", "*x#"):
        with pytest.raises(typer.BadParameter, match="is no USSD code"):
            arguments.ussd_code(wrong)


@pytest.mark.parametrize(
    ("text", "broker"),
    [
        ("h:1", Broker("h", 1)),
        ("mqtt://h", Broker("h", 1883)),
        ("mqtt://u:p%40@h:7", Broker("h", 7, "u", "p@")),
        ("mqtts://u@[::1]", Broker("::1", 8883, "u", tls=True)),
        ("mqtts://h?ca=a%2Fca.pem", Broker("h", 8883, tls=True, ca="a/ca.pem")),
    ],
)
def test_a_broker_is_a_place_or_a_url(text: str, broker: Broker) -> None:
    assert arguments.broker(text) == broker


@pytest.mark.parametrize(
    "text", ["h", "http://h", "mqtt://", "mqtt://h:x", "mqtt://h?ca=a", "mqtts://h?cert=a"]
)
def test_what_is_no_broker_is_refused_without_its_password(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        arguments.broker(text)
