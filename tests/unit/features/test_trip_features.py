"""What is computed of a finished trip, and what it is when something is missing."""

from __future__ import annotations

import numpy as np
import pytest

from include.features.trip_features import (
    DISTANCE_CLASSES,
    categorize_trip_distance,
    compute_price_per_mile,
    compute_speed,
    compute_trip_duration,
)


def test_duration_in_minutes_may_be_negative_or_missing() -> None:
    start = np.array(["2019-03-01T10:00"] * 3, "datetime64[us]")
    end = np.array(["2019-03-01T10:12:30", "2019-03-01T09:59", "NaT"], "datetime64[us]")
    assert compute_trip_duration(start, end) == pytest.approx([12.5, -1.0, np.nan], nan_ok=True)


def test_speed_needs_time_and_price_needs_distance() -> None:
    miles, nothing = np.array([3.0, 3.0, np.nan]), np.array([15.0, 0.0, 10.0])
    assert compute_speed(miles, nothing) == pytest.approx([12.0, np.nan, np.nan], nan_ok=True)
    dollars, distance = np.array([12.0, 12.0, np.nan]), np.array([3.0, 0.0, 2.0])
    assert compute_price_per_mile(dollars, distance) == pytest.approx([4.0, np.nan, np.nan], nan_ok=True)


def test_classes_of_distance() -> None:
    miles = np.array([0, 0.99, 1, 2.9, 3, 9.9, 10, 29.9, 30, 120])
    assert [DISTANCE_CLASSES[c] for c in categorize_trip_distance(miles)] == [c for c in DISTANCE_CLASSES for _ in "ab"]
    assert categorize_trip_distance(np.array([np.nan, -1.0])).tolist() == [-1, -1]
    assert categorize_trip_distance(np.empty(0)).dtype == np.int8
