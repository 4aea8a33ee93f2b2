"""How good predictions are: metrics of a month, and the loss of each trip that decides."""

from __future__ import annotations

import numpy as np

from include.features.trip_features import PROBABILITIES

CERTAINTY = 1e-6


def compute_regression_metrics(actual: np.ndarray, predicted: np.ndarray) -> dict[str, float]:
    """Two (n,) arrays in the target's unit -> mae, rmse, r2, within_2, within_5 (shares). ValueError when n is 0."""
    if not len(actual):
        raise ValueError("no rows to score")
    error = predicted.astype(np.float64) - actual
    spread = float(((actual - actual.mean()) ** 2).sum())
    return {
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "r2": 1 - float((error**2).sum()) / spread if spread else 0.0,
        "within_2": float((np.abs(error) <= 2).mean()),
        "within_5": float((np.abs(error) <= 5).mean()),
    }


def pointwise_loss(target: str, actual: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """(n,) labels and predictions of a target -> (n,) loss that decides: log loss or absolute error.

    A probability is kept CERTAINTY away from 0 and 1, so that one sure mistake costs much and not everything.
    """
    truth, said = actual.astype(np.float64), predicted.astype(np.float64)
    if target not in PROBABILITIES:
        return np.asarray(np.abs(said - truth))
    chance = np.clip(said, CERTAINTY, 1 - CERTAINTY)
    return np.asarray(-np.where(truth > 0.5, np.log(chance), np.log1p(-chance)))
