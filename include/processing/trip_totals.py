"""A clean month added up for people who look: trips, money, miles and minutes by place, pair of places and hour.

Pages read these rows and never the trips. Everything is added as whole cents, thousandths of a mile and seconds, which
64-bit floats hold exactly, so equal trips give equal bytes however they are cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import BadDataError
from include.features.summaries import HOURS
from include.features.temporal_features import minute_of_week
from include.features.trip_features import compute_trip_duration
from include.lake import Lake, Manifest
from include.lake.lake import columns_of
from include.trips.columns import columns_for
from include.trips.month import Month
from include.trips.zones import UNKNOWN_ZONES, ZONE_COUNT
from include.utils.hashing import code_hash, fingerprint

STAGE = "trip_totals"
TOTAL_SOURCES = ("processing/trip_totals.py", "features/temporal_features.py", "features/trip_features.py")
PORTION_ROWS = 500_000
READ = ("pickup_at", "dropoff_at", "pickup_zone", "dropoff_zone", "distance_mi", "fare_usd", "total_usd")
EVERYWHERE, ALL_HOURS = 0, -1
"""In a row's place or hour: it was not told apart."""
GRAINS: dict[str, tuple[str, ...]] = {
    "month": (),
    "hour": ("hour_of_week",),
    "pickup": ("pickup_zone",),
    "dropoff": ("dropoff_zone",),
    "pickup_hour": ("pickup_zone", "hour_of_week"),
    "pair": ("pickup_zone", "dropoff_zone"),
}
"""Kind of row -> what it tells apart. Each kind adds up to the month."""
AXES = {"pickup_zone": ZONE_COUNT, "dropoff_zone": ZONE_COUNT, "hour_of_week": HOURS}
SCALE = {"revenue_usd": 100, "fare_usd": 100, "distance_mi": 1000, "minutes": 60, "moving_minutes": 60}
"""Measure -> whole units in one of its own."""
Cells = dict[str, np.ndarray]


def publish_totals(lake: Lake, clean: Manifest) -> Manifest:
    """The totals of a clean month in the lake, made when there are none of these trips and this code."""
    month = Month.parse(clean.month)
    key = fingerprint(clean.sha256, code_hash(*TOTAL_SOURCES))
    held = lake.current(STAGE, clean.service, month)
    if held is not None and held.key == key:
        return held
    wanted = [column.name for column in columns_for(clean.service) if column.name in READ]
    try:
        with fsspec.open(clean.uri, "rb") as file, pq.ParquetFile(file) as parquet:
            parts = (
                columns_of(pa.Table.from_batches([part])) for part in parquet.iter_batches(PORTION_ROWS, columns=wanted)
            )
            return lake.publish_table(STAGE, clean.service, month, totals_table(parts), key)
    except (pa.ArrowInvalid, FileNotFoundError) as error:
        raise BadDataError(f"{clean.uri} cannot be read: {error}. Clean the month again to rebuild it.") from None


def totals_table(parts: Iterable[Mapping[str, np.ndarray]]) -> pa.Table:
    """Portions of one month's clean trips, by column -> rows of `trip_totals` without service and month.

    A place that is not known is 264. A measure that the service has no column for is null; `minutes` are of all trips,
    `moving_minutes` of those that have a distance too, so that miles over them is a speed.
    """
    summed: dict[str, Cells] = {}
    for part in parts:
        for grain, cells in _count(part).items():
            held = summed.setdefault(grain, {name: np.zeros_like(values) for name, values in cells.items()})
            for name, values in cells.items():
                held[name] += values
    return pa.concat_tables(_rows(grain, cells) for grain, cells in summed.items())


def _count(trips: Mapping[str, np.ndarray]) -> dict[str, Cells]:
    """Grain -> measure -> (cells,) sums in whole units."""
    place = {name: _zones(trips[name]) for name in ("pickup_zone", "dropoff_zone")}
    place["hour_of_week"] = minute_of_week(trips["pickup_at"]) // 60
    whole = {name: np.rint(values * SCALE[name]) for name, values in _measures(trips).items()}
    counted: dict[str, Cells] = {}
    for grain, axes in GRAINS.items():
        cell, size = np.zeros(len(trips["pickup_at"]), np.int64), 1
        for axis in axes:
            cell, size = cell * AXES[axis] + place[axis], size * AXES[axis]
        counted[grain] = {"trips": np.bincount(cell, minlength=size).astype(np.float64)}
        counted[grain] |= {name: np.bincount(cell, values, size) for name, values in whole.items()}
    return counted


def _measures(trips: Mapping[str, np.ndarray]) -> Cells:
    """What is added up, each in its unit; a trip without the value adds nothing."""
    minutes = compute_trip_duration(trips["pickup_at"], trips["dropoff_at"])
    found = {"minutes": minutes}
    if "distance_mi" in trips:
        both = np.isfinite(minutes) & np.isfinite(trips["distance_mi"])
        found["moving_minutes"] = np.where(both, minutes, 0.0)
        found["distance_mi"] = np.where(both, trips["distance_mi"], 0.0)
    found |= {name: trips[column] for name, column in (("revenue_usd", "total_usd"), ("fare_usd", "fare_usd"))
              if column in trips}  # fmt: skip
    return {name: np.nan_to_num(np.asarray(values, np.float64)) for name, values in found.items()}


def _rows(grain: str, cells: Cells) -> pa.Table:
    held = np.flatnonzero(cells["trips"])
    axes = GRAINS[grain]
    at = dict(zip(axes, np.unravel_index(held, [AXES[axis] for axis in axes]), strict=True)) if axes else {}
    blank = {"pickup_zone": EVERYWHERE, "dropoff_zone": EVERYWHERE, "hour_of_week": ALL_HOURS}
    columns = {"grain": pa.array([grain] * len(held), pa.string())}
    columns |= {name: pa.array(at.get(name, np.full(len(held), empty)), pa.int32()) for name, empty in blank.items()}
    columns["trips"] = pa.array(cells["trips"][held], pa.int64())
    for name, scale in SCALE.items():
        values = cells[name][held] / scale if name in cells else np.full(len(held), np.nan)
        columns[name] = pa.array(values, pa.float64())
    return pa.table(columns)


def _zones(zone: np.ndarray) -> np.ndarray:
    return np.asarray(np.nan_to_num(np.asarray(zone, np.float64), nan=UNKNOWN_ZONES[0]).astype(np.int64))
