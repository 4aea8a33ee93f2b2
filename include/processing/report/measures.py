"""What is drawn of trips: five measures with fixed bins, so that two months can be laid side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import BadDataError
from include.features.trip_features import compute_speed, compute_trip_duration
from include.processing.report.facts import Distribution
from include.trips.columns import COLUMNS, Column


@dataclass(frozen=True)
class Measure:
    """Bins of equal width from `low` to `high`; what lies outside gets a bin at either end."""

    name: str
    unit: str
    low: float
    high: float
    bins: int

    @property
    def edges(self) -> np.ndarray:
        """(bins + 1,) float64."""
        return np.linspace(self.low, self.high, self.bins + 1)


MEASURES = (
    Measure("duration", "minutes", 0, 60, 30),
    Measure("distance", "miles", 0, 20, 40),
    Measure("fare", "US dollars", 0, 80, 40),
    Measure("speed", "miles per hour", 0, 50, 25),
    Measure("pick-up hour", "hour of the day", 0, 24, 24),
)
MEASURED = ("pickup_at", "dropoff_at", "distance_mi", "fare_usd")
"""Columns that the measures are computed from."""
DERIVED = {"duration_min": "duration", "speed_mph": "speed"}
"""Computed columns of the statistics -> the measure they are."""


def measures_of(trips: pa.Table) -> dict[str, np.ndarray]:
    """Trips -> (n,) float64 per measure whose columns are there; NaN where a row has no such value."""
    there, found = set(trips.column_names), dict[str, np.ndarray]()
    for column, measure in (("distance_mi", "distance"), ("fare_usd", "fare")):
        if column in there:
            found[measure] = _floats(trips[column], column)
    if "pickup_at" in there:
        found["pick-up hour"] = _floats(pc.hour(trips["pickup_at"]), "pickup_at")
    if {"pickup_at", "dropoff_at"} <= there:
        times = (trips[name].to_numpy(zero_copy_only=False) for name in ("pickup_at", "dropoff_at"))
        found["duration"] = compute_trip_duration(*times)
    if {"duration", "distance"} <= set(found):
        found["speed"] = compute_speed(found["distance"], found["duration"])
    return found


def numeric_columns(trips: pa.Table) -> dict[str, np.ndarray]:
    """(n,) float64 per contract column that is measured in a unit, then per computed one, which may be there already.

    BadDataError names a column that holds something else than numbers.
    """
    measured = [c.name for c in COLUMNS if _is_measured(c) and c.name in trips.column_names]
    measured += [name for name in DERIVED if name in trips.column_names]
    found = {name: _floats(trips[name], name) for name in measured}
    computed = measures_of(trips)
    return found | {name: computed[measure] for name, measure in DERIVED.items() if measure in computed}


def derived_columns(parts: Iterable[pa.Table]) -> pa.Table:
    """Those of DERIVED that the trips' columns allow, without the columns that they come from."""
    chunks: dict[str, list[np.ndarray]] = {}
    for part in parts:
        values = measures_of(part)
        for name, measure in DERIVED.items():
            if measure in values:
                chunks.setdefault(name, []).append(values[measure])
    return pa.table({name: pa.chunked_array(arrays, pa.float64()) for name, arrays in chunks.items()})


def distributions(before: pa.Table, after: pa.Table) -> tuple[Distribution, ...]:
    """Both tables' rows per bin, for each measure that they have."""
    return distributions_of_parts([before], [after])


def distributions_of_parts(before: Iterable[pa.Table], after: Iterable[pa.Table]) -> tuple[Distribution, ...]:
    """`distributions` of tables that come in parts, of which one is in memory at a time."""
    old, new = _counted(before), _counted(after)
    return tuple(
        Distribution(m.name, m.unit, tuple(m.edges.tolist()), tuple(old[m.name].bins.tolist()),
                     tuple(new[m.name].bins.tolist()), old[m.name].without)
        for m in MEASURES
        if old[m.name].bins.any()
    )  # fmt: skip


@dataclass
class _Counted:
    """(bins + 2,) rows per bin so far, and rows without a value."""

    bins: np.ndarray
    without: int = 0


def _counted(parts: Iterable[pa.Table]) -> dict[str, _Counted]:
    found = {m.name: _Counted(np.zeros(m.bins + 2, np.int64)) for m in MEASURES}
    for part in parts:
        values = measures_of(part)
        for m in MEASURES:
            if m.name in values:
                found[m.name].bins += _binned(values[m.name], m.edges)
                found[m.name].without += int(np.isnan(values[m.name]).sum())
    return found


def count_pickups(trips: pa.Table) -> dict[int, int]:
    """Trips per pick-up zone, zones in order; rows without a zone are left out."""
    counted = trips["pickup_zone"].drop_null().value_counts().to_pylist()
    return dict(sorted((int(row["values"]), int(row["counts"])) for row in counted))


def _is_measured(column: Column) -> bool:
    return bool(column.unit) and column.unit != "degrees"


def _floats(values: pa.ChunkedArray, name: str) -> np.ndarray:
    try:
        return np.asarray(values.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
        raise BadDataError(f"{name} should hold numbers: {fault}. Ingest the month again.") from None


def _binned(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(len(edges) + 1,) counts: below the first edge, one per bin [edge, next), from the last edge on. NaN in none."""
    places = np.searchsorted(edges, values[~np.isnan(values)], side="right")
    return np.bincount(places, minlength=len(edges) + 1)
