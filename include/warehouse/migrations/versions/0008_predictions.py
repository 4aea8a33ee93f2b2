"""What the service answered: the table `prediction_log`, and the views over it.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0008"
down_revision = "0007"

QUANTITIES = ("duration_min", "duration_min_p10", "duration_min_p90", "fare_usd", "fare_usd_p10", "fare_usd_p90",
              "high_tip")  # fmt: skip


def upgrade() -> None:
    """A new table; times of answers keep their microseconds, which MySQL would round away."""
    op.create_table(
        "prediction_log",
        sa.Column("asked_at", sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"), primary_key=True),
        sa.Column("answer_key", sa.String(32), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("request_id", sa.String(80)),
        sa.Column("answered_together", sa.Integer),
        sa.Column("service", sa.String(8)),
        *(sa.Column(name, sa.Integer) for name in ("pickup_zone", "dropoff_zone")),
        sa.Column("pickup_at", sa.DateTime),
        sa.Column("passenger_count", sa.Integer),
        *(sa.Column(name, sa.Double) for name in QUANTITIES),
        *(sa.Column(f"{target}_model", sa.String(72)) for target in ("duration_min", "fare_usd", "high_tip")),
        sa.Column("degraded", sa.Boolean),
        sa.Column("latency_us", sa.Integer),
        sa.Column("api_key", sa.String(64)),
        if_not_exists=True,
    )
