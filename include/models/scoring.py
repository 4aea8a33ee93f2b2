"""How a bundle does on the trips of one month that have a target's label: each trip's loss, metrics, parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from include.errors import BundleError
from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import PROBABILITIES
from include.models.evaluate import compute_metrics, pointwise_loss
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
    """A month's rows -> those that have the target's label."""
    own = rows.of(target)
    return Trips(own.x, own.y, own.day, slices_of(own.x, own.app_dispatched, FEATURE_NAMES))


def score(bundle: Bundle, target: str, trips: Trips) -> Score:
    """Predictions of the bundle against the labels; BundleError when one is not a finite number.

    Metrics are those of `compute_metrics`, and of a quantity the coverage of its interval.
    """
    if target in PROBABILITIES:
        predicted = bundle.predict(trips.x)
        metrics = compute_metrics(target, trips.actual, predicted)
    else:
        predicted, low, high = bundle.predict_with_interval(trips.x)
        inside = (trips.actual >= low) & (trips.actual <= high)
        metrics = compute_metrics(target, trips.actual, predicted) | {"coverage": float(inside.mean())}
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
