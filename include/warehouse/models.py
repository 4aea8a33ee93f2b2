"""What the tables know about one model beside `performance.py`: contestants that were not registered, versions, age."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Engine, select

from include.warehouse.metadata import PERFORMANCE, REGISTRY, RUNS, STALENESS
from include.warehouse.reading import Row, read_rows


def models_known(engine: Engine) -> list[Row]:
    """Service and target of whatever has been fitted, in order."""
    return read_rows(engine, select(RUNS.c.service, RUNS.c.target).distinct().order_by(RUNS.c.service, RUNS.c.target))


def scores(engine: Engine, model_name: str) -> list[Row]:
    """A model's scores by month, version and role, version 0 (a contestant that was not registered) among them.

    `slices` maps a part of the month to its loss and rows.
    """
    query = select(PERFORMANCE).where(PERFORMANCE.c.model_name == model_name)
    rows = read_rows(engine, query.order_by(PERFORMANCE.c.month, PERFORMANCE.c.version, PERFORMANCE.c.role))
    return [row | {"slices": json.loads(row["slices"] or "{}")} for row in rows]


def versions(engine: Engine, model_name: str) -> list[Row]:
    """The registered versions, the newest first."""
    query = select(REGISTRY).where(REGISTRY.c.model_name == model_name)
    return read_rows(engine, query.order_by(REGISTRY.c.version.desc()))


def standing_version(decided: Iterable[Row]) -> int | None:
    """The version that answers after these decisions, None before the first promotion."""
    moved = [int(row["version_after"]) for row in decided if row["version_after"] is not None]
    return moved[-1] if moved else None


def staleness(engine: Engine, service: str, target: str) -> list[Row]:
    """Losses by family, last month learnt from, and month scored."""
    query = select(STALENESS).where(STALENESS.c.service == service, STALENESS.c.target == target)
    return read_rows(engine, query.order_by(STALENESS.c.family, STALENESS.c.trained_to, STALENESS.c.month))
