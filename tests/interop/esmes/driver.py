"""Starts an ESME, tells it what to do, waits for what it says; every wait has a deadline."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import pytest
from smpplib.gsm import GSM_CHARACTER_TABLE

from tests.interop.serving import environment

HERE = Path(__file__).parent
WAIT_S = 20.0
UDHI = 0x40
RECEIPT = 0x04  # esm_class (SMPP 3.4 section 5.2.12)
TYPE_MASK = 0x3C
UCS2 = 8
ESCAPE = 0x1B

NODE_SMPP = "smpp@0.5.1"
# Where .ci/run (or a developer) put it: npm install --prefix .npm-cache smpp@0.5.1
NODE_MODULES = HERE.parents[2] / ".npm-cache" / "node_modules"


class Client(NamedTuple):
    """One client: how it is started, or why it cannot be, and what it can do beyond the basics."""

    name: str
    command: tuple[str, ...]
    missing: Callable[[], str | None]
    multipart: tuple[str, ...]
    can: frozenset[str] = frozenset()


class Delivered(NamedTuple):
    """A deliver_sm or data_sm that an ESME got, or an alert_notification."""

    command: str
    source: str
    destination: str
    esm_class: int
    data_coding: int
    text: str
    tlvs: dict[str, Any]
    header: bytes = b""

    @property
    def place(self) -> tuple[int, int]:
        """Its number and how many there are, in a long message; (1, 1) in none."""
        if self.header[:1] in (b"\0", b"\x08"):
            return self.header[-1], self.header[-2]
        if "sar_segment_seqnum" in self.tlvs:
            return _number(self.tlvs["sar_segment_seqnum"]), _number(
                self.tlvs["sar_total_segments"]
            )
        return 1, 1

    @property
    def is_receipt(self) -> bool:
        """Whether it is an SMSC delivery receipt (section 5.2.12)."""
        return self.esm_class & TYPE_MASK == RECEIPT


def _python(module: str) -> tuple[str, ...]:
    return (sys.executable, "-W", "error", "-m", f"tests.interop.esmes.{module}")


def _never_missing() -> str | None:
    return None


def _node_missing() -> str | None:
    if shutil.which("node") is None:
        return "node is not installed (Debian package nodejs)"
    if not (NODE_MODULES / "smpp").is_dir():
        return f"node-smpp is not there: npm install --prefix .npm-cache {NODE_SMPP}"
    return None


def _perl_missing() -> str | None:
    probe = ["perl", "-MNet::SMPP", "-MJSON::PP", "-e", "1"]
    if shutil.which("perl") is None or subprocess.run(probe, capture_output=True).returncode:
        return "Net::SMPP is not installed (Debian package libnet-smpp-perl)"
    return None


ALL_REQUESTS = frozenset(
    (
        "query_sm",
        "cancel_sm",
        "replace_sm",
        "data_sm",
        "submit_multi",
        "enquire_link",
        "alert_notification",
        "interface_version",
    )
)
TLS = frozenset(("tls",))

CLIENTS = {
    client.name: client
    for client in (
        Client(
            "smpplib",
            _python("smpplib_esme"),
            _never_missing,
            ("udh", "sar"),
            TLS | {"query_sm"},
        ),
        Client("aiosmpplib", _python("aiosmpplib_esme"), _never_missing, ("udh", "payload")),
        Client(
            "smpp34",
            _python("smpp34_esme"),
            _never_missing,
            ("udh", "sar", "payload"),
            TLS,
        ),
        Client(
            "node-smpp",
            ("node", str(HERE / "node_smpp.js")),
            _node_missing,
            ("udh", "sar", "payload"),
            ALL_REQUESTS | TLS,
        ),
        Client(
            "Net::SMPP",
            ("perl", str(HERE / "net_smpp.pl")),
            _perl_missing,
            ("udh", "sar", "payload"),
            ALL_REQUESTS,
        ),
    )
}


def able(request: str) -> pytest.MarkDecorator:
    """Run a test with each client that can do a thing."""
    can = [client for client in CLIENTS.values() if request in client.can]
    return pytest.mark.parametrize("client", can, ids=lambda client: client.name)


class Esme:
    """A client in its process; a context manager that ends it."""

    def __init__(self, client: Client, port: int, authority: str = "") -> None:
        """Start it; with the file of an authority it goes over TLS and trusts that."""
        reason = client.missing()
        if reason is not None:
            pytest.skip(reason)
        self.port = port
        self.tls = bool(authority)
        # OpenSSL and rustls read the first, node the second.
        trust = {"SSL_CERT_FILE": authority, "NODE_EXTRA_CA_CERTS": authority} if authority else {}
        self.delivered: list[Delivered] = []
        self._said: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._process = subprocess.Popen(
            client.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**environment(), "NODE_PATH": str(NODE_MODULES), **trust},
            cwd=HERE.parents[2],
        )
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._read, name=f"{client.name} out", daemon=True),
            threading.Thread(target=self._read_errors, name=f"{client.name} err", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put(None)

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        self.errors.extend(self._process.stderr)

    def _next(self, what: str) -> dict[str, Any]:
        try:
            said = self._said.get(timeout=WAIT_S)
        except queue.Empty:
            said = None
        if said is None or "failed" in said:
            self._process.kill()
            raise AssertionError(
                f"no {what}; said: {said}; delivered: {self.delivered}\n{''.join(self.errors)}"
            )
        if "delivered" in said:
            self.delivered.append(_delivered(said["delivered"]))
        return said

    def do(self, order: str, **more: Any) -> dict[str, Any]:
        """Give an order and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": order, **more}) + "\n")
        self._process.stdin.flush()
        while True:
            said = self._next(f"answer to {order}")
            if "answer" in said:
                assert said["answer"] == order, said
                return said

    def bind(
        self, account: str, mode: str = "transceiver", password: str = "", **more: Any
    ) -> dict[str, Any]:
        """Bind; gives the bind's response."""
        return self.do(
            "bind",
            mode=mode,
            port=self.port,
            tls=self.tls,
            system_id=account,
            password=password or account,
            **more,
        )

    def submit(
        self,
        source: str,
        destination: str,
        text: str,
        *,
        receipt: int = 0,
        parts: str = "udh",
        schedule: str = "",
    ) -> list[str]:
        """Send a text, which must be taken; gives the message id of each part."""
        answer = self.do(
            "submit",
            source=address(source),
            destination=address(destination),
            text=text,
            registered_delivery=receipt,
            parts=parts,
            schedule=schedule,
        )
        assert [one["command_status"] for one in answer["responses"]] == [0] * len(
            answer["responses"]
        ), answer
        return [one["message_id"] for one in answer["responses"]]

    def takes(self, wanted: Callable[[Delivered], bool], count: int = 1) -> list[Delivered]:
        """Wait for deliveries of a kind and take them out of `delivered`; in their order."""
        while len(found := [one for one in self.delivered if wanted(one)]) < count:
            self._next(f"{count} deliveries")
        self.delivered = [one for one in self.delivered if one not in found]
        return found

    def unbind(self) -> None:
        """Unbind, which must be answered."""
        assert self.do("unbind")["command_status"] == 0

    def __enter__(self) -> Esme:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process = self._process
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(WAIT_S)
        for thread in self._threads:
            thread.join(WAIT_S)
        for pipe in (process.stdout, process.stderr):
            assert pipe is not None
            pipe.close()


def address(digits: str) -> list[Any]:
    """Give TON and NPI that an operator would use for these digits (domain.md section 4)."""
    if not digits.isdigit():
        return [5, 0, digits]
    if len(digits) <= 6:
        return [3, 0, digits]
    return [1, 1, digits]


def _delivered(told: dict[str, Any]) -> Delivered:
    text = told.get("text")
    header = bytes.fromhex("".join(told.get("udh", [])))
    tlvs = told.get("tlvs", {})
    if text is None:
        octets = bytes.fromhex(told["octets"] or tlvs.get("message_payload", ""))
        if told["esm_class"] & UDHI:
            header, octets = octets[1 : octets[0] + 1], octets[octets[0] + 1 :]
        text = decoded(told["data_coding"], octets)
    return Delivered(
        told["command"],
        told["source"],
        told["destination"],
        told["esm_class"],
        told["data_coding"],
        text,
        tlvs,
        header,
    )


def _number(value: int | str) -> int:
    """Read an integer TLV: some clients give its octets, in hex."""
    return value if isinstance(value, int) else int(value, 16)


def decoded(data_coding: int, octets: bytes) -> str:
    """Decode with tables that are not the gateway's: smpplib's and Python's."""
    if data_coding == UCS2:
        return octets.decode("utf-16-be")
    text, escaped = "", False
    for octet in octets:
        if octet == ESCAPE and not escaped:
            escaped = True
            continue
        text += GSM_CHARACTER_TABLE[octet + 0x80 * escaped]
        escaped = False
    return text


def environment_of_node() -> dict[str, str]:
    """Give the environment in which node finds what npm installed."""
    return {**os.environ, "NODE_PATH": str(NODE_MODULES)}
