"""An ESME by octets, written apart from gateway.smpp, and a running server to point it at."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from typing import NamedTuple

from msgspec import structs

from gateway.clock import SimulatedClock
from gateway.config import Config, RegistryConfig, SmppConfig
from gateway.core.decision import Record
from gateway.core.events import Acknowledged, Presence
from gateway.core.message import Message
from gateway.core.numbers import Msisdn
from gateway.core.registration.citizens import RegistryMode
from gateway.courier import PAUSES, Courier
from gateway.flow import Feed, Flow
from gateway.links.smpp_exchange import Common
from gateway.links.smpp_parts import joined, kept_header
from gateway.links.smpp_server import SmppServer
from gateway.store.memory import MemoryStore
from tests.turns import until

DEADLINE = 10.0
NOW = 1_519_606_800_000  # 2018-02-26T08:00 WIB
REG = "REG 3201010101010001#3201010101010002#"

BIND_RX, BIND_TX, SUBMIT_SM, DELIVER_SM, UNBIND, BIND_TRX = 1, 2, 4, 5, 6, 9
QUERY_SM, REPLACE_SM, CANCEL_SM, ENQUIRE_LINK, SUBMIT_MULTI, DATA_SM = 3, 7, 8, 0x15, 0x21, 0x103
RESP = 0x80000000
NACK = 0x80000000


class Frame(NamedTuple):
    command_id: int
    status: int
    sequence: int
    body: bytes


class Deliver(NamedTuple):
    sequence: int
    source: tuple[int, int, str]
    destination: tuple[int, int, str]
    esm_class: int
    data_coding: int
    text: bytes
    tlvs: dict[int, bytes]

    @property
    def receipt(self) -> dict[str, str]:
        """The fields of a receipt's text, by the names that Appendix B gives them."""
        text = self.text.decode("ascii")
        keys = ("id", "sub", "dlvrd", "submit date", "done date", "stat", "err", "Text")
        found = {}
        for key, following in zip(keys, (*keys[1:], None), strict=True):
            _, _, rest = text.partition(f"{key}:")
            found[key] = rest.partition(f" {following}:")[0] if following else rest
        return found


def pdu(command_id: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return struct.pack(">IIII", 16 + len(body), command_id, status, sequence) + body


def c(text: str) -> bytes:
    return text.encode("latin-1") + b"\0"


def bind_body(system_id: str, password: str, version: int = 0x34, address_range: str = "") -> bytes:
    return c(system_id) + c(password) + c("") + bytes((version, 0, 0)) + c(address_range)


def submit_body(
    source: str,
    destination: str,
    text: bytes | str = "x",
    *,
    ton: tuple[int, int] = (1, 0),
    registered: int = 0,
    esm_class: int = 0,
    validity: str = "",
    schedule: str = "",
    data_coding: int = 0,
    tlvs: bytes = b"",
) -> bytes:
    octets = text.encode("ascii") if isinstance(text, str) else text
    return b"".join(
        (
            c(""),
            bytes((ton[0], 1)),
            c(source),
            bytes((ton[1], 1)),
            c(destination),
            bytes((esm_class, 0, 0)),
            c(schedule),
            c(validity),
            bytes((registered, 0, data_coding, 0, len(octets))),
            octets,
            tlvs,
        )
    )


def _cstring(body: bytes, at: int) -> tuple[str, int]:
    end = body.index(0, at)
    return body[at:end].decode("latin-1"), end + 1


def read_deliver(frame: Frame) -> Deliver:
    body = frame.body
    _, at = _cstring(body, 0)
    source_ton, source_npi = body[at], body[at + 1]
    source, at = _cstring(body, at + 2)
    ton, npi = body[at], body[at + 1]
    destination, at = _cstring(body, at + 2)
    esm_class = body[at]
    _, at = _cstring(body, at + 3)
    _, at = _cstring(body, at)
    data_coding, size = body[at + 2], body[at + 4]
    text = body[at + 5 : at + 5 + size]
    at += 5 + size
    tlvs = {}
    while at < len(body):
        tag, length = struct.unpack_from(">HH", body, at)
        tlvs[tag] = body[at + 4 : at + 4 + length]
        at += 4 + length
    return Deliver(
        frame.sequence,
        (source_ton, source_npi, source),
        (ton, npi, destination),
        esm_class,
        data_coding,
        text,
        tlvs,
    )


class RawEsme:
    """A client that says exactly what it is told to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.sequence = 0

    @classmethod
    async def connect(cls, port: int) -> RawEsme:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    def send(self, command_id: int, body: bytes = b"", status: int = 0) -> int:
        self.sequence += 1
        self.writer.write(pdu(command_id, self.sequence, body, status))
        return self.sequence

    def answer(self, frame: Frame | Deliver, status: int = 0) -> None:
        """Answer a deliver_sm, enquire_link or unbind."""
        command_id = frame.command_id if isinstance(frame, Frame) else DELIVER_SM
        body = c("") if command_id == DELIVER_SM else b""
        self.writer.write(pdu(command_id | RESP, frame.sequence, body, status))

    async def receive(self) -> Frame:
        async with asyncio.timeout(DEADLINE):
            head = await self.reader.readexactly(16)
            length, command_id, status, sequence = struct.unpack(">IIII", head)
            return Frame(command_id, status, sequence, await self.reader.readexactly(length - 16))

    async def ask(self, command_id: int, body: bytes = b"") -> Frame:
        """Send a request and take what comes next, which must be its answer."""
        sequence = self.send(command_id, body)
        frame = await self.receive()
        assert frame.sequence == sequence, frame
        assert frame.command_id in (command_id | RESP, NACK), frame
        return frame

    async def deliver(self) -> Deliver:
        frame = await self.receive()
        assert frame.command_id == DELIVER_SM, frame
        return read_deliver(frame)

    async def nothing_but(self, command_id: int, body: bytes = b"") -> Frame:
        """Show that nothing else waits: the answer to a request is the next PDU."""
        return await self.ask(command_id, body)

    async def bind(
        self, system_id: str = "qa", password: str | None = None, kind: int = BIND_TRX
    ) -> Frame:
        return await self.ask(kind, bind_body(system_id, password or system_id))

    async def closed(self) -> bytes:
        """Wait for the end of the connection; gives what came before it."""
        async with asyncio.timeout(DEADLINE):
            with contextlib.suppress(ConnectionResetError):
                return await self.reader.read()
            return b""

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


class PhoneLane:
    """A phone that is on, as the courier sees it."""

    repeats = True
    picky = False

    def __init__(self, parts: Running, number: str) -> None:
        self.parts = parts
        self.number = number
        self.messages: list[Message] = []

    def free(self) -> int:
        return 100

    def takes(self, destination: str) -> bool:
        return True

    def carry(self, messages: Sequence[Message]) -> None:
        self.messages += messages

    async def message(self) -> Message:
        """Wait for the next one."""
        await self.parts.until(lambda: bool(self.messages))
        return self.messages.pop(0)

    async def acknowledge(self, message: Message) -> None:
        await self.parts.flow.ask(Acknowledged(self.number, (message.id,)))


class Running:
    """The server and what is behind it."""

    def __init__(
        self, config: SmppConfig, store: MemoryStore | None, retry: Sequence[float] = PAUSES
    ) -> None:
        values = Config(registry=RegistryConfig(mode=RegistryMode.ACCEPT), smpp=config)
        rules = structs.replace(values.rules(), joined=joined, header_kept=kept_header)
        common = Common((config,))
        self.clock = SimulatedClock(NOW, 1.0)
        self.store = store or MemoryStore(rules.schedule, rules.ring_ms)
        self.courier = Courier(self.clock, lambda signal: None, retry)
        self.feed = Feed()
        self.records: list[Record] = []
        self.feed.watch(self.records.extend)
        route = common.routes.route
        self.flow = Flow(self.store, self.clock, rules, self.courier, self.feed, route)
        self.server = SmppServer(
            config,
            registration_code="4444",
            flow=self.flow,
            courier=self.courier,
            clock=self.clock,
            common=common,
        )
        self.port = 0
        self.ports: dict[str, int] = {}
        self._esmes: list[RawEsme] = []

    async def esme(self, system_id: str = "", kind: int = BIND_TRX) -> RawEsme:
        """Connect, and bind if a system_id is given."""
        esme = await RawEsme.connect(self.port)
        self._esmes.append(esme)
        if system_id:
            frame = await esme.bind(system_id, kind=kind)
            assert frame.status == 0, frame
        return esme

    async def phone(self, number: str) -> PhoneLane:
        """Switch a phone on."""
        await self.flow.ask(Presence(Msisdn(number), True))
        lane = PhoneLane(self, number)
        self.courier.open(number, 0, lane)
        return lane

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds, looking at it every turn of the loop."""
        await until(condition, DEADLINE)

    async def close(self) -> None:
        for esme in self._esmes:
            await esme.close()


@contextlib.asynccontextmanager
async def running(
    store: MemoryStore | None = None, retry: Sequence[float] = PAUSES, **settings: object
) -> AsyncIterator[Running]:
    """Run a server on a free port with `settings` of [smpp]."""
    parts = Running(SmppConfig(port=0, **settings), store, retry)  # type: ignore[arg-type]
    parts.ports = {name: port for name, (_, port) in (await parts.server.start()).items()}
    parts.port = parts.ports["smpp"]
    work = [
        asyncio.create_task(parts.flow.run(), name="flow"),
        asyncio.create_task(parts.courier.run(), name="courier"),
        asyncio.create_task(parts.server.run(), name="smpp"),
    ]
    try:
        yield parts
    finally:
        await parts.close()
        await parts.server.stop()
        for task in work:
            task.cancel()
        ends = await asyncio.gather(*work, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends
