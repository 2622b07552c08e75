"""A real mosquitto on a free port of loopback."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.interop.foreign import end
from tests.ports import free_port

# Debian puts it where only root's PATH looks.
PROGRAM = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
PASSWD = shutil.which("mosquitto_passwd")
START_TRIES = 200


@dataclass(frozen=True)
class Papers:
    """What a guarded broker wants to see: user and password, over TLS, and who signed for it."""

    user: str
    password: str
    ca: Path
    certificate: Path
    key: Path


@contextmanager
def guarded_mosquitto(
    folder: Path, *, client_certificates: bool = False
) -> Iterator[tuple[int, Papers]]:
    """Run mosquitto with TLS and a password; `client_certificates`: which it asks for as well."""
    if PASSWD is None:
        pytest.skip("mosquitto_passwd is not installed (Debian package mosquitto)")
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    client = authority.issue_cert("gateway.example")
    papers = Papers(
        "site", "secret", folder / "ca.pem", folder / "client.pem", folder / "client.key"
    )
    authority.cert_pem.write_to_path(str(papers.ca))
    server.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    client.cert_chain_pems[0].write_to_path(str(papers.certificate))
    client.private_key_pem.write_to_path(str(papers.key))
    passwords = folder / "passwords"
    passwords.write_text(f"{papers.user}:{papers.password}\n")
    subprocess.run([PASSWD, "-U", str(passwords)], check=True, timeout=10)
    passwords.chmod(0o700)
    settings = (
        "allow_anonymous false\n"
        f"password_file {passwords}\ncafile {papers.ca}\n"
        f"certfile {folder / 'server.pem'}\nkeyfile {folder / 'server.pem'}\n"
        f"require_certificate {str(client_certificates).lower()}\n"
    )
    with mosquitto(folder, settings) as port:
        yield port, papers


@contextmanager
def mosquitto(folder: Path, settings: str = "allow_anonymous true\n") -> Iterator[int]:
    """Run mosquitto for the length of the block; gives its port. Skips where there is none."""
    if PROGRAM is None:
        pytest.skip("mosquitto is not installed (Debian package mosquitto)")
    port = free_port()
    conf = folder / "mosquitto.conf"
    conf.write_text(
        f"listener {port} 127.0.0.1\n{settings}set_tcp_nodelay true\n"
        "max_inflight_messages 100\nmax_queued_messages 0\nuser root\n"
        # Its lines are read until it runs only: a full pipe would stop it.
        "connection_messages false\n"
    )
    with subprocess.Popen([PROGRAM, "-c", str(conf)], stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            for line in process.stderr:
                if "running" in line:
                    break
            else:
                raise AssertionError("mosquitto did not start")
            yield port
        finally:
            end(process)
