"""The guide and the statistics of a month of three rows."""

from __future__ import annotations

import pyarrow as pa

from include.exploration.overview import column_guide, statistics
from include.trips.columns import columns_for, schema_for


def month() -> pa.Table:
    columns = {f.name: pa.nulls(4, f.type) for f in schema_for("yellow")}
    columns |= {"fare_usd": pa.array([5.0, None, -3.0, 7.5]), "source_row": pa.array(range(4), pa.int64())}
    return pa.table(columns, schema=schema_for("yellow"))


def test_the_guide_has_the_contract_and_the_filling() -> None:
    guide = column_guide(month(), "yellow")
    assert list(guide.index) == [c.name for c in columns_for("yellow")]
    assert list(guide.loc["fare_usd", ["unit", "known at", "filled %"]]) == ["USD", "dropoff", 75.0]
    assert guide.loc["pickup_zone", "known at"] == "pickup"
    assert guide.loc["tip_usd", "filled %"] == 0.0


def test_statistics_leave_out_columns_without_values() -> None:
    table = statistics(month())
    assert list(table.index) == ["fare_usd"]
    assert list(table.loc["fare_usd", ["nulls", "distinct", "min", "p50", "max"]]) == [1, 3, -3.0, 5.0, 7.5]
