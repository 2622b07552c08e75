"""[smpp.tls] and [mqtt.tls] -> what TLS needs, or which file is wrong."""

from __future__ import annotations

import ssl
from pathlib import Path

from gateway.config.smpp_values import TlsConfig
from gateway.config.values import MqttTlsConfig


class WrongFile(Exception):
    """A file of [smpp.tls] or [mqtt.tls] cannot be used: `key` names it in the configuration."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        super().__init__(f"{key} {what}; {remedy}")
        self.key = key
        self.what = what
        self.remedy = remedy


_CERTIFICATE = "-----BEGIN CERTIFICATE-----"
_PEM = "write the name of a file in PEM form"


def server_context(tls: TlsConfig) -> ssl.SSLContext:
    """Load the certificate and what else is named; raises WrongFile."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _show(context, tls)
    if tls.client_ca:
        _read("client_ca", tls.client_ca, _CERTIFICATE)
        _trust("client_ca", tls.client_ca, context)
        required = tls.require_client_certificate
        context.verify_mode = ssl.CERT_REQUIRED if required else ssl.CERT_OPTIONAL
    return context


def client_context(tls: MqttTlsConfig) -> ssl.SSLContext | None:
    """Make ready for the broker, None where it is not to be TLS; raises WrongFile."""
    if not tls.enabled:
        return None
    if tls.ca:
        _read("ca", tls.ca, _CERTIFICATE)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _trust("ca", tls.ca, context)
    else:
        context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.certificate:
        _show(context, tls)
    if tls.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _show(context: ssl.SSLContext, tls: TlsConfig | MqttTlsConfig) -> None:
    """Load the certificate and its key; raises WrongFile."""
    certificate = _read("certificate", tls.certificate, _CERTIFICATE)
    marker = " PRIVATE KEY-----"
    if tls.key:
        _read("key", tls.key, marker)
    elif marker not in certificate:
        raise WrongFile(
            "key", "is empty, and there is no key with the certificate", "write the key's file"
        )
    # Read for itself first, to know which of the two files is the wrong one.
    _trust("certificate", tls.certificate, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    try:
        # Without a password of our own, OpenSSL would ask for one at the terminal.
        context.load_cert_chain(tls.certificate, tls.key or None, password="")
    except ssl.SSLError as trouble:
        if trouble.reason == "KEY_VALUES_MISMATCH":
            raise WrongFile(
                "key", "is not that of the certificate", "write the file of its own key"
            ) from trouble
        raise WrongFile(
            "key",
            f'"{tls.key or tls.certificate}" cannot be used ({trouble.reason or trouble})',
            "write a file in PEM form, without a password",
        ) from trouble


def _trust(key: str, name: str, context: ssl.SSLContext) -> None:
    try:
        context.load_verify_locations(name)
    except ssl.SSLError as trouble:
        raise WrongFile(
            key, f'"{name}" cannot be used ({trouble.reason or trouble})', _PEM
        ) from trouble


def _read(key: str, name: str, marker: str) -> str:
    try:
        text = Path(name).read_text(encoding="ascii")
    except OSError as trouble:
        raise WrongFile(
            key, f'"{name}" cannot be read: {trouble.strerror or trouble}', _PEM
        ) from trouble
    except UnicodeDecodeError:
        text = ""
    if marker not in text:
        what = "key" if key == "key" else "certificate"
        raise WrongFile(key, f'"{name}" holds no {what} in PEM form', _PEM)
    return text
