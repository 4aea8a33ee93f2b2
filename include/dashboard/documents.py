"""JSON and CSV documents that steps leave in the lake for pages; a few hundred numbers each."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from include.config import Settings
from include.lake import Lake
from include.trips.month import Month

EXPLORE, EVALUATION, TUNED, REPORT = "explore_", "evaluation/", "tuned/", "report"


def document_months(settings: Settings, stage: str, service: str) -> list[str]:
    """Months of which the lake has the document, in order."""
    return [str(month) for month in Lake(settings.lake).months(stage, service)]


def read_document(settings: Settings, stage: str, service: str, month: str) -> dict[str, Any] | None:
    """The document of a month, None while there is none."""
    lake = Lake(settings.lake)
    held = lake.current(stage, service, Month.parse(month))
    return None if held is None else dict(json.loads(lake.fs.cat_file(held.uri)))


def read_trials(settings: Settings, family: str, target: str, service: str, month: str) -> list[dict[str, Any]]:
    """A search's trials: `trial`, `ended`, and `loss` on all training rows (None for one that ended early)."""
    lake = Lake(settings.lake)
    held = lake.current(f"{TUNED}{family}/{target}", service, Month.parse(month))
    if held is None:
        return []
    rows = csv.DictReader(io.StringIO(lake.fs.cat_file(held.uri).decode()))
    return [_trial(row) for row in rows]


def _trial(row: dict[str, str]) -> dict[str, Any]:
    whole = row.get("loss_1", "")
    return {"trial": int(row["trial"]), "ended": row["ended"], "loss": float(whole) if whole else None}
