"""Quality metrics show examples of what broke a rule, and who answers for it.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COLUMNS = {"examples": sa.Text(), "waived_by": sa.Text(), "waiver_reason": sa.Text(), "waived_until": sa.String(10)}


def upgrade() -> None:
    """Rows of earlier validations have neither; they get both when their month is validated again."""
    for name, kind in COLUMNS.items():
        op.add_column("data_quality_metrics", sa.Column(name, kind, nullable=True))
