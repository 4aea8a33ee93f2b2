"""Single yellow trips of March 2019, written as the differences from a plain one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from hypothesis import settings
from hypothesis import strategies as st

from include.trips.contract import schema_for
from include.trips.month import Month

SOME = settings(max_examples=25, deadline=None)
"""How often a property of whole months is tried: one try costs some 5 ms of CPU."""
MONTH = Month(2019, 3)
NOON = datetime(2019, 3, 14, 12)
GOOD: dict[str, Any] = {
    "vendor_id": 1, "pickup_at": NOON, "dropoff_at": NOON + timedelta(minutes=12), "passenger_count": 1,
    "distance_mi": 2.0, "rate_code": 1, "store_and_fwd": "N", "pickup_zone": 161, "dropoff_zone": 236,
    "payment_type": 1, "fare_usd": 10.0, "extra_usd": 0.0, "mta_tax_usd": 0.5, "tip_usd": 2.0, "tolls_usd": 0.0,
    "improvement_usd": 0.3, "total_usd": 12.8, "congestion_usd": 2.5,
}  # fmt: skip
BACK: dict[str, Any] = {"fare_usd": -10.0, "total_usd": -12.8}
"""The reversal of the plain trip."""
NO_VALUE = float("nan")


def month_of(*changes: dict[str, Any]) -> pa.Table:
    """One plain yellow trip per argument, changed as it says."""
    rows = [GOOD | {"source_row": number} | change for number, change in enumerate(changes)]
    return pa.Table.from_pylist(rows, schema=schema_for("yellow"))


def lasting(minutes: float, **change: Any) -> dict[str, Any]:
    return {"dropoff_at": NOON + timedelta(minutes=minutes)} | change


def reasons_by_row(quarantined: pa.Table) -> dict[int, str]:
    return {row["source_row"]: row["reason"] for row in quarantined.select(["source_row", "reason"]).to_pylist()}


MONEY = st.none() | st.floats(-600, 600) | st.sampled_from([NO_VALUE, float("inf"), -float("inf"), 10.0, -10.0])
WHEN = st.none() | st.datetimes(datetime(2019, 2, 27), datetime(2019, 4, 3))
CLOCK = st.datetimes(datetime(2019, 3, 10, 1), datetime(2019, 3, 10, 4))
ANY_CHANGE = st.fixed_dictionaries(
    {},
    optional={
        "pickup_at": WHEN | CLOCK,
        "dropoff_at": WHEN | CLOCK,
        "pickup_zone": st.none() | st.integers(-1, 267),
        "dropoff_zone": st.none() | st.integers(-1, 267),
        "distance_mi": st.none() | st.floats(-5, 300) | st.sampled_from([NO_VALUE, float("inf")]),
        "fare_usd": MONEY,
        "total_usd": MONEY,
    },
)
"""Anything that may be wrong with one trip."""
ALIKE = st.fixed_dictionaries(
    {"fare_usd": st.sampled_from([10.0, -10.0, 8.0, -8.0]), "total_usd": st.sampled_from([12.8, -12.8])},
    optional={"vendor_id": st.sampled_from([None, 2]), "tip_usd": st.sampled_from([0.0, -0.0, None]),
              "dropoff_zone": st.sampled_from([236, 237]), "store_and_fwd": st.sampled_from(["Y", "N", None])},
)  # fmt: skip
"""Trips of the same moment, many of which belong together."""
TRIPS = st.lists(ANY_CHANGE | ALIKE, min_size=1, max_size=8)
