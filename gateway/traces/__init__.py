"""OpenTelemetry traces of some messages and REST requests: the extra [otel], off by default.

Nothing here is imported while `[telemetry] otlp_endpoint` is empty.

export     a bounded queue, a thread that sends it by OTLP/HTTP, one line where that fails
messages   the spans of a batch's sampled messages: receive, decide, commit, answer; deliver
requests   the spans of REST requests
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from gateway.config import TelemetryConfig
    from gateway.flow import Flow
    from gateway.traces.export import Export


def trace(config: TelemetryConfig, flow: Flow, app: Starlette) -> Export | None:
    """Trace what passes through these, if the configuration says so; to be closed at the end."""
    if not config.otlp_endpoint:
        return None
    from starlette.middleware import Middleware

    from gateway.traces.export import Export
    from gateway.traces.messages import MessageTraces
    from gateway.traces.requests import RequestTraces

    export = Export(config)
    tracer = export.tracer()
    flow.traced = MessageTraces(tracer, config.sample_ratio).note
    # The innermost: others hand on a copy of the scope, in which the route is not seen.
    app.user_middleware.append(Middleware(RequestTraces, tracer=tracer, ratio=config.sample_ratio))
    return export
