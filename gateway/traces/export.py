"""Sends spans to an OTLP/HTTP collector from a thread of its own; what does not fit is dropped."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Tracer

from gateway.clock import monotonic
from gateway.config import TelemetryConfig

log = structlog.get_logger()

# Spans that wait to be sent, and that are sent together: to encode many holds the loop up.
_QUEUE_MOST, _AT_ONCE = 20_000, 200
_DELAY_MS = 200
# Seconds that one request, with its repeats, may take.
_REQUEST_S = 3.0
# Seconds between two lines on traces that cannot be sent.
_TOLD_EVERY_S = 60.0
# Seconds that a stop waits for the last spans.
CLOSE_S = 2.0


class Export:
    """One collector; `tracer` makes what is sent there, `close` sends the rest."""

    def __init__(self, config: TelemetryConfig) -> None:
        _silence_sdk()
        self._endpoint = traces_url(config.otlp_endpoint)
        self._telling = _Telling(OTLPSpanExporter(self._endpoint, timeout=_REQUEST_S), self.url)
        self._processor = BatchSpanProcessor(
            self._telling,
            max_queue_size=_QUEUE_MOST,
            schedule_delay_millis=_DELAY_MS,
            max_export_batch_size=_AT_ONCE,
        )
        resource = Resource.create({SERVICE_NAME: config.service_name})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(self._processor)

    @property
    def url(self) -> str:
        """Where the spans go."""
        return self._endpoint

    def tracer(self) -> Tracer:
        """Give what begins spans."""
        return self._provider.get_tracer("gateway")

    async def close(self) -> None:
        """Send what waits, within a deadline."""
        loop = asyncio.get_running_loop()
        done = asyncio.Event()

        def send() -> None:
            self._provider.shutdown()
            # The wait may have been given up, and the loop with it.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(done.set)

        # Not in a thread of the loop's own: the end of the program would wait for that.
        threading.Thread(target=send, name="last traces", daemon=True).start()
        try:
            async with asyncio.timeout(CLOSE_S):
                await done.wait()
        except TimeoutError:
            self._telling.shutdown()
            log.warning("stopped before all traces were sent", endpoint=self._endpoint)


class _Telling(SpanExporter):
    """Says in one line, once in a while, that spans were lost and what to do about it."""

    def __init__(self, exporter: SpanExporter, endpoint: str) -> None:
        self._exporter = exporter
        self._endpoint = endpoint
        self._lost = 0
        self._told_at = -_TOLD_EVERY_S

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send these."""
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            self._lost += len(spans)
            if monotonic() - self._told_at >= _TOLD_EVERY_S:
                self._told_at = monotonic()
                log.error(
                    "traces cannot be sent: start a collector there, or mend [telemetry] "
                    "otlp_endpoint",
                    endpoint=self._endpoint,
                    lost_spans=self._lost,
                )
        elif self._lost:
            log.warning("traces are sent again", endpoint=self._endpoint, lost_spans=self._lost)
            self._lost, self._told_at = 0, -_TOLD_EVERY_S
        return result

    def shutdown(self) -> None:
        """End a request under way."""
        self._exporter.shutdown()


def traces_url(endpoint: str) -> str:
    """Give the collector's address for traces: a base address has its usual path."""
    path = urlsplit(endpoint).path
    return endpoint if path.strip("/") else f"{endpoint.rstrip('/')}/v1/traces"


def _silence_sdk() -> None:
    """Keep the lines of the SDK off the log, one a request: what matters is told here."""
    logger = logging.getLogger("opentelemetry")
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
