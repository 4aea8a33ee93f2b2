"""Who was champion when, and why: read from the promotion log, which is written before anything moves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from include.config import Settings
from include.models.bundle import read_pointer
from include.warehouse.tables import PROMOTIONS

MOVES = ("promote", "promote_baseline", "rollback")
"""Decisions that change the champion; `keep` registers a version and changes nothing."""


@dataclass(frozen=True)
class Move:
    """One change of champion. `since` is the newest month decided by then, `tested_on` the version's own test month;
    `replaced` is None for the first champion. `at` is an ISO time in UTC."""

    decision: str
    version: int
    replaced: int | None
    since: str
    tested_on: str
    at: str
    uri: str
    card_sha256: str

    @property
    def rolled_back(self) -> bool:
        """True when a person put this version there."""
        return self.decision == "rollback"


def log_entries(settings: Settings, name: str) -> list[dict[str, Any]]:
    """A model's rows of `promotion_log` in the order they were written, `summary` read."""
    from include.warehouse.engine import get_engine, warehouse_faults
    from include.warehouse.schema import init_db

    engine = get_engine(settings)
    init_db(engine)
    query = select(PROMOTIONS).where(PROMOTIONS.c.model_name == name).order_by(PROMOTIONS.c.entry)
    with warehouse_faults(engine), engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [dict(row) | {"summary": json.loads(row["summary"])} for row in rows]


def moves(settings: Settings, name: str) -> list[Move]:
    """The changes of champion, oldest first.

    A pointer that is later than the log's last word is believed too: it says who answers, and the log may have been
    lost with its warehouse.
    """
    logged = [_move(entry) for entry in log_entries(settings, name) if entry["decision"] in MOVES]
    pointer, last = read_pointer(settings.lake, name), logged[-1] if logged else None
    if pointer is None or (last and (pointer.uri == last.uri or _time(pointer.promoted_at) <= _time(last.at))):
        return logged
    found = Move("promote", pointer.version, last.version if last else None, pointer.test_month, pointer.test_month,
                 pointer.promoted_at, pointer.uri, pointer.card_sha256)  # fmt: skip
    return [*logged, found]


def standing(settings: Settings, name: str) -> Move | None:
    """What made the present champion, or None before the first."""
    return next(reversed(moves(settings, name)), None)


def stood_before(changes: list[Move], month: str) -> Move | None:
    """The champion that stood when `month` was not decided yet; the same answer whenever it is asked."""
    return next((move for move in reversed(changes) if move.since < month), None)


def known_decision(settings: Settings, name: str, month: str, decision_key: str) -> dict[str, Any] | None:
    """The decision already taken for this model, month and plan, or None."""
    found = (e for e in log_entries(settings, name) if (e["test_month"], e["plan_key"]) == (month, decision_key))
    return next((entry["summary"] for entry in found), None)


def registered_versions(settings: Settings, name: str) -> dict[int, dict[str, Any]]:
    """Version -> the summary of the decision that registered it (uri, card_sha256, family, month)."""
    registering = (e["summary"] for e in log_entries(settings, name) if e["decision"] != "rollback")
    return {summary["version"]: summary for summary in registering}


def known_models(settings: Settings) -> list[str]:
    """Every model that has a decision in the log."""
    from include.warehouse.engine import get_engine, warehouse_faults
    from include.warehouse.schema import init_db

    engine = get_engine(settings)
    init_db(engine)
    with warehouse_faults(engine), engine.connect() as connection:
        return sorted(connection.execute(select(PROMOTIONS.c.model_name).distinct()).scalars())


def _move(entry: dict[str, Any]) -> Move:
    summary = entry["summary"]
    return Move(entry["decision"], entry["version_after"], entry["version_before"], entry["test_month"],
                summary["month"], summary["decided_at"], summary["uri"], summary["card_sha256"])  # fmt: skip


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
