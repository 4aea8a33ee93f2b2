"""Metrics and the bootstrap."""

from __future__ import annotations

import numpy as np
import pytest

from include.models.evaluate import bootstrap_gain, compute_regression_metrics


def test_metrics_by_hand() -> None:
    metrics = compute_regression_metrics(np.array([10.0, 20.0]), np.array([11.0, 17.0]))
    assert metrics["mae"] == pytest.approx(2.0)
    assert metrics["rmse"] == pytest.approx(5**0.5)
    assert (metrics["within_2"], metrics["within_5"]) == (0.5, 1.0)


def test_no_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        compute_regression_metrics(np.empty(0), np.empty(0))


def test_a_gain_on_every_day_is_sure_and_one_on_a_single_day_is_not() -> None:
    day = np.repeat(np.arange(1, 29), 50)
    old = np.full(len(day), 4.0)
    gain, lower = bootstrap_gain(old, old * 0.9, day, 400)
    assert [gain, lower] == pytest.approx([0.1, 0.1])
    once = np.where(day == 1, 0.0, 4.02)
    gain, lower = bootstrap_gain(old, once, day, 400)
    assert gain > 0 > lower
