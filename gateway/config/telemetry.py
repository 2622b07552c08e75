"""[telemetry]: whether and where traces are sent."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from gateway.config.notes import Notes

EXTRA: Final = "sms-gateway-simulator[otel]"
_NEEDED = "opentelemetry.exporter.otlp.proto.http"


class TelemetryConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[telemetry]; an empty endpoint switches it off. The ratio is of messages, 0 to 1."""

    otlp_endpoint: str = ""
    sample_ratio: float = 0.01
    service_name: str = "sms-gateway-simulator"


def check_telemetry(row: TelemetryConfig, notes: Notes) -> None:
    """Report what cannot be, and the extra that is not installed."""
    at = ("telemetry", "otlp_endpoint")
    if row.otlp_endpoint:
        if not _is_url(row.otlp_endpoint):
            what = f'is "{row.otlp_endpoint[:80]}", no address'
            notes.note(at, what, "write http://HOST:4318, or https://")
        elif not _is_installed():
            what = "needs OpenTelemetry, which is not installed"
            notes.note(at, what, f'run: pip install "{EXTRA}", or write ""')
    if not 0 <= row.sample_ratio <= 1:
        what = f"is {row.sample_ratio:g}, no share"
        notes.note(
            ("telemetry", "sample_ratio"), what, "write 0.01 for one of a hundred, 1 for all"
        )
    if not row.service_name:
        notes.note(
            ("telemetry", "service_name"), "is empty", "say what the traces are to be called"
        )


def _is_installed() -> bool:
    try:
        return find_spec(_NEEDED) is not None
    except ModuleNotFoundError:
        return False


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
