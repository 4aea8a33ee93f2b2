"""Figures hold the numbers that they are about."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from include.models import plots

RANDOM = np.random.default_rng(1)
CHANCE = RANDOM.uniform(size=5000)
HAPPENED = (RANDOM.uniform(size=5000) < CHANCE).astype(float)


def texts(figure: Figure) -> str:
    return " ".join(text.get_text() for ax in figure.axes for text in [*ax.texts, *(_legend(ax))])


def _legend(ax: Axes) -> list[Text]:
    legend = ax.get_legend()
    return list(legend.get_texts()) if legend else []


def test_a_calibrated_probability_keeps_what_it_promises() -> None:
    promised, kept = plots.calibration_points(HAPPENED, CHANCE)
    assert len(promised) == plots.CALIBRATION_BINS
    assert kept == pytest.approx(promised, abs=0.07)
    assert len(plots.plot_calibration(HAPPENED, CHANCE).axes) == 1


def test_few_rows_have_few_bins() -> None:
    promised, kept = plots.calibration_points(np.array([1.0, 0.0]), np.array([0.9, 0.2]))
    assert (promised.tolist(), kept.tolist()) == ([0.2, 0.9], [0.0, 1.0])


def test_the_confusion_matrix_counts() -> None:
    figure = plots.plot_confusion_matrix(np.array([1, 1, 0, 0, 0.0]), np.array([0.5, 0.1, 0.9, 0.2, 0.3]))
    assert [text.get_text().split("\n")[0] for text in figure.axes[0].texts] == ["2", "1", "1", "1"]


def test_the_roc_curve_names_its_area() -> None:
    assert "sure, AUC 1.000" in texts(plots.plot_roc_curve(HAPPENED, {"sure": HAPPENED, "chance": CHANCE}))


def test_residuals_show_their_median() -> None:
    figure = plots.plot_residuals(np.array([1.0, 2, 3]), np.array([2.0, 3, 4]), "min")
    assert "median +1.00 min" in texts(figure)


def test_errors_leave_out_groups_of_a_few_trips() -> None:
    groups = np.array([0] * 40 + [1] * 40 + [2] * 5)
    figure = plots.plot_error_by(np.where(groups == 0, 2.0, 4.0), groups, ["a", "b", "c"], "by", "min")
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["a (40)", "b (40)"]
    assert "2.00" in texts(figure)


def test_the_best_family_is_on_top_and_the_baseline_a_line() -> None:
    rows = [{"family": "floor", "loss": 5.0}, {"family": "trees", "loss": 3.5}]
    ax = plots.plot_model_comparison(rows, "min", "floor").axes[0]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["trees", "floor"]
    assert [line.get_xdata()[0] for line in ax.lines] == [5.0]  # type: ignore[index]


def test_importance_shows_the_heaviest() -> None:
    rows = [{"feature": f"f{k}", "importance": float(k)} for k in range(20)]
    ticks = plots.plot_importance(rows, "min").axes[0].get_yticklabels()
    assert [tick.get_text() for tick in ticks] == [f"f{k}" for k in range(19, 4, -1)]
