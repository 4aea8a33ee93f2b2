"""What a version did on its test month, where its bundle and that month can still be read; None where they cannot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isclose
from typing import Any

import numpy as np

from include.config import Settings
from include.errors import BadDataError, BundleError
from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import PROBABILITIES
from include.lake import Lake
from include.models.bundle import read_bundle
from include.models.evaluation_document import stage_of
from include.models.rows import TargetRows, load_rows
from include.trips.month import Month
from include.trips.zones import BOROUGHS
from include.warehouse.reading import Row

SIZES = 5
"""Groups of as many trips, from small predictions to large ones."""


def evaluation_of_version(settings: Settings, registered: Row) -> dict[str, Any] | None:
    """The document of `evaluation_document.py`, when it is of this version: the month may have been decided again."""
    lake, month = Lake(settings.lake), Month.parse(registered["test_month"])
    held = lake.current(stage_of(registered["target"]), registered["service"], month)
    if held is None:
        return None
    document: dict[str, Any] = json.loads(lake.fs.cat_file(held.uri))
    return document if _is_of(settings, registered, document) else None


def _is_of(settings: Settings, registered: Row, document: dict[str, Any]) -> bool:
    """The version was scored on as many trips and with the same loss."""
    from include.models.evaluate import loss_of
    from include.warehouse.engine import get_engine
    from include.warehouse.models import scores

    key = (registered["version"], registered["test_month"])
    rows = [r for r in scores(get_engine(settings), registered["model_name"]) if (r["version"], r["month"]) == key]
    said = document["metrics"][loss_of(registered["target"])]
    return any(isclose(row["loss"], said, rel_tol=1e-6) and row["rows_scored"] == document["rows"] for row in rows)


def interval_coverage(settings: Settings, registered: Row) -> dict[str, list[dict[str, Any]]] | None:
    """Share of trips inside p10 to p90, by size of the prediction and by borough of the pick-up.

    None for a probability, for a bundle of other feature code, and for a month that is not in the lake any more.
    """
    held = Lake(settings.lake).current("features", registered["service"], Month.parse(registered["test_month"]))
    if registered["target"] in PROBABILITIES or held is None:
        return None
    try:
        bundle = read_bundle(registered["uri"])
        rows = load_rows(held.uri, registered["service"]).of(registered["target"])
    except (BadDataError, BundleError):
        return None
    predicted, low, high = bundle.predict_with_interval(rows.x)
    inside, width = (rows.y >= low) & (rows.y <= high), high - low
    return {"size": _by_size(predicted, inside, width), "borough": _by_borough(rows, inside, width)}


def _by_size(predicted: np.ndarray, inside: np.ndarray, width: np.ndarray) -> list[dict[str, Any]]:
    parts = [p for p in np.array_split(np.argsort(predicted, kind="stable"), SIZES) if len(p)]
    labels = [f"{predicted[part].min():.1f} to {predicted[part].max():.1f}" for part in parts]
    return _shares(labels, parts, inside, width)


def _by_borough(rows: TargetRows, inside: np.ndarray, width: np.ndarray) -> list[dict[str, Any]]:
    borough = rows.x[:, FEATURE_NAMES.index("pickup_borough")].astype(int)
    return _shares(BOROUGHS, [np.flatnonzero(borough == place) for place in range(len(BOROUGHS))], inside, width)


def _shares(
    labels: Sequence[str], parts: Sequence[np.ndarray], inside: np.ndarray, width: np.ndarray
) -> list[dict[str, Any]]:
    return [
        {"label": label, "trips": len(part), "coverage": float(inside[part].mean()), "width": float(width[part].mean())}
        for label, part in zip(labels, parts, strict=True) if len(part)
    ]  # fmt: skip
