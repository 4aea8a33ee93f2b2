"""Totals add up, to the bit, however the month is cut."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.processing.trip_totals import GRAINS, totals_table

MONDAY = np.datetime64("2019-03-04T08:00", "us")
HOUR = np.timedelta64(1, "h")


def trips(**changed: np.ndarray) -> dict[str, np.ndarray]:
    """Four trips of a Monday morning: two from 4 to 7, one from 4 to nowhere known, one from 7 to 4 an hour later."""
    begin = MONDAY + np.array([0, 0, 0, 1]) * HOUR
    whole = {
        "pickup_at": begin, "dropoff_at": begin + np.array([6, 12, 30, 60]) * np.timedelta64(1, "m"),
        "pickup_zone": np.array([4, 4, 4, 7]), "dropoff_zone": np.array([7, 7, np.nan, 4]),
        "distance_mi": np.array([1.5, 2.5, 3.0, 0.1]), "fare_usd": np.array([6.1, 9.2, 14.3, 20.4]),
        "total_usd": np.array([7.1, 10.2, 15.3, 25.4]),
    }  # fmt: skip
    return whole | changed


def row(table: pa.Table, grain: str, **at: int) -> dict[str, object]:
    keep = pc.equal(table["grain"], grain)
    for name, value in at.items():
        keep = pc.and_(keep, pc.equal(table[name], value))
    (found,) = table.filter(keep).to_pylist()
    return dict(found)


def test_a_month_and_its_parts_are_added_up() -> None:
    table = totals_table([trips()])
    month = row(table, "month")
    assert (month["trips"], month["revenue_usd"], month["fare_usd"]) == (4, 58.0, 50.0)
    assert (month["distance_mi"], month["minutes"]) == (7.1, 108.0)
    assert row(table, "pair", pickup_zone=4, dropoff_zone=7)["revenue_usd"] == 17.3
    assert row(table, "pair", pickup_zone=4, dropoff_zone=264)["trips"] == 1, "a place that is not known is 264"
    assert row(table, "pickup_hour", pickup_zone=7, hour_of_week=9)["trips"] == 1
    assert row(table, "hour", hour_of_week=8)["trips"] == 3


def test_every_kind_of_row_adds_up_to_the_month() -> None:
    table = totals_table([trips()])
    for grain in GRAINS:
        rows = table.filter(pc.equal(table["grain"], grain))
        assert pc.sum(rows["trips"]).as_py() == 4
        assert round(pc.sum(rows["revenue_usd"]).as_py(), 6) == 58.0


def test_how_a_month_is_cut_does_not_matter() -> None:
    whole = trips()
    halves = [{name: values[part] for name, values in whole.items()} for part in (slice(0, 1), slice(1, 4))]
    assert totals_table(halves).equals(totals_table([whole]))


def test_what_is_not_known_is_in_no_sum_and_a_column_that_a_service_lacks_is_null() -> None:
    gaps = trips(distance_mi=np.array([1.5, np.nan, 3.0, 0.1]), total_usd=np.array([7.1, np.nan, 15.3, 25.4]))
    del gaps["fare_usd"]
    month = row(totals_table([gaps]), "month")
    assert (month["revenue_usd"], month["minutes"], month["moving_minutes"]) == (47.8, 108.0, 96.0)
    assert np.isnan(month["fare_usd"])  # type: ignore[call-overload]
