"""An evaluation as numbers for pages that draw themselves: a JSON document in the lake, beside the page with pictures.

It has a few hundred numbers whatever the month's size, and no trip.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from include.features.trip_features import PROBABILITIES
from include.lake import Lake, Manifest
from include.models.evaluate import pointwise_loss
from include.trips.month import Month
from include.trips.zones import BOROUGHS
from include.utils.hashing import fingerprint

if TYPE_CHECKING:
    from include.models.evaluation_report import Evaluation

STAGE = "evaluation"
ERROR_BINS, GRID, GROUPS, ROC_POINTS = 41, 32, 10, 101
SHOWN_SHARE = 0.99
"""Of the trips lie within the histogram's range and the grid's."""


def stage_of(target: str) -> str:
    """The lake stage of a target's evaluations."""
    return f"{STAGE}/{target}"


def publish_document(lake: Lake, service: str, evaluation: Evaluation) -> Manifest:
    """The evaluation's document as the month's; it replaces an earlier one."""
    document = evaluation_document(evaluation)
    text = json.dumps(document, sort_keys=True, allow_nan=False)
    with tempfile.TemporaryDirectory(prefix="evaluation-") as scratch:
        path = Path(scratch) / "evaluation.json"
        path.write_text(text, encoding="utf-8")
        return lake.publish_file(stage_of(evaluation.target), service, Month.parse(evaluation.month), path,
                                 fingerprint(text), len(evaluation.actual), suffix=".json")  # fmt: skip


def evaluation_document(evaluation: Evaluation) -> dict[str, Any]:
    """Plain JSON-able values. Quantities have `errors` and `grid`, probabilities `calibration` and `roc`."""
    actual, predicted = (np.asarray(v, np.float64) for v in (evaluation.actual, evaluation.predicted))
    loss = pointwise_loss(evaluation.target, actual, predicted)
    told = _chance(actual, predicted) if evaluation.target in PROBABILITIES else _quantity(actual, predicted)
    return {
        "title": evaluation.title, "target": evaluation.target, "month": evaluation.month, "rows": len(actual),
        "metrics": {name: float(value) for name, value in evaluation.metrics.items()},
        "leaderboard": [dict(row) for row in evaluation.leaderboard], "baseline": evaluation.baseline,
        "importance": [dict(row) for row in evaluation.importance], "facts": dict(evaluation.facts),
        "error_by": _error_by(loss, evaluation.features), **told,
    }  # fmt: skip


def _quantity(actual: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    """`errors`: trips by predicted - actual; `grid`: trips by actual (rows) and predicted (columns)."""
    error = predicted - actual
    reach = float(np.ceil(max(np.quantile(np.abs(error), SHOWN_SHARE), 1.0)))
    edges = np.linspace(-reach, reach, ERROR_BINS + 1)
    counts, _ = np.histogram(np.clip(error, -reach, reach), edges)
    top = float(np.ceil(max(np.quantile(actual, SHOWN_SHARE), np.quantile(predicted, SHOWN_SHARE), 1.0)))
    steps = np.linspace(0, top, GRID + 1)
    grid, _, _ = np.histogram2d(np.clip(actual, 0, top), np.clip(predicted, 0, top), [steps, steps])
    return {
        "errors": {"edges": _short(edges), "trips": counts.astype(int).tolist(), "median": float(np.median(error))},
        "grid": {"edges": _short(steps), "trips": grid.astype(int).tolist()},
    }


def _chance(actual: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    """`calibration`: groups of as many trips, from unlikely to likely; `roc`: hits against false alarms."""
    order = np.argsort(predicted, kind="stable")
    groups = [part for part in np.array_split(order, GROUPS) if len(part)]
    calibration = [{"said": float(predicted[part].mean()), "was": float(actual[part].mean()), "trips": len(part)}
                   for part in groups]  # fmt: skip
    return {"calibration": calibration, "roc": _roc(actual[order[::-1]], predicted[order[::-1]])}


def _roc(actual: np.ndarray, predicted: np.ndarray) -> dict[str, Any] | None:
    """From the likeliest trip on; None when all trips are alike."""
    hits, alarms = np.cumsum(actual), np.cumsum(1 - actual)
    if not hits[-1] or not alarms[-1]:
        return None
    last = np.flatnonzero(np.append(np.diff(predicted) != 0, True))  # equal chances are one threshold
    x, y = np.append(0, alarms[last] / alarms[-1]), np.append(0, hits[last] / hits[-1])
    shown = np.unique(np.linspace(0, len(x) - 1, ROC_POINTS).astype(int))
    return {"false_alarms": _short(x[shown]), "hits": _short(y[shown]), "area": float(np.trapezoid(y, x))}


def _error_by(loss: np.ndarray, features: Mapping[str, np.ndarray]) -> dict[str, list[dict[str, Any]]]:
    from include.models.evaluation_report import DISTANCE_KM

    band = np.searchsorted(DISTANCE_KM, features["manhattan_km"], side="right") - 1
    far = [f"{low} to {high} km" for low, high in itertools.pairwise(DISTANCE_KM)]
    return {
        "hour": _means(loss, features["hour"].astype(int), [f"{hour:02d}:00" for hour in range(24)]),
        "borough": _means(loss, features["pickup_borough"].astype(int), BOROUGHS),
        "distance": _means(loss, band, [*far, f"{DISTANCE_KM[-1]} km and more"]),
    }


def _means(loss: np.ndarray, group: np.ndarray, labels: Any) -> list[dict[str, Any]]:
    trips, total = (np.bincount(group, weight, len(labels)) for weight in (None, loss))
    return [{"label": label, "trips": int(n), "loss": float(total[place] / n)}
            for place, (label, n) in enumerate(zip(labels, trips, strict=True)) if n]  # fmt: skip


def _short(values: np.ndarray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]
