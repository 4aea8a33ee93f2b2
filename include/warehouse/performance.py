"""How good models were, month by month, for the API, the dashboard and notebooks."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Engine, and_, select

from include.warehouse.metadata import PERFORMANCE, PROMOTIONS, REGISTRY
from include.warehouse.reading import Row, read_rows

PROSPECTIVE = "prospective"
CONTEST = ("champion", "challenger", "baseline")


def performance(
    engine: Engine, service: str | None = None, target: str | None = None, month: str | None = None,
    roles: tuple[str, ...] = (PROSPECTIVE,),
) -> list[Row]:  # fmt: skip
    """Scores of registered versions, by model, month and version; `slices` is a list of name, rows and loss.

    `prospective` are champions on the month that came after they were chosen: what users got. The roles of CONTEST are
    the meeting on a test month.
    """
    joined = PERFORMANCE.join(
        REGISTRY, and_(REGISTRY.c.model_name == PERFORMANCE.c.model_name, REGISTRY.c.version == PERFORMANCE.c.version)
    )
    given = {REGISTRY.c.service: service, REGISTRY.c.target: target, PERFORMANCE.c.month: month}
    query = (
        select(REGISTRY.c.service, REGISTRY.c.target, REGISTRY.c.family, REGISTRY.c.trained_to, *PERFORMANCE.c)
        .select_from(joined)
        .where(PERFORMANCE.c.role.in_(roles), *(column == value for column, value in given.items() if value))
        .order_by(PERFORMANCE.c.model_name, PERFORMANCE.c.month, PERFORMANCE.c.version, PERFORMANCE.c.role)
    )
    return [row | {"slices": _slices(row["slices"])} for row in read_rows(engine, query)]


def promotions(engine: Engine, model_name: str | None = None) -> list[Row]:
    """The decisions about a model, or about all, in the order in which they were taken; `summary` is read."""
    query = select(PROMOTIONS).order_by(PROMOTIONS.c.model_name, PROMOTIONS.c.entry)
    if model_name:
        query = query.where(PROMOTIONS.c.model_name == model_name)
    return [row | {"summary": json.loads(row["summary"] or "{}")} for row in read_rows(engine, query)]


def _slices(text: str | None) -> list[dict[str, Any]]:
    """The largest part first."""
    parts = [{"name": name, **found} for name, found in json.loads(text or "{}").items()]
    return sorted(parts, key=lambda part: (-part.get("rows", 0), part["name"]))
