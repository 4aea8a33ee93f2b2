from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from include.errors import BadDataError
from include.processing.drift_columns import HOLIDAY
from include.processing.drift_tally import profile_month
from tests.unit.processing.drift_months import column, month_of_trips, profiled, same_counts, with_column


def test_every_column_counts_every_trip_once() -> None:
    profile = profiled("2019-05")
    assert {profile.counts[key].sum() for key in profile.counts if key[0] == "month"} == {profile.rows} == {4000}
    for segment in ("vendor", "borough", "payment", "hours"):
        assert sum(c.sum() for (s, _, n), c in profile.counts.items() if (s, n) == (segment, "fare_usd")) == 4000


def test_counts_equal_those_of_the_trips() -> None:
    trips = month_of_trips("2019-05")
    profile = profile_month(trips, "yellow", "2019-05")
    by_card = (column(trips, "payment_type") == 1) & (column(trips, "vendor_id") == 2)
    assert profile.counts["vendor", "2", "payment_type"].sum(axis=0)[1] == by_card.sum()
    may_27 = column(trips, "pickup_at").astype("datetime64[D]") == np.datetime64("2019-05-27")
    assert profile.counts["month", "", "fare_usd"][HOLIDAY].sum() == may_27.sum()
    assert profile.days.sum() == 31
    assert profile.days[HOLIDAY] == 1


def test_parts_of_any_size_give_the_same_counts() -> None:
    trips = month_of_trips("2019-05", 999)
    whole, cut = (
        profile_month(t, "yellow", "2019-05") for t in (trips, (trips.slice(i, 70) for i in range(0, 999, 70)))
    )
    assert same_counts(whole, cut)
    assert (whole.days == cut.days).all()


def test_the_value_that_most_trips_share_is_kept_with_its_count() -> None:
    trips = month_of_trips("2019-05")
    fares = np.where(column(trips, "vendor_id") == 1, 2.9, column(trips, "fare_usd"))
    fares[np.flatnonzero(column(trips, "vendor_id") == 1)[:3]] = 99.0
    parts = with_column(trips, "fare_usd", fares)
    profile = profile_month((parts.slice(i, 500) for i in range(0, 4000, 500)), "yellow", "2019-05")
    value, _, rows = profile.common["vendor", "1", "fare_usd"]
    assert (value, rows) == (2.9, (column(trips, "vendor_id") == 1).sum() - 3)
    assert ("vendor", "2", "fare_usd") not in profile.common


def test_a_stray_first_part_does_not_hide_a_constant() -> None:
    trips = month_of_trips("2019-05", 1000, fare_usd=[*([50.0] * 100), *([2.9] * 900)])
    profile = profile_month((trips.slice(i, 100) for i in range(0, 1000, 100)), "yellow", "2019-05")
    value, _, rows = profile.common["month", "", "fare_usd"]
    assert value == 2.9
    assert 700 <= rows <= 900


def test_one_trip_is_a_month_and_none_is_not() -> None:
    assert profile_month(month_of_trips("2019-05", 1), "yellow", "2019-05").rows == 1
    with pytest.raises(BadDataError, match="yellow 2019-05 has no trip to profile"):
        profile_month(month_of_trips("2019-05", 1).slice(1), "yellow", "2019-05")


def test_a_column_that_is_all_null_is_counted_as_such() -> None:
    counts = profiled("2019-05", passenger_count=None).counts["month", "", "passenger_count"]
    assert counts[:, -1].sum() == 4000


def test_text_where_numbers_belong_is_refused_by_name() -> None:
    trips = month_of_trips("2019-05", 5)
    at = trips.column_names.index("fare_usd")
    with pytest.raises(BadDataError, match=r"fare_usd string \(expected double\)"):
        profile_month(trips.set_column(at, "fare_usd", pa.array(["1"] * 5)), "yellow", "2019-05")
    with pytest.raises(BadDataError, match=r"fare_usd absent"):
        profile_month(trips.drop_columns(["fare_usd"]), "yellow", "2019-05")
