"""What a month's trips leave behind: whole numbers that add up to the bit, histograms with fixed bins among them.

Sums of integers are exact in any order, so months may be summarised in parallel and merged as they come, and month N+1
does not read the trips of months 1..N again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from include.errors import BadDataError
from include.features.temporal_features import TIME_BANDS, minute_of_week, time_of_day_category
from include.features.trip_features import compute_speed, compute_trip_duration
from include.trips.zones import UNKNOWN_ZONES, ZONE_COUNT
from include.utils.arrays import from_npz, to_npz

BINS = 96
RANGES = {
    "duration_min": (1.0, 180.0),
    "distance_mi": (0.05, 200.0),
    "fare_usd": (0.5, 500.0),
    "speed_mph": (0.5, 100.0),
}
"""Bounds of the BINS bins, equal in the logarithm: 5 to 9 % wide. What lies outside counts in the first or last one."""
QUANTITIES = ("duration_min", "distance_mi", "fare_usd")
HOURS, BANDS = 168, len(TIME_BANDS)
SUMMARY_COLUMNS = ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi", "fare_usd")
TABLES = (*QUANTITIES, *(f"level_{q}" for q in QUANTITIES), "speed_mph", "demand", "dates")
"""Keys: (zone pair, time band, bin); level: (month, bin); speed: (hour of week, bin); demand: (zone, hour of week)."""


class Counts(NamedTuple):
    """(k,) distinct int64 keys in ascending order, and (k,) int64 trips of each."""

    keys: np.ndarray
    trips: np.ndarray


Summary = dict[str, Counts]
"""Counts by the names of TABLES: all that a month's trips leave behind."""


def summarise(trips: Mapping[str, np.ndarray]) -> Summary:
    """Clean trips by column, of any months -> their summary; a quantity that a service or a row lacks is not counted.

    Reads pickup_at, dropoff_at, both zones (NaN is 264, "not known"), distance_mi and fare_usd where they are there.
    """
    pickup_at = trips["pickup_at"]
    start, end = _zones(trips["pickup_zone"]), _zones(trips["dropoff_zone"])
    hour = minute_of_week(pickup_at) // 60
    cell = (start * ZONE_COUNT + end) * BANDS + time_of_day_category(hour % 24)
    month = pickup_at.astype("datetime64[M]").astype(np.int64)
    known = {"duration_min": compute_trip_duration(pickup_at, trips["dropoff_at"])}
    known |= {name: np.asarray(trips[name], np.float64) for name in QUANTITIES[1:] if name in trips}
    speed = compute_speed(known["distance_mi"], known["duration_min"]) if "distance_mi" in known else None
    summary = {"speed_mph": _histogram(hour, speed, "speed_mph")}
    for name in QUANTITIES:
        summary[name] = _histogram(cell, known.get(name), name)
        summary[f"level_{name}"] = _histogram(month, known.get(name), name)
    summary["demand"] = Counts(*np.unique(start * HOURS + hour, return_counts=True))
    summary["dates"] = Counts(*np.unique(pickup_at.astype("datetime64[D]").astype(np.int64), return_counts=True))
    return summary


def merge(summaries: Iterable[Summary]) -> Summary:
    """Summaries of disjoint trips -> the summary of all of them: the same bytes in any order and any grouping."""
    parts = list(summaries)
    nothing = Counts(np.empty(0, np.int64), np.empty(0, np.int64))
    return {name: _add_up([part[name] for part in parts] or [nothing]) for name in TABLES}


def summary_to_bytes(summary: Summary) -> bytes:
    """A summary as npz without pickle; equal summaries give equal bytes."""
    return to_npz({f"{name}.{part}": array for name in TABLES for part, array in summary[name]._asdict().items()})


def summary_from_bytes(data: bytes) -> Summary:
    """`summary_to_bytes` backwards. BadDataError when a table is not there."""
    arrays = from_npz(data, "a month's summary")
    try:
        return {name: Counts(arrays[f"{name}.keys"], arrays[f"{name}.trips"]) for name in TABLES}
    except KeyError as absent:
        raise BadDataError(f"A month's summary lacks {absent}: build the month's history again.") from None


def medians(
    group: np.ndarray, bins: np.ndarray, trips: np.ndarray, groups: int, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """(k,) groups, bins and trips -> (groups,) median, NaN for none, and (groups,) trips. In a bin: log-linear."""
    keys, trips = _add_up([Counts(group * BINS + bins, trips)])
    total = np.bincount(keys // BINS, trips, groups)
    median = np.full(groups, np.nan)
    if len(keys):
        held = np.flatnonzero(total)
        until = np.cumsum(trips)
        middle = np.cumsum(total)[held] - total[held] / 2
        at = np.searchsorted(until, middle)
        within = 1 - (until[at] - middle) / trips[at]
        low, high = RANGES[name]
        median[held] = low * (high / low) ** ((keys[at] % BINS + within) / BINS)
    return median, total


def _zones(zone: np.ndarray) -> np.ndarray:
    return np.asarray(np.nan_to_num(zone, nan=UNKNOWN_ZONES[0]).astype(np.int64))


def _histogram(group: np.ndarray, values: np.ndarray | None, name: str) -> Counts:
    """(n,) groups and values -> counts by (group, bin); NaN is left out."""
    if values is None:
        return Counts(np.empty(0, np.int64), np.empty(0, np.int64))
    given = np.isfinite(values)
    bins = np.searchsorted(_edges(name), values[given], side="right")
    return Counts(*np.unique(group[given] * BINS + bins, return_counts=True))


def _edges(name: str) -> np.ndarray:
    """The BINS - 1 values between the bins. A search among them needs no logarithm, whose last bit may differ."""
    low, high = RANGES[name]
    return np.asarray(np.geomspace(low, high, BINS + 1)[1:-1])


def _add_up(parts: list[Counts]) -> Counts:
    keys, trips = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(keys, kind="stable")
    first = np.flatnonzero(np.diff(keys[order], prepend=-1))
    return Counts(keys[order][first], np.add.reduceat(trips[order], first) if len(first) else trips)
