"""Features by look-up table: `trip_features` anew with their columns, and `feature_statistics`.

The rows of the old table are other features; its months load again from the lake.

Revision ID: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from include.warehouse.bulk import partition_by_month

revision = "0005"
down_revision = "0004"

FEATURES_AND_LABELS = """
    pickup_zone dropoff_zone pickup_lat pickup_lon dropoff_lat dropoff_lon
    pickup_along_km pickup_across_km dropoff_along_km dropoff_across_km haversine_km manhattan_km avenue_km
    street_km bearing_sin bearing_cos pickup_borough dropoff_borough pickup_in_cbd dropoff_in_cbd is_surcharge_trip
    same_zone is_airport is_jfk_flat places_known hour weekday minute_of_day minute_of_week day_sin day_cos
    week_sin week_cos is_weekend time_band is_holiday is_holiday_eve is_day_after_holiday day_of_year
    meter_base_usd meter_unit_usd jfk_flat_usd hour_surcharge_usd passenger_count duration_min fare_usd
"""
FIGURES = "mean_value std_value min_value p01 p25 p50 p75 p99 max_value"


def upgrade() -> None:
    """Safe to repeat after a try that died half way: MySQL cannot take changes of tables back."""
    op.drop_table("trip_features", if_exists=True)
    op.execute(sa.text("DELETE FROM load_log WHERE table_name = 'trip_features'"))
    op.create_table(
        "trip_features",
        *_month_and(sa.Column("source_row", sa.BigInteger, primary_key=True, autoincrement=False)),
        sa.Column("day", sa.Integer),
        *(sa.Column(name, sa.Float) for name in FEATURES_AND_LABELS.split()),
    )
    partition_by_month(op.get_bind(), "trip_features")
    op.create_table(
        "feature_statistics",
        *_month_and(sa.Column("column_name", sa.String(64), primary_key=True)),
        sa.Column("row_count", sa.Integer),
        sa.Column("null_count", sa.Integer),
        *(sa.Column(name, sa.Double) for name in FIGURES.split()),
        if_not_exists=True,
    )


def _month_and(key: sa.Column[Any]) -> list[sa.Column[Any]]:
    """The key of every table of months, ended by one of its own."""
    return [
        sa.Column("service", sa.String(8), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        key,
    ]
