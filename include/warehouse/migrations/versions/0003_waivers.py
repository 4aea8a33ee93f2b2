"""Quality metrics show examples of what broke a rule, and who answers for it.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa

from include.warehouse.migrations.repeat import add_if_absent

revision = "0003"
down_revision = "0002"

COLUMNS = {"examples": sa.Text(), "waived_by": sa.Text(), "waiver_reason": sa.Text(), "waived_until": sa.String(10)}


def upgrade() -> None:
    """Rows of earlier validations have neither; they get both when their month is validated again."""
    for name, kind in COLUMNS.items():
        add_if_absent("data_quality_metrics", sa.Column(name, kind, nullable=True))
