"""The API's figures as pages read them, from Prometheus' text format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

Sample = tuple[str, Mapping[str, str], float]
HIDDEN = ("/prometheus", "/health", "/health/live", "/health/ready")
"""Routes that machines ask all the time; they say nothing about users."""


def samples_of(text: str) -> list[Sample]:
    """(name, labels, value) of everything in the text; ValueError for another format."""
    return [
        (s.name, s.labels, float(s.value)) for family in text_string_to_metric_families(text) for s in family.samples
    ]


def requests_of(samples: Iterable[Sample]) -> dict[str, float]:
    """Users' requests so far: all of them, and those that ended with 5xx and 4xx."""
    counted = {"all": 0.0, "failed": 0.0, "refused": 0.0}
    for name, labels, value in samples:
        if name == "taxi_requests_total" and labels.get("route") not in HIDDEN:
            counted["all"] += value
            kind = {"5": "failed", "4": "refused"}.get(labels["status"][:1])
            if kind:
                counted[kind] += value
    return counted


def predictions_of(samples: Iterable[Sample]) -> dict[str, float]:
    """Predictions so far, and those in which something stood in for a champion."""
    counted = {"all": 0.0, "degraded": 0.0}
    for name, labels, value in samples:
        if name == "taxi_predictions_total":
            counted["all"] += value
            counted["degraded"] += value if labels.get("degraded") == "true" else 0.0
    return counted


def latencies_of(samples: Iterable[Sample]) -> list[dict[str, Any]]:
    """Route -> p50, p95, p99 in milliseconds, interpolated within buckets; a route without requests is left out."""
    buckets: dict[str, list[tuple[float, float]]] = {}
    for name, labels, value in samples:
        if name == "taxi_request_seconds_bucket" and labels.get("route") not in HIDDEN:
            buckets.setdefault(labels["route"], []).append((float(labels["le"]), value))
    rows = []
    for route, held in sorted(buckets.items()):
        held.sort()
        if held[-1][1]:
            rows.append({"route": route, "requests": int(held[-1][1])}
                        | {f"p{100 * q:.0f}": 1000 * quantile(held, q) for q in (0.5, 0.95, 0.99)})  # fmt: skip
    return rows


def quantile(buckets: list[tuple[float, float]], share: float) -> float:
    """Cumulative (upper bound, count) -> the quantile, linear within its bucket; beyond the last bound, that bound."""
    wanted, low, before = share * buckets[-1][1], 0.0, 0.0
    for high, count in buckets:
        if count >= wanted and count > before:
            if high == float("inf"):
                return low
            return low + (high - low) * (wanted - before) / (count - before)
        low, before = (high, count) if high != float("inf") else (low, before)
    return low


def value_of(samples: Iterable[Sample], wanted: str) -> float | None:
    """A figure without labels, None where it is absent."""
    return next((value for name, labels, value in samples if name == wanted and not labels), None)
