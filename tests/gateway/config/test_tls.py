"""Files of [smpp.tls] and [mqtt.tls]: what can be used, and which of them is wrong."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from msgspec import structs

from gateway.config import TlsConfig, WrongFile, client_context, server_context
from gateway.config.reading import Mistakes, load
from gateway.config.values import MqttTlsConfig


class Files:
    """A certificate with its key, in one file and apart, and the authority."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ca = trustme.CA()
        issued, other = ca.issue_cert("smsc.test"), ca.issue_cert("other.test")
        key = issued.private_key_pem.bytes()
        self.both = self.write("both.pem", issued.private_key_and_cert_chain_pem.bytes())
        self.certificate = self.write("certificate.pem", issued.cert_chain_pems[0].bytes())
        self.key = self.write("key.pem", key)
        self.other_key = self.write("other.pem", other.private_key_pem.bytes())
        self.ca = self.write("ca.pem", ca.cert_pem.bytes())
        locked = load_pem_private_key(key, None).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
        )
        self.locked = self.write("locked.pem", locked)
        self.broken = self.write(
            "broken.pem",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        )
        self.binary = self.write("binary.der", b"\x30\x82\xff\xfe")

    def write(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_key_with_the_certificate_or_apart(files: Files) -> None:
    assert server_context(TlsConfig(certificate=files.both)).verify_mode is ssl.CERT_NONE
    context = server_context(TlsConfig(certificate=files.certificate, key=files.key))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_certificates_of_clients(files: Files) -> None:
    tls = TlsConfig(certificate=files.both, client_ca=files.ca)
    assert server_context(tls).verify_mode is ssl.CERT_OPTIONAL
    tls = structs.replace(tls, require_client_certificate=True)
    assert server_context(tls).verify_mode is ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("certificate", "key", "client_ca", "blamed", "what"),
    [
        ("certificate", "", "", "key", "is empty, and there is no key with the certificate"),
        ("certificate", "other_key", "", "key", "is not that of the certificate"),
        ("certificate", "certificate", "", "key", "holds no key in PEM form"),
        ("certificate", "locked", "", "key", "cannot be used"),
        ("key", "key", "", "certificate", "holds no certificate in PEM form"),
        ("binary", "", "", "certificate", "holds no certificate in PEM form"),
        ("broken", "key", "", "certificate", "cannot be used"),
        ("both", "", "key", "client_ca", "holds no certificate in PEM form"),
        ("both", "", "broken", "client_ca", "cannot be used"),
    ],
)
def test_the_wrong_file_is_blamed(
    files: Files, certificate: str, key: str, client_ca: str, blamed: str, what: str
) -> None:
    def name(one: str) -> str:
        return getattr(files, one) if one else ""

    tls = TlsConfig(certificate=name(certificate), key=name(key), client_ca=name(client_ca))
    with pytest.raises(WrongFile, match=what) as wrong:
        server_context(tls)
    assert wrong.value.key == blamed
    assert "\n" not in str(wrong.value)


def test_broken_in_one_file(files: Files) -> None:
    both = files.write("two.pem", Path(files.broken).read_bytes() + Path(files.key).read_bytes())
    with pytest.raises(WrongFile) as wrong:
        server_context(TlsConfig(certificate=both))
    assert wrong.value.key == "certificate"


def test_what_only_shows_with_sound_files(files: Files) -> None:
    loaded = load(
        None,
        [
            f'smpp.tls.certificate="{files.both}"',
            "smpp.tls.port=2775",
            "smpp.tls.require_client_certificate=true",
        ],
    )
    assert isinstance(loaded, Mistakes)
    assert sorted(str(one) for one in loaded.mistakes) == [
        "--set smpp.tls client_ca: is empty, so nobody's certificate can be verified; write the "
        "file of what signs the ESMEs' certificates",
        "--set smpp.tls.port: is 2775, which is [smpp]'s port too; give each its own, or 0 for "
        "any free one",
    ]


def test_a_broker_in_the_clear() -> None:
    assert client_context(MqttTlsConfig()) is None


def test_whom_the_gateway_trusts(files: Files) -> None:
    named = client_context(MqttTlsConfig(enabled=True, ca=files.ca))
    assert named is not None
    assert (named.verify_mode, named.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert len(named.get_ca_certs()) == 1
    anybody = client_context(MqttTlsConfig(enabled=True, insecure=True))
    assert anybody is not None
    assert (anybody.verify_mode, anybody.check_hostname) == (ssl.CERT_NONE, False)


@pytest.mark.parametrize(
    ("ca", "certificate", "key", "blamed", "what"),
    [
        ("", "certificate", "", "key", "is empty, and there is no key with the certificate"),
        ("", "certificate", "other_key", "key", "is not that of the certificate"),
        ("", "locked", "", "certificate", "holds no certificate in PEM form"),
        ("key", "both", "", "ca", "holds no certificate in PEM form"),
        ("broken", "both", "", "ca", "cannot be used"),
    ],
)
def test_the_wrong_file_for_the_broker_is_blamed(
    files: Files, ca: str, certificate: str, key: str, blamed: str, what: str
) -> None:
    named = {"ca": ca, "certificate": certificate, "key": key}
    found = {name: getattr(files, one) for name, one in named.items() if one}
    with pytest.raises(WrongFile, match=what) as wrong:
        client_context(MqttTlsConfig(enabled=True, **found))
    assert wrong.value.key == blamed
