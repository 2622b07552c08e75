"""[telemetry]: the extra that is not installed is a mistake with its remedy."""

from __future__ import annotations

import sys

import pytest

from gateway.config import Config
from gateway.config.reading import Mistakes, load

SET = "telemetry.otlp_endpoint=http://127.0.0.1:4318"


@pytest.mark.parametrize("missing", ["opentelemetry", "opentelemetry.exporter"])
def test_without_the_extra_the_remedy_is_told(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(load(None, [SET]), Config)
    for name in [one for one in sys.modules if one.startswith("opentelemetry")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    found = load(None, [SET])
    assert isinstance(found, Mistakes)
    assert [str(one) for one in found.mistakes] == [
        "--set telemetry.otlp_endpoint: needs OpenTelemetry, which is not installed; "
        'run: pip install "sms-gateway-simulator[otel]", or write ""'
    ]
    # Switched off it is not missed.
    assert isinstance(load(None), Config)


@pytest.mark.parametrize(
    "wrong", ["http://", "ftp://127.0.0.1", "http://127.0.0.1:0", "http://[::1"]
)
def test_addresses_that_cannot_be(wrong: str) -> None:
    assert isinstance(load(None, [f"telemetry.otlp_endpoint={wrong}"]), Mistakes)
