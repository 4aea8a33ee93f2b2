"""From pick-up columns to the float32 matrix: one path for three million trips and for one request."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from include.features.dictionary import FEATURE_NAMES
from include.features.geospatial_features import extract_zone_features
from include.features.temporal_features import extract_datetime_features
from include.utils.hashing import code_hash

FEATURE_SOURCES = (
    "features/dictionary.py",
    "features/engineer_features.py",
    "features/geospatial_features.py",
    "features/temporal_features.py",
    "trips/calendar.py",
    "trips/zones.py",
    "trips/data/zones.csv",
)


def feature_code_hash() -> str:
    """Fingerprint of all code and reference data that features are made of; a bundle made by other code is refused."""
    return code_hash(*FEATURE_SOURCES)


def engineer_all_features(trips: Mapping[str, np.ndarray]) -> np.ndarray:
    """Columns known at pick-up, each (n,) -> (n, len(FEATURE_NAMES)) float32, columns in FEATURE_NAMES' order.

    Needs pickup_at (datetime64), pickup_zone and dropoff_zone (integers 1..265), passenger_count (NaN: not given).
    A missing column is a KeyError.
    """
    pickup_zone = np.asarray(trips["pickup_zone"]).astype(np.int64)
    dropoff_zone = np.asarray(trips["dropoff_zone"]).astype(np.int64)
    named = extract_datetime_features(np.asarray(trips["pickup_at"]))
    named |= extract_zone_features(pickup_zone, dropoff_zone)
    named["passenger_count"] = np.nan_to_num(np.asarray(trips["passenger_count"], np.float64), nan=0.0)
    matrix = np.empty((len(pickup_zone), len(FEATURE_NAMES)), np.float32)
    for position, name in enumerate(FEATURE_NAMES):
        matrix[:, position] = named[name]
    return matrix
