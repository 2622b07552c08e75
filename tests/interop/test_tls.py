"""ESMEs of other people over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from tests.interop.esmes.driver import Client, Esme, able
from tests.interop.serving import Served

pytestmark = [pytest.mark.interop, pytest.mark.timeout(180)]


class Secured(NamedTuple):
    port: int
    authority: str


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("tls")
    with Served(folder, f"smpp.tls.certificate={_certificate(folder)!r}", "smpp.tls.port=0") as one:
        yield Secured(one.ready()["smpp-tls"]["port"], str(folder / "ca.pem"))
        assert one.stop() == 0


def _certificate(folder: Path) -> str:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    return str(folder / "server.pem")


@able("tls")
def test_a_session_over_tls(secured: Secured, client: Client) -> None:
    with Esme(client, secured.port, secured.authority) as esme:
        assert esme.bind("a2p")["command_status"] == 0
        (id_,) = esme.submit("BANK", "6281290000001", "Halo", receipt=1)
        (receipt,) = esme.takes(lambda one: one.is_receipt)
        assert f"id:{id_} " in receipt.text
        esme.unbind()
