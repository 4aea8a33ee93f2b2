"""What is known only after a trip: labels, analysis and quality. Never an input of the same trip's prediction."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

TARGETS = ("duration_min", "fare_usd")
"""What the models predict, in the order the reports show."""
PROBABILITIES = ("high_tip",)
"""Targets that are yes or no: their prediction is a probability, log loss decides."""


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


def compute_labels(trips: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Clean trips by column -> the targets by name, each (n,) float32; no fare for a service that reports none."""
    labels = {"duration_min": compute_trip_duration(trips["pickup_at"], trips["dropoff_at"]).astype(np.float32)}
    if "fare_usd" in trips:
        labels["fare_usd"] = trips["fare_usd"].astype(np.float32)
    return labels
