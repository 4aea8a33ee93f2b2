"""What the gate writes down: who moved the champion and in which order, losses by slice, the staleness matrix.

Revision ID: 0007
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from include.warehouse.migrations.repeat import add_if_absent

revision = "0007"
down_revision = "0006"

ADDED: dict[str, list[sa.Column[Any]]] = {
    "model_performance": [
        sa.Column("loss", sa.Double), sa.Column("brier", sa.Double), sa.Column("slices", sa.Text)
    ],
    "promotion_log": [
        sa.Column("entry", sa.Integer), sa.Column("rule", sa.String(16)), sa.Column("actor", sa.String(64))
    ],
}  # fmt: skip


def upgrade() -> None:
    """New columns, filled for the rows that are there; the table `staleness`."""
    for table, columns in ADDED.items():
        for column in columns:
            add_if_absent(table, column)
    op.execute("UPDATE model_performance SET loss = mae")
    _number_the_log(op.get_bind())
    keys = {"service": 8, "target": 32, "family": 32, "trained_to": 7, "month": 7}
    op.create_table(
        "staleness",
        *(sa.Column(name, sa.String(length), primary_key=True) for name, length in keys.items()),
        *(sa.Column(name, sa.Integer) for name in ("age_months", "months_trained", "rows_scored")),
        sa.Column("loss", sa.Double),
        sa.Column("cell_key", sa.String(16)),
        sa.Column("scored_at", sa.DateTime),
        if_not_exists=True,
    )


def _number_the_log(connection: sa.Connection) -> None:
    """`entry` counts a model's decisions from 1 in the order of their time."""
    log = sa.table("promotion_log", *(sa.column(c) for c in ("model_name", "test_month", "plan_key", "entry")))
    key = (log.c.model_name, log.c.test_month, log.c.plan_key)
    rows = connection.execute(sa.select(*key).order_by(log.c.model_name, sa.column("decided_at"), log.c.test_month))
    for _, of_model in groupby(rows.all(), key=lambda row: row[0]):
        for entry, row in enumerate(of_model, 1):
            where = sa.and_(*(column == value for column, value in zip(key, row, strict=True)))
            connection.execute(sa.update(log).where(where).values(entry=entry))
