"""A small month that meets every expectation, to be damaged by tests."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from include.trips.contract import schema_for
from include.trips.month import Month

MONTH = Month(2019, 3)
ROWS = 600


def healthy_month(**changes: Any) -> pa.Table:
    """600 plain yellow trips of March 2019, ten minutes apart; `changes` are whole columns."""
    pickup = np.datetime64("2019-03-02T00:00:00", "us") + np.arange(ROWS) * np.timedelta64(10, "m")
    columns: dict[str, Any] = {
        "vendor_id": 1, "pickup_at": pickup, "dropoff_at": pickup + np.timedelta64(12, "m"), "passenger_count": 1,
        "distance_mi": 2.0, "rate_code": 1, "store_and_fwd": "N", "pickup_zone": 161, "dropoff_zone": 236,
        "payment_type": 1, "fare_usd": 10.0, "extra_usd": 0.0, "mta_tax_usd": 0.5, "tip_usd": 2.0, "tolls_usd": 0.0,
        "improvement_usd": 0.3, "total_usd": 12.8, "congestion_usd": 2.5, "source_row": np.arange(ROWS),
    }  # fmt: skip
    columns |= changes
    schema = schema_for("yellow")
    return pa.table([_column(columns.get(f.name), f.type) for f in schema], schema=schema)


def first(share: float, bad: Any, good: Any) -> list[Any]:
    """A column whose first `share` of rows is bad."""
    count = round(ROWS * share)
    return [bad] * count + [good] * (ROWS - count)


def _column(value: Any, kind: pa.DataType) -> pa.Array:
    if value is None:
        return pa.nulls(ROWS, kind)
    return pa.array(value if isinstance(value, list | np.ndarray) else [value] * ROWS, kind)
