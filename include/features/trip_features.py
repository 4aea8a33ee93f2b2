"""What is known only after a trip: labels, analysis and quality. Never an input of the same trip's prediction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

TARGETS = ("duration_min", "fare_usd", "high_tip")
"""What the models predict, in the order the reports show."""
PROBABILITIES = ("high_tip",)
"""Targets that are yes or no: their prediction is a probability, log loss decides."""
BLOCK = "app_dispatched"
"""Column of the trips that an app dispatched, another population than street hails; for slices, never an input."""
CARD = 1
APP = 0


DISTANCE_CLASSES = ("walk", "short", "medium", "long", "out of town")
_CLASS_STARTS_MI = np.array([1.0, 3.0, 10.0, 30.0])
"""A mile is a 20-minute walk, Midtown to Downtown about 3, JFK from 10 to 20; beyond 30 lies another county."""


def targets_of(service: str) -> tuple[str, ...]:
    """The targets that a service's trips have a label for: bases report no payment type, FHV ones no fare."""
    return {"fhv": TARGETS[:1], "fhvhv": TARGETS[:2]}.get(service, TARGETS)


def compute_trip_duration(pickup_at: np.ndarray, dropoff_at: np.ndarray) -> np.ndarray:
    """Two (n,) datetime64 arrays -> (n,) float64 minutes; negative when they are out of order, NaN for NaT."""
    seconds = (dropoff_at - pickup_at) / np.timedelta64(1, "s")
    return np.asarray(seconds / 60.0)


def compute_speed(distance_mi: np.ndarray, duration_min: np.ndarray) -> np.ndarray:
    """(n,) miles and (n,) minutes -> (n,) miles per hour; NaN where no time passed."""
    hours = np.where(duration_min > 0, duration_min, np.nan) / 60.0
    return np.asarray(distance_mi / hours)


def compute_price_per_mile(fare_usd: np.ndarray, distance_mi: np.ndarray) -> np.ndarray:
    """(n,) dollars and (n,) miles -> (n,) dollars per mile; NaN where no distance was metered."""
    return np.asarray(fare_usd / np.where(distance_mi > 0, distance_mi, np.nan))


def categorize_trip_distance(distance_mi: np.ndarray) -> np.ndarray:
    """(n,) metered miles -> (n,) int8 index into DISTANCE_CLASSES: up to 1, 3, 10, 30 miles, and more.

    -1 where the distance is missing or negative.
    """
    known = distance_mi >= 0
    return np.where(known, np.searchsorted(_CLASS_STARTS_MI, distance_mi, side="right"), -1).astype(np.int8)


def compute_high_tip(tip_usd: np.ndarray, total_usd: np.ndarray, payment_type: np.ndarray) -> np.ndarray:
    """Three (n,) arrays -> (n,) float32: 1 when the tip is at least 20 % of the total before it, else 0.

    In whole cents, `tip >= floor(0.2 * pretip)`: half of all card trips sit exactly at 20 %, where a float comparison
    goes either way. NaN, no label, for a trip that is not paid by card or costs nothing before the tip.
    """
    known = (payment_type == CARD) & np.isfinite(tip_usd) & np.isfinite(total_usd)
    tip_c, total_c = (_cents(np.where(known, usd, 0.0)) for usd in (tip_usd, total_usd))
    pretip_c = total_c - tip_c
    label = np.where(tip_c >= pretip_c // 5, np.float32(1), np.float32(0))
    return np.asarray(np.where(known & (pretip_c > 0), label, np.float32(np.nan)))


def _cents(usd: np.ndarray) -> np.ndarray:
    return np.asarray(np.rint(usd * 100), np.int64)


def is_app_dispatched(trips: Mapping[str, np.ndarray]) -> np.ndarray:
    """Clean trips by column -> (n,) int8, 1 in the block that has no passengers, rate code and store-and-forward flag.

    Files that hold payment type 0 for these trips say it themselves. All 0 for a service without a meter, whose every
    trip is dispatched.
    """
    if "payment_type" not in trips:
        return np.zeros(len(trips["pickup_at"]), np.int8)
    lacks = np.isnan(trips["passenger_count"].astype(float)) & np.isnan(trips["rate_code"].astype(float))
    lacks &= np.array([flag is None for flag in trips["store_and_fwd"]], bool)
    return np.asarray((trips["payment_type"] == APP) | lacks).astype(np.int8)


def compute_labels(trips: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Clean trips by column -> the service's targets by name, (n,) float32, NaN without a label; and BLOCK, (n,) int8.

    No fare and no tip for a service that reports none.
    """
    labels = {"duration_min": compute_trip_duration(trips["pickup_at"], trips["dropoff_at"]).astype(np.float32)}
    if "fare_usd" in trips:
        labels["fare_usd"] = trips["fare_usd"].astype(np.float32)
    if "payment_type" in trips:
        labels["high_tip"] = compute_high_tip(trips["tip_usd"], trips["total_usd"], trips["payment_type"])
    return labels | {BLOCK: is_app_dispatched(trips)}
