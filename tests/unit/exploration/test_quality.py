"""Each oddity on rows written here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from include.exploration.quality import (
    Reversals,
    lasting_a_day,
    meter_check,
    null_block_by,
    pair_reversals,
    reason_table,
    total_gaps,
)
from include.processing.clean_data import REASONS
from include.trips.columns import columns_for

START = pd.Timestamp("2019-03-05 12:00")


def rows(**columns: Sequence[object]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    plain = {"vendor_id": 1, "pickup_at": START, "dropoff_at": START + pd.Timedelta(minutes=10), "pickup_zone": 1,
             "dropoff_zone": 2, "passenger_count": 1, "rate_code": 1, "store_and_fwd": "N"}  # fmt: skip
    empty = {c.name: np.nan for c in columns_for("yellow") if c.unit == "USD"}
    return pd.DataFrame({name: [value] * count for name, value in (empty | plain).items()} | columns)


def test_reasons_keep_their_order_and_zeros() -> None:
    table = reason_table(pa.table({"reason": ["out_of_month", "out_of_month"]}), 8)
    assert list(table.index) == list(REASONS)
    assert list(table.loc["out_of_month", ["rows", "percent"]]) == [2, 25.0]
    assert table["rows"].sum() == 2


def test_a_reversal_needs_the_same_zones_and_the_opposite_fare() -> None:
    trips = rows(fare_usd=[-8.0, 8.0, 8.0, -8.0, -9.0], pickup_zone=[1, 1, 1, 7, 1])
    assert pair_reversals(trips) == Reversals(negative=3, paired=1)


def test_a_day_is_about_24_hours() -> None:
    ends = [START + pd.Timedelta(hours=h) for h in (1, 21.9, 22, 23.9, 25.1)]
    assert lasting_a_day(rows(dropoff_at=ends)) == 2


def test_null_block_needs_all_three_nulls() -> None:
    trips = rows(passenger_count=[np.nan, np.nan, 1], rate_code=[np.nan, 1, 1], store_and_fwd=[None, None, "N"],
                 payment_type=[np.nan, 1, 1])  # fmt: skip
    table = null_block_by(trips, "payment_type")
    assert table["percent"].to_dict() == {"missing": 100.0, "1": 0.0}
    assert table["rows"].to_dict() == {"missing": 1, "1": 2}


def test_total_gaps_tell_a_vendor_that_counts_twice() -> None:
    trips = rows(vendor_id=[1, 1, 2], fare_usd=[10.0, 20.0, 10.0], extra_usd=[2.5, 2.5, 0.0],
                 congestion_usd=[2.5, 2.5, 2.5], total_usd=[12.5, 22.5, 12.5])  # fmt: skip
    table = total_gaps(trips, "yellow")
    assert table["exact %"].to_dict() == {"1": 0.0, "2": 100.0}
    assert table["commonest gap USD"].to_dict() == {"1": -2.5, "2": 0.0}


def test_the_meter_is_checked_by_the_tariff_of_the_day() -> None:
    """8.00 is 2.50 + 11 x 0.50 in 2019, and no 3.00 + n x 0.70 in 2023; the flat fare went from 52 to 70."""
    days = [START, START, START, pd.Timestamp("2023-01-05"), pd.Timestamp("2023-01-05")]
    trips = rows(pickup_at=days, fare_usd=[8.0, 8.1, 52.0, 8.0, 70.0], rate_code=[1, 1, 2, 99, 2])
    table = meter_check(trips, "yellow")
    assert table["base + n units %"].to_dict() == {"1": 50.0, "2": 0.0, "99": 0.0}
    assert table["JFK flat %"].to_dict() == {"1": 0.0, "2": 100.0, "99": 0.0}
    assert table["trips"].to_dict() == {"1": 2, "2": 2, "99": 1}
