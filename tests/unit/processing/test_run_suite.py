"""Great Expectations finds what is wrong with a month, and counts it over all rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from include.processing.derived import DURATION, NULL_BLOCK, SPEED
from include.processing.expectations import raw_suite
from include.processing.run_suite import Outcome, examine, outcomes, quality_frame
from tests.unit.processing.months import MONTH, ROWS, first, healthy_month

SUITE = raw_suite("yellow", MONTH.start, MONTH.end)


def found(trips: pa.Table, *names: str) -> dict[str, Outcome]:
    """Outcomes by name, of the named expectations only when names are given."""
    suite = [spec for spec in SUITE if not names or spec.name in names]
    _, merged = examine(trips, suite, "yellow_raw", "yellow-2019-03-raw")
    return {outcome.expectation: outcome for outcome in outcomes(suite, merged)}


def test_a_healthy_month_meets_every_expectation() -> None:
    outcome = found(healthy_month())
    assert list(outcome) == [spec.name for spec in SUITE]
    assert [name for name, o in outcome.items() if not o.success] == []


HOUR_BEFORE = np.timedelta64(-1, "h")
PICKUP = healthy_month()["pickup_at"].to_numpy()
DAMAGE: list[tuple[str, dict[str, Any]]] = [
    ("pickup_in_month", {"pickup_at": PICKUP + np.timedelta64(60, "D")}),
    ("pickup_in_month", {"pickup_at": np.full(ROWS, np.datetime64("9999-01-01", "us"))}),
    ("dropoff_after_pickup", {"dropoff_at": PICKUP + HOUR_BEFORE}),
    ("duration_plausible", {"dropoff_at": PICKUP + np.timedelta64(24, "h")}),
    ("pickup_zone_in_range", {"pickup_zone": 0}),
    ("dropoff_zone_filled", {"dropoff_zone": first(0.2, None, 236)}),
    ("fare_usd_filled", {"fare_usd": first(0.2, None, 10.0)}),
    ("fare_usd_in_range", {"fare_usd": first(0.2, -10.0, 10.0)}),
    ("fare_usd_median", {"fare_usd": 1000.0}),
    ("total_covers_fare", {"total_usd": 5.0}),
    ("distance_mi_median", {"distance_mi": 20.0}),
    ("distance_positive", {"distance_mi": first(0.2, 0.0, 2.0)}),
    ("speed_plausible", {"distance_mi": first(0.2, 100.0, 2.0)}),
    ("payment_type_known_values", {"payment_type": 9}),
    ("store_and_fwd_known_values", {"store_and_fwd": "?"}),
    ("passengers_given", {"passenger_count": 0}),
    ("passenger_count_null_band", {"passenger_count": first(0.9, None, 1)}),
    ("congestion_usd_null_band", {"congestion_usd": None}),
    ("null_block_whole", {"rate_code": first(0.2, None, 1)}),
    ("pickup_zone_known_place", {"pickup_zone": 264}),
    ("source_row_unique", {"source_row": 7}),
]


@pytest.mark.parametrize(("name", "change"), DAMAGE)
def test_damage_is_found(name: str, change: dict[str, Any]) -> None:
    assert not found(healthy_month(**change), name)[name].success


def test_few_rows_fail_the_row_count() -> None:
    assert found(healthy_month().slice(0, 20), "row_count")["row_count"].observed == "20"


def test_broken_rows_are_counted_over_the_whole_month() -> None:
    outcome = found(healthy_month(fare_usd=first(0.2, -10.0, 10.0)), "fare_usd_in_range")["fare_usd_in_range"]
    assert (outcome.unexpected_count, outcome.unexpected_percent, outcome.severity) == (120, 20.0, "warning")
    assert outcome.observed == "120 rows (20.000 %) break it"
    assert outcome.limit_text == "from 0 to 500 in at least 95.0% of rows"


def test_a_missing_or_retyped_column_is_a_broken_expectation_not_a_crash() -> None:
    trips = healthy_month().drop_columns(["fare_usd"])
    trips = trips.set_column(trips.schema.get_field_index("pickup_zone"), "pickup_zone", pa.array(["x"] * ROWS))
    outcome = found(trips, "columns_of_contract", "fare_usd_filled", "fare_usd_median", "pickup_zone_type")
    assert {name for name, o in outcome.items() if not o.success} == set(outcome)


def test_warnings_alone_leave_the_validation_successful() -> None:
    suite = [spec for spec in SUITE if spec.name in ("passengers_given", "row_count")]
    assert examine(healthy_month(passenger_count=0), suite, "s", "a")[1].success
    assert not examine(healthy_month().slice(0, 9), suite, "s", "a")[1].success


def test_derived_columns_are_minutes_miles_per_hour_and_nulls_of_the_block() -> None:
    trips = healthy_month(rate_code=None, passenger_count=None).slice(0, 1)
    frame = quality_frame(trips, (DURATION, SPEED, NULL_BLOCK))
    assert frame.to_dict("records") == [{DURATION: 12.0, SPEED: 10.0, NULL_BLOCK: 2}]
