"""What pages show of a month's trips, added up: the table `trip_totals`.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from include.warehouse.bulk import partition_by_month

revision = "0009"
down_revision = "0008"

KEYS = {"service": sa.String(8), "month": sa.String(7), "grain": sa.String(12)}
PLACES = ("pickup_zone", "dropoff_zone", "hour_of_week")
MEASURES = ("revenue_usd", "fare_usd", "distance_mi", "minutes", "moving_minutes")


def upgrade() -> None:
    """Months are loaded into it when their clean phase is run again; safe to repeat after a try that died half way."""
    op.drop_table("trip_totals", if_exists=True)
    op.execute(sa.text("DELETE FROM load_log WHERE table_name = 'trip_totals'"))
    op.create_table(
        "trip_totals",
        *(sa.Column(name, kind, primary_key=True, nullable=False) for name, kind in KEYS.items()),
        *(sa.Column(name, sa.Integer(), primary_key=True, autoincrement=False, nullable=False) for name in PLACES),
        sa.Column("trips", sa.BigInteger()),
        *(sa.Column(name, sa.Double()) for name in MEASURES),
    )
    partition_by_month(op.get_bind(), "trip_totals")
