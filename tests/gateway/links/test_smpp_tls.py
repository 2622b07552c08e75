"""The listener for TLS, with certificates made for the test."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from gateway.config import AccountConfig, LimitsConfig, SmppConfig, TlsConfig, TlsDemand
from gateway.links.smpp_server import CannotListen
from tests.gateway.links.esme import (
    BIND_TRX,
    DEADLINE,
    ENQUIRE_LINK,
    REG,
    SUBMIT_SM,
    UNBIND,
    RawEsme,
    Running,
    bind_body,
    running,
    submit_body,
)

HANDSET = "6281234567890"


class Certificates:
    """An authority, the server's certificate in a file, and what clients need."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ca = trustme.CA()
        self.server = self.write("server.pem", self.ca.issue_cert("127.0.0.1"))
        self.ca_file = str(folder / "ca.pem")
        self.ca.cert_pem.write_to_path(self.ca_file)

    def write(self, name: str, issued: trustme.LeafCert) -> str:
        path = self.folder / name
        issued.private_key_and_cert_chain_pem.write_to_path(str(path))
        return str(path)

    def client(self, name: str = "", ca: trustme.CA | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self.ca.configure_trust(context)
        if name:
            (ca or self.ca).issue_cert(name, common_name=name).configure_cert(context)
        return context


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


@contextlib.asynccontextmanager
async def esme(parts: Running, context: ssl.SSLContext) -> AsyncIterator[RawEsme]:
    async with asyncio.timeout(DEADLINE):
        port = parts.ports["smpp-tls"]
        found = RawEsme(*await asyncio.open_connection("127.0.0.1", port, ssl=context))
    yield found
    found.writer.transport.abort()


async def test_a_session_over_tls(certificates: Certificates) -> None:
    tls = TlsConfig(port=0, certificate=certificates.server)
    async with running(tls=tls) as parts:
        plain = await parts.esme("qa")
        async with esme(parts, certificates.client()) as secure:
            assert (await secure.bind("qa")).status == 0
            secure.send(SUBMIT_SM, submit_body(HANDSET, "4444", REG))
            assert (await secure.receive()).status == 0
            assert parts.server.traffic()["qa"].sessions == 2
            sequence = secure.send(UNBIND)
            # The reply of 4444 may come on either session.
            frames = [await secure.receive()]
            while frames[-1].sequence != sequence or frames[-1].command_id == 5:
                frames.append(await secure.receive())
            assert await secure.closed() == b""
        await parts.until(lambda: len(parts.server.peers) == 1)
        plain.writer.transport.abort()


async def test_who_does_not_trust_us_or_speaks_in_the_clear(certificates: Certificates) -> None:
    tls = TlsConfig(port=0, certificate=certificates.server)
    async with running(tls=tls) as parts:
        with pytest.raises(ssl.SSLCertVerificationError):
            async with esme(parts, ssl.create_default_context()):
                pytest.fail("the handshake succeeded")
        clear = await RawEsme.connect(parts.ports["smpp-tls"])
        clear.send(BIND_TRX, bind_body("qa", "qa"))
        await clear.closed()
        await clear.close()
        # None of these was a session, and the listener lives.
        assert len(parts.server.peers) == 0
        async with esme(parts, certificates.client()) as secure:
            assert (await secure.bind("qa")).status == 0


async def test_a_handshake_that_does_not_come_ends(certificates: Certificates) -> None:
    tls = TlsConfig(port=0, certificate=certificates.server)
    async with running(tls=tls, session_init_timeout=0.2) as parts:
        silent = await RawEsme.connect(parts.ports["smpp-tls"])
        assert await silent.closed() == b""
        await silent.close()


def accounts() -> tuple[AccountConfig, ...]:
    return (
        AccountConfig(system_id="any", password="any"),
        AccountConfig(
            system_id="safe", password="safe", limits=LimitsConfig(tls=TlsDemand.REQUIRED)
        ),
        AccountConfig(
            system_id="bank", password="bank", limits=LimitsConfig(certificate_subject="bank.test")
        ),
    )


async def test_an_account_may_demand_tls_and_a_certificate(certificates: Certificates) -> None:
    tls = TlsConfig(port=0, certificate=certificates.server, client_ca=certificates.ca_file)
    async with running(tls=tls, accounts=accounts()) as parts:

        async def statuses(who: RawEsme) -> list[int]:
            names = ("safe", "bank", "any")
            return [(await who.bind(name)).status for name in names]

        plain = await parts.esme()
        assert await statuses(plain) == [0x0D, 0x0D, 0]
        async with esme(parts, certificates.client()) as nobody:
            assert (await nobody.bind("bank")).status == 0x0D
            assert (await nobody.bind("safe")).status == 0
        async with esme(parts, certificates.client("other.test")) as other:
            assert (await other.bind("bank")).status == 0x0D
        async with esme(parts, certificates.client("bank.test")) as bank:
            assert (await bank.bind("bank")).status == 0


async def test_a_certificate_may_be_demanded_of_all(certificates: Certificates) -> None:
    tls = TlsConfig(
        port=0,
        certificate=certificates.server,
        client_ca=certificates.ca_file,
        require_client_certificate=True,
    )
    async with running(tls=tls) as parts:
        for context in (
            certificates.client(),
            certificates.client("bank.test", ca=trustme.CA()),
        ):
            # TLS 1.3: the client hears of it with its first read.
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                async with esme(parts, context) as stranger:
                    assert await stranger.closed() == b""
        assert parts.server.traffic()["qa"].binds == 0
        async with esme(parts, certificates.client("bank.test")) as bank:
            assert (await bank.bind("qa")).status == 0
            await bank.nothing_but(ENQUIRE_LINK)


async def test_a_file_that_has_gone(certificates: Certificates) -> None:
    parts = Running(
        SmppConfig(port=0, tls=TlsConfig(port=0, certificate=certificates.server + ".gone")), None
    )
    with pytest.raises(CannotListen, match=r"\[smpp.tls\] of smpp: certificate .* cannot be read"):
        await parts.server.start()
    await parts.server.stop()


def test_on_uvloop(certificates: Certificates) -> None:
    uvloop = pytest.importorskip("uvloop")
    for test in (
        test_a_session_over_tls,
        test_a_handshake_that_does_not_come_ends,
        test_an_account_may_demand_tls_and_a_certificate,
    ):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(test(certificates))
