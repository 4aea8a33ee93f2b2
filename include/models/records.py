"""What the register phase leaves in the warehouse: runs, scores, versions, decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite, nan
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select

from include.config import Settings
from include.models.bundle import BundleCard, read_bundle
from include.models.contest import Contest, fitted_candidates
from include.models.gate import Comparison
from include.models.scoring import Score, Trips, slice_losses
from include.warehouse.tables import METADATA, PERFORMANCE, PROMOTIONS

Change = tuple[str, dict[str, Any], dict[str, Any]]
"""A table's name, the key of one row, and its other columns."""
SCORES = {
    name: name
    for name in ("loss", "mae", "rmse", "within_2", "within_5", "coverage", "brier", "r2", "mape", "accuracy",
                 "recall", "f1", "roc_auc", "pr_auc")
} | {"precision_score": "precision"}  # fmt: skip
"""Column of `model_performance` -> metric; precision is a reserved word of MySQL."""


def write_together(settings: Settings, changes: Iterable[Change]) -> None:
    """Each change's row becomes exactly that, all of them in one transaction or none."""
    from include.warehouse.engine import get_engine, in_transaction, warehouse_faults
    from include.warehouse.schema import init_db

    engine, all_changes = get_engine(settings), list(changes)
    init_db(engine)

    def write(connection: Connection) -> None:
        for table_name, keys, row in all_changes:
            table = METADATA.tables[table_name]
            connection.execute(delete(table).where(and_(*(table.c[name] == value for name, value in keys.items()))))
            connection.execute(insert(table), keys | row)

    with warehouse_faults(engine):
        in_transaction(engine, write)


def record_runs(settings: Settings, plan: dict[str, Any], candidates: list[dict[str, Any]]) -> None:
    """One row in experiment_runs per fit; `loss_tune` is the loss that decides for its target."""
    write_together(settings, [_run(plan, candidate) for candidate in fitted_candidates(candidates)])


def _run(plan: dict[str, Any], candidate: dict[str, Any]) -> Change:
    card = read_bundle(candidate["uri"]).card
    return ("experiment_runs", {"run_id": card.run_id}, {
        "service": plan["service"], "month": plan["month"], "target": card.target, "family": card.family,
        "trained_to": card.trained_to, "mae_tune": card.metrics.get("mae"), "loss_tune": candidate["loss"],
        "fit_seconds": card.costs["fit_seconds"], "rows_train": int(card.metrics["rows_train"]), "status": "finished",
        "created_at": _now(),
    })  # fmt: skip


def record_prospective(settings: Settings, name: str, version: int, month: str, scored: Score, trips: Trips) -> None:
    """The standing champion's score on a month, by version and month: written again, it is the same row."""
    write_together(settings, [performance(name, version, month, "prospective", scored, trips)])


def record_decision(
    settings: Settings, plan: dict[str, Any], card: BundleCard, contest: Contest, trips: Trips, decided: dict[str, Any]
) -> None:
    """The registered version, the contestants' scores and the decision, in one transaction.

    A contestant that was not registered has version 0 in `model_performance`.
    """
    name, version, month = decided["model"], decided["version"], plan["month"]
    versions = {role: version if contest.chosen is getattr(contest, role) else 0 for role in contest.scores}
    before = contest.champion.version if contest.champion else None
    if "champion" in contest.scores and before is not None:
        versions["champion"] = before
    registered = {
        "service": plan["service"], "target": card.target, "family": card.family, "run_id": card.run_id,
        "trained_to": card.trained_to, "test_month": month, "uri": decided["uri"],
        "is_baseline": contest.chosen is contest.baseline, "registered_at": _now(),
    }  # fmt: skip
    comparison = contest.evidence.duel or contest.evidence.floor
    write_together(settings, [
        ("model_registry", {"model_name": name, "version": version}, registered),
        *(performance(name, versions[role], month, role, scored, trips) for role, scored in contest.scores.items()),
        log_entry(settings, month, plan["decision_key"], decided, before, contest.decided_by, comparison),
    ])  # fmt: skip


def performance(name: str, version: int, month: str, role: str, scored: Score, trips: Trips) -> Change:
    """A row of model_performance: metrics over all trips, and the loss of every part as JSON."""
    keys = {"model_name": name, "version": version, "month": month, "role": role}
    metrics = {column: scored.metrics.get(metric) for column, metric in SCORES.items()}
    parts = json.dumps(slice_losses(scored.loss, trips), sort_keys=True)
    return "model_performance", keys, metrics | {"rows_scored": len(trips.day), "slices": parts, "scored_at": _now()}


def contest_scores(
    settings: Settings, name: str, version: int, month: str
) -> tuple[dict[str, float], dict[str, float]]:
    """What a version scored on the month that it was registered for: metrics, and the loss of every part, by name."""
    from include.warehouse.engine import get_engine, warehouse_faults

    key = {"model_name": name, "version": version, "month": month}
    same = and_(*(PERFORMANCE.c[column] == value for column, value in key.items()))
    query = select(PERFORMANCE).where(same, PERFORMANCE.c.role.in_(("challenger", "baseline")))
    with warehouse_faults(engine := get_engine(settings)), engine.connect() as connection:
        row = connection.execute(query).mappings().one()
    parts = json.loads(row["slices"] or "{}")
    metrics = {metric: row[column] for column, metric in SCORES.items() if row[column] is not None}
    return metrics, {part: found["loss"] for part, found in parts.items()}


def log_entry(
    settings: Settings, month: str, key: str, decided: dict[str, Any], before: int | None, actor: str,
    comparison: Comparison | None = None,
) -> Change:  # fmt: skip
    """The next row of a model's promotion_log; call it under the model's lock, which keeps the numbers apart.

    A bound that is infinite (too few days) is null.
    """
    bounds = (comparison.gain, comparison.lower_bound) if comparison else (nan, nan)
    gain, lower = (value if isfinite(value) else None for value in bounds)
    keys = {"model_name": decided["model"], "test_month": month, "plan_key": key}
    return ("promotion_log", keys, {
        "decision": decided["action"], "rule": decided["rule"], "reason": decided["reason"], "actor": actor,
        "version_before": before, "version_after": before if decided["action"] == "keep" else decided["version"],
        "gain": gain, "lower_bound": lower, "summary": json.dumps(decided), "decided_at": _now(),
        "entry": next_entry(settings, decided["model"]),
    })  # fmt: skip


def next_entry(settings: Settings, name: str) -> int:
    """The number after the last entry of a model's promotion_log."""
    from include.warehouse.engine import get_engine, warehouse_faults
    from include.warehouse.schema import init_db

    engine = get_engine(settings)
    init_db(engine)
    with warehouse_faults(engine), engine.connect() as connection:
        last = connection.execute(select(func.max(PROMOTIONS.c.entry)).where(PROMOTIONS.c.model_name == name)).scalar()
    return int(last or 0) + 1


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
