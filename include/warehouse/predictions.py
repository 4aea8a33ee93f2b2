"""What the service was asked and how it answered, for the dashboard and for audit: volume, latency, drift of requests.

Trips of TLC carry no request id, so this says nothing of accuracy: that is `model_performance`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

import numpy as np
from sqlalchemy import Engine, Integer, Select, cast, column, func, select, table

from include.processing.drift_statistics import compute_psi, psi_by_chance
from include.trips.month import Month
from include.warehouse.engine import warehouse_faults
from include.warehouse.metadata import PREDICTIONS
from include.warehouse.reading import has_table

VOLUME = table("prediction_volume", *map(column, ("day", "service", "answers", "requests", "degraded_share")))
REQUESTED = table("requested_trips", *map(column, ("day", "service", "pickup_zone", "hour", "trips")))
DRIVEN = table("zone_hour_demand", *map(column, ("service", "month", "pickup_zone", "hour", "trips")))
SLOT_US = 100
"""Latencies are counted in steps of 0.1 ms, so that percentiles need one pass and no sorting of rows."""
SHARES = (0.5, 0.95, 0.99)
ZONES, HOURS = 266, 24
CHANCE = 0.001
"""How often a PSI above its bound is met although nothing changed."""


@dataclass(frozen=True)
class Mix:
    """How far requests are from the trips of a month, by pick-up zone and by hour of the day: PSI, and the PSI that
    chance alone exceeds once in a thousand comparisons. NaN without trips on a side."""

    requests: int
    trips: int
    zone_psi: float
    zone_bound: float
    hour_psi: float
    hour_bound: float

    @property
    def drifted(self) -> bool:
        """True when chance does not explain the difference and it is worth a look (PSI of 0.1, the usual rule)."""
        return any(psi > max(bound, 0.1) for psi, bound in ((self.zone_psi, self.zone_bound),
                                                            (self.hour_psi, self.hour_bound)))  # fmt: skip


def volume(engine: Engine, days: tuple[str, str]) -> list[dict[str, Any]]:
    """Per day (UTC, both ends included) and service: answers, requests, and the share of degraded answers."""
    query = select(VOLUME).where(VOLUME.c.day.between(*days)).order_by(VOLUME.c.day, VOLUME.c.service)
    return [row | {"day": str(row["day"]), "degraded_share": float(row["degraded_share"])}
            for row in _rows(engine, query)]  # fmt: skip


def latency(engine: Engine, days: tuple[str, str]) -> dict[str, dict[str, float]]:
    """Service -> p50, p95 and p99 in ms of trips that were answered alone, and how many they were."""
    slot = cast(func.floor(PREDICTIONS.c.latency_us / SLOT_US), Integer).label("slot")
    asked = PREDICTIONS.c.asked_at
    query = (
        select(PREDICTIONS.c.service, slot, func.count().label("answers"))
        .where(asked >= _start(days[0]), asked < _start(days[1]) + timedelta(days=1))
        .where(PREDICTIONS.c.answered_together == 1)
        .group_by(PREDICTIONS.c.service, slot)
        .order_by(PREDICTIONS.c.service, slot)
    )
    counts: dict[str, list[tuple[int, int]]] = {}
    for row in _rows(engine, query):
        counts.setdefault(row["service"], []).append((int(row["slot"]), int(row["answers"])))
    return {service: _percentiles(slots) for service, slots in counts.items()}


def request_mix(engine: Engine, service: str, days: tuple[str, str], month: str) -> Mix:
    """Requests of these days (UTC) against the clean trips of a month. BadDataError for a month of another form."""
    asked = select(REQUESTED).where(REQUESTED.c.service == service, REQUESTED.c.day.between(*days))
    driven = select(DRIVEN).where(DRIVEN.c.service == service, DRIVEN.c.month == str(Month.parse(month)))
    now, then = _counts(_rows(engine, asked)), _counts(_rows(engine, driven))
    figures = [figure for reference, counts in zip(then, now, strict=True) for figure in _psi(reference, counts)]
    return Mix(int(now[0].sum()), int(then[0].sum()), *figures)


def _psi(reference: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    if not (reference.sum() and counts.sum()):
        return float("nan"), float("nan")
    return compute_psi(reference, counts), psi_by_chance(reference, counts, float(reference.sum()), CHANCE)


def _counts(rows: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Rows with pickup_zone, hour and trips -> (266,) trips by zone, (24,) trips by hour."""
    trips = np.array([int(row["trips"]) for row in rows])
    zones, hours = (np.array([int(row[name]) for row in rows], np.int64) for name in ("pickup_zone", "hour"))
    return np.bincount(zones, trips, ZONES), np.bincount(hours, trips, HOURS)


def _percentiles(slots: list[tuple[int, int]]) -> dict[str, float]:
    """Ordered (slot, answers) -> the upper edge of the slot that holds each percentile, in ms."""
    total = sum(answers for _, answers in slots)
    reached = np.cumsum([answers for _, answers in slots])
    places = [int(np.searchsorted(reached, ceil(share * total))) for share in SHARES]
    found = {f"p{round(share * 100)}": (slots[place][0] + 1) * SLOT_US / 1000
             for share, place in zip(SHARES, places, strict=True)}  # fmt: skip
    return found | {"answers": total}


def _rows(engine: Engine, query: Select[Any]) -> list[dict[str, Any]]:
    if not has_table(engine, PREDICTIONS.name):
        return []
    with warehouse_faults(engine), engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _start(day: str) -> datetime:
    return datetime.fromisoformat(day)
