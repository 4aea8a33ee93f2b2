"""Published tables of any drift become one canonical table, or are refused by name."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pytest

from include.errors import BadDataError
from include.ingestion.sample import generate_month
from include.trips.contract import schema_for, to_canonical
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
