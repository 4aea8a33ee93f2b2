from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from include.processing.drift_columns import (
    BINNED,
    HOLIDAY,
    borough,
    coded,
    columns_of_service,
    day_kinds,
)
from include.trips.columns import ALL_SERVICES
from tests.unit.processing.drift_months import month_of_trips

BY_NAME = {binned.name: binned for binned in BINNED}


def test_a_value_on_an_edge_belongs_to_the_bin_above_and_nan_to_the_last() -> None:
    fare = BY_NAME["fare_usd"]
    bins = fare.bins_of(np.array([2.99, 3.0, 52.0, 1e9, np.inf, np.nan]))
    assert [*np.array([*fare.labels, "other", "null"])[bins]] == [
        "< 3", "3 to 4", "51.99 to 52.01", ">= 100", ">= 100", "null"]  # fmt: skip


def test_codes_that_tlc_never_listed_and_nulls_have_bins_of_their_own() -> None:
    payment = BY_NAME["payment_type"]
    trips = pa.table({"payment_type": pa.array([0, 6, 77, None], pa.int32())})
    assert [*payment.bins_of(payment.values(trips))] == [0, 6, payment.width - 2, payment.width - 1]


def test_text_codes_are_positions() -> None:
    trips = pa.table({"x": pa.array(["N", None, "?", "Y"])})
    assert [*coded(trips, "x", ("Y", "N"))] == [1, -2, -1, 0]


def test_a_holiday_is_one_whatever_its_weekday() -> None:
    days = np.array(["2019-07-04", "2019-07-05", "2019-07-07"], "datetime64[D]")
    assert [*day_kinds(days)] == [HOLIDAY, 4, 6]


def test_zones_become_boroughs_and_null_stays_null() -> None:
    trips = pa.table({"z": pa.array([132, 264, None], pa.int32())})
    assert [*borough(trips, "z")] == [4, 0, -2]


def test_the_meter_ratio_uses_the_tariff_of_the_day() -> None:
    pickup = np.array(["2022-12-18T12:00:00", "2022-12-19T12:00:00"], "datetime64[us]")
    trips = pa.table({"pickup_at": pickup, "dropoff_at": pickup + np.timedelta64(10, "m"), "distance_mi": [2.0, 2.0],
                      "fare_usd": [2.5 + 0.5 * 20, 3.0 + 0.7 * 20]})  # fmt: skip
    assert BY_NAME["meter_ratio"].values(trips) == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize("service", ALL_SERVICES)
def test_every_service_has_columns(service: str) -> None:
    names = {binned.name for binned in columns_of_service(service)}
    assert {"duration_min", "hour", "weekday", "pickup_borough", "dropoff_zone"} <= names
    assert ("meter_ratio" in names) == (service in ("yellow", "green"))


def test_every_row_of_every_column_gets_a_bin() -> None:
    trips = month_of_trips("2019-03", 50, passenger_count=None, tip_usd=np.inf)
    for binned in columns_of_service("yellow"):
        bins = binned.bins_of(binned.values(trips))
        assert ((bins >= 0) & (bins < binned.width)).all(), binned.name
