"""From pick-up columns to the float32 matrix: one path for three million trips and for one request."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from include.features.dictionary import FEATURE_NAMES, SOURCES, create_feature_dictionary
from include.features.geospatial_features import pair_index, pair_table
from include.features.lookup import Columns, Lookup
from include.features.tariff_features import extract_tariff_features
from include.features.temporal_features import (
    day_index,
    hour_of_day,
    minute_of_week,
    of_the_calendar,
    week_table,
)
from include.trips.calendar import DAYS, FIRST_DAY
from include.trips.zones import ZONE_COUNT
from include.utils.hashing import code_hash, fingerprint

if TYPE_CHECKING:
    from include.config import Settings
    from include.lake import Manifest

__all__ = ["FEATURE_SOURCES", "create_feature_dictionary", "engineer_all_features", "feature_code_hash",
           "save_features_to_db"]  # fmt: skip

FEATURE_SOURCES = (
    "features/dictionary.py",
    "features/engineer_features.py",
    "features/geospatial_features.py",
    "features/lookup.py",
    "features/tariff_features.py",
    "features/temporal_features.py",
    "trips/calendar.py",
    "trips/manhattan.py",
    "trips/tariff.py",
    "trips/zones.py",
    "trips/data/tariff.csv",
    "trips/data/zones.csv",
)
PORTION_ROWS = 32_768
"""Rows gathered at a time: what is between the columns and the matrix stays in the processor's cache."""
MAX_PASSENGERS = 9


def feature_code_hash() -> str:
    """Fingerprint of all code and reference data that features are made of; a bundle made by other code is refused.

    Holidays are another package's data, so its version counts.
    """
    return fingerprint(code_hash(*FEATURE_SOURCES), version("holidays"))


def engineer_all_features(trips: Columns) -> np.ndarray:
    """Columns known at pick-up, each (n,) -> (n, len(FEATURE_NAMES)) float32, columns in FEATURE_NAMES' order.

    Takes a dict of arrays, a DataFrame or an Arrow table with pickup_at (datetime64), pickup_zone and dropoff_zone
    (whole numbers 1..265), passenger_count (missing, or outside 0..9: not given). KeyError for a column that is not
    there, ValueError for another zone.
    """
    columns = {name: _column(trips, name) for name in SOURCES}
    rows = len(columns["pickup_at"])
    matrix = np.empty((rows, len(FEATURE_NAMES)), np.float32)
    for start in range(0, rows, PORTION_ROWS):
        part = slice(start, start + PORTION_ROWS)
        _fill(matrix[part], {name: values[part] for name, values in columns.items()})
    return matrix


def _column(trips: Columns, name: str) -> np.ndarray:
    try:
        return np.asarray(trips[name])
    except KeyError as absent:
        raise KeyError(
            f"no column {name!r}: features are made of {', '.join(SOURCES)}, which are known at pick-up; give the "
            "trips all of them (missing passengers as NaN)."
        ) from absent


def _fill(matrix: np.ndarray, quotes: Mapping[str, np.ndarray]) -> None:
    """Each table fills its columns, the passengers the last one."""
    pair, week, calendar = feature_tables()
    pickup_at = quotes["pickup_at"]
    pairs = pair_index(_zones(quotes, "pickup_zone"), _zones(quotes, "dropoff_zone"))
    hours = day_index(pickup_at) * 24 + hour_of_day(pickup_at)
    first = 0
    for table, index in ((pair, pairs), (week, minute_of_week(pickup_at)), (calendar, hours)):
        last = first + len(table.names)
        matrix[:, first:last] = table.rows.take(index, 0)
        first = last
    passengers = quotes["passenger_count"].astype(np.float32)
    given = (passengers >= 0) & (passengers <= MAX_PASSENGERS)  # neither holds for NaN
    matrix[:, first] = np.where(given, passengers, 0)


def _zones(quotes: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """(n,) int64; ValueError when one is not a zone."""
    zones = quotes[name]
    whole = zones.astype(np.int64, copy=False) if zones.dtype.kind in "iu" else _without_fractions(zones)
    wrong = (whole - 1).view(np.uint64) >= ZONE_COUNT - 1  # below 1 is a very large unsigned number
    if wrong.any():
        raise ValueError(
            f"{name} holds {zones[wrong][0]}: a zone from 1 to {ZONE_COUNT - 1} is expected (264: not known)."
        )
    return whole


def _without_fractions(zones: np.ndarray) -> np.ndarray:
    """Floats as integers; 0, which is no zone, for one that is not whole or not a number."""
    return np.where(zones == np.floor(zones), np.nan_to_num(zones), 0).astype(np.int64)


@cache
def feature_tables() -> tuple[Lookup, Lookup, Lookup]:
    """Features by zone pair, by minute of the week, and by hour of the calendar, in the matrix's order."""
    hours = FIRST_DAY.astype("datetime64[h]") + np.arange(DAYS * 24)
    calendar = Lookup.of(of_the_calendar(hours) | extract_tariff_features(hours))
    tables = (pair_table(), week_table(), calendar)
    made = (*(name for table in tables for name in table.names), "passenger_count")
    if made != FEATURE_NAMES:
        raise ValueError(f"the tables make {made}, the dictionary declares {FEATURE_NAMES}: bring them into one order.")
    return tables


def save_features_to_db(month: Manifest, settings: Settings | None = None) -> dict[str, Any]:
    """A feature month of the lake -> its rows in `trip_features` and its statistics in `feature_statistics`.

    Both replace what the warehouse held of that service and month.
    """
    from include.config import get_settings
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_month, replace_rows

    engine, keys = get_engine(settings or get_settings()), {"service": month.service, "month": month.month}
    replace_rows(engine, "feature_statistics", keys, month.meta["statistics"])
    return replace_month(engine, "trip_features", month)


def main() -> None:
    """`make features`, or `python -m include.features.engineer_features --service green --month 2023-01`."""
    from include.features.build_month import build_feature_month
    from include.processing.validate_month import validate_feature_month
    from include.utils.cli import run_month_step

    run_month_step(build_feature_month, validate_feature_month)


if __name__ == "__main__":
    main()
