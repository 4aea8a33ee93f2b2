"""The tables, derived from the trip contract and the feature dictionary.

The big ones are partitioned by service and month in MySQL and carry no secondary index: it would triple the load, and
every query names a service and a month.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from include.features.dictionary import FEATURE_NAMES
from include.features.trip_features import BLOCK, TARGETS
from include.trips.contract import COLUMNS, SOURCE_ROW

METADATA = MetaData()
_TYPES: dict[pa.DataType, TypeEngine[Any]] = {
    pa.int32(): Integer(),
    pa.int64(): BigInteger(),
    pa.float64(): Double(),
    pa.string(): String(32),
    pa.timestamp("us"): DateTime(),
}


def _key(name: str, length: int) -> Column[str]:
    return Column(name, String(length), primary_key=True)


def _month_columns() -> list[Column[str]]:
    return [_key("service", 8), _key("month", 7)]


def _source_row() -> Column[int]:
    """Last part of the key: rows arrive in its order, so the key costs nothing to keep and no row can come twice."""
    return Column(SOURCE_ROW.name, BigInteger, primary_key=True, autoincrement=False)


def _trips(name: str) -> Table:
    columns = [Column(c.name, _TYPES[c.type]) for c in COLUMNS]
    return Table(name, METADATA, *_month_columns(), _source_row(), *columns)


RAW = _trips("raw_taxi_trips")
PROCESSED = _trips("processed_taxi_trips")
FEATURE_ROWS = Table(
    "trip_features",
    METADATA,
    *_month_columns(),
    _source_row(),
    Column("day", Integer),
    *(Column(name, Float) for name in (*FEATURE_NAMES, *TARGETS)),
    Column(BLOCK, Integer),
)
FEATURE_STATISTICS = Table(
    "feature_statistics", METADATA, *_month_columns(), _key("column_name", 64), Column("row_count", Integer),
    Column("null_count", Integer), Column("mean_value", Double), Column("std_value", Double),
    Column("min_value", Double), *(Column(name, Double) for name in ("p01", "p25", "p50", "p75", "p99")),
    Column("max_value", Double),
)  # fmt: skip
ZONES = Table(
    "taxi_zones", METADATA, Column("zone_id", Integer, primary_key=True, autoincrement=False),
    Column("zone", String(64)), Column("borough", String(16)), Column("service_zone", String(16)),
    Column("lat", Double), Column("lon", Double), Column("is_airport", Boolean),
)  # fmt: skip
LOADS = Table(
    "load_log", METADATA, _key("table_name", 64), _key("service", 8), _key("month", 7),
    Column("sha256", String(64)), Column("row_count", Integer), Column("loaded_at", DateTime),
)  # fmt: skip
INGESTION = Table(
    "ingestion_log", METADATA, _key("service", 8), _key("month", 7), Column("origin", Text), Column("vintage", Text),
    Column("file_sha256", String(64)), Column("rows_read", Integer), Column("unknown_columns", Text),
    Column("absent_columns", Text), Column("profile", JSON), Column("status", String(16)),
    Column("ingested_at", DateTime),
)  # fmt: skip
QUALITY = Table(
    "data_quality_metrics", METADATA, *_month_columns(), _key("suite", 32), _key("expectation", 128),
    Column("column_name", String(64)), Column("severity", String(16)), Column("success", Boolean),
    Column("observed", Text), Column("limit_text", Text), Column("unexpected_count", Integer),
    Column("unexpected_percent", Double), Column("examples", Text), Column("waived_by", Text),
    Column("waiver_reason", Text), Column("waived_until", String(10)), Column("validated_at", DateTime),
)  # fmt: skip
DRIFT = Table(
    "drift_metrics", METADATA, *_month_columns(), _key("column_name", 32), _key("segment", 16),
    _key("segment_value", 32), _key("metric", 16), Column("value", Double), Column("limit_value", Double),
    Column("verdict", String(24)), Column("note", Text), Column("rows_compared", BigInteger),
    Column("reference_rows", BigInteger), Column("reference_months", Integer),
)  # fmt: skip
RUNS = Table(
    "experiment_runs", METADATA, _key("run_id", 64), Column("service", String(8)), Column("month", String(7)),
    Column("target", String(32)), Column("family", String(32)), Column("trained_to", String(7)),
    Column("mae_tune", Double), Column("loss_tune", Double), Column("fit_seconds", Double),
    Column("rows_train", Integer), Column("status", String(16)), Column("created_at", DateTime),
)  # fmt: skip
REGISTRY = Table(
    "model_registry", METADATA, _key("model_name", 64), Column("version", Integer, primary_key=True),
    Column("service", String(8)), Column("target", String(32)), Column("family", String(32)),
    Column("run_id", String(64)), Column("trained_to", String(7)), Column("test_month", String(7)),
    Column("uri", Text), Column("is_baseline", Boolean), Column("registered_at", DateTime),
)  # fmt: skip
PERFORMANCE = Table(
    "model_performance", METADATA, _key("model_name", 64), Column("version", Integer, primary_key=True),
    _key("month", 7), _key("role", 16), Column("rows_scored", Integer), Column("mae", Double), Column("rmse", Double),
    Column("within_2", Double), Column("within_5", Double), Column("coverage", Double), Column("scored_at", DateTime),
    Column("loss", Double), Column("brier", Double), Column("slices", Text),
)  # fmt: skip
PROMOTIONS = Table(
    "promotion_log", METADATA, _key("model_name", 64), _key("test_month", 7), _key("plan_key", 16),
    Column("decision", String(24)), Column("reason", Text), Column("version_before", Integer),
    Column("version_after", Integer), Column("gain", Double), Column("lower_bound", Double), Column("summary", Text),
    Column("decided_at", DateTime), Column("entry", Integer), Column("rule", String(16)), Column("actor", String(64)),
)  # fmt: skip
STALENESS = Table(
    "staleness", METADATA, _key("service", 8), _key("target", 32), _key("family", 32), _key("trained_to", 7),
    _key("month", 7), Column("age_months", Integer), Column("months_trained", Integer), Column("rows_scored", Integer),
    Column("loss", Double), Column("cell_key", String(16)), Column("scored_at", DateTime),
)  # fmt: skip
TOTALS = Table(
    "trip_totals", METADATA, *_month_columns(), _key("grain", 12),
    *(Column(name, Integer, primary_key=True, autoincrement=False)
      for name in ("pickup_zone", "dropoff_zone", "hour_of_week")),
    Column("trips", BigInteger), Column("revenue_usd", Double), Column("fare_usd", Double),
    Column("distance_mi", Double), Column("minutes", Double), Column("moving_minutes", Double),
)  # fmt: skip
"""What pages show of the trips; `include/processing/trip_totals.py` says what a row is."""

PARTITIONED = (RAW, PROCESSED, FEATURE_ROWS, TOTALS)
"""Tables of whole months, one partition each in MySQL."""
