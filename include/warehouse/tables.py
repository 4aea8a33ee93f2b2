"""The tables of trips, derived from the trip contract and the feature dictionary, beside those of `metadata.py`.

The big ones are partitioned by service and month in MySQL and carry no secondary index: it would triple the load, and
every query names a service and a month.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import BigInteger, Column, DateTime, Double, Float, Integer, String, Table
from sqlalchemy.types import TypeEngine

from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import BLOCK, TARGETS
from include.trips.contract import COLUMNS, SOURCE_ROW
from include.warehouse.metadata import (
    DRIFT,
    FEATURE_STATISTICS,
    INGESTION,
    LOADS,
    METADATA,
    PERFORMANCE,
    PREDICTIONS,
    PROMOTIONS,
    QUALITY,
    REGISTRY,
    RUNS,
    STALENESS,
    TOTALS,
    ZONES,
    month_columns,
)

__all__ = [
    "DRIFT", "FEATURE_ROWS", "FEATURE_STATISTICS", "INGESTION", "LOADS", "METADATA", "PARTITIONED", "PERFORMANCE",
    "PREDICTIONS", "PROCESSED", "PROMOTIONS", "QUALITY", "RAW", "REGISTRY", "RUNS", "STALENESS", "TOTALS", "ZONES",
]  # fmt: skip

_TYPES: dict[pa.DataType, TypeEngine[Any]] = {
    pa.int32(): Integer(),
    pa.int64(): BigInteger(),
    pa.float64(): Double(),
    pa.string(): String(32),
    pa.timestamp("us"): DateTime(),
}


def _source_row() -> Column[int]:
    """Last part of the key: rows arrive in its order, so the key costs nothing to keep and no row can come twice."""
    return Column(SOURCE_ROW.name, BigInteger, primary_key=True, autoincrement=False)


def _trips(name: str) -> Table:
    columns = [Column(c.name, _TYPES[c.type]) for c in COLUMNS]
    return Table(name, METADATA, *month_columns(), _source_row(), *columns)


RAW = _trips("raw_taxi_trips")
PROCESSED = _trips("processed_taxi_trips")
FEATURE_ROWS = Table(
    "trip_features",
    METADATA,
    *month_columns(),
    _source_row(),
    Column("day", Integer),
    *(Column(name, Float) for name in (*FEATURE_NAMES, *TARGETS)),
    Column(BLOCK, Integer),
)

PARTITIONED = (RAW, PROCESSED, FEATURE_ROWS, TOTALS)
"""Tables of whole months, one partition each in MySQL."""
