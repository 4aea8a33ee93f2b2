"""One model on one month as a page: what it gets right, where it errs, what it relies on. Self-contained HTML."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from include.features.trip_features import PROBABILITIES
from include.models.evaluate import pointwise_loss
from include.models.plots import (
    plot_calibration,
    plot_confusion_matrix,
    plot_error_by,
    plot_importance,
    plot_model_comparison,
    plot_residuals,
    plot_roc_curve,
)
from include.trips.zones import BOROUGHS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATE = Path(__file__).with_suffix(".html")
UNITS = {"duration_min": "min", "fare_usd": "USD"}
DISTANCE_KM = (0, 1, 2, 4, 8, 16)
"""Lower ends of the bands by distance along the street grid; the last one is open."""
SHOWN_GAIN = 15


@dataclass(frozen=True)
class Evaluation:
    """A model's answers on n trips of one month, and what is known about how it came about.

    `gain` is each feature's share of the gain of a tree model's splits, empty for other models.
    """

    title: str
    target: str
    month: str
    actual: np.ndarray
    predicted: np.ndarray
    metrics: Mapping[str, float]
    features: Mapping[str, np.ndarray]
    leaderboard: Sequence[Mapping[str, Any]] = ()
    baseline: str = ""
    importance: Sequence[Mapping[str, Any]] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    gain: Mapping[str, float] = field(default_factory=dict)


def evaluation_figures(evaluation: Evaluation) -> dict[str, Figure]:
    """Every figure that the target and the data allow, by file name without its end."""
    actual, predicted = evaluation.actual, evaluation.predicted
    unit = UNITS.get(evaluation.target, "")
    if evaluation.target in PROBABILITIES:
        figures = {"calibration": plot_calibration(actual, predicted),
                   "confusion_matrix": plot_confusion_matrix(actual, predicted)}  # fmt: skip
        if 0 < actual.mean() < 1:
            figures["roc_curve"] = plot_roc_curve(actual, {evaluation.title: predicted})
    else:
        figures = {"residuals": plot_residuals(actual, predicted, unit)}
    figures |= _errors(evaluation, unit)
    if evaluation.leaderboard:
        figures["families"] = plot_model_comparison(evaluation.leaderboard, unit, evaluation.baseline)
    if evaluation.importance:
        figures["importance"] = plot_importance(evaluation.importance, unit)
    return figures


def _errors(evaluation: Evaluation, unit: str) -> dict[str, Figure]:
    loss = pointwise_loss(evaluation.target, evaluation.actual, evaluation.predicted)
    features = evaluation.features
    band = np.searchsorted(DISTANCE_KM, features["manhattan_km"], side="right") - 1
    ends = [f"to {end}" for end in DISTANCE_KM[1:]] + ["and more"]
    far = [f"{start} {end} km" for start, end in zip(DISTANCE_KM, ends, strict=True)]
    hours = [f"{hour:02d}:00" for hour in range(24)]
    return {
        "error_by_hour": plot_error_by(loss, features["hour"].astype(int), hours, "Error by hour", unit),
        "error_by_borough": plot_error_by(loss, features["pickup_borough"].astype(int), BOROUGHS,
                                          "Error by borough of the pick-up", unit),
        "error_by_distance": plot_error_by(loss, band, far, "Error by distance along the streets", unit),
    }  # fmt: skip


def generate_evaluation_report(evaluation: Evaluation, figures: Mapping[str, Figure] | None = None) -> str:
    """The page as HTML with every figure inside; all text is escaped. The same evaluation gives the same page."""
    from jinja2 import Environment

    shown = evaluation_figures(evaluation) if figures is None else figures
    gain = sorted(evaluation.gain.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_GAIN]
    page = Environment(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    return page.render(
        evaluation=evaluation, rows=len(evaluation.actual), metrics=sorted(evaluation.metrics.items()),
        gain=[(name, share) for name, share in gain if share > 0],
        figures=[(name.replace("_", " "), _png(figure)) for name, figure in shown.items()],
    )  # fmt: skip


def _png(figure: Figure) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode()
