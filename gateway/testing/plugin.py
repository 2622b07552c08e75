"""The pytest plugin: fixtures for a gateway, phones and ESMEs in plain and in asyncio tests.

A plain test gets objects whose methods return when done; a coroutine test gets those whose
methods are awaited. The gateway lives in a thread either way, so that neither the test's event
loop nor whatever runs it (pytest-asyncio in any mode, anyio) matters to it. Nothing of it is
imported before a test asks for a fixture.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from gateway.testing import (
        Calendar,
        Esme,
        Person,
        Phone,
        PlainCalendar,
        PlainEsme,
        PlainPhone,
        PlainSimulator,
        Simulator,
    )

    Handsets: TypeAlias = Callable[[str], PlainPhone] | Callable[[str], Awaitable[Phone]]
    Esmes: TypeAlias = Callable[..., PlainEsme] | Callable[..., Awaitable[Esme]]

_SHOWN_LINES = 40
_RUNNING = pytest.StashKey[list["PlainSimulator"]]()
_MARK = (
    "sms_gateway(*settings, config=None, store=None): how the gateway of the fixtures is set up; "
    'settings are texts like "registration.numbers_per_nik=1"'
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add where artifacts go."""
    group = parser.getgroup("sms gateway simulator")
    group.addoption(
        "--sms-gateway-artifacts",
        metavar="DIR",
        help="keep messages, journal and a capture for Wireshark of each test in a directory of "
        "its own below DIR, named in the JUnit report",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARK)


@pytest.fixture
def sms_gateways(request: pytest.FixtureRequest) -> Iterator[Callable[..., PlainSimulator]]:
    """Start gateways: a function that takes settings and keywords as Simulator does."""
    from gateway.testing import PlainSimulator

    with ExitStack() as stack:
        begun = request.node.stash.setdefault(_RUNNING, [])

        def start(
            *settings: str, config: Path | None = None, store: Path | None = None
        ) -> PlainSimulator:
            capture = _capture(request, len(begun))
            one = PlainSimulator(*settings, config=config, store=store, capture=capture)
            stack.enter_context(one)
            begun.append(one)
            return one

        yield start
    _leave_artifacts(request, begun)


@pytest.fixture
def sms_gateway(
    request: pytest.FixtureRequest, sms_gateways: Callable[..., PlainSimulator]
) -> PlainSimulator | Simulator:
    """A whole gateway of the test's own, as the marker sms_gateway sets it up."""
    plain = _plain(request, sms_gateways)
    return plain.aio if _is_async(request) else plain


@pytest.fixture
def handset(request: pytest.FixtureRequest, sms_gateway: PlainSimulator | Simulator) -> Handsets:
    """Phones of sms_gateway, by number: handset("081290000001")."""
    return sms_gateway.handset


@pytest.fixture
def esme(sms_gateway: PlainSimulator | Simulator) -> Esmes:
    """Bound ESMEs of sms_gateway, by account: esme("qa")."""
    return sms_gateway.esme


@pytest.fixture
def citizen(sms_gateway: PlainSimulator | Simulator) -> Callable[[], Person]:
    """People of the civil registry, a new one at each call."""
    return sms_gateway.citizen


@pytest.fixture
def clock(sms_gateway: PlainSimulator | Simulator) -> PlainCalendar | Calendar:
    """The network's calendar."""
    return sms_gateway.clock


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the network decided below a test that failed."""
    report = yield
    if report.when == "call" and report.failed:
        for one in item.stash.get(_RUNNING, []):
            lines = one.journal.lines(most=_SHOWN_LINES)
            if lines:
                report.sections.append(("sms gateway: what was decided", "\n".join(lines)))
    return report


def _plain(request: pytest.FixtureRequest, start: Callable[..., PlainSimulator]) -> PlainSimulator:
    mark = request.node.get_closest_marker("sms_gateway")
    return start() if mark is None else start(*mark.args, **mark.kwargs)


def _is_async(request: pytest.FixtureRequest) -> bool:
    return inspect.iscoroutinefunction(getattr(request, "function", None))


# ---- artifacts


def _below(request: pytest.FixtureRequest) -> Path | None:
    from gateway.testing.artifacts import directory_of

    wanted = request.config.getoption("--sms-gateway-artifacts")
    return None if not wanted else directory_of(request.node.nodeid, Path(wanted))


def _capture(request: pytest.FixtureRequest, number: int) -> Path | None:
    below = _below(request)
    return None if below is None else (below / f"smpp{number or ''}.pcap").absolute()


def _leave_artifacts(request: pytest.FixtureRequest, begun: list[PlainSimulator]) -> None:
    """Write them, and name them where JUnit's readers look: properties and attachments."""
    from gateway.testing.artifacts import write

    below = _below(request)
    if below is None:
        return
    records = [record for one in begun for record in one.journal.records]
    paths = [*write(records, below), *sorted(below.glob("smpp*.pcap"))]
    for path in paths:
        request.node.user_properties.append((f"sms_gateway.{path.name}", str(path)))
        request.node.add_report_section("teardown", "stdout", f"[[ATTACHMENT|{path.absolute()}]]\n")
