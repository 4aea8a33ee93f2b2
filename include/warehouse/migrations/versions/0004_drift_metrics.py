"""What drifted, by month: one row per comparison.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEYS = {"service": 8, "month": 7, "column_name": 32, "segment": 16, "segment_value": 32, "metric": 16}


def upgrade() -> None:
    """`drift_metrics`."""
    op.create_table(
        "drift_metrics",
        *(sa.Column(name, sa.String(length), primary_key=True, nullable=False) for name, length in KEYS.items()),
        sa.Column("value", sa.Double()),
        sa.Column("limit_value", sa.Double()),
        sa.Column("verdict", sa.String(24)),
        sa.Column("note", sa.Text()),
        sa.Column("rows_compared", sa.BigInteger()),
        sa.Column("reference_rows", sa.BigInteger()),
        sa.Column("reference_months", sa.Integer()),
        if_not_exists=True,
    )
