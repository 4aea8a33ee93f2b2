"""Metrics, and the loss that decides."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from include.features.trip_features import TARGETS
from include.models.evaluate import (
    compute_classification_metrics,
    compute_metrics,
    compute_regression_metrics,
    loss_of,
    pointwise_loss,
)


def test_metrics_by_hand() -> None:
    metrics = compute_regression_metrics(np.array([10.0, 20.0]), np.array([11.0, 17.0]))
    assert metrics["mae"] == pytest.approx(2.0)
    assert metrics["rmse"] == pytest.approx(5**0.5)
    assert metrics["mape"] == pytest.approx((1 / 10 + 3 / 20) / 2)
    assert (metrics["within_2"], metrics["within_5"]) == (0.5, 1.0)


def test_chances_by_hand() -> None:
    metrics = compute_classification_metrics(np.array([1.0, 0, 1, 0]), np.array([0.9, 0.6, 0.4, 0.1]))
    assert (metrics["accuracy"], metrics["precision"], metrics["recall"], metrics["f1"]) == (0.5, 0.5, 0.5, 0.5)
    assert metrics["roc_auc"] == pytest.approx(3 / 4)
    assert metrics["pr_auc"] == pytest.approx((1 + 2 / 3) / 2)
    assert metrics["brier"] == pytest.approx((0.01 + 0.36 + 0.36 + 0.01) / 4)
    assert metrics["log_loss"] == pytest.approx(-np.log([0.9, 0.4, 0.4, 0.9]).mean())


def test_one_class_and_no_yes_are_numbers_all_the_same() -> None:
    metrics = compute_classification_metrics(np.zeros(3), np.array([0.1, 0.2, 0.3]))
    assert (metrics["roc_auc"], metrics["pr_auc"], metrics["precision"], metrics["f1"]) == (0.5, 0, 0, 0)
    assert compute_regression_metrics(np.zeros(2), np.ones(2))["mape"] == 0


@pytest.mark.parametrize("compute", [compute_regression_metrics, compute_classification_metrics])
def test_no_rows_is_refused(compute: Any) -> None:
    with pytest.raises(ValueError, match="no rows"):
        compute(np.empty(0), np.empty(0))


def test_each_target_is_decided_by_a_metric_that_it_has() -> None:
    for target in TARGETS:
        metrics = compute_metrics(target, np.array([1.0, 0.0]), np.array([0.9, 0.2]))
        assert metrics[loss_of(target)] == pytest.approx(
            pointwise_loss(target, np.array([1.0, 0.0]), np.array([0.9, 0.2])).mean()
        )


def test_a_probability_is_judged_by_log_loss_and_a_quantity_by_its_error() -> None:
    actual = np.array([1.0, 0.0, 1.0])
    loss = pointwise_loss("high_tip", actual, np.array([0.8, 0.8, 0.0]))
    assert loss[:2] == pytest.approx([-np.log(0.8), -np.log(0.2)])
    assert 13 < loss[2] < 14  # -ln(1e-6): a sure mistake stays finite
    assert pointwise_loss("fare_usd", actual, np.array([3.0, 2.0, 1.0])).tolist() == [2.0, 2.0, 0.0]


def test_who_only_counts_loads_nothing_that_draws() -> None:
    script = (
        "import sys; from include.models import evaluate\n"
        "heavy = {'matplotlib', 'sklearn', 'pandas', 'jinja2'} & set(sys.modules); assert not heavy, heavy\n"
        "from include.models.evaluate import generate_evaluation_report, plot_model_comparison\n"
        "assert 'matplotlib' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    from include.models import evaluate, evaluation_report, plots

    assert evaluate.plot_model_comparison is plots.plot_model_comparison
    assert evaluate.generate_evaluation_report is evaluation_report.generate_evaluation_report
    with pytest.raises(AttributeError, match="no attribute 'plot_nothing'"):
        evaluate.plot_nothing  # type: ignore[attr-defined]  # noqa: B018
