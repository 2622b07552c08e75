"""What the commands' arguments may be; a wrong one is told in one line, with the way out. Pure."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import typer

from gateway.core.numbers import Address, BadNumber, Msisdn, parse_address, parse_msisdn
from handsets.broker import Broker
from handsets.place import Place

BROKER: Final = "HOST:PORT or mqtt://USER:PASSWORD@HOST:PORT; mqtts://HOST:8883?ca=FILE for TLS"
"""How a broker is written."""

_PORT_MOST = 65_535


def msisdn(text: str) -> Msisdn:
    """Read a phone's own number."""
    parsed = parse_msisdn(text)
    if isinstance(parsed, BadNumber):
        raise typer.BadParameter(f'"{parsed.text}" is no mobile number: {parsed.remedy}')
    return parsed


def address(text: str) -> Address:
    """Read a number to send to or call: a mobile number or a short code."""
    parsed = parse_address(text)
    if isinstance(parsed, BadNumber):
        raise typer.BadParameter(
            f'"{parsed.text}" is no number: {parsed.remedy}, or a short code: 4444'
        )
    return parsed


def place(text: str) -> Place:
    """Read HOST:PORT; an IPv6 address stands in brackets."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isascii() and port.isdigit()):
        raise typer.BadParameter(f'"{text}" is no HOST:PORT; write it like 127.0.0.1:1883')
    if not 0 < int(port) <= _PORT_MOST:
        raise typer.BadParameter(f'"{text}": a port is a number from 1 to {_PORT_MOST}')
    return Place(host, int(port))


def broker(text: str) -> Broker:
    """Read HOST:PORT, or mqtt://USER:PASSWORD@HOST:PORT, mqtts for TLS, ?ca=FILE to trust."""
    if "://" not in text:
        found = place(text)
        return Broker(found.host, found.port)
    try:
        url = urlsplit(text)
        port, host = url.port, url.hostname
    except ValueError:
        port, host, url = None, None, urlsplit("")
    if url.scheme not in ("mqtt", "mqtts") or not host or url.path.strip("/"):
        raise typer.BadParameter(f"this is no broker; {BROKER}")
    asked = parse_qs(url.query)
    if set(asked) - {"ca"} or (asked and url.scheme != "mqtts"):
        raise typer.BadParameter("only mqtts:// takes ?ca=FILE, and no broker anything else")
    return Broker(
        host,
        port or (8883 if url.scheme == "mqtts" else 1883),
        unquote(url.username or ""),
        unquote(url.password or ""),
        url.scheme == "mqtts",
        asked.get("ca", [""])[0],
    )


def ussd_code(text: str) -> str:
    """Read what is typed to ask a USSD service."""
    inner = text[1:-1]
    plain = inner.isascii() and inner.replace("*", "").replace("#", "").isdigit()
    if not (text.startswith("*") and text.endswith("#") and plain):
        raise typer.BadParameter(f'"{text[:40]}" is no USSD code; write it like "*444#"')
    return text


def message(text: str) -> str:
    """Read the text of an SMS, as far as any interface can carry it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("the text is not UTF-8; check the terminal's encoding") from None
    return text


def credential(text: str, name: str, most: int) -> str:
    """Read a system_id or password; `most` is SMPP's limit in characters."""
    if not text.isascii() or "\0" in text:
        raise typer.BadParameter(f"{name}: SMPP takes ASCII only")
    if len(text) > most:
        raise typer.BadParameter(f"{name}: SMPP takes at most {most} characters")
    return text


def group(text: str) -> str:
    """Read the name of a group of load agents: a level of a topic."""
    if not text or not text.isascii() or any(one in text for one in "/+#\0 "):
        raise typer.BadParameter(f'"{text[:40]}" is no group; write ASCII without / + # and spaces')
    return text
