"""Published tables of any drift become one canonical table, or are refused by name."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.errors import BadDataError
from include.ingestion.sample import generate_month
from include.trips.contract import Arrival, schema_for, to_canonical
from include.trips.month import Month

GREEN = generate_month("green", Month(2019, 3), 1000, 1)


def test_names_match_without_case_and_types_are_cast() -> None:
    shouted = GREEN.rename_columns([name.upper() for name in GREEN.column_names])
    trips, report = to_canonical(shouted, "green", "file.parquet")
    assert trips.schema.equals(schema_for("green"))
    assert trips["pickup_at"].to_pylist() == GREEN["lpep_pickup_datetime"].to_pylist()
    assert report.unknown == ()


def test_an_unknown_column_is_reported_and_left_out() -> None:
    trips, report = to_canonical(GREEN.append_column("mood", pa.nulls(1000)), "green", "file.parquet")
    assert report.unknown == ("mood",)
    assert "mood" not in trips.column_names


def test_a_missing_required_column_is_refused_naming_it() -> None:
    with pytest.raises(BadDataError, match=r"lacks required columns fare_amount"):
        to_canonical(GREEN.drop_columns(["fare_amount"]), "green", "file.parquet")


def test_another_services_file_is_refused_naming_it() -> None:
    with pytest.raises(BadDataError, match=r"is a green trip file"):
        to_canonical(GREEN, "yellow", "file.parquet")


def test_a_value_that_does_not_fit_is_refused_naming_the_column() -> None:
    halves = pa.array([1.5] * 1000)
    broken = GREEN.set_column(GREEN.column_names.index("PULocationID"), "PULocationID", halves)
    with pytest.raises(BadDataError, match=r"PULocationID \(double\) does not fit pickup_zone"):
        to_canonical(broken, "green", "file.parquet")


def test_source_rows_number_the_file() -> None:
    trips, _ = to_canonical(GREEN, "green", "file.parquet")
    assert trips["source_row"].to_pylist() == list(range(1000))
    assert isinstance(trips["pickup_at"][0].as_py(), datetime)


def one_yellow(**changes: pa.Array) -> pa.Table:
    """One trip in the layout of 2010: coordinates, codes as text, times as text."""
    row: dict[str, pa.Array] = {
        "vendor_id": pa.array(["VTS"]), "pickup_datetime": pa.array(["2010-01-26 07:41:00"]),
        "dropoff_datetime": pa.array(["2010-01-26 07:45:00"]), "passenger_count": pa.array([1]),
        "trip_distance": pa.array([0.75]), "pickup_longitude": pa.array([-73.956778]),
        "pickup_latitude": pa.array([40.76775]), "rate_code": pa.array(["1"]), "store_and_fwd_flag": pa.nulls(1),
        "dropoff_longitude": pa.array([0.0]), "dropoff_latitude": pa.array([0.0]), "payment_type": pa.array(["CAS"]),
        "fare_amount": pa.array([4.5]), "surcharge": pa.array([0]), "mta_tax": pa.array(["0.5"]),
        "tip_amount": pa.array([float("nan")]), "tolls_amount": pa.nulls(1), "total_amount": pa.array([5]),
    }  # fmt: skip
    return pa.table(row | changes)


def test_an_old_month_has_todays_codes_and_zones() -> None:
    trips, report = to_canonical(one_yellow(), "yellow", "yellow_tripdata_2010-01.parquet")
    assert report.layout == "yellow since 2010-01"
    assert trips.schema.equals(schema_for("yellow"))
    expected = {"vendor_id": 2, "payment_type": 2, "pickup_zone": 141, "dropoff_zone": 264, "pickup_lat": 40.76775,
                "rate_code": 1, "store_and_fwd": None, "tip_usd": None, "mta_tax_usd": 0.5,
                "pickup_at": datetime(2010, 1, 26, 7, 41)}  # fmt: skip
    assert trips.select(list(expected)).to_pylist() == [expected]


def test_published_zones_win_over_coordinates() -> None:
    both = GREEN.append_column("Pickup_longitude", pa.array([0.0] * 1000)).append_column(
        "Pickup_latitude", pa.array([0.0] * 1000)
    )
    trips, _ = to_canonical(both, "green", "f")
    assert trips["pickup_zone"].to_pylist() == GREEN["PULocationID"].to_pylist()
    assert trips["pickup_lat"].to_pylist() == [0.0] * 1000


def test_text_without_a_code_is_reported() -> None:
    trips, report = to_canonical(one_yellow(payment_type=pa.array(["barter"])), "yellow", "f")
    assert trips["payment_type"].to_pylist() == [None]
    assert report.uncoded == {"payment_type": {"barter": 1}}


def test_a_name_that_comes_twice_is_refused() -> None:
    with pytest.raises(BadDataError, match="names a column twice"):
        to_canonical(GREEN.append_column("vendorid", GREEN["VendorID"]), "green", "f")


TYPES = {
    "int": [pa.int32(), pa.int64(), pa.float64(), pa.string(), pa.large_string()],
    "real": [pa.float64(), pa.string()],
    "time": [pa.timestamp("us"), pa.timestamp("ms"), pa.timestamp("ns"), pa.string()],
}


@given(st.data())
def test_types_of_any_era_hold_the_same_values(data: st.DataObject) -> None:
    """int32, int64, double and text that hold a column's values come out equal."""
    size = data.draw(st.integers(1, 5))
    table = GREEN.slice(0, size)
    counts = data.draw(st.lists(st.none() | st.integers(0, 9), min_size=size, max_size=size))
    fares = data.draw(st.lists(st.none() | st.floats(-500, 500), min_size=size, max_size=size))
    times = data.draw(st.lists(st.datetimes(datetime(2009, 1, 1), datetime(2041, 1, 1)), min_size=size, max_size=size))
    times = [time.replace(microsecond=0) for time in times]
    drawn = {
        "passenger_count": pa.array(counts, pa.int32()).cast(data.draw(st.sampled_from(TYPES["int"]))),
        "fare_amount": pa.array(fares, pa.float64()).cast(data.draw(st.sampled_from(TYPES["real"]))),
        "lpep_pickup_datetime": pa.array(times, pa.timestamp("us")).cast(data.draw(st.sampled_from(TYPES["time"]))),
    }
    for name, values in drawn.items():
        table = table.set_column(table.column_names.index(name), name, values)
    trips, _ = to_canonical(table, "green", "f")
    found = [trips[name].to_pylist() for name in ("passenger_count", "fare_usd", "pickup_at")]
    assert found == [counts, fares, times]


@given(st.lists(st.integers(1, 400), max_size=4))
def test_batches_leave_no_trace(cuts: list[int]) -> None:
    whole, _ = to_canonical(GREEN, "green", "f")
    arrival = Arrival(GREEN.column_names, "green", "f")
    pieces, start = [], 0
    for rows in [*cuts, GREEN.num_rows]:
        pieces += [arrival.canonical(b) for b in GREEN.slice(start, rows).to_batches()]
        start += rows
    assert pa.Table.from_batches(pieces, arrival.schema).equals(whole)
