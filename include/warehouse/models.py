"""What the tables know about models: fits, scores, decisions, staleness. All small; a model is named in every query."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select, select

from include.warehouse.engine import warehouse_faults
from include.warehouse.metadata import PERFORMANCE, PROMOTIONS, REGISTRY, RUNS, STALENESS
from include.warehouse.schema import init_db


def fits(engine: Engine, service: str, target: str) -> list[dict[str, Any]]:
    """Every family's fit by month, the best loss on the tune days first within a month."""
    query = select(RUNS).where(RUNS.c.service == service, RUNS.c.target == target)
    return _rows(engine, query.order_by(RUNS.c.month, RUNS.c.loss_tune, RUNS.c.family))


def models_known(engine: Engine) -> list[dict[str, Any]]:
    """Service and target of whatever has been fitted, in order."""
    query = select(RUNS.c.service, RUNS.c.target).distinct()
    return _rows(engine, query.order_by(RUNS.c.service, RUNS.c.target))


def scores(engine: Engine, model_name: str) -> list[dict[str, Any]]:
    """A model's scores by month, version and role; `slices` as part -> {loss, rows}."""
    query = select(PERFORMANCE).where(PERFORMANCE.c.model_name == model_name)
    rows = _rows(engine, query.order_by(PERFORMANCE.c.month, PERFORMANCE.c.version, PERFORMANCE.c.role))
    return [row | {"slices": json.loads(row["slices"] or "{}")} for row in rows]


def versions(engine: Engine, model_name: str) -> list[dict[str, Any]]:
    """The registered versions, the newest first."""
    query = select(REGISTRY).where(REGISTRY.c.model_name == model_name)
    return _rows(engine, query.order_by(REGISTRY.c.version.desc()))


def decisions(engine: Engine, model_name: str) -> list[dict[str, Any]]:
    """The promotion log in its order; `summary` is what the gate wrote down, as a dict."""
    query = select(PROMOTIONS).where(PROMOTIONS.c.model_name == model_name).order_by(PROMOTIONS.c.entry)
    return [row | {"summary": json.loads(row["summary"] or "{}")} for row in _rows(engine, query)]


def standing_version(decided: list[dict[str, Any]]) -> int | None:
    """The version that answers after these decisions, None before the first promotion."""
    moved = [row["version_after"] for row in decided if row["version_after"] is not None]
    return moved[-1] if moved else None


def staleness(engine: Engine, service: str, target: str) -> list[dict[str, Any]]:
    """Losses by family, last month learnt from, and month scored."""
    query = select(STALENESS).where(STALENESS.c.service == service, STALENESS.c.target == target)
    return _rows(engine, query.order_by(STALENESS.c.family, STALENESS.c.trained_to, STALENESS.c.month))


def _rows(engine: Engine, query: Select[Any]) -> list[dict[str, Any]]:
    """Rows as plain values: times are ISO text."""
    init_db(engine)
    with warehouse_faults(engine), engine.connect() as connection:
        return [{name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
                for row in connection.execute(query).mappings()]  # fmt: skip
