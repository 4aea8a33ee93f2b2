"""The first tables, written out: a later change of the contract is a later migration.

Revision ID: 0001
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from include.warehouse.bulk import partition_by_month

revision = "0001"
down_revision = None

TYPES: dict[str, Any] = {
    "int": sa.Integer, "bigint": sa.BigInteger, "double": sa.Double, "float": sa.Float, "time": sa.DateTime,
    "flag": sa.Boolean, "json": sa.JSON, "longtext": sa.Text,
}  # fmt: skip
TRIPS = """
    service:key.text8 month:key.text7 source_row:key.bigint vendor_id:int license_number:text32
    base_number:text32 origin_base_number:text32 affiliated_base_number:text32 request_at:time on_scene_at:time
    pickup_at:time dropoff_at:time passenger_count:int distance_mi:double trip_seconds:bigint rate_code:int
    store_and_fwd:text32 pickup_zone:int dropoff_zone:int pickup_lat:double pickup_lon:double dropoff_lat:double
    dropoff_lon:double payment_type:int fare_usd:double extra_usd:double mta_tax_usd:double tip_usd:double
    tolls_usd:double improvement_usd:double total_usd:double black_car_fund_usd:double sales_tax_usd:double
    congestion_usd:double airport_fee_usd:double cbd_fee_usd:double driver_pay_usd:double ehail_usd:double
    trip_type:int request_source:text32 shared_ride:int shared_request:text32 shared_match:text32
    access_a_ride:text32 wav_request:text32 wav_match:text32
"""
TABLES = {
    "raw_taxi_trips": TRIPS,
    "processed_taxi_trips": TRIPS,
    "trip_features": """
        service:key.text8 month:key.text7 source_row:key.bigint day:int pickup_zone:float dropoff_zone:float
        passenger_count:float hour:float weekday:float minute_of_day:float day_sin:float day_cos:float
        week_sin:float week_cos:float is_weekend:float is_holiday:float time_band:float pickup_lat:float
        pickup_lon:float dropoff_lat:float dropoff_lon:float haversine_km:float manhattan_km:float bearing_sin:float
        bearing_cos:float pickup_borough:float dropoff_borough:float same_zone:float is_airport:float
        is_jfk_flat:float places_known:float duration_min:float fare_usd:float
    """,
    "taxi_zones": """
        zone_id:key.int zone:text64 borough:text16 service_zone:text16 lat:double lon:double is_airport:flag
    """,
    "load_log": """
        table_name:key.text64 service:key.text8 month:key.text7 sha256:text64 row_count:int loaded_at:time
    """,
    "ingestion_log": """
        service:key.text8 month:key.text7 origin:longtext vintage:longtext file_sha256:text64 rows_read:int
        unknown_columns:longtext absent_columns:longtext profile:json status:text16 ingested_at:time
    """,
    "data_quality_metrics": """
        service:key.text8 month:key.text7 suite:key.text32 expectation:key.text128 column_name:text64
        severity:text16 success:flag observed:longtext limit_text:longtext unexpected_count:int
        unexpected_percent:double validated_at:time
    """,
    "experiment_runs": """
        run_id:key.text64 service:text8 month:text7 target:text32 family:text32 trained_to:text7 mae_tune:double
        fit_seconds:double rows_train:int status:text16 created_at:time
    """,
    "model_registry": """
        model_name:key.text64 version:key.int service:text8 target:text32 family:text32 run_id:text64
        trained_to:text7 test_month:text7 uri:longtext is_baseline:flag registered_at:time
    """,
    "model_performance": """
        model_name:key.text64 version:key.int month:key.text7 role:key.text16 rows_scored:int mae:double rmse:double
        within_2:double within_5:double coverage:double scored_at:time
    """,
    "promotion_log": """
        model_name:key.text64 test_month:key.text7 plan_key:key.text16 decision:text24 reason:longtext
        version_before:int version_after:int gain:double lower_bound:double summary:longtext decided_at:time
    """,
}
"""Table -> `column:type` or `column:key.type`, with `text` and a length for strings."""


def upgrade() -> None:
    """Creates every table; the three of whole months are partitioned where the database can."""
    for name, columns in TABLES.items():
        op.create_table(name, *(column(text) for text in columns.split()), if_not_exists=True)
    for name in ("raw_taxi_trips", "processed_taxi_trips", "trip_features"):
        partition_by_month(op.get_bind(), name)


def column(text: str) -> sa.Column[Any]:
    """`month:key.text7` -> a column of the primary key of seven characters."""
    name, kind = text.split(":")
    key, plain = kind.startswith("key."), kind.removeprefix("key.")
    sized = re.fullmatch(r"text(\d+)", plain)
    return sa.Column(
        name,
        sa.String(int(sized[1])) if sized else TYPES[plain](),
        primary_key=key,
        autoincrement=False,
        nullable=not key,
    )
