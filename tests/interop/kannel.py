"""Kannel: bearerbox and smsbox, bound to a gateway, with the HTTP service of an application.

Kannel binds as a user's would: account `a2p` as a transceiver, account `qa` as a transmitter and
a receiver. Its sendsms interface takes what is to be sent; what arrives it hands to the service.
"""

from __future__ import annotations

import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import pytest

from tests.interop.foreign import end
from tests.ports import free_port

WAIT_S = 20.0
# Of Kannel's dlr-mask: delivered, failed, queued at the SMSC, taken by it, refused by it.
DELIVERED, FAILED, BUFFERED, TAKEN, REFUSED = 1, 2, 4, 8, 16
ALL = DELIVERED | FAILED | BUFFERED | TAKEN | REFUSED

SETTINGS = """\
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = tester
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
access-log = "{folder}/access.log"
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = a2p
allowed-smsc-id = a2p
host = 127.0.0.1
port = {smpp}
transceiver-mode = true
smsc-username = a2p
smsc-password = a2p
system-type = ""
source-addr-autodetect = true
reconnect-delay = 1
{options}

group = smsc
smsc = smpp
smsc-id = phones
allowed-smsc-id = phones
host = 127.0.0.1
port = {smpp}
transceiver-mode = false
smsc-username = qa
smsc-password = qa
system-type = ""
source-addr-autodetect = true
reconnect-delay = 1

group = smsc
smsc = smpp
smsc-id = phones
allowed-smsc-id = phones
host = 127.0.0.1
receive-port = {smpp}
transceiver-mode = false
smsc-username = qa
smsc-password = qa
system-type = ""
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = tester
password = tester
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{service}/mo?from=%p&to=%P&text=%b&coding=%c&charset=%C"
"""


class Service:
    """The application's HTTP service: what Kannel asks of it, in order."""

    def __init__(self) -> None:
        self.asked: queue.Queue[tuple[str, dict[str, str]]] = queue.Queue()
        asked = self.asked

        class Requests(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = urlsplit(self.path)
                query = parse_qsl(url.query, keep_blank_values=True, encoding="latin-1")
                asked.put((url.path, dict(query)))
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, name="service")
        self._kept: list[tuple[str, dict[str, str]]] = []

    def takes(self, path: str, count: int = 1) -> list[dict[str, str]]:
        """Wait for requests to a path and take them; others stay for later."""
        found: list[dict[str, str]] = []
        kept, self._kept = self._kept, []
        while len(found) < count:
            try:
                one = kept.pop(0) if kept else self.asked.get(timeout=WAIT_S)
            except queue.Empty:
                raise AssertionError(f"{count} to {path}: {found}; {self._kept}") from None
            if one[0] == path:
                found.append(one[1])
            else:
                self._kept.append(one)
        self._kept += kept
        return found

    def __enter__(self) -> Service:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(WAIT_S)
        self._server.server_close()


class Box:
    """A process of Kannel's; its log is on stderr."""

    def __init__(self, program: str, settings: Path) -> None:
        self.log: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._process = subprocess.Popen(
            [program, "-v", "0", str(settings)], stderr=subprocess.PIPE, text=True, errors="replace"
        )
        self._reader = threading.Thread(target=self._read, name=program, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.put(line)
        self._lines.put(None)

    def logs(self, part: str, count: int = 1) -> None:
        """Wait for so many lines with this in them, among all since the start."""
        while sum(part in line for line in self.log) < count:
            try:
                line = self._lines.get(timeout=WAIT_S)
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f"no {part!r} in:\n{''.join(self.log)}")
            self.log.append(line)

    def stop(self) -> None:
        """SIGTERM, upon which Kannel unbinds; takes in the rest of the log.

        It may wait for ever for one of its own threads (smsbox was seen to): then SIGKILL.
        """
        end(self._process)
        self._reader.join(WAIT_S)
        while (line := self._lines.get(timeout=WAIT_S)) is not None:
            self.log.append(line)

    def __enter__(self) -> Box:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(WAIT_S)
        self._reader.join(WAIT_S)
        assert self._process.stderr is not None
        self._process.stderr.close()


class Kannel:
    """A running Kannel; `sends` is its sendsms interface."""

    def __init__(
        self, folder: Path, bearerbox: Box, smsbox: Box, service: Service, sendsms: int
    ) -> None:
        self.folder = folder
        self.bearerbox = bearerbox
        self.smsbox = smsbox
        self.service = service
        self._sendsms = f"http://127.0.0.1:{sendsms}/cgi-bin/sendsms"

    def sends(self, smsc: str, source: str, to: str, text: str, mask: int = ALL) -> None:
        """Send a text; its receipts come to the service's /dlr. UCS-2 where GSM does not do."""
        coding = "0" if text.isascii() else "2"
        dlr = f"http://127.0.0.1:{self.service.port}/dlr?to={quote(to)}&status=%d&answer=%A"
        asked = {
            "username": "tester",
            "password": "tester",
            "smsc": smsc,
            "from": source,
            "to": to,
            "text": text,
            "charset": "UTF-8",
            "coding": coding,
            "dlr-mask": str(mask),
            "dlr-url": dlr,
        }
        answer = httpx.get(self._sendsms, params=asked, timeout=WAIT_S)
        assert answer.status_code == HTTPStatus.ACCEPTED, answer.text

    def receives(self) -> dict[str, str]:
        """Wait for an MO that the application is handed, and decode its text."""
        (message,) = self.service.takes("/mo")
        # Kannel hands on the octets of UCS-2 as they are.
        charset = "utf-16-be" if message["coding"] == "2" else message["charset"]
        return {**message, "text": message["text"].encode("latin-1").decode(charset)}

    def stop(self) -> None:
        """End both boxes in the order of Kannel's manual: smsbox first."""
        self.smsbox.stop()
        self.bearerbox.stop()

    def access_log(self) -> str:
        """Give bearerbox's access log."""
        return (self.folder / "access.log").read_text(errors="replace")


def _program(name: str) -> str:
    # Debian puts them where only root's PATH looks.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        pytest.skip("Kannel is not installed (Debian package kannel)")
    return found


@contextmanager
def kannel(folder: Path, smpp: int, options: str = "") -> Iterator[Kannel]:
    """Run Kannel for the length of the block, all three binds made.

    `options` are more lines of its configuration for account a2p.
    """
    bearerbox_program, smsbox_program = _program("bearerbox"), _program("smsbox")
    admin, boxes, sendsms = free_port(), free_port(), free_port()
    with ExitStack() as running:
        service = running.enter_context(Service())
        names = {
            "folder": folder,
            "admin": admin,
            "smsbox": boxes,
            "sendsms": sendsms,
            "smpp": smpp,
            "options": options,
            "service": service.port,
        }
        settings = folder / "kannel.conf"
        settings.write_text(SETTINGS.format(**names))
        bearerbox = running.enter_context(Box(bearerbox_program, settings))
        bearerbox.logs("entering mainloop")
        for kind in ("transceiver", "transmitter", "receiver"):
            bearerbox.logs(f"type_name: bind_{kind}_resp")
        smsbox = running.enter_context(Box(smsbox_program, settings))
        smsbox.logs("Connected to bearerbox")
        bearerbox.logs("Client connected from <127.0.0.1>")
        yield Kannel(folder, bearerbox, smsbox, service, sendsms)
