"""Seeded months of plausible yellow trips, to be changed by tests of drift."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from include.processing.drift_profile import Profile
from include.processing.drift_tally import profile_month
from include.trips.contract import schema_for
from include.trips.month import Month

ROWS = 4000


def month_of_trips(month: str, rows: int = ROWS, **changes: Any) -> pa.Table:
    """Trips spread evenly over a month, metered, three in four paid by card; `changes` are whole columns."""
    parsed = Month.parse(month)
    rng = np.random.default_rng(parsed.ordinal)
    seconds = int((parsed.end - parsed.start).total_seconds())
    pickup = np.datetime64(parsed.start, "us") + np.sort(rng.integers(0, seconds, rows)).astype("timedelta64[s]")
    minutes = rng.gamma(3.0, 4.0, rows) + 1.5
    miles = minutes * rng.uniform(0.12, 0.25, rows)
    fare = np.round(2.5 + 0.5 * (5 * miles + minutes) * rng.uniform(0.68, 0.76, rows), 1)
    payment = np.where(rng.random(rows) < 0.75, 1, 2)
    tip = np.where(payment == 1, np.round(0.2 * fare, 2), 0.0)
    columns: dict[str, Any] = {
        "vendor_id": np.where(rng.random(rows) < 0.4, 1, 2), "pickup_at": pickup,
        "dropoff_at": pickup + (minutes * 60).astype("timedelta64[s]"), "distance_mi": miles, "fare_usd": fare,
        "passenger_count": rng.choice([1, 1, 1, 2, 3], rows), "rate_code": 1, "store_and_fwd": "N",
        "pickup_zone": rng.choice([161, 236, 132, 61], rows), "dropoff_zone": rng.choice([161, 236, 132, 61], rows),
        "payment_type": payment, "tip_usd": tip, "total_usd": fare + tip + 0.8, "extra_usd": 0.0, "mta_tax_usd": 0.5,
        "improvement_usd": 0.3, "tolls_usd": 0.0, "source_row": np.arange(rows),
    }  # fmt: skip
    columns |= changes
    schema = schema_for("yellow")
    return pa.table([_column(columns.get(f.name), f.type, rows) for f in schema], schema=schema)


def profiled(month: str, **changes: Any) -> Profile:
    """The profile of `month_of_trips`."""
    return profile_month(month_of_trips(month, **changes), "yellow", month)


def column(trips: pa.Table, name: str) -> np.ndarray:
    """A column as numpy."""
    return np.asarray(trips[name].to_numpy(zero_copy_only=False))


def with_column(trips: pa.Table, name: str, values: Any) -> pa.Table:
    """The trips with other values in one column; NaN and None are null."""
    kind = trips.schema.field(name).type
    return trips.set_column(trips.column_names.index(name), name, pa.array(values, kind, from_pandas=True))


def same_counts(a: Profile, b: Profile) -> bool:
    """Whether two profiles hold the same keys and counts."""
    return a.counts.keys() == b.counts.keys() and all(np.array_equal(a.counts[k], b.counts[k]) for k in a.counts)


def _column(value: Any, kind: pa.DataType, rows: int) -> pa.Array:
    if value is None:
        return pa.nulls(rows, kind)
    return pa.array(value if isinstance(value, list | np.ndarray) else [value] * rows, kind)
