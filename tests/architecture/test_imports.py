"""Who may import whom (architecture.md), and what the pure packages may not touch."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.sources import imports, modules, place, tree, within

CORE, SMPP, AIR = "gateway.core", "gateway.smpp", "gateway.air"
CLOCK, CONFIG, STORE, FLOW = "gateway.clock", "gateway.config", "gateway.store", "gateway.flow"
COURIER, LINKS, CONSOLE = "gateway.courier", "gateway.links", "gateway.console"
LANES, PACING = "gateway.lanes", "gateway.pacing"
LISTENING, LOGS, NODE = "gateway.listening", "gateway.logs", "gateway.node"
TERMINAL, REMOTE = "gateway.terminal", "gateway.cli_remote"
CLI_SMPP = "gateway.cli_smpp"
CLI_FAULTS = "gateway.cli_faults"
CLI_LINT = "gateway.cli_lint"
CLI_DATA, CLI_IMPORT = "gateway.cli_data", "gateway.cli_import"
CLI_EXPORT, CLI_REPORT = "gateway.cli_export", "gateway.cli_report"
CLI_SESSIONS, CLI_DIFFERENCES = "gateway.cli_sessions", "gateway.cli_differences"
CLI_RUNNING, CLI_SWEEP = "gateway.cli_running", "gateway.cli_sweep"
CLI_MESSAGES = "gateway.cli_messages"
CLI_CAMPAIGN, CLI_OUTLET = "gateway.cli_campaign", "gateway.cli_outlet"
PICS, CLI_PICS = "gateway.pics", "gateway.cli_pics"
DEMO = "gateway.demo"
QUICK_ACK = "gateway.quick_ack"

CLI_PARTS = (CLI_FAULTS, CLI_LINT, CLI_SMPP, CLI_PICS)

RANK_3 = (CORE, SMPP, AIR, CLOCK, PACING, CONFIG, STORE, FLOW, LISTENING)
ALL_PARTS = (*RANK_3, COURIER, LANES, LINKS, CONSOLE)

# What each part may import of the project besides itself. The longest name that fits a module
# counts, so that a part of a package can have its own row.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "gateway": (),
    CORE: (),
    SMPP: (),
    AIR: (CORE,),
    CLOCK: (CORE,),
    PACING: (CLOCK,),
    # The names of command_status.
    CONFIG: (CORE, SMPP),
    # The clock is the only file that reads the time, also the steady time of folding.
    STORE: (CORE, CLOCK, PACING),
    LISTENING: (),
    "gateway.descriptors": (),
    QUICK_ACK: (),
    "gateway.figures": (),
    "gateway.systemd": (),
    FLOW: (CORE, STORE, CLOCK, "gateway.figures"),
    LANES: (CORE,),
    COURIER: (CORE, CLOCK, STORE, FLOW, LANES),
    # A link tells the courier whom it holds.
    LINKS: (*RANK_3, COURIER, LANES, QUICK_ACK, "gateway.descriptors"),
    CONSOLE: RANK_3,
    "gateway.traces": (CORE, CLOCK, CONFIG, FLOW),
    LOGS: (CORE, CONFIG),
    NODE: (*ALL_PARTS, "gateway.systemd", "gateway.traces"),
    TERMINAL: (CORE, CONFIG),
    REMOTE: (CORE, TERMINAL),
    CLI_FAULTS: (CORE, CONFIG, TERMINAL, REMOTE),
    CLI_LINT: (SMPP, CONSOLE, TERMINAL, REMOTE),
    CLI_SESSIONS: (TERMINAL, REMOTE),
    CLI_DATA: (CLI_IMPORT, CLI_EXPORT, CLI_REPORT),
    CLI_REPORT: (TERMINAL, REMOTE),
    CLI_IMPORT: (TERMINAL, REMOTE),
    CLI_EXPORT: (TERMINAL, REMOTE),
    CLI_DIFFERENCES: (TERMINAL, REMOTE),
    CLI_SWEEP: (TERMINAL, REMOTE),
    CLI_CAMPAIGN: (CORE, TERMINAL, REMOTE),
    CLI_OUTLET: (CORE, TERMINAL, REMOTE),
    CLI_MESSAGES: (TERMINAL, REMOTE),
    CLI_RUNNING: (CLI_MESSAGES, CLI_SESSIONS, CLI_DIFFERENCES, CLI_SWEEP, CLI_CAMPAIGN, CLI_OUTLET),
    CLI_SMPP: (CONFIG, SMPP, TERMINAL),
    PICS: (CONFIG, SMPP),
    CLI_PICS: (PICS, TERMINAL),
    DEMO: (*ALL_PARTS, NODE, TERMINAL, "handsets"),
    "gateway.cli": (
        *ALL_PARTS,
        NODE,
        LOGS,
        DEMO,
        REMOTE,
        CLI_FAULTS,
        CLI_LINT,
        CLI_SESSIONS,
        CLI_DATA,
        CLI_RUNNING,
        CLI_SMPP,
        CLI_PICS,
        TERMINAL,
    ),
    "gateway.testing": (*ALL_PARTS, NODE, LOGS, "handsets"),
    "gateway.__main__": ("gateway.cli",),
    "handsets": (
        AIR,
        QUICK_ACK,
        "gateway.core.numbers",
        "gateway.core.registration.citizens",
    ),
    "handsets.fleet": (
        "handsets",
        AIR,
        "gateway.core.numbers",
        "gateway.core.causes",
        "gateway.core.subscriber",
        "gateway.core.registration.citizens",
        "gateway.core.registration.profiles",
        "gateway.descriptors",
    ),
    "handsets.load": (
        "handsets",
        AIR,
        "gateway.core.numbers",
        "gateway.core.registration.citizens",
        "gateway.core.registration.papers",
        # The operators' prefixes and formats are one table.
        "gateway.core.registration.profiles",
        SMPP,
    ),
}

PURE = (CORE, SMPP, AIR)
# Nothing here does I/O, waits, reads a clock, or holds hidden state.
PURE_MAY_IMPORT = {
    "__future__", "bisect", "calendar", "collections", "datetime", "enum", "functools", "hashlib",
    "heapq", "itertools", "lokal", "math", "msgspec", "operator", "re", "re2", "string", "struct",
    "typing", "unicodedata",
}  # fmt: skip
READS_A_CLOCK = {"now", "utcnow", "today"}
DOES_IO = {"open", "print", "input"}


def part_of(module: str) -> str:
    return max((part for part in MAY_IMPORT if within(module, part)), key=len)


def test_nobody_imports_what_is_above_him() -> None:
    wrong = []
    for module in modules():
        part = part_of(module)
        for line, name in imports(module):
            if not within(name, "gateway") and not within(name, "handsets"):
                continue
            if not any(within(name, allowed) for allowed in (part, *MAY_IMPORT[part])):
                wrong.append(f"{place(module, line)}: {part} may not import {name}")
    assert not wrong, "\n".join(wrong)


def test_every_module_has_a_row() -> None:
    rowless = [module for module in modules() if part_of(module) == "gateway" != module]
    assert not rowless, f"say in MAY_IMPORT what these may import: {rowless}"


def test_every_row_is_of_something() -> None:
    assert set(MAY_IMPORT) <= set(modules())


def pure_modules() -> list[str]:
    return [module for module in modules() if any(within(module, pure) for pure in PURE)]


@pytest.mark.parametrize("module", pure_modules())
def test_pure_modules_only_think(module: str) -> None:
    wrong = [
        f"{place(module, line)}: imports {name}"
        for line, name in imports(module)
        if not within(name, "gateway") and name.partition(".")[0] not in PURE_MAY_IMPORT
    ]
    for node in ast.walk(tree(module)):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                wrong.append(f"{place(module, node.lineno)}: waits")
            # Ledger.now and the like are values that were given; a call reads a clock.
            case ast.Call(func=ast.Attribute(attr=name)) if name in READS_A_CLOCK:
                wrong.append(f"{place(module, node.lineno)}: reads a clock by {name}()")
            case ast.Call(func=ast.Name(id=name)) if name in DOES_IO:
                wrong.append(f"{place(module, node.lineno)}: {name}()")
            case ast.Global():
                wrong.append(f"{place(module, node.lineno)}: changes a global")
            case _:
                pass
    assert not wrong, "\n".join(wrong)


# Where lines for people go out. Everybody else logs.
SPEAKS = {
    "gateway.terminal",
    "gateway.cli",
    "gateway.cli_remote",
    CLI_REPORT,
    CLI_SMPP,
    "gateway.demo",
    "handsets.cli",
    "handsets.load.command",
    "handsets.fleet.command",
}


@pytest.mark.parametrize("module", sorted(set(modules()) - SPEAKS))
def test_only_the_command_lines_write_to_the_terminal(module: str) -> None:
    wrong = []
    for node in ast.walk(tree(module)):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                wrong.append(f"{place(module, node.lineno)}: print()")
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout"):
                wrong.append(f"{place(module, node.lineno)}: sys.stdout")
            case ast.Attribute(value=ast.Name(id="typer"), attr="echo"):
                wrong.append(f"{place(module, node.lineno)}: typer.echo")
            case _:
                pass
    assert not wrong, "\n".join(wrong)


def test_only_the_clock_reads_the_calendar() -> None:
    wrong = [
        f"{place(module, line)}: imports {name}; ask gateway.clock"
        for module in modules()
        if within(module, "gateway") and module != CLOCK
        for line, name in imports(module)
        if name == "time"
    ]
    assert not wrong, "\n".join(wrong)
