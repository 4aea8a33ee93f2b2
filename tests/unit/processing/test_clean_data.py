"""A whole month cleaned: nothing is lost, order does not matter, and the step repairs what it finds half done."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from include.config import Settings
from include.errors import BadDataError
from include.lake import Lake, read_table
from include.processing.clean_data import REASONS, clean_month, clean_taxi_data, count_reasons, reason_codes
from include.processing.cleaning_rules import INPUTS
from include.trips.contract import schema_for
from include.trips.month import Month
from tests.unit.processing.trip_rows import BACK, GOOD, MONTH, NOON, SOME, TRIPS, month_of, reasons_by_row


@SOME
@given(TRIPS, st.randoms(use_true_random=False))
def test_every_row_is_kept_or_quarantined_once_in_any_order(changes: list[dict[str, Any]], random: Any) -> None:
    trips = month_of(*changes)
    kept, quarantined = clean_taxi_data(trips, "yellow", MONTH)
    assert sorted(kept["source_row"].to_pylist() + quarantined["source_row"].to_pylist()) == list(range(len(changes)))
    order = list(range(len(changes)))
    random.shuffle(order)
    shuffled, rest = clean_taxi_data(trips.take(pa.array(order)), "yellow", MONTH)
    assert set(shuffled["source_row"].to_pylist()) == set(kept["source_row"].to_pylist())
    assert reasons_by_row(rest) == reasons_by_row(quarantined)


@SOME
@given(TRIPS, st.randoms(use_true_random=False))
def test_without_row_numbers_order_does_not_matter_either(changes: list[dict[str, Any]], random: Any) -> None:
    trips = month_of(*changes).drop_columns(["source_row"])
    order = list(range(len(changes)))
    random.shuffle(order)
    results = [clean_taxi_data(t, "yellow", MONTH) for t in (trips, trips.take(pa.array(order)))]
    one, other = ([sorted(map(str, part.to_pylist())) for part in result] for result in results)
    assert one == other


@SOME
@given(TRIPS)
def test_cleaning_a_clean_month_changes_nothing(changes: list[dict[str, Any]]) -> None:
    kept, _ = clean_taxi_data(month_of(*changes), "yellow", MONTH)
    again, nothing = clean_taxi_data(kept, "yellow", MONTH)
    assert again.equals(kept)
    assert nothing.num_rows == 0


@SOME
@given(TRIPS)
def test_what_is_kept_has_finite_values_where_they_are_needed(changes: list[dict[str, Any]]) -> None:
    kept, _ = clean_taxi_data(month_of(*changes), "yellow", MONTH)
    for name in ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "fare_usd", "distance_mi"):
        assert kept[name].null_count == 0, name
    for name in ("fare_usd", "distance_mi", "total_usd"):
        assert pc.all(pc.is_finite(kept[name])).as_py() is not False, name


@SOME
@given(TRIPS)
def test_a_frame_is_cleaned_as_its_table_is_and_stays_as_it_was(changes: list[dict[str, Any]]) -> None:
    frame = month_of(*changes).to_pandas().set_axis([f"row {i}" for i in range(len(changes))])
    before = frame.copy(deep=True)
    kept, quarantined = clean_taxi_data(frame, "yellow", MONTH)
    pd.testing.assert_frame_equal(frame, before)
    table, rest = clean_taxi_data(month_of(*changes), "yellow", MONTH)
    assert kept["source_row"].tolist() == table["source_row"].to_pylist()
    assert dict(zip(quarantined["source_row"], quarantined["reason"], strict=True)) == reasons_by_row(rest)
    assert kept.index.tolist() == [f"row {i}" for i in kept["source_row"]]
    assert count_reasons(quarantined) == count_reasons(rest)


def test_service_and_month_are_told_by_the_trips() -> None:
    trips = month_of({}, {"pickup_zone": 4}, {"pickup_at": NOON.replace(month=2), "pickup_zone": 5})
    kept, quarantined = clean_taxi_data(trips)
    assert kept["source_row"].to_pylist() == [0, 1]
    assert quarantined["reason"].to_pylist() == ["out_of_month"]


def test_a_month_may_be_written_out() -> None:
    assert clean_taxi_data(month_of({}), "yellow", "2019-03")[0].num_rows == 1
    with pytest.raises(ValueError, match="month '2019-13' is not YYYY-MM"):
        clean_taxi_data(month_of({}), "yellow", "2019-13")


def test_quarantine_has_the_columns_of_the_month_and_the_reason() -> None:
    kept, quarantined = clean_taxi_data(month_of({}, {"fare_usd": 0.0}), "yellow", MONTH)
    assert kept.schema == schema_for("yellow")
    assert quarantined.schema == schema_for("yellow").append(pa.field("reason", pa.string()))


def test_a_month_without_a_needed_column_is_refused_by_name() -> None:
    with pytest.raises(BadDataError, match="yellow 2019-03 lacks fare_usd"):
        clean_taxi_data(month_of({}).drop_columns(["fare_usd"]), "yellow", MONTH)


def test_a_service_without_a_contract_is_refused() -> None:
    with pytest.raises(BadDataError, match="No trip contract for service 'blue'; known services: yellow, green"):
        clean_taxi_data(month_of({}), "blue", MONTH)


@pytest.mark.parametrize("form", ["table", "frame"])
def test_a_month_of_no_rows_stays_one(form: str) -> None:
    trips = month_of() if form == "table" else month_of().to_pandas()
    kept, quarantined = clean_taxi_data(trips, "yellow", MONTH)
    assert (len(kept), len(quarantined)) == (0, 0)
    assert list(quarantined if form == "frame" else quarantined.column_names)[-1] == "reason"
    with pytest.raises(BadDataError, match="No month holds most of the 0 pick-ups"):
        clean_taxi_data(trips, "yellow")


@pytest.mark.parametrize("nothing", [pd.DataFrame(), pa.table({}), None, [GOOD]])
def test_what_is_no_trips_is_refused(nothing: Any) -> None:
    with pytest.raises(BadDataError, match="Trips are a pandas DataFrame or a pyarrow Table with columns, not "):
        clean_taxi_data(nothing)


@pytest.mark.parametrize(("name", "reason"), [("fare_usd", "fare_out_of_range"), ("dropoff_at", "missing_time"),
                                              ("pickup_zone", "zone_out_of_range")])  # fmt: skip
def test_a_column_of_nulls_quarantines_the_month_whatever_its_type(name: str, reason: str) -> None:
    trips = month_of({}, {"pickup_zone": 4})
    empty = trips.set_column(trips.column_names.index(name), name, pa.nulls(2))
    kept, quarantined = clean_taxi_data(empty, "yellow", MONTH)
    assert kept.num_rows == 0
    assert quarantined["reason"].to_pylist() == [reason, reason if name != "pickup_zone" else "zone_out_of_range"]
    frame = trips.to_pandas().assign(**{name: None})
    assert clean_taxi_data(frame, "yellow", MONTH)[1]["reason"].tolist() == quarantined["reason"].to_pylist()


def test_text_in_a_frame_is_read_and_what_is_no_number_is_named() -> None:
    frame = month_of({}, {"pickup_zone": 4}).to_pandas().assign(fare_usd=["10.0", " 600 "])
    kept, quarantined = clean_taxi_data(frame, "yellow", MONTH)
    assert kept["fare_usd"].tolist() == [10.0]
    assert quarantined["reason"].tolist() == ["fare_out_of_range"]
    with pytest.raises(BadDataError, match=r"Column fare_usd holds '\$5' .*where double belongs"):
        clean_taxi_data(frame.assign(fare_usd=["10.0", "$5"]), "yellow", MONTH)


def test_rules_read_plain_arrays_too() -> None:
    trips = month_of({}, {"fare_usd": -3.0})
    columns = {name: trips[name].to_numpy() for name in INPUTS}
    found = reason_codes(columns, MONTH)
    assert [["", *REASONS][code] for code in found] == ["", "negative_amount"]
    taken_back = {"reversal": np.array([False, True])}
    assert [["", *REASONS][code] for code in reason_codes(columns, MONTH, matched=taken_back)] == ["", "reversal"]


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
    from include.warehouse.engine import get_engine

    query = text("SELECT expectation, unexpected_count FROM data_quality_metrics WHERE suite = :suite")
    with get_engine(settings).connect() as connection:
        return {row.expectation: row.unexpected_count for row in connection.execute(query, {"suite": suite})}


def test_the_step_fills_lake_and_warehouse_and_a_repeat_is_unchanged(settings: Settings) -> None:
    from include.warehouse.engine import get_engine

    lake = put_raw(settings, {}, {"pickup_zone": 4}, {"fare_usd": -3.0}, {"pickup_zone": 5}, BACK | {"pickup_zone": 5})
    first = clean_month("yellow", "2019-03", settings)
    second = clean_month("yellow", "2019-03", settings)
    assert (first["rows"], first["quarantined"]["negative_amount"], first["status"]) == (2, 1, "done")
    assert second == first | {"status": "unchanged"}
    assert list(first["quarantined"]) == list(second["quarantined"]) == list(REASONS)
    quarantined = read_table(lake.require("quarantine", "yellow", MONTH).uri)
    assert reasons_by_row(quarantined) == {2: "negative_amount", 3: "reversed_trip", 4: "reversal"}
    expected = {"negative_amount": 1, "reversal": 1, "reversed_trip": 1}
    assert metrics(settings, "cleaning") == dict.fromkeys(REASONS, 0) | expected
    with get_engine(settings).connect() as connection:
        assert connection.execute(text("SELECT source_row FROM processed_taxi_trips")).scalars().all() == [0, 1]


def test_the_step_refuses_a_month_that_keeps_nothing(settings: Settings) -> None:
    lake = put_raw(settings, {"pickup_at": NOON.replace(month=5), "dropoff_at": NOON.replace(month=5, hour=13)})
    with pytest.raises(BadDataError, match="keeps none of the 1 rows of yellow 2019-03; most are out_of_month"):
        clean_month("yellow", "2019-03", settings)
    assert lake.current("clean", "yellow", MONTH) is None
    assert lake.current("quarantine", "yellow", MONTH) is None


def test_a_month_of_one_good_row_is_a_month(settings: Settings) -> None:
    lake = put_raw(settings, {})
    assert clean_month("yellow", "2019-03", settings)["rows"] == 1
    assert lake.require("quarantine", "yellow", MONTH).rows == 0


def test_a_quarantine_left_from_before_is_made_again(settings: Settings) -> None:
    lake = put_raw(settings, {}, {"fare_usd": 0.0})
    done = clean_month("yellow", "2019-03", settings)
    right = lake.require("quarantine", "yellow", MONTH)
    lake.publish_table("quarantine", "yellow", Month(2019, 3), read_table(right.uri).slice(0, 0), "an earlier key")
    again = clean_month("yellow", "2019-03", settings)
    assert (again["status"], again["uri"]) == ("done", done["uri"])
    repaired = lake.require("quarantine", "yellow", MONTH)
    assert (repaired.uri, repaired.sha256, repaired.rows) == (right.uri, right.sha256, 1)
