"""All scores of a contest as columns of `model_performance`.

Revision ID: 0010
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from include.warehouse.migrations.repeat import add_if_absent

revision = "0010"
down_revision = "0009"

ADDED = ("r2", "mape", "accuracy", "precision_score", "recall", "f1", "roc_auc", "pr_auc")
METRICS = {"precision": "precision_score"}
"""Metrics that a column is not called as."""
NAME_WIDTH = 44
"""Characters before the figures in the text table that the log kept of a contest."""


def upgrade() -> None:
    """Contests that were held are filled in from the text that the log kept of them, which has four decimals."""
    for name in ADDED:
        add_if_absent("model_performance", sa.Column(name, sa.Double))
    connection = op.get_bind()
    log = sa.table("promotion_log", *(sa.column(name) for name in ("model_name", "test_month", "summary")))
    for name, month, summary in connection.execute(sa.select(log.c.model_name, log.c.test_month, log.c.summary)).all():
        for role, figures in _contestants(json.loads(summary or "{}").get("table", "")):
            _fill_in(connection, {"model_name": name, "month": month, "role": role}, figures)


def _contestants(table: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Role and metrics of each line below the one that leaves the names' column empty; nothing of any other text."""
    lines = table.splitlines()
    head = next((place for place, line in enumerate(lines) if line[:1] == " " and not line[:NAME_WIDTH].strip()), None)
    if head is None:
        return
    metrics = lines[head].split()
    for line in lines[head + 1 :]:
        figures, role = line[NAME_WIDTH:].split(), line[:NAME_WIDTH].partition(" ")[0]
        if role not in ("challenger", "champion", "baseline") or len(figures) != len(metrics):
            return
        yield role, dict(zip(metrics, map(float, figures), strict=True))


def _fill_in(connection: sa.Connection, keys: dict[str, str], figures: dict[str, float]) -> None:
    """Rows of the contest are known by their loss: a later decision of the same month may have met other models."""
    names = ("model_name", "month", "role", "loss", *ADDED)
    scores = sa.table("model_performance", *(sa.column(name) for name in names))
    values = {METRICS.get(name, name): value for name, value in figures.items()}
    values = {name: value for name, value in values.items() if name in ADDED}
    if values and "loss" in figures:
        same = (scores.c[name] == value for name, value in keys.items())
        near = sa.func.abs(scores.c.loss - figures["loss"]) < 1e-4
        connection.execute(sa.update(scores).where(*same, near).values(values))
