"""How good predictions are: metrics of a month, and the loss of each trip that decides."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from include.features.trip_features import PROBABILITIES

if TYPE_CHECKING:
    from include.models.evaluation_report import generate_evaluation_report
    from include.models.plots import plot_model_comparison
else:
    _DRAWN = {"generate_evaluation_report": "evaluation_report", "plot_model_comparison": "plots"}

    def __getattr__(name: str) -> Any:
        """What draws is imported when it is asked for: who only counts loads no matplotlib."""
        if name not in _DRAWN:
            raise AttributeError(f"module {__name__} has no attribute {name!r}")
        return getattr(import_module(f"include.models.{_DRAWN[name]}"), name)


__all__ = [
    "compute_classification_metrics", "compute_metrics", "compute_regression_metrics",
    "generate_evaluation_report", "loss_of", "plot_model_comparison", "pointwise_loss",
]  # fmt: skip

CERTAINTY = 1e-6


def loss_of(target: str) -> str:
    """The metric that decides for a target."""
    return "log_loss" if target in PROBABILITIES else "mae"


def compute_metrics(target: str, actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """The metrics of the target's kind, the one that decides among them."""
    compute = compute_classification_metrics if target in PROBABILITIES else compute_regression_metrics
    return compute(actual, predicted)


def compute_regression_metrics(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Two (n,) arrays in the target's unit -> mae, rmse, r2, mape, within_2, within_5. ValueError when n is 0.

    mape is a share, over the labels that are not 0; within_2 and within_5 are shares of all; r2 is 0 for equal labels.
    """
    if not len(actual):
        raise ValueError("no rows to score")
    truth = actual.astype(np.float64)
    error = np.abs(predicted.astype(np.float64) - truth)
    spread, priced = float(((truth - truth.mean()) ** 2).sum()), truth != 0
    return {
        "mae": float(error.mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": 1 - float((error**2).sum()) / spread if spread else 0.0,
        "mape": float((error[priced] / np.abs(truth[priced])).mean()) if priced.any() else 0.0,
        "within_2": float((error <= 2).mean()),
        "within_5": float((error <= 5).mean()),
    }


def compute_classification_metrics(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """(n,) labels 0 or 1 and probabilities -> accuracy, precision, recall and f1 (at 0.5), and what chances are worth.

    That is roc_auc, pr_auc, brier and log_loss. ValueError when n is 0. With one class only roc_auc and pr_auc say
    nothing: they are 0.5 and the share of yes.
    """
    if not len(actual):
        raise ValueError("no rows to score")
    truth, chance = actual > 0.5, predicted.astype(np.float64)
    said = chance >= 0.5
    hits = float((truth & said).sum())
    precision, recall = hits / max(said.sum(), 1), hits / max(truth.sum(), 1)
    roc, precise = _ranking(truth, chance) if 0 < truth.mean() < 1 else (0.5, float(truth.mean()))
    return {
        "accuracy": float((truth == said).mean()),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(2 * precision * recall / max(precision + recall, CERTAINTY)),
        "roc_auc": roc,
        "pr_auc": precise,
        "brier": float(((chance - truth) ** 2).mean()),
        "log_loss": float(pointwise_loss(PROBABILITIES[0], truth, chance).mean()),
    }


def _ranking(truth: np.ndarray, chance: np.ndarray) -> tuple[float, float]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    return float(roc_auc_score(truth, chance)), float(average_precision_score(truth, chance))


def pointwise_loss(target: str, actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """(n,) labels and predictions of a target -> (n,) loss that decides: log loss or absolute error.

    A probability is kept CERTAINTY away from 0 and 1, so that one sure mistake costs much and not everything.
    """
    truth, said = actual.astype(np.float64), predicted.astype(np.float64)
    if target not in PROBABILITIES:
        return np.asarray(np.abs(said - truth))
    chance = np.clip(said, CERTAINTY, 1 - CERTAINTY)
    return np.asarray(-np.where(truth > 0.5, np.log(chance), np.log1p(-chance)))
