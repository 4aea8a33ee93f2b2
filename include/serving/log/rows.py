"""Answers as lines of the spool: the columns of `prediction_log`, with zones and never a coordinate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from time import perf_counter, time
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

if TYPE_CHECKING:
    from include.serving.log.recording import Answered

QUANTITIES = ("duration_min", "fare_usd")
COLUMNS = (
    "asked_at", "answer_key", "place", "request_id", "answered_together", "service", "pickup_zone", "dropoff_zone",
    "pickup_at", "passenger_count", *(f"{name}{part}" for name in QUANTITIES for part in ("", "_p10", "_p90")),
    "high_tip", "duration_min_model", "fare_usd_model", "high_tip_model", "degraded", "latency_us", "api_key",
)  # fmt: skip
"""Those of the table, written here once more so that the service starts without SQLAlchemy; a test compares them."""


@dataclass(slots=True)
class Asked:
    """When a request came (Unix seconds, and this process's clock) and the name of the key that it came with."""

    at: float
    started: float
    api_key: str = ""


ASKED: ContextVar[Asked | None] = ContextVar("asked", default=None)
"""The request that this task, or a thread that it began, is working on."""


@dataclass(slots=True)
class Told:
    """Answers that were given together, how long the first byte of the request had waited by then, and for whom."""

    at: float
    seconds: float
    api_key: str
    answers: Sequence[Answered]

    @classmethod
    def now(cls, answers: Sequence[Answered]) -> Told:
        """Answers that are given at this moment to the request of this task."""
        asked = ASKED.get()
        if asked is None:
            return cls(time(), 0.0, "", answers)
        return cls(asked.at, perf_counter() - asked.started, asked.api_key, answers)


def log_lines(told: Told, answer_key: str) -> Iterator[bytes]:
    """A line per answer, its values in the order of the table's columns."""
    asked_at = datetime.fromtimestamp(told.at, UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    latency, together = int(told.seconds * 1e6), len(told.answers)
    for place, (request_id, trip, answer) in enumerate(told.answers):
        duration, fare, tip = (answer.get(name) for name in (*QUANTITIES, "high_tip"))
        yield _line([
            asked_at, answer_key, place, request_id, together, trip.service, trip.pickup_zone, trip.dropoff_zone,
            trip.pickup_datetime.isoformat(timespec="seconds"), trip.passenger_count, *_estimate(duration),
            *_estimate(fare), tip["probability"] if tip else None,
            *(said["model"] if said else None for said in (duration, fare, tip)),
            answer["degraded"], latency, told.api_key,
        ])  # fmt: skip


def _estimate(said: dict[str, Any] | None) -> tuple[Any, Any, Any]:
    return (said["value"], said["p10"], said["p90"]) if said else (None, None, None)


def _line(values: list[Any]) -> bytes:
    """ValueError for NaN and infinity: MySQL refuses them in a way that looks like an outage."""
    if not all(isfinite(value) for value in values if isinstance(value, float)):
        raise ValueError(f"a number that is none among {values}")
    return to_json(values) + b"\n"
