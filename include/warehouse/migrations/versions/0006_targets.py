"""The third target, the block that slices look at, and the loss that every target has.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"


def upgrade() -> None:
    """Columns only; feature months are loaded again because the code that made them is another."""
    op.add_column("trip_features", sa.Column("high_tip", sa.Float))
    op.add_column("trip_features", sa.Column("app_dispatched", sa.Integer))
    op.add_column("experiment_runs", sa.Column("loss_tune", sa.Double))
