"""Structured logs: one event a line, with phase, service, month and run where they are known."""

from __future__ import annotations

import logging
import sys
import warnings
from typing import Any

import structlog


def configure(level: str = "INFO") -> None:
    """Key=value lines on standard error, for processes of our own; Airflow configures its task processes itself."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event", "phase", "service", "month"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    for noisy in ("great_expectations", "mlflow", "alembic", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    warnings.simplefilter("ignore", FutureWarning)


def _to_standard_error(*_: Any) -> structlog.WriteLogger:
    """Standard error as it is when a line is written: who takes it over for a while may have closed it since."""
    return structlog.WriteLogger(sys.stderr)


def get_logger(**context: Any) -> Any:
    """A logger bound to `context`, e.g. phase="ingest", service="yellow", month="2019-03"."""
    return structlog.get_logger().bind(**context)
