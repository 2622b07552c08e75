"""Long messages: parts of every form, cut by the client, are one message; and the way back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from smpplib.gsm import make_parts

from gateway.core.registration.citizens import Registry
from tests.interop.esmes.driver import CLIENTS, Client, Delivered, Esme
from tests.interop.network import Network
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]

# Two-septet characters and surrogate pairs everywhere. smpplib, which cuts octets and not
# characters, ends its first part in the middle of one of each: see the test of that.
LONG = {
    "gsm": "".join(f"{'x' * number}{{€}}" for number in range(3, 25)),
    "ucs2": "".join(f"{'雅' * number}😀" for number in range(3, 16)),
}
GSM, UCS2 = "Halo {app} €", "Halo, 雅加达 😀"
FORMS = [(client, form) for client in CLIENTS.values() for form in client.multipart]
EVERY_FORM = pytest.mark.parametrize(
    ("client", "form"), FORMS, ids=[f"{client.name}-{form}" for client, form in FORMS]
)
EVERY = pytest.mark.parametrize("client", CLIENTS.values(), ids=list(CLIENTS))
# How a long message goes to an application, and the code that an application of that kind serves.
TOWARDS = {"payload": "1230", "udh8": "1231", "udh16": "1232", "sar": "1233"}
RETURNS = [
    (client, form)
    for client in CLIENTS.values()
    for form in TOWARDS
    # aiosmpplib 0.7.4 takes a 16-bit reference for four octets and never has all parts.
    if (client.name, form) != ("aiosmpplib", "udh16")
]
ACCOUNTS = [
    'system_id="a2p", password="a2p"',
    'system_id="qa", password="qa", speaks_for_handsets=true',
    *(
        f'system_id="app{code}", password="app{code}", serves=["{code}"], long_messages="{form}"'
        for form, code in TOWARDS.items()
    ),
]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    folder = tmp_path_factory.mktemp("long")
    rows = ", ".join(f"{{{row}}}" for row in ACCOUNTS)
    with Served(folder, f"smpp.accounts=[{rows}]") as served:
        yield Network(served.ready())
        assert served.stop() == 0


def _name(one: Client | str) -> str:
    return one if isinstance(one, str) else one.name


def number(client: Client, form: str, last: int) -> str:
    """Give each client and form subscribers of their own."""
    return f"6281290{FORMS.index((client, form)):02d}{last:04d}"


def test_the_texts_tear_where_smpplib_cuts() -> None:
    gsm, _, _ = make_parts(LONG["gsm"])
    ucs2, _, _ = make_parts(LONG["ucs2"])
    assert gsm[0].endswith(b"\x1b")
    assert ucs2[0][-2] in range(0xD8, 0xDC)


def _receipt(one: Delivered) -> bool:
    return one.is_receipt


def _message(one: Delivered) -> bool:
    return not one.is_receipt


@EVERY_FORM
@pytest.mark.parametrize("alphabet", LONG)
def test_arrives_as_one_message(network: Network, client: Client, form: str, alphabet: str) -> None:
    to, text = number(client, form, 1 if alphabet == "gsm" else 2), LONG[alphabet]
    with Esme(client, network.port) as esme:
        esme.bind("a2p")
        ids = esme.submit("BANK", to, text, receipt=1, parts=form)
        assert len(set(ids)) == len(ids)
        assert len(ids) == 1 if form == "payload" else len(ids) > 1
        receipts = esme.takes(_receipt, 1 if client.name == "aiosmpplib" else len(ids))
        assert all("stat:DELIVRD err:000" in one.text for one in receipts)
        esme.unbind()
    (message,) = network.inbox(to)
    assert message["text"] == text


@EVERY_FORM
def test_a_long_registration_registers(network: Network, client: Client, form: str) -> None:
    phone = number(client, form, 3)
    person = Registry(seed=4444).citizen(500 + FORMS.index((client, form)))
    text = f"REG {person.nik.digits}#{person.kk.digits}#".ljust(200)
    with Esme(client, network.port) as esme:
        esme.bind("qa")
        ids = esme.submit(phone, "4444", text, parts=form)
        assert len(ids) == (1 if form == "payload" else 2)
        (reply,) = esme.takes(_message)
        assert "berhasil diregistrasi" in reply.text
        esme.unbind()
    assert network.subscriber(phone)["status"] == "registered"


@pytest.mark.parametrize(("client", "form"), RETURNS, ids=_name)
@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_message_of_a_phone_reaches_the_client(
    network: Network, client: Client, form: str, text: str
) -> None:
    _from_a_phone(network, client, text, TOWARDS[form], form)


@EVERY
@pytest.mark.parametrize("text", [GSM, UCS2], ids=["gsm", "ucs2"])
def test_a_phones_message_reaches_the_client(network: Network, client: Client, text: str) -> None:
    _from_a_phone(network, client, text, TOWARDS["payload"])


def _from_a_phone(
    network: Network, client: Client, text: str, code: str, long_form: str = "payload"
) -> None:
    phone = number(client, client.multipart[0], 4)
    with Esme(client, network.port) as app, Esme(CLIENTS["smpp34"], network.port) as phones:
        app.bind(f"app{code}")
        phones.bind("qa")
        phones.submit(phone, code, text, parts="payload")
        # smpp34 tells of them in any order; aiosmpplib joins them and tells of one.
        parts: list[Delivered] = []
        while not parts or len(parts) < parts[0].place[1]:
            parts += app.takes(_message)
        assert {(part.source, part.destination) for part in parts} == {(phone, code)}
        assert "".join(part.text for part in sorted(parts, key=lambda one: one.place)) == text
        if long_form != "payload" and client.name != "aiosmpplib":
            numbers = sorted(part.place for part in parts)
            assert numbers == [(number, len(parts)) for number in range(1, len(parts) + 1)]
            assert len(parts) > 1
        app.unbind()
        phones.unbind()
