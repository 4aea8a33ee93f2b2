"""Metrics, and the loss that decides."""

from __future__ import annotations

import numpy as np
import pytest

from include.models.evaluate import compute_regression_metrics, pointwise_loss


def test_metrics_by_hand() -> None:
    metrics = compute_regression_metrics(np.array([10.0, 20.0]), np.array([11.0, 17.0]))
    assert metrics["mae"] == pytest.approx(2.0)
    assert metrics["rmse"] == pytest.approx(5**0.5)
    assert (metrics["within_2"], metrics["within_5"]) == (0.5, 1.0)


def test_no_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        compute_regression_metrics(np.empty(0), np.empty(0))


def test_a_probability_is_judged_by_log_loss_and_a_quantity_by_its_error() -> None:
    actual = np.array([1.0, 0.0, 1.0])
    loss = pointwise_loss("high_tip", actual, np.array([0.8, 0.8, 0.0]))
    assert loss[:2] == pytest.approx([-np.log(0.8), -np.log(0.2)])
    assert 13 < loss[2] < 14  # -ln(1e-6): a sure mistake stays finite
    assert pointwise_loss("fare_usd", actual, np.array([3.0, 2.0, 1.0])).tolist() == [2.0, 2.0, 0.0]
