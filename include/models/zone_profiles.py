"""What a taxi zone is used for, in numbers: when trips start and end there, and how far they go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from include.errors import NothingToDo
from include.features.temporal_features import TIME_BANDS
from include.models.group_names import Trait
from include.trips.zones import UNKNOWN_ZONES, ZONE_COUNT

LEAST_TRIPS = 50
"""Pick-ups below which a zone's shares are mostly chance."""
ZONE_TRAITS = (
    Trait("night", "after midnight"),
    Trait("morning", "morning rush"),
    Trait("midday", "midday"),
    Trait("evening", "evening rush"),
    Trait("late", "late evening"),
    Trait("weekend", "weekends", "working days"),
    Trait("distance_km", "long trips", "short trips"),
    Trait("morning_arrivals", "people arrive in the morning", "people leave in the morning"),
    Trait("evening_arrivals", "people arrive in the evening", "people leave in the evening"),
    Trait("busyness", "busy", "quiet"),
)


@dataclass(frozen=True)
class ZoneProfiles:
    """`zones` (k,) numbers and their `values` (k, len(ZONE_TRAITS)) in the order of ZONE_TRAITS."""

    zones: np.ndarray
    values: np.ndarray


def zone_profiles(trips: Mapping[str, np.ndarray]) -> ZoneProfiles:
    """Feature columns of trips -> a profile of every zone with LEAST_TRIPS pick-ups; NothingToDo when none has.

    Shares are of the zone's pick-ups; arrivals are (drop-offs - pick-ups) / (drop-offs + pick-ups) within the band;
    busyness is the logarithm of the pick-ups.
    """
    start, end = (trips[name].astype(np.int64) for name in ("pickup_zone", "dropoff_zone"))
    band = trips["time_band"].astype(np.int64)
    begun, ended = _by_band(start, band), _by_band(end, band)
    pickups = begun.sum(axis=1)
    busy = pickups >= LEAST_TRIPS
    busy[[0, *UNKNOWN_ZONES]] = False
    zones = np.flatnonzero(busy)
    if not len(zones):
        raise NothingToDo(f"No zone has {LEAST_TRIPS} pick-ups among {len(start):,} trips: too few to profile zones.")
    total = pickups[zones]
    weekend = np.bincount(start, trips["is_weekend"], ZONE_COUNT)[zones] / total
    distance = np.bincount(start, trips["manhattan_km"], ZONE_COUNT)[zones] / total
    arrivals = [_balance(begun[zones, b], ended[zones, b]) for b in map(TIME_BANDS.index, ("morning", "evening"))]
    columns = [*(begun[zones] / total[:, None]).T, weekend, distance, *arrivals, np.log(total)]
    return ZoneProfiles(zones, np.column_stack(columns))


def _by_band(zone: np.ndarray, band: np.ndarray) -> np.ndarray:
    counts = np.bincount(zone * len(TIME_BANDS) + band, minlength=ZONE_COUNT * len(TIME_BANDS))
    return counts.reshape(ZONE_COUNT, len(TIME_BANDS)).astype(np.float64)


def _balance(begun: np.ndarray, ended: np.ndarray) -> np.ndarray:
    return np.asarray((ended - begun) / np.maximum(ended + begun, 1))
