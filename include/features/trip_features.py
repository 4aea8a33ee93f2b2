"""What is known only after a trip: labels, analysis and quality. Never an input of the same trip's prediction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

TARGETS = ("duration_min", "fare_usd")
"""What the models predict, in the order the reports show."""
PROBABILITIES = ("high_tip",)
"""Targets that are yes or no: their prediction is a probability, log loss decides."""


DISTANCE_CLASSES = ("walk", "short", "medium", "long", "out of town")
_CLASS_STARTS_MI = np.array([1.0, 3.0, 10.0, 30.0])
"""A mile is a 20-minute walk, Midtown to Downtown about 3, JFK from 10 to 20; beyond 30 lies another county."""


def targets_of(service: str) -> tuple[str, ...]:
    """The targets that a service's trips have a label for: FHV bases report no fare."""
    return TARGETS[:1] if service == "fhv" else TARGETS


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


def compute_labels(trips: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Clean trips by column -> the targets by name, each (n,) float32; no fare for a service that reports none."""
    labels = {"duration_min": compute_trip_duration(trips["pickup_at"], trips["dropoff_at"]).astype(np.float32)}
    if "fare_usd" in trips:
        labels["fare_usd"] = trips["fare_usd"].astype(np.float32)
    return labels
