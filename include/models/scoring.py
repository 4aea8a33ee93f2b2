"""How a bundle does on the trips of one month that have a target's label: each trip's loss, metrics, parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from include.errors import BundleError
from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import PROBABILITIES
from include.models.evaluate import compute_regression_metrics, pointwise_loss
from include.models.slices import slices_of

if TYPE_CHECKING:
    from include.models.bundle import Bundle
    from include.models.train_all import Rows


@dataclass(frozen=True)
class Trips:
    """The trips with a label: x (n, features), actual (n,), day of the month (n,), parts by name as (n,) masks."""

    x: np.ndarray
    actual: np.ndarray
    day: np.ndarray
    slices: dict[str, np.ndarray]


@dataclass(frozen=True)
class Score:
    """A bundle on such trips: (n,) loss that decides, and metrics by name; `loss` is its mean."""

    loss: np.ndarray
    metrics: dict[str, float]


def labelled_trips(rows: Rows, target: str) -> Trips:
    """A month's rows -> those that have the target's label; without a column for it, no trip is app-dispatched."""
    labels = rows.y[target]
    app_dispatched = getattr(rows, "app_dispatched", np.zeros(len(rows.day), bool))
    whole = np.isfinite(labels)
    x, dispatched = (rows.x, app_dispatched) if whole.all() else (rows.x[whole], app_dispatched[whole])
    return Trips(x, labels[whole], rows.day[whole], slices_of(x, dispatched, FEATURE_NAMES))


def score(bundle: Bundle, target: str, trips: Trips) -> Score:
    """Predictions of the bundle against the labels; BundleError when one is not a finite number.

    A quantity has mae, rmse, r2, within_2, within_5 and the coverage of its interval, a probability its Brier score.
    """
    if target in PROBABILITIES:
        predicted = bundle.predict(trips.x)
        metrics = {"brier": float(((predicted - trips.actual) ** 2).mean())}
    else:
        predicted, low, high = bundle.predict_with_interval(trips.x)
        inside = (trips.actual >= low) & (trips.actual <= high)
        metrics = compute_regression_metrics(trips.actual, predicted) | {"coverage": float(inside.mean())}
    loss = pointwise_loss(target, trips.actual, predicted)
    wrong = int((~np.isfinite(loss)).sum())
    if wrong:
        raise BundleError(
            f"{bundle.card.family} ({target}) predicts no finite number for {wrong} of {len(loss)} trips: nothing is "
            "decided with it. Take it out of TAXI_FAMILIES, or roll back (make rollback) when it is the champion."
        )
    return Score(loss, {"loss": float(loss.mean()), **metrics})


def slice_losses(loss: np.ndarray, trips: Trips) -> dict[str, dict[str, float]]:
    """(n,) losses -> rows and mean loss of every part of the month."""
    return {
        name: {"rows": int(rows.sum()), "loss": round(float(loss[rows].mean()), 5)}
        for name, rows in trips.slices.items()
    }
