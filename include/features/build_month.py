"""The features phase: a clean month becomes one row of features and labels per trip."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from include.config import Settings, get_settings
from include.features.dictionary import FEATURE_NAMES
from include.features.engineer_features import engineer_all_features, feature_code_hash
from include.features.trip_features import compute_labels
from include.lake import Lake, read_columns
from include.trips.contract import PICKUP_COLUMNS
from include.trips.month import Month
from include.trips.zones import UNKNOWN_ZONES
from include.utils.cli import run_month_step
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

LABEL_SOURCES = ("features/trip_features.py", "features/build_month.py")


def build_feature_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month -> lake stage `features` and table `trip_features`.

    Parquet columns: source_row, day (of the month), the features (float32), the targets (float32).
    """
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_month

    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    clean = lake.require("clean", service, parsed)
    key = fingerprint(clean.sha256, feature_code_hash(), code_hash(*LABEL_SOURCES))
    current = lake.current("features", service, parsed)
    unchanged = current is not None and current.key == key
    if current is None or not unchanged:
        table = feature_table(read_columns(clean.uri))
        current = lake.publish_table("features", service, parsed, table, key, {"feature_code": feature_code_hash()})
    replace_month(get_engine(settings), "trip_features", current)
    status = "unchanged" if unchanged else "done"
    get_logger(phase="features", service=service, month=month).info("features built", rows=current.rows, status=status)
    return {"uri": current.uri, "rows": current.rows, "status": status}


def feature_table(trips: Mapping[str, np.ndarray]) -> pa.Table:
    """Clean trips by column -> one row per trip: source_row, day, features, and the targets that the service has."""
    matrix = engineer_all_features(quote_of(trips))
    start = trips["pickup_at"].astype("datetime64[M]").astype("datetime64[D]")
    day = (trips["pickup_at"].astype("datetime64[D]") - start).astype(np.int64) + 1
    columns: dict[str, np.ndarray] = {"source_row": trips["source_row"], "day": day.astype(np.int8)}
    columns |= {name: matrix[:, position] for position, name in enumerate(FEATURE_NAMES)}
    return pa.table(columns | compute_labels(trips))


def quote_of(trips: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What of the trips is known at pick-up, and nothing else: a feature that reaches past it is a KeyError.

    A zone that a base left out is 264, TLC's own "not known"; a service without passenger counts quotes without them.
    """
    quote = {name: trips[name] for name in PICKUP_COLUMNS if name in trips}
    for zone in ("pickup_zone", "dropoff_zone"):
        quote[zone] = np.nan_to_num(quote[zone], nan=UNKNOWN_ZONES[0]).astype(np.int64)
    return {"passenger_count": np.full(len(quote["pickup_at"]), np.nan)} | quote


def main() -> None:
    """`python -m include.features.build_month --service green --month 2023-01`."""
    run_month_step(build_feature_month)


if __name__ == "__main__":
    main()
