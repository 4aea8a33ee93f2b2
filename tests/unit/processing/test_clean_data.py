"""Cleaning: what is impossible is quarantined with a reason, everything else stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.config import Settings
from include.errors import BadDataError
from include.lake import Lake, read_table
from include.processing.clean_data import REASONS, clean_month, clean_taxi_data, count_reasons
from include.trips.contract import schema_for
from include.trips.month import Month

MONTH = Month(2019, 3)
NOON = datetime(2019, 3, 14, 12)
GOOD: dict[str, Any] = {
    "vendor_id": 1, "pickup_at": NOON, "dropoff_at": NOON + timedelta(minutes=12), "passenger_count": 1,
    "distance_mi": 2.0, "rate_code": 1, "store_and_fwd": "N", "pickup_zone": 161, "dropoff_zone": 236,
    "payment_type": 1, "fare_usd": 10.0, "extra_usd": 0.0, "mta_tax_usd": 0.5, "tip_usd": 2.0, "tolls_usd": 0.0,
    "improvement_usd": 0.3, "total_usd": 12.8, "congestion_usd": 2.5,
}  # fmt: skip


def month_of(*changes: dict[str, Any]) -> pa.Table:
    """One good yellow trip per argument, changed as it says."""
    rows = [GOOD | {"source_row": number} | change for number, change in enumerate(changes)]
    return pa.Table.from_pylist(rows, schema=schema_for("yellow"))


def lasting(minutes: float, **change: Any) -> dict[str, Any]:
    return {"dropoff_at": NOON + timedelta(minutes=minutes)} | change


IMPOSSIBLE = [
    ("missing_time", {"dropoff_at": None}),
    ("missing_time", {"pickup_at": None, "fare_usd": -1.0}),
    ("out_of_month", {"pickup_at": datetime(2019, 4, 1), "dropoff_at": datetime(2019, 4, 1, 0, 9)}),
    ("out_of_month", {"pickup_at": datetime(2088, 1, 1), "dropoff_at": datetime(2088, 1, 1, 0, 9)}),
    ("zone_out_of_range", {"pickup_zone": 0}),
    ("zone_out_of_range", {"dropoff_zone": 266}),
    ("zone_out_of_range", {"dropoff_zone": None}),
    ("negative_amount", {"fare_usd": -10.0, "total_usd": -12.8}),
    ("negative_amount", {"total_usd": -0.3}),
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
    ("distance_out_of_range", {"distance_mi": 120_098.0}),
    ("speed_out_of_range", lasting(6, distance_mi=10.1)),
]
POSSIBLE = [
    lasting(1, distance_mi=0.2),
    lasting(180, distance_mi=200.0),
    lasting(6, distance_mi=10.0),
    {"distance_mi": 0.0},
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
    kept, quarantined = clean_taxi_data(month_of({}, change), "yellow", MONTH)
    assert kept["source_row"].to_pylist() == [0]
    assert quarantined.select(["source_row", "reason"]).to_pylist() == [{"source_row": 1, "reason": reason}]


@pytest.mark.parametrize("change", POSSIBLE)
def test_possible_trip_stays_as_it_is(change: dict[str, Any]) -> None:
    trips = month_of(change)
    kept, quarantined = clean_taxi_data(trips, "yellow", MONTH)
    assert (kept.to_pylist(), quarantined.num_rows) == (trips.to_pylist(), 0)


def test_the_first_reason_in_the_fixed_order_wins() -> None:
    everything_wrong = {"pickup_zone": 0, "fare_usd": -1.0, "distance_mi": None} | lasting(-1)
    _, quarantined = clean_taxi_data(month_of(everything_wrong), "yellow", MONTH)
    assert quarantined["reason"].to_pylist() == ["zone_out_of_range"]


def test_quarantine_has_the_columns_of_the_month_and_the_reason() -> None:
    kept, quarantined = clean_taxi_data(month_of({}, {"fare_usd": 0.0}), "yellow", MONTH)
    assert kept.schema == schema_for("yellow")
    assert quarantined.schema == schema_for("yellow").append(pa.field("reason", pa.string()))


def test_a_month_without_a_needed_column_is_refused_by_name() -> None:
    with pytest.raises(BadDataError, match="yellow 2019-03 lacks fare_usd"):
        clean_taxi_data(month_of({}).drop_columns(["fare_usd"]), "yellow", MONTH)


MONEY = st.none() | st.floats(-600, 600) | st.just(float("nan"))
WHEN = st.none() | st.datetimes(datetime(2019, 2, 27), datetime(2019, 4, 3))
ANY_CHANGE = st.fixed_dictionaries(
    {},
    optional={
        "pickup_at": WHEN,
        "dropoff_at": WHEN,
        "pickup_zone": st.none() | st.integers(-1, 267),
        "dropoff_zone": st.none() | st.integers(-1, 267),
        "distance_mi": st.none() | st.floats(-5, 300),
        "fare_usd": MONEY,
        "total_usd": MONEY,
    },
)


@given(st.lists(ANY_CHANGE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_every_row_is_kept_or_quarantined_once_in_any_order(changes: list[dict[str, Any]], random: Any) -> None:
    trips = month_of(*changes)
    kept, quarantined = clean_taxi_data(trips, "yellow", MONTH)
    assert sorted(kept["source_row"].to_pylist() + quarantined["source_row"].to_pylist()) == list(range(len(changes)))
    order = list(range(len(changes)))
    random.shuffle(order)
    shuffled, rest = clean_taxi_data(trips.take(pa.array(order)), "yellow", MONTH)
    assert set(shuffled["source_row"].to_pylist()) == set(kept["source_row"].to_pylist())
    assert _reasons(rest) == _reasons(quarantined)


@given(st.lists(ANY_CHANGE, min_size=1, max_size=6))
def test_cleaning_a_clean_month_changes_nothing(changes: list[dict[str, Any]]) -> None:
    kept, _ = clean_taxi_data(month_of(*changes), "yellow", MONTH)
    again, nothing = clean_taxi_data(kept, "yellow", MONTH)
    assert again["source_row"].equals(kept["source_row"])
    assert nothing.num_rows == 0


def _reasons(quarantined: pa.Table) -> dict[int, str]:
    return {row["source_row"]: row["reason"] for row in quarantined.select(["source_row", "reason"]).to_pylist()}


def test_counts_name_every_reason_in_order() -> None:
    _, quarantined = clean_taxi_data(month_of({"fare_usd": 0.0}, {"pickup_zone": 0}), "yellow", MONTH)
    counts = count_reasons(quarantined)
    assert list(counts) == list(REASONS)
    assert {reason: count for reason, count in counts.items() if count} == {
        "zone_out_of_range": 1,
        "fare_out_of_range": 1,
    }


def put_raw(settings: Settings, *changes: dict[str, Any]) -> Lake:
    lake = Lake(settings.lake)
    lake.publish_table("raw", "yellow", MONTH, month_of(*changes), key="k")
    return lake


def metrics(settings: Settings, suite: str) -> dict[str, int]:
    from sqlalchemy import text

    from include.warehouse.engine import get_engine

    query = text("SELECT expectation, unexpected_count FROM data_quality_metrics WHERE suite = :suite")
    with get_engine(settings).connect() as connection:
        return {row.expectation: row.unexpected_count for row in connection.execute(query, {"suite": suite})}


def test_the_step_fills_lake_and_warehouse_and_a_repeat_is_unchanged(settings: Settings) -> None:
    from sqlalchemy import text

    from include.warehouse.engine import get_engine

    lake = put_raw(settings, {}, {}, {"fare_usd": -3.0})
    first = clean_month("yellow", "2019-03", settings)
    second = clean_month("yellow", "2019-03", settings)
    assert (first["rows"], first["quarantined"]["negative_amount"], first["status"]) == (2, 1, "done")
    assert second == first | {"status": "unchanged"}
    assert read_table(lake.require("quarantine", "yellow", MONTH).uri)["reason"].to_pylist() == ["negative_amount"]
    assert metrics(settings, "cleaning") == dict.fromkeys(REASONS, 0) | {"negative_amount": 1}
    with get_engine(settings).connect() as connection:
        assert connection.execute(text("SELECT source_row FROM processed_taxi_trips")).scalars().all() == [0, 1]


def test_the_step_refuses_a_month_that_keeps_nothing(settings: Settings) -> None:
    lake = put_raw(settings, {"pickup_at": datetime(2019, 5, 1), "dropoff_at": datetime(2019, 5, 1, 1)})
    with pytest.raises(BadDataError, match="keeps none of the 1 rows of yellow 2019-03; most are out_of_month"):
        clean_month("yellow", "2019-03", settings)
    assert lake.current("clean", "yellow", MONTH) is None
