"""METADATA, and the tables that do not follow from the trip contract: logs, verdicts, runs, scores, decisions.

They stand apart from `tables.py`, which adds the tables of trips, because the contract needs Arrow and the service has
none.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Double,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.dialects import mysql

METADATA = MetaData()


def key(name: str, length: int) -> Column[str]:
    """A text column of the primary key."""
    return Column(name, String(length), primary_key=True)


def month_columns() -> list[Column[str]]:
    """The first part of the key of every table that is replaced by month."""
    return [key("service", 8), key("month", 7)]


FEATURE_STATISTICS = Table(
    "feature_statistics", METADATA, *month_columns(), key("column_name", 64), Column("row_count", Integer),
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
    "load_log", METADATA, key("table_name", 64), key("service", 8), key("month", 7),
    Column("sha256", String(64)), Column("row_count", Integer), Column("loaded_at", DateTime),
)  # fmt: skip
INGESTION = Table(
    "ingestion_log", METADATA, key("service", 8), key("month", 7), Column("origin", Text), Column("vintage", Text),
    Column("file_sha256", String(64)), Column("rows_read", Integer), Column("unknown_columns", Text),
    Column("absent_columns", Text), Column("profile", JSON), Column("status", String(16)),
    Column("ingested_at", DateTime),
)  # fmt: skip
QUALITY = Table(
    "data_quality_metrics", METADATA, *month_columns(), key("suite", 32), key("expectation", 128),
    Column("column_name", String(64)), Column("severity", String(16)), Column("success", Boolean),
    Column("observed", Text), Column("limit_text", Text), Column("unexpected_count", Integer),
    Column("unexpected_percent", Double), Column("examples", Text), Column("waived_by", Text),
    Column("waiver_reason", Text), Column("waived_until", String(10)), Column("validated_at", DateTime),
)  # fmt: skip
DRIFT = Table(
    "drift_metrics", METADATA, *month_columns(), key("column_name", 32), key("segment", 16),
    key("segment_value", 32), key("metric", 16), Column("value", Double), Column("limit_value", Double),
    Column("verdict", String(24)), Column("note", Text), Column("rows_compared", BigInteger),
    Column("reference_rows", BigInteger), Column("reference_months", Integer),
)  # fmt: skip
RUNS = Table(
    "experiment_runs", METADATA, key("run_id", 64), Column("service", String(8)), Column("month", String(7)),
    Column("target", String(32)), Column("family", String(32)), Column("trained_to", String(7)),
    Column("mae_tune", Double), Column("loss_tune", Double), Column("fit_seconds", Double),
    Column("rows_train", Integer), Column("status", String(16)), Column("created_at", DateTime),
)  # fmt: skip
REGISTRY = Table(
    "model_registry", METADATA, key("model_name", 64), Column("version", Integer, primary_key=True),
    Column("service", String(8)), Column("target", String(32)), Column("family", String(32)),
    Column("run_id", String(64)), Column("trained_to", String(7)), Column("test_month", String(7)),
    Column("uri", Text), Column("is_baseline", Boolean), Column("registered_at", DateTime),
)  # fmt: skip
PERFORMANCE = Table(
    "model_performance", METADATA, key("model_name", 64), Column("version", Integer, primary_key=True),
    key("month", 7), key("role", 16), Column("rows_scored", Integer), Column("mae", Double), Column("rmse", Double),
    Column("within_2", Double), Column("within_5", Double), Column("coverage", Double), Column("scored_at", DateTime),
    Column("loss", Double), Column("brier", Double), Column("slices", Text),
    *(Column(name, Double)
      for name in ("r2", "mape", "accuracy", "precision_score", "recall", "f1", "roc_auc", "pr_auc")),
)  # fmt: skip
PROMOTIONS = Table(
    "promotion_log", METADATA, key("model_name", 64), key("test_month", 7), key("plan_key", 16),
    Column("decision", String(24)), Column("reason", Text), Column("version_before", Integer),
    Column("version_after", Integer), Column("gain", Double), Column("lower_bound", Double), Column("summary", Text),
    Column("decided_at", DateTime), Column("entry", Integer), Column("rule", String(16)), Column("actor", String(64)),
)  # fmt: skip
STALENESS = Table(
    "staleness", METADATA, key("service", 8), key("target", 32), key("family", 32), key("trained_to", 7),
    key("month", 7), Column("age_months", Integer), Column("months_trained", Integer), Column("rows_scored", Integer),
    Column("loss", Double), Column("cell_key", String(16)), Column("scored_at", DateTime),
)  # fmt: skip
TOTALS = Table(
    "trip_totals", METADATA, *month_columns(), key("grain", 12),
    *(Column(name, Integer, primary_key=True, autoincrement=False)
      for name in ("pickup_zone", "dropoff_zone", "hour_of_week")),
    Column("trips", BigInteger), Column("revenue_usd", Double), Column("fare_usd", Double),
    Column("distance_mi", Double), Column("minutes", Double), Column("moving_minutes", Double),
)  # fmt: skip
"""What pages show of the trips; `include/processing/trip_totals.py` says what a row is."""
MICROSECONDS = DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
ESTIMATE_PARTS = ("", "_p10", "_p90")
PREDICTIONS = Table(
    "prediction_log", METADATA, Column("asked_at", MICROSECONDS, primary_key=True), key("answer_key", 32),
    Column("place", Integer, primary_key=True, autoincrement=False), Column("request_id", String(80)),
    Column("answered_together", Integer), Column("service", String(8)), Column("pickup_zone", Integer),
    Column("dropoff_zone", Integer), Column("pickup_at", DateTime), Column("passenger_count", Integer),
    *(Column(f"duration_min{part}", Double) for part in ESTIMATE_PARTS),
    *(Column(f"fare_usd{part}", Double) for part in ESTIMATE_PARTS), Column("high_tip", Double),
    *(Column(f"{target}_model", String(72)) for target in ("duration_min", "fare_usd", "high_tip")),
    Column("degraded", Boolean), Column("latency_us", Integer), Column("api_key", String(64)),
)  # fmt: skip
"""A row is the answer to one trip. The key begins with the time (UTC), so rows arrive in its order, a day is one range
of it, and no second index is needed. `answer_key` is the service's own: a request id may be the client's and come
twice. The rows of a batch share time, key and latency; `pickup_at` is New York time.
"""
