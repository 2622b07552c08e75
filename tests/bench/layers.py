"""Measure where the time of a registration goes, layer by layer, in one process.

    python -m tests.bench.layers [--rounds 60] [--json]

Ten ESMEs bind to a whole gateway on transports without a socket and send 100 registrations each a
round; the store is in memory, but every batch is encoded as it goes to SQLite. CPU time a message,
the least of all rounds (on a shared machine only that tells), and each layer's share of it. Not in
it: sockets, and SQLite's own thread (tests.bench.main_job has both).
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import gc
import json
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from msgspec import structs

from gateway import flow, node
from gateway.config import Config, load
from gateway.console.reports import Reports
from gateway.core.decision import Record
from gateway.courier import Courier
from gateway.links.smpp_parts import joined
from gateway.links.smpp_peer import SmppPeer
from gateway.links.smpp_pipe import Pipe
from gateway.store import rows
from gateway.store.memory import MemoryStore
from gateway.store.state import State
from tests.gateway.links.esme import bind_body, pdu, submit_body
from tests.gateway.links.wire import Wire

ESMES, WINDOW = 10, 100
_SUBMIT_SM, _SUBMIT_SM_RESP, _DELIVER_SM, _DELIVER_SM_RESP = 4, 0x80000004, 5, 0x80000005

# Whose attribute is timed, and the layer that it is; all are called once a batch or a read.
TIMED: tuple[tuple[Any, str, str], ...] = (
    (SmppPeer, "data_received", "SMPP: read, decode, map, lint"),
    (flow, "questions", "questions"),
    (State, "answer", "facts"),
    (flow, "decide", "decide"),
    (rows, "append_row", "journal: encode"),
    (State, "apply", "apply to the state"),
    (flow, "_answer", "SMPP: responses"),
    (Courier, "take", "courier and deliver_sm"),
    (Reports, "_committed", "counts for reports"),
    (Pipe, "_flush", "SMPP: write"),
)


class Layers:
    """CPU seconds by layer, of the present round."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def timed(self, call: Callable[..., Any], layer: str) -> Callable[..., Any]:
        """Wrap a call so that its time counts for its layer."""

        @functools.wraps(call)
        def wrapped(*args: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                return call(*args, **named)
            finally:
                spent = time.process_time() - start
                self.spent[layer] = self.spent.get(layer, 0.0) + spent

        return wrapped


class Encoding(MemoryStore):
    """A store in memory that encodes each batch as the journal's row."""

    async def commit(self, records: Sequence[Record]) -> None:
        """Encode, then take."""
        rows.append_row(records)
        await super().commit(records)


class Esme:
    """One bound ESME: sends registrations, confirms every deliver_sm."""

    def __init__(self, peer: SmppPeer) -> None:
        self._peer, self._wire = peer, Wire()
        peer.connection_made(self._wire)
        peer.data_received(pdu(9, 1, bind_body("qa", "qa")))
        self._sequence = 1
        self.answered = self.replied = 0

    def submit(self, first: int) -> bytes:
        """Make a window of registrations of scattered numbers."""
        frames = []
        for number in range(first, first + WINDOW):
            self._sequence += 1
            msisdn = f"62812{(number * 7919001 + 104729) % 10**8:08d}"
            text = f"REG 32010101{number % 10**8:08d}#3201060401130027#"
            frames.append(pdu(_SUBMIT_SM, self._sequence, submit_body(msisdn, "4444", text)))
        return b"".join(frames)

    def read(self) -> None:
        """Take what the gateway wrote."""
        data, confirmed, at = b"".join(self._wire.writes), [], 0
        self._wire.writes.clear()
        while at < len(data):
            length, command_id, status, sequence = struct.unpack_from(">IIII", data, at)
            at += length
            if command_id == _SUBMIT_SM_RESP and not status:
                self.answered += 1
            elif command_id == _DELIVER_SM:
                self.replied += 1
                confirmed.append(pdu(_DELIVER_SM_RESP, sequence, b"\0"))
        if confirmed:
            self._peer.data_received(b"".join(confirmed))

    def send(self, data: bytes) -> None:
        """Give the gateway octets to read."""
        self._peer.data_received(data)


async def measure(rounds: int) -> dict[str, float]:
    """Give microseconds a message by layer, of the quickest round; "all" is the whole."""
    layers = Layers()
    patched = [(owner, name, getattr(owner, name)) for owner, name, _ in TIMED]
    for owner, name, layer in TIMED:
        setattr(owner, name, layers.timed(getattr(owner, name), layer))
    try:
        return await _measure(rounds, layers)
    finally:
        for owner, name, call in patched:
            setattr(owner, name, call)
        gc.unfreeze()


async def _measure(rounds: int, layers: Layers) -> dict[str, float]:
    config = load(None, ['store.path=":memory:"', 'registry.mode="accept"', "smpp.port=0"])
    assert isinstance(config, Config)
    rules = structs.replace(config.rules(), joined=joined)
    gateway = node.Gateway(config, Encoding(rules.schedule, rules.ring_ms), rules)
    running = asyncio.create_task(gateway.flow.run(), name="flow")
    server = gateway.smpp.servers["smpp"]
    esmes = [Esme(_peer(server)) for _ in range(ESMES)]
    await _settled(esmes, 0)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*node.GC_THRESHOLDS)
    best = {"all": float("inf")}
    for turn in range(rounds):
        found = await _round(esmes, turn, layers)
        best = min(best, found, key=lambda one: one["all"])
    running.cancel()
    return best


async def _round(esmes: list[Esme], turn: int, layers: Layers) -> dict[str, float]:
    first, count = turn * ESMES * WINDOW, ESMES * WINDOW
    windows = [esme.submit(first + index * WINDOW) for index, esme in enumerate(esmes)]
    layers.spent = {}
    start = time.process_time()
    for esme, window in zip(esmes, windows, strict=True):
        esme.send(window)
    await _settled(esmes, (turn + 1) * count)
    whole = time.process_time() - start
    return {
        "all": whole / count * 1e6,
        **{name: spent / count * 1e6 for name, spent in layers.spent.items()},
    }


async def _settled(esmes: list[Esme], messages: int) -> None:
    """Let the loop turn until all is answered and replied to, and the answers are committed."""
    left = 6
    while left:
        await asyncio.sleep(0)
        for esme in esmes:
            esme.read()
        if all(sum(one) >= messages for one in zip(*_counts(esmes), strict=True)):
            left -= 1


def _counts(esmes: list[Esme]) -> list[tuple[int, int]]:
    return [(esme.answered, esme.replied) for esme in esmes]


def _peer(server: Any) -> SmppPeer:
    peer = server._peer()
    assert isinstance(peer, SmppPeer)
    return peer


def table(found: dict[str, float]) -> str:
    """Lay the layers out as text, in the order of the way."""
    whole = found["all"]
    named = [layer for _, _, layer in TIMED if layer in found]
    rest = whole - sum(found[layer] for layer in named)
    lines = [f"{'layer':34}{'us a message':>14}{'share':>8}"]
    for layer, spent in [
        *((one, found[one]) for one in named),
        ("loop, and the test's ESMEs", rest),
    ]:
        lines.append(f"{layer:34}{spent:>14.1f}{spent / whole:>8.0%}")
    lines.append(f"{'all':34}{whole:>14.1f}")
    return "\n".join(lines)


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=60, help="of 1,000 registrations each")
    parser.add_argument("--json", action="store_true", help="print microseconds by layer")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    found = asyncio.run(measure(arguments.rounds))
    print(json.dumps(found, indent=1) if arguments.json else table(found))


if __name__ == "__main__":
    main()
