"""The single acts: what each drops or sets, and that none touches what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import BadDataError
from include.processing.clean_data import fix_data_types, handle_missing_values, handle_outliers, remove_duplicates
from include.processing.cleaning_handlers import MEASURES
from include.trips.contract import schema_for
from tests.unit.processing.trip_rows import ANY_CHANGE, BACK, NO_VALUE, NOON, SOME, TRIPS, month_of

NULL_BLOCK = {"passenger_count": None, "rate_code": None, "store_and_fwd": None, "payment_type": 0}
AMOUNT = st.none() | st.floats(allow_infinity=True)
WILD = st.lists(ANY_CHANGE | st.fixed_dictionaries({}, optional={
    "tip_usd": AMOUNT, "tolls_usd": AMOUNT, "passenger_count": st.none() | st.integers(-3, 20),
}), min_size=1, max_size=6)  # fmt: skip
ACTS: list[Callable[[Any], Any]] = [
    handle_missing_values, remove_duplicates, handle_outliers,
    lambda trips: handle_outliers(trips, "drop"), lambda trips: handle_outliers(trips, "flag"),
]  # fmt: skip


def rows(trips: Any) -> list[int]:
    return [int(row) for row in trips["source_row"].to_pylist()]


def text_of(trips: pa.Table) -> str:
    """All values; NaN equals itself here."""
    return str(trips.to_pydict())


@pytest.mark.parametrize(
    "change",
    [{"pickup_at": None}, {"dropoff_at": None}, {"pickup_zone": None}, {"dropoff_zone": None}, {"fare_usd": None},
     {"fare_usd": NO_VALUE}, {"distance_mi": None}],
)  # fmt: skip
def test_a_row_without_what_a_trip_needs_goes(change: dict[str, Any]) -> None:
    assert rows(handle_missing_values(month_of({}, change))) == [0]


@pytest.mark.parametrize("change", [NULL_BLOCK, {"total_usd": None}, {"tip_usd": None}, {"vendor_id": None}])
def test_other_missing_values_stay_as_they_are(change: dict[str, Any]) -> None:
    trips = month_of({}, change)
    assert handle_missing_values(trips).equals(trips)


def test_for_hire_trips_may_lack_zones_and_fares_as_a_whole() -> None:
    times = {"pickup_at": NOON, "dropoff_at": NOON}
    fhv = pa.Table.from_pylist([times, {"pickup_at": NOON}], schema=schema_for("fhv"))
    assert handle_missing_values(fhv).num_rows == 1
    placed = times | {"pickup_zone": 1, "dropoff_zone": 2}
    without = pa.Table.from_pylist([placed, placed], schema=schema_for("fhvhv"))
    assert handle_missing_values(without).num_rows == 2
    with_some = pa.Table.from_pylist([placed | {"fare_usd": 5.0}, placed], schema=schema_for("fhvhv"))
    assert handle_missing_values(with_some).num_rows == 1


def test_a_frame_without_a_needed_column_is_refused() -> None:
    with pytest.raises(BadDataError, match="The frame lacks fare_usd"):
        handle_missing_values(month_of({}).drop_columns(["fare_usd"]), "yellow")
    with pytest.raises(BadDataError, match="The frame lacks pickup_zone: without them"):
        remove_duplicates(month_of({}).drop_columns(["pickup_zone"]))


def test_what_stands_for_one_trip_stays_once() -> None:
    trips = month_of({}, {}, {"pickup_zone": 4}, BACK | {"pickup_zone": 4}, BACK | {"pickup_zone": 5})
    assert rows(remove_duplicates(trips)) == [0, 4]


@pytest.mark.parametrize("act", ACTS)
@SOME
@given(changes=WILD)
def test_a_frame_goes_in_and_another_comes_out(act: Callable[[Any], Any], changes: list[dict[str, Any]]) -> None:
    table = month_of(*changes)
    frame = table.to_pandas()
    before = frame.copy(deep=True)
    result = act(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert isinstance(result, pd.DataFrame)
    assert result is not frame
    assert result["source_row"].tolist() == rows(act(table))
    pd.testing.assert_frame_equal(result.reset_index(drop=True), act(table).to_pandas(), check_dtype=False)


@pytest.mark.parametrize("act", ACTS)
@SOME
@given(changes=TRIPS)
def test_acting_twice_is_acting_once(act: Callable[[Any], Any], changes: list[dict[str, Any]]) -> None:
    once = act(month_of(*changes))
    assert text_of(act(once)) == text_of(once)


@SOME
@given(WILD)
def test_flag_drop_and_clip_mean_the_same_rows(changes: list[dict[str, Any]]) -> None:
    trips = fix_data_types(month_of(*changes))
    flagged, dropped, clipped = (handle_outliers(trips, method) for method in ("flag", "drop", "clip"))
    assert text_of(flagged.drop_columns(["outlier"])) == text_of(trips)
    assert rows(dropped) == rows(flagged.filter(pc.invert(flagged["outlier"])))
    assert rows(clipped) == rows(trips)
    assert handle_outliers(clipped, "drop").num_rows == trips.num_rows
    for before, after, outlier in zip(
        trips.to_pylist(), clipped.to_pylist(), flagged["outlier"].to_pylist(), strict=True
    ):
        assert (before != after) == outlier


@SOME
@given(WILD)
def test_clipped_values_are_in_bounds_or_missing_as_before(changes: list[dict[str, Any]]) -> None:
    trips = fix_data_types(month_of(*changes))
    clipped = handle_outliers(trips)
    for column in [c for c in MEASURES if c.name in trips.column_names]:
        for before, after in zip(trips[column.name].to_pylist(), clipped[column.name].to_pylist(), strict=True):
            assert after == (None if before is None else min(max(before, column.low), column.high))


def test_zones_codes_and_times_are_never_clipped() -> None:
    wrong = {"pickup_zone": 999, "rate_code": 77, "dropoff_at": NOON.replace(year=2088)}
    trips = month_of(wrong)
    assert handle_outliers(trips).equals(trips)


@pytest.mark.parametrize("method", ["winsor", "", None])
def test_another_method_is_refused_with_the_known_ones(method: Any) -> None:
    with pytest.raises(BadDataError, match=f"outliers is called {method!r}; they are clip, drop, flag"):
        handle_outliers(month_of({}), method)
