"""What the training notebook shows is counted right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from include.exploration.training import BINS, gain_shares, interval_coverage, reliability
from include.models.rows import TargetRows


class Told:
    """A bundle that says the first feature, give or take two."""

    def predict_with_interval(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return x[:, 0], x[:, 0] - 2, x[:, 0] + 2

    def predict_probability(self, x: np.ndarray) -> np.ndarray:
        return x[:, 0]


def rows_of(said: np.ndarray, labels: np.ndarray) -> TargetRows:
    return TargetRows(said[:, None], labels, np.ones(len(said)), np.zeros(len(said), bool))


def test_coverage_is_of_each_size_of_prediction() -> None:
    said = np.arange(1, 61, dtype=float)
    off = np.where(said > 50, 3.0, 1.0)  # the longest ten lie outside
    table = interval_coverage(Told(), rows_of(said, said + off))  # type: ignore[arg-type]
    assert list(table["held"]) == [100] * (BINS - 1) + [0]
    assert list(table["trips"]) == [10] * BINS
    assert list(table["width"]) == [4] * BINS


def test_reliability_sets_what_was_said_beside_what_came_true() -> None:
    said = np.repeat([0.2, 0.8], 30)
    came = np.concatenate([np.tile([1.0, 0, 0, 0, 0], 6), np.tile([1.0, 1, 1, 1, 0], 6)])
    table = reliability(Told(), rows_of(said, came))  # type: ignore[arg-type]
    np.testing.assert_allclose(table["predicted"], table["came true"])
    assert list(table["trips"]) == [30, 30]


def test_gain_is_read_from_the_family_s_run() -> None:
    runs = pd.DataFrame({"family": ["ridge", "lightgbm"], "mae": [4.0, 3.0], "gain_hour": [np.nan, 0.25],
                         "gain_haversine_km": [np.nan, 0.75]})  # fmt: skip
    assert gain_shares(runs, "lightgbm").to_dict() == pytest.approx({"haversine_km": 75, "hour": 25})
