"""An OTLP/HTTP collector on loopback, which keeps what it is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

DEADLINE_S = 10.0


class Collector:
    """What came; `url` is where it listens; `status` is what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.services: set[str] = set()
        self._spans: list[Span] = []
        self._came = threading.Condition()
        collector = self

        class Requests(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                status = collector.status if self.path == "/v1/traces" else 404
                if status == 200:
                    collector.take(ExportTraceServiceRequest.FromString(body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, request: ExportTraceServiceRequest) -> None:
        with self._came:
            for resource in request.resource_spans:
                self.services |= {
                    one.value.string_value
                    for one in resource.resource.attributes
                    if one.key == "service.name"
                }
                for scope in resource.scope_spans:
                    self._spans += scope.spans
            self._came.notify_all()

    def spans(self, least: int) -> list[Span]:
        """Wait until so many came; all of them by their beginning."""
        with self._came:
            came = self._came.wait_for(lambda: len(self._spans) >= least, DEADLINE_S)
            assert came, [span.name for span in self._spans]
            return sorted(self._spans, key=lambda span: (span.start_time_unix_nano, span.name))

    @contextmanager
    def running(self) -> Iterator[Collector]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def attributes(span: Span) -> dict[str, str | int]:
    """Give a span's attributes as plain values."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
