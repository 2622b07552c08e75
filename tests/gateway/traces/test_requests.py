"""REST requests' spans: sampled ones, and those whose caller is traced."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from gateway.testing import PlainSimulator
from tests.gateway.traces.collector import Collector, attributes

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector().running() as collector:
        yield collector


def test_a_request_is_told_by_its_route(collector: Collector) -> None:
    with PlainSimulator(
        f"telemetry.otlp_endpoint={collector.url}", "telemetry.sample_ratio=1.0"
    ) as sms:
        httpx.get(f"{sms.http}/api/v1/health/live", timeout=10)
        httpx.get(f"{sms.http}/api/v1/messages/77", timeout=10)
        (span,) = collector.spans(1)
    assert span.name == "GET /api/v1/messages/{id}"
    assert attributes(span) == {
        "http.request.method": "GET",
        "http.route": "/api/v1/messages/{id}",
        "http.response.status_code": 404,
        "url.scheme": "http",
    }
    assert not span.parent_span_id


def test_a_traced_caller_s_trace_goes_on(collector: Collector) -> None:
    with PlainSimulator(
        f"telemetry.otlp_endpoint={collector.url}", "telemetry.sample_ratio=0.0"
    ) as sms:
        url = f"{sms.http}/api/v1/messages"
        httpx.get(url, headers={"traceparent": f"00-{TRACE}-{PARENT}-00"}, timeout=10)
        httpx.get(url, headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}, timeout=10)
        (span,) = collector.spans(1)
    assert (span.trace_id.hex(), span.parent_span_id.hex()) == (TRACE, PARENT)
