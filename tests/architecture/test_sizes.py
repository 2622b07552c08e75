"""Files, functions and classes stay small; what is larger has its reason here.

Tests are not measured: one test file belongs to each source file, and its tables may be long.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import modules, tree

FILE_MOST, FUNCTION_MOST, CLASS_MOST = 300, 40, 200

LARGER: dict[str, str] = {
    "gateway.air.frames": "the contract's frames, one after the other",
    "gateway.config.faults.FaultConfig._fault": "one row per kind",
    "gateway.links.smpp_peer.SmppPeer": "asyncio wants every callback of a connection in one class",
    "handsets.load.command.load": "an option a line, as Typer reads them",
    "gateway.core.decision": "the words in which everything is asked and decided",
    "gateway.smpp.pdu": "one value type a PDU, as chapter 4 has them",
    "gateway.core.switch": "one row per event, in what it asks and in who decides",
    "gateway.core.switch._ask": "one row per event",
    "gateway.core.switch._decide": "one row per event",
    "gateway.smpp.sending.Sending": (
        "whatever one end may say goes by the same state, window and output"
    ),
    "gateway.courier": "the one class below and its constants",
    "gateway.courier.Courier": (
        "one owner keeps what waits, what is on its way and who carries it in step"
    ),
    "gateway.store.state.State": (
        "put, apply and due keep the same dictionaries and their indexes in step"
    ),
    "gateway.store.sqlite.SqliteStore": (
        "one writer owns opening, appending and folding: each relies on the others' order"
    ),
}


def sizes() -> Iterator[tuple[str, int, int]]:
    """Give name, lines and limit of every file, class and function."""
    for module, path in modules().items():
        yield module, len(path.read_text().splitlines()), FILE_MOST
        yield from inside(tree(module), module)


def inside(parent: ast.AST, name: str) -> Iterator[tuple[str, int, int]]:
    for node in ast.iter_child_nodes(parent):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                limit = FUNCTION_MOST
            case ast.ClassDef():
                limit = CLASS_MOST
            case _:
                yield from inside(node, name)
                continue
        inner = f"{name}.{node.name}"
        assert node.end_lineno is not None
        yield inner, node.end_lineno - node.lineno + 1, limit
        yield from inside(node, inner)


def test_nothing_grows_too_large_without_a_reason() -> None:
    wrong = [
        f"{name} has {lines} lines, {limit} at most: part it, or write its reason into LARGER"
        for name, lines, limit in sizes()
        if lines > limit and name not in LARGER
    ]
    assert not wrong, "\n".join(wrong)


def test_every_reason_is_still_needed() -> None:
    large = {name for name, lines, limit in sizes() if lines > limit}
    assert set(LARGER) <= large
