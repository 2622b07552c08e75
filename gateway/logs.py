"""Sets up logging: structlog on stderr, for eyes or as JSON, identities masked."""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from gateway.config import LogConfig, LogFormat
from gateway.core.numbers import mask_identities


def set_up_logs(config: LogConfig) -> None:
    """Log to stderr as the configuration says; what libraries log goes the same way."""
    level = logging.getLevelNamesMapping()[config.level.name]
    renderer: structlog.typing.Processor
    if config.format is LogFormat.JSON:
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _mask,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.basicConfig(handlers=[_FromLibraries()], level=max(level, logging.WARNING), force=True)


def _mask(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _masked(value)
    return event


def _masked(value: object) -> object:
    """Hide identities wherever they lie in a value; what is no plain value becomes text."""
    match value:
        case str():
            return mask_identities(value)
        case bool() | int() | float() | None:
            return value
        case dict():
            return {str(key): _masked(one) for key, one in value.items()}
        case list() | tuple():
            return [_masked(one) for one in value]
        case _:
            return mask_identities(repr(value))


class _FromLibraries(logging.Handler):
    """Hands the lines of libraries on, each as one line: their tracebacks only for debugging."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        values = {"library": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            trouble = record.exc_info[1]
            values["error"] = f"{type(trouble).__name__}: {trouble}"
            log.debug(record.getMessage(), exc_info=trouble, **values)
        log.log(record.levelno, record.getMessage(), **values)
