"""Figures of a column are exact, and the same however the rows arrive."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from include.features.statistics import Statistics


def figures(values: Any, portions: int = 1) -> dict[str, Any]:
    table = pa.table({"x": pa.array(values, pa.float32())})
    statistics = Statistics(["x"])
    for batch in table.to_batches(max_chunksize=-(-len(table) // portions) or 1):
        statistics.add(batch)
    (row,) = statistics.result()
    return row


def test_against_numpy() -> None:
    values = np.random.default_rng(1).gamma(2, 5, 5001).round(1).astype(np.float32)
    found = figures(values)
    assert found["row_count"] == 5001
    assert found["mean_value"] == pytest.approx(values.mean(dtype=np.float64))
    assert found["std_value"] == pytest.approx(values.std(dtype=np.float64))
    assert (found["min_value"], found["max_value"]) == (values.min(), values.max())
    for name, share in {"p01": 0.01, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p99": 0.99}.items():
        assert found[name] == np.quantile(values, share, method="lower"), name


def test_portions_change_nothing() -> None:
    values = [*np.random.default_rng(2).integers(0, 50, 1000), None, float("nan")]
    assert figures(values, portions=7) == figures(values)
    assert figures(values)["null_count"] == 2


def test_a_column_without_values() -> None:
    found = figures([None, float("nan")])
    assert (found["row_count"], found["null_count"], found["mean_value"], found["p50"]) == (2, 2, None, None)
    assert figures([])["row_count"] == 0


def test_whole_numbers_have_figures_too() -> None:
    statistics = Statistics(["flag"])
    statistics.add(pa.record_batch({"flag": pa.array([0, 1, 1, None], pa.int8())}))
    (row,) = statistics.result()
    assert (row["mean_value"], row["null_count"]) == (pytest.approx(2 / 3), 1)
