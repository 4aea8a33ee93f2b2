"""What is computed of a finished trip, what it is when something is missing, and the labels in whole cents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.features.trip_features import (
    DISTANCE_CLASSES,
    categorize_trip_distance,
    compute_high_tip,
    compute_labels,
    compute_price_per_mile,
    compute_speed,
    compute_trip_duration,
    is_app_dispatched,
    targets_of,
)

CENTS = st.integers(0, 100_000)


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


def high_tip(tip: float, total: float, payment: float = 1) -> float:
    return float(compute_high_tip(np.array([tip]), np.array([total]), np.array([payment]))[0])


@pytest.mark.parametrize(
    ("tip", "pretip", "expected"),
    [
        (2.46, 12.30, 1),  # exactly 20 %: in floats 0.2 * 12.30 lies above 2.46
        (1.66, 8.30, 1),
        (1.65, 8.30, 0),
        (1.66, 8.34, 1),  # floor(166.8) = 166: the meter's suggestion is rounded down
        (0.00, 0.04, 1),  # floor of less than a cent is nothing
        (0.00, 5.00, 0),
    ],
)
def test_the_line_is_a_fifth_in_whole_cents(tip: float, pretip: float, expected: float) -> None:
    assert high_tip(tip, tip + pretip) == expected


@given(CENTS, CENTS.filter(bool))
def test_the_label_is_the_integer_rule_for_every_amount(tip_c: int, pretip_c: int) -> None:
    assert high_tip(tip_c / 100, (tip_c + pretip_c) / 100) == (tip_c >= pretip_c * 2 // 10)


@pytest.mark.parametrize(
    ("tip", "total", "payment"), [(5, 20, 2), (5, 20, 0), (5, 20, np.nan), (5, 5, 1), (np.nan, 20, 1), (5, np.nan, 1)]
)
def test_no_card_or_no_price_is_no_label(tip: float, total: float, payment: float) -> None:
    assert np.isnan(high_tip(tip, total, payment))


def two_trips(**columns: Any) -> dict[str, np.ndarray]:
    """Two trips of ten minutes; columns replace or add."""
    start = np.array(["2019-06-14T18:30", "2019-06-14T19:00"], "datetime64[us]")
    return {"pickup_at": start, "dropoff_at": start + np.timedelta64(10, "m")} | {
        name: np.array(values) for name, values in columns.items()
    }


def test_a_service_has_the_labels_of_its_columns() -> None:
    assert list(compute_labels(two_trips())) == ["duration_min", "app_dispatched"]
    fares = compute_labels(two_trips(fare_usd=[np.nan, 12.5]))
    assert list(fares) == ["duration_min", "fare_usd", "app_dispatched"]
    assert fares["duration_min"].tolist() == [10, 10]  # a missing fare takes nothing from the duration
    assert [len(targets_of(service)) for service in ("yellow", "green", "fhvhv", "fhv")] == [3, 3, 2, 1]


def test_the_dispatched_block_lacks_what_a_driver_types() -> None:
    typed = {"passenger_count": [1, np.nan], "rate_code": [1, np.nan], "payment_type": [1.0, np.nan]}
    block = two_trips(**typed, store_and_fwd=np.array(["N", None], object))
    assert is_app_dispatched(block).tolist() == [0, 1]
    said = block | {"payment_type": np.array([0, 1]), "store_and_fwd": np.array(["N", "N"], object)}
    assert is_app_dispatched(said).tolist() == [1, 0]
