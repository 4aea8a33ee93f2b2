"""The parts of a month in which a new model must not be much worse, whatever it gains elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from include.features.temporal_features import TIME_BANDS
from include.trips.zones import BOROUGHS, ZONE_COUNT

TOP_ROUTES = 20


def slices_of(x: np.ndarray, app_dispatched: np.ndarray, feature_names: Sequence[str]) -> dict[str, np.ndarray]:
    """(n, features) rows and (n,) bool -> (n,) bool masks by name, of every part that has a trip; they overlap.

    `airport`, `app_dispatched`, `hours <band>`, `boroughs <from> > <to>`, and the TOP_ROUTES zone pairs with the most
    trips as `route <zone>-<zone>` (equal counts: the smaller zones first). KeyError for a feature that is not there.
    """
    column = {name: x[:, position] for position, name in enumerate(feature_names)}
    parts = {"airport": column["is_airport"] > 0.5, "app_dispatched": app_dispatched.astype(bool)}
    bands = column["time_band"].astype(np.int64)
    parts |= {f"hours {name}": bands == position for position, name in enumerate(TIME_BANDS)}
    boroughs = _pairs(column["pickup_borough"], column["dropoff_borough"], len(BOROUGHS))
    for pair in np.unique(boroughs):
        start, end = divmod(int(pair), len(BOROUGHS))
        parts[f"boroughs {BOROUGHS[start]} > {BOROUGHS[end]}"] = boroughs == pair
    routes = _pairs(column["pickup_zone"], column["dropoff_zone"], ZONE_COUNT)
    for route in _most_frequent(routes, TOP_ROUTES):
        start, end = divmod(int(route), ZONE_COUNT)
        parts[f"route {start}-{end}"] = routes == route
    return {name: rows for name, rows in parts.items() if rows.any()}


def _pairs(first: np.ndarray, second: np.ndarray, base: int) -> np.ndarray:
    return np.asarray(first.astype(np.int64) * base + second.astype(np.int64))


def _most_frequent(values: np.ndarray, most: int) -> np.ndarray:
    """The most frequent values, the smaller one first where counts are equal."""
    distinct, counts = np.unique(values, return_counts=True)
    return np.asarray(distinct[np.lexsort((distinct, -counts))[:most]])
