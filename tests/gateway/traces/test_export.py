"""Where spans go, and what is told when they cannot go there."""

from __future__ import annotations

import asyncio
import threading

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from gateway.config import TelemetryConfig
from gateway.traces import export
from gateway.traces.export import Export, traces_url
from tests.gateway.traces.collector import Collector


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"),
        ("https://otlp.example/own/path", "https://otlp.example/own/path"),
    ],
)
def test_a_base_address_has_the_usual_path(endpoint: str, url: str) -> None:
    assert traces_url(endpoint) == url


async def test_what_waits_is_sent_at_the_end() -> None:
    with Collector().running() as collector:
        exporting = Export(TelemetryConfig(otlp_endpoint=collector.url, service_name="mine"))
        exporting.tracer().start_span("last").end()
        await exporting.close()
        assert [span.name for span in collector.spans(0)] == ["last"]
        assert collector.services == {"mine"}


async def test_a_collector_that_does_not_answer_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(export, "CLOSE_S", 0.05)
    with Collector().running() as collector:
        collector.status = 503
        exporting = Export(TelemetryConfig(otlp_endpoint=collector.url))
        exporting.tracer().start_span("last").end()
        await exporting.close()
    assert "stopped before all traces were sent" in capsys.readouterr().out


def test_last_spans_that_outlast_the_program_end_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(export, "CLOSE_S", 0.0)
    go_on = threading.Event()
    exporting = Export(TelemetryConfig(otlp_endpoint="http://127.0.0.1:9"))
    monkeypatch.setattr(exporting._provider, "shutdown", go_on.wait)
    trouble: list[object] = []
    monkeypatch.setattr(threading, "excepthook", trouble.append)
    asyncio.run(exporting.close())
    (last,) = (one for one in threading.enumerate() if one.name == "last traces")
    go_on.set()
    last.join(5.0)
    assert not last.is_alive()
    assert not trouble
    assert "stopped before all traces were sent" in capsys.readouterr().out


class Exporter(SpanExporter):
    result = SpanExportResult.FAILURE

    def export(self, spans: object) -> SpanExportResult:
        return self.result


def test_trouble_is_told_once_in_a_while_and_so_is_its_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    exporter = Exporter()
    telling = export._Telling(exporter, "http://127.0.0.1:9/v1/traces")
    spans = [ReadableSpan("one"), ReadableSpan("two")]
    telling.export(spans)
    telling.export(spans)
    exporter.result = SpanExportResult.SUCCESS
    telling.export(spans)
    telling.export(spans)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert "start a collector there, or mend [telemetry] otlp_endpoint" in lines[0]
    assert "endpoint=http://127.0.0.1:9/v1/traces lost_spans=2" in lines[0]
    assert "traces are sent again" in lines[1]
    assert "lost_spans=4" in lines[1]
