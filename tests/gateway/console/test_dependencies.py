from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from gateway.console import api, metrics, pages_files


def _below(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _below(one)


@pytest.mark.parametrize(
    "part", [*api._PARTS, metrics, pages_files], ids=lambda part: part.__name__
)
def test_no_request_takes_a_thread(part: ModuleType) -> None:
    routes = [one for one in part.router.routes if isinstance(one, APIRoute)]
    assert routes
    for route in routes:
        for call in (route.endpoint, *(one.call for one in _below(route.dependant))):
            assert inspect.iscoroutinefunction(call), f"{route.path}: {call} is run in a thread"
