"""Where a destination leads."""

from __future__ import annotations

import pytest

from gateway.links import smpp_routes
from gateway.links.smpp_routes import Routes
from gateway.smpp.address_range import AddressRange, address_range


def known(text: str) -> AddressRange:
    found = address_range(text)
    assert isinstance(found, AddressRange)
    return found


def test_nobody() -> None:
    assert Routes({}).route("4444") is None


def test_the_narrowest_range_wins_and_the_first_of_equals() -> None:
    routes = Routes({})
    routes.open(1, "all", known("*"))
    routes.open(2, "forties", known("^44"))
    routes.open(3, "later", known("^45"))
    routes.open(4, "one", known("4545"))
    routes.open(5, "same", known("^44"))
    assert routes.route("999") == "all"
    assert routes.route("4444") == "forties"
    assert routes.route("4567") == "later"
    assert routes.route("4545") == "one"
    routes.close(2)
    assert routes.route("4444") == "same"
    routes.close(5)
    assert routes.route("4444") == "all"
    routes.close(1)
    assert routes.route("4444") is None
    routes.close(1)
    assert routes.route("4545") == "one"


def test_what_is_configured_comes_before_ranges() -> None:
    routes = Routes({"4444": "desk"})
    routes.open(1, "greedy", known("4444"))
    assert routes.route("4444") == "desk"


def test_a_session_takes_what_its_range_holds() -> None:
    routes = Routes({})
    routes.open(1, "bank", known("^44"))
    assert routes.accepts(1, "4444")
    assert not routes.accepts(1, "5555")
    # It bound without a range.
    assert routes.accepts(2, "5555")


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp_routes, "_REMEMBERED_MOST", 2)
    routes = Routes({})
    routes.open(1, "bank", known("^44"))
    found = [routes.route(destination) for destination in ("441", "442", "51", "441", "441")]
    assert found == ["bank", "bank", None, "bank", "bank"]
