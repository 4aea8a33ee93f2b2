"""What a trip can be: each limit from both sides, and what frames tell of themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest

from include.errors import BadDataError
from include.processing.clean_data import clean_taxi_data
from include.processing.cleaning_rules import INPUTS, MATCHED, REASONS, infer_month, infer_service
from include.trips.columns import ALL_SERVICES, METERED
from include.trips.contract import schema_for
from include.trips.month import Month
from tests.unit.processing.trip_rows import MONTH, lasting, month_of

INFINITY = float("inf")

IMPOSSIBLE = [
    ("missing_time", {"dropoff_at": None}),
    ("missing_time", {"pickup_at": None, "fare_usd": -1.0}),
    ("out_of_month", {"pickup_at": datetime(2019, 4, 1), "dropoff_at": datetime(2019, 4, 1, 0, 9)}),
    ("out_of_month", {"pickup_at": datetime(2088, 1, 1), "dropoff_at": datetime(2088, 1, 1, 0, 9)}),
    ("zone_out_of_range", {"pickup_zone": 0}),
    ("zone_out_of_range", {"dropoff_zone": 266}),
    ("zone_out_of_range", {"dropoff_zone": None}),
    ("negative_amount", {"fare_usd": -9.0, "total_usd": -11.8}),
    ("reversal", {"fare_usd": -10.0, "total_usd": -12.8}),
    ("duplicate", {}),
    ("clock_change", {"pickup_at": datetime(2019, 3, 10, 1, 55), "dropoff_at": datetime(2019, 3, 10, 3, 7)}),
    ("clock_change", {"pickup_at": datetime(2019, 3, 10, 2, 10), "dropoff_at": datetime(2019, 3, 10, 2, 5)}),
    ("negative_amount", {"total_usd": -0.3}),
    ("negative_amount", {"fare_usd": -INFINITY}),
    ("fare_out_of_range", {"fare_usd": INFINITY}),
    ("fare_out_of_range", {"total_usd": INFINITY}),
    ("duration_under_1_min", lasting(59 / 60)),
    ("duration_under_1_min", lasting(-5)),
    ("duration_over_3_h", lasting(180.1)),
    ("duration_over_3_h", lasting(23 * 60 + 58)),
    ("fare_out_of_range", {"fare_usd": 0.0}),
    ("fare_out_of_range", {"fare_usd": 500.01}),
    ("fare_out_of_range", {"fare_usd": None}),
    ("fare_out_of_range", {"fare_usd": float("nan")}),
    ("distance_out_of_range", {"distance_mi": None}),
    ("distance_out_of_range", {"distance_mi": -0.1}),
    ("distance_out_of_range", {"distance_mi": INFINITY}),
    ("distance_out_of_range", {"distance_mi": float("nan")}),
    ("distance_out_of_range", {"distance_mi": 120_098.0}),
    ("speed_out_of_range", lasting(6, distance_mi=10.1)),
]
POSSIBLE = [
    lasting(1, distance_mi=0.2),
    lasting(180, distance_mi=200.0),
    lasting(6, distance_mi=10.0),
    {"distance_mi": 0.0},
    {"pickup_at": datetime(2019, 3, 10, 1, 50), "dropoff_at": datetime(2019, 3, 10, 1, 59, 59)},
    {"pickup_at": datetime(2019, 3, 10, 3), "dropoff_at": datetime(2019, 3, 10, 3, 9)},
    {"fare_usd": 0.01},
    {"fare_usd": 500.0},
    {"pickup_zone": 264, "dropoff_zone": 265},
    {"pickup_at": datetime(2019, 3, 1), "dropoff_at": datetime(2019, 3, 1, 0, 5)},
    {"pickup_at": datetime(2019, 3, 31, 23, 59, 59, 999999), "dropoff_at": datetime(2019, 4, 1, 0, 9)},
    {"passenger_count": None, "rate_code": None, "store_and_fwd": None, "payment_type": 0, "congestion_usd": None},
    {"total_usd": None},
    {"tip_usd": 200.0, "total_usd": 210.8},
]


@pytest.mark.parametrize(("reason", "change"), IMPOSSIBLE)
def test_impossible_trip_is_quarantined_with_its_reason(reason: str, change: dict[str, Any]) -> None:
    kept, quarantined = clean_taxi_data(month_of({}, {"source_row": 1} | change, {"pickup_zone": 4}), "yellow", MONTH)
    rows = dict(zip(quarantined["source_row"].to_pylist(), quarantined["reason"].to_pylist(), strict=True))
    assert rows.pop(1) == reason
    assert rows == ({0: "reversed_trip"} if reason == "reversal" else {})
    assert kept["source_row"].to_pylist() == ([2] if rows else [0, 2])


def test_every_reason_has_an_example() -> None:
    assert {reason for reason, _ in IMPOSSIBLE} | {"reversed_trip"} == set(REASONS)
    assert set(MATCHED) < set(REASONS)


@pytest.mark.parametrize("change", POSSIBLE)
def test_possible_trip_stays_as_it_is(change: dict[str, Any]) -> None:
    trips = month_of(change)
    kept, quarantined = clean_taxi_data(trips, "yellow", MONTH)
    assert (kept.to_pylist(), quarantined.num_rows) == (trips.to_pylist(), 0)


def test_the_first_reason_in_the_fixed_order_wins() -> None:
    everything_wrong = {"pickup_zone": 0, "fare_usd": -1.0, "distance_mi": None} | lasting(-1)
    _, quarantined = clean_taxi_data(month_of(everything_wrong), "yellow", MONTH)
    assert quarantined["reason"].to_pylist() == ["zone_out_of_range"]


def test_a_trip_before_midnight_that_ran_through_a_november_night_keeps_its_length() -> None:
    """The repeated hour shortens a trip across it by an hour; only what ends before it begins is known to be one."""
    times = [
        ("2018-11-04T01:52:14", "2018-11-04T01:10:37"),
        ("2018-11-04T01:36:24", "2018-11-04T01:51:05"),
        ("2018-11-04T01:55:00", "2018-11-04T02:11:20"),
        ("2018-11-04T00:58:22", "2018-11-04T01:06:02"),
    ]
    rows = [dict(zip(("pickup_at", "dropoff_at"), map(datetime.fromisoformat, pair), strict=True)) for pair in times]
    kept, quarantined = clean_taxi_data(month_of(*rows), "yellow", Month(2018, 11))
    assert kept["source_row"].to_pylist() == [1, 2, 3]
    assert quarantined["reason"].to_pylist() == ["clock_change"]


@pytest.mark.parametrize("service", ALL_SERVICES)
def test_the_columns_tell_the_service(service: str) -> None:
    names = schema_for(service).names
    assert infer_service(names) == service
    assert infer_service(INPUTS) in METERED


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (["a", "b"], r"none of the contract.* are no service's: say service=... \(one of yellow, green, fhv, fhvhv\)"),
        (["pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "fare_usd"], "no service's"),
        ([*schema_for("fhv").names, "trip_type"], "no service's"),
    ],
)
def test_columns_that_tell_no_service_are_named(names: list[str], sentence: str) -> None:
    with pytest.raises(BadDataError, match=sentence):
        infer_service(names)


def test_the_month_of_most_pick_ups_is_taken() -> None:
    times = np.array(["2019-03-01", "2019-03-31T23:59", "2019-04-01", "NaT", "NaT"], "datetime64[us]")
    assert infer_month(times) == Month(2019, 3)


@pytest.mark.parametrize("times", [[], ["NaT"], ["2019-03-01", "2019-04-01"]])
def test_a_month_that_cannot_be_told_is_asked_for(times: list[str]) -> None:
    with pytest.raises(BadDataError, match=rf"No month holds most of the {len(times)} pick-ups.*say month="):
        infer_month(np.array(times, "datetime64[us]"))
