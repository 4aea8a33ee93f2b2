"""The features phase: a clean month becomes one row of features and labels per trip, portion by portion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.config import Settings, get_settings
from include.errors import BadDataError
from include.features.build_history import publish_history
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import engineer_all_features, feature_code_hash, save_features_to_db
from include.features.statistics import Statistics
from include.features.trip_features import compute_labels
from include.lake import Lake, Manifest
from include.trips.contract import PICKUP_COLUMNS
from include.trips.month import Month
from include.trips.zones import UNKNOWN_ZONES
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

LABEL_SOURCES = ("features/trip_features.py", "features/build_month.py", "features/statistics.py")
PORTION_ROWS = 250_000
"""Rows in memory at a time: their matrix is 41 MB."""


class ArrowColumns(Mapping[str, np.ndarray]):
    """A batch as column -> numpy array; a column becomes one when it is asked for, a null integer NaN in float64."""

    def __init__(self, batch: pa.RecordBatch | pa.Table) -> None:
        self._batch, self._names = batch, tuple(batch.schema.names)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._names:
            raise KeyError(name)
        return np.asarray(self._batch.column(name).to_numpy(zero_copy_only=False))

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Quote(dict[str, np.ndarray]):
    """The columns of trips that a passenger's quote knows; asking for another one is a KeyError that says so."""

    def __missing__(self, name: str) -> np.ndarray:
        raise KeyError(
            f"{name!r} is not known at pick-up, so no feature may read it. A quote knows {', '.join(self)}; what is "
            "known after the trip is a label, or history of earlier months."
        )


def build_feature_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month -> lake stages `features` and `history`, tables `trip_features`, `feature_statistics`.

    Parquet columns: source_row, day (of the month), the features (float32), the labels.
    """
    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    clean = lake.require("clean", service, parsed)
    key = feature_key(clean)
    current = lake.current("features", service, parsed)
    unchanged = current is not None and current.key == key
    if current is None or not unchanged:
        current = publish_features(lake, clean, service, parsed, key)
    save_features_to_db(current, settings)
    publish_history(lake, service, parsed, clean)
    status = "unchanged" if unchanged else "done"
    get_logger(phase="features", service=service, month=month).info("features built", rows=current.rows, status=status)
    return {"uri": current.uri, "rows": current.rows, "status": status}


def feature_key(clean: Manifest) -> str:
    """Of the feature month that this code makes of a clean month: its trips, the features' code and the labels'."""
    return fingerprint(clean.sha256, feature_code_hash(), code_hash(*LABEL_SOURCES))


def publish_features(lake: Lake, clean: Manifest, service: str, month: Month, key: str) -> Manifest:
    """The clean month's portions, each made into features, counted and written before the next one is read."""
    try:
        with fsspec.open(clean.uri, "rb") as file, pq.ParquetFile(file) as parquet:
            schema = feature_table(ArrowColumns(parquet.schema_arrow.empty_table())).schema
            statistics = Statistics(name for name in schema.names if name not in ("source_row", "day"))
            batches = _feature_batches(parquet, statistics)

            def meta() -> dict[str, Any]:
                return {"feature_code": feature_code_hash(), "statistics": statistics.result()}

            return lake.publish_batches("features", service, month, batches, schema, key, meta)
    except (pa.ArrowInvalid, FileNotFoundError) as error:
        raise BadDataError(f"{clean.uri} cannot be read: {error}. Clean the month again to rebuild it.") from None


def _feature_batches(parquet: pq.ParquetFile, statistics: Statistics) -> Iterator[pa.RecordBatch]:
    for trips in parquet.iter_batches(PORTION_ROWS):
        for batch in feature_table(ArrowColumns(trips)).to_batches():
            statistics.add(batch)
            yield batch


def feature_table(trips: Mapping[str, np.ndarray]) -> pa.Table:
    """Clean trips by column -> one row per trip: source_row, day, features, and the labels that the service has."""
    matrix = engineer_all_features(quote_of(trips))
    pickup_at = trips["pickup_at"]
    day = (pickup_at.astype("datetime64[D]") - pickup_at.astype("datetime64[M]")).astype(np.int64) + 1
    columns: dict[str, np.ndarray] = {"source_row": trips["source_row"], "day": day.astype(np.int8)}
    columns |= {name: matrix[:, position] for position, name in enumerate(FEATURE_NAMES)}
    return pa.table(columns | compute_labels(trips))


def quote_of(trips: Mapping[str, np.ndarray]) -> Quote:
    """What of the trips is known at pick-up, and nothing else.

    A zone that a base left out is 264, TLC's own "not known"; a service without passenger counts quotes without them.
    """
    quote = Quote({name: trips[name] for name in PICKUP_COLUMNS if name in trips})
    for zone in ("pickup_zone", "dropoff_zone"):
        quote[zone] = np.nan_to_num(quote[zone], nan=UNKNOWN_ZONES[0]).astype(np.int64)
    quote.setdefault("passenger_count", np.full(len(quote["pickup_at"]), np.nan))
    return quote
