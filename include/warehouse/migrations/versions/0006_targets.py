"""The third target, the block that slices look at, and the loss that every target has.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa

from include.warehouse.migrations.repeat import add_if_absent

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Columns only; feature months are loaded again because the code that made them is another."""
    add_if_absent("trip_features", sa.Column("high_tip", sa.Float))
    add_if_absent("trip_features", sa.Column("app_dispatched", sa.Integer))
    add_if_absent("experiment_runs", sa.Column("loss_tune", sa.Double))
