"""What the service answered: the table `prediction_log` and the views over it.

Revision ID: 0008
"""

from __future__ import annotations

from alembic import op

from include.warehouse.prediction_table import prediction_columns

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """A new table; its views come after the newest migration."""
    op.create_table("prediction_log", *prediction_columns(), if_not_exists=True)
