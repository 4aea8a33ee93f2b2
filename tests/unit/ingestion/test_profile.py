"""A profile tells what a month holds, whatever the batches it came in."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.ingestion import profile
from include.ingestion.profile import Profile


def profiled(table: pa.Table, batch_rows: int = 10_000) -> dict[str, object]:
    found = Profile(table.schema)
    for batch in table.to_batches(max_chunksize=batch_rows):
        found.add(batch)
    return found.result()


def test_counts_bounds_and_quantiles() -> None:
    when = pa.array(np.datetime64("2019-03-01", "us") + np.arange(101) * np.timedelta64(1, "h"))
    table = pa.table({
        "fare": pa.array([None, *map(float, range(100))]), "zone": pa.array([1, 2] * 50 + [2], pa.int32()),
        "text": ["b", "a", None] + ["b"] * 98, "when": when, "empty": pa.nulls(101, pa.float64()),
    })  # fmt: skip
    found = profiled(table)
    assert (found["rows"], found["sampled_every"]) == (101, 1)
    columns = found["columns"]
    assert isinstance(columns, dict)
    quantiles = {"p01": 0.0, "p25": 24.0, "p50": 49.0, "p75": 74.0, "p99": 98.0}
    assert columns["fare"] == {"nulls": 1, "distinct": 100, "min": 0.0, "max": 99.0, "quantiles": quantiles}
    assert columns["zone"]["distinct"] == 2
    assert columns["text"] == {"nulls": 1, "distinct": 2, "min": "a", "max": "b"}
    assert columns["when"]["min"] == "2019-03-01T00:00:00"
    assert columns["empty"] == {"nulls": 101, "distinct": 0}
    json.dumps(found, allow_nan=False)


@given(st.lists(st.none() | st.floats(allow_nan=False), min_size=1, max_size=60), st.integers(1, 60))
def test_batches_leave_no_trace(values: list[float | None], batch_rows: int) -> None:
    table = pa.table({"value": pa.array(values, pa.float64())})
    assert profiled(table, batch_rows) == profiled(table)
    json.dumps(profiled(table), allow_nan=False)


def test_a_long_month_is_sampled_evenly_and_distinct_values_are_near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "SAMPLE_ROWS", 1000)
    values = np.random.default_rng(3).permutation(60_000)
    found = profiled(pa.table({"value": values}), 700)
    assert found == profiled(pa.table({"value": values}), 60_000)
    column = found["columns"]["value"]  # type: ignore[index]
    assert found["sampled_every"] == 32
    assert (column["min"], column["max"]) == (0, 59_999)
    assert abs(column["distinct"] - 60_000) < 0.08 * 60_000
    assert abs(column["quantiles"]["p50"] - 30_000) < 3_000
