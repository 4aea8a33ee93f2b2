"""What the register phase leaves in the warehouse: versions, scores, decisions, runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from include.config import Settings
from include.models.bundle import read_bundle

if TYPE_CHECKING:
    from include.models.registry import Contest


def known_decision(settings: Settings, name: str, plan: dict[str, Any]) -> dict[str, Any] | None:
    """The decision already taken for this model, month and plan, or None."""
    import json

    from sqlalchemy import text

    from include.warehouse.engine import get_engine
    from include.warehouse.load import init_db

    engine = get_engine(settings)
    init_db(engine)
    query = text(
        "SELECT summary FROM promotion_log WHERE model_name = :name AND test_month = :month AND plan_key = :key "
        "ORDER BY decided_at DESC"
    )
    with engine.connect() as connection:
        found = connection.execute(query, {"name": name, "month": plan["month"], "key": plan["decision_key"]}).first()
    return dict(json.loads(found[0])) if found else None


def record_contest(
    settings: Settings, plan: dict[str, Any], name: str, version: int, uri: str, chosen: dict[str, Any],
    contest: Contest, summary: dict[str, Any],
) -> None:  # fmt: skip
    """One row in model_registry, one in promotion_log, one per role in model_performance.

    A contestant that was not registered has version 0 there.
    """
    import json

    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    engine, now = get_engine(settings), datetime.now(UTC).replace(tzinfo=None)
    card = read_bundle(uri).card
    before = contest.champion.version if contest.champion else None
    moved = contest.decision.action != "keep"
    replace_rows(engine, "model_registry", {"model_name": name, "version": version}, [{
        "service": plan["service"], "target": card.target, "family": card.family, "run_id": card.run_id,
        "trained_to": card.trained_to, "test_month": plan["month"], "uri": uri,
        "is_baseline": chosen is contest.baseline, "registered_at": now,
    }])  # fmt: skip
    for role, score in contest.scores.items():
        registered = version if chosen is getattr(contest, role) else 0
        scored = before if role == "champion" else registered
        keys = {"model_name": name, "version": scored, "month": plan["month"], "role": role}
        metrics = {key: score.get(key) for key in ("mae", "rmse", "within_2", "within_5", "coverage")}
        replace_rows(
            engine, "model_performance", keys, [metrics | {"rows_scored": plan["test_rows"], "scored_at": now}]
        )
    keys = {"model_name": name, "test_month": plan["month"], "plan_key": plan["decision_key"]}
    replace_rows(engine, "promotion_log", keys, [{
        "decision": contest.decision.action, "reason": contest.decision.reason, "version_before": before,
        "version_after": version if moved else before, "gain": contest.comparison.gain,
        "lower_bound": contest.comparison.lower_bound, "summary": json.dumps(summary), "decided_at": now,
    }])  # fmt: skip


def record_runs(settings: Settings, plan: dict[str, Any], candidates: list[dict[str, Any]]) -> None:
    """One row in experiment_runs per fit."""
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    engine, now = get_engine(settings), datetime.now(UTC).replace(tzinfo=None)
    for candidate in candidates:
        card = read_bundle(candidate["uri"]).card
        replace_rows(engine, "experiment_runs", {"run_id": card.run_id}, [{
            "service": plan["service"], "month": plan["month"], "target": card.target, "family": card.family,
            "trained_to": card.trained_to, "mae_tune": card.metrics.get("mae"), "loss_tune": candidate["loss"],
            "fit_seconds": card.costs["fit_seconds"], "rows_train": int(card.metrics["rows_train"]),
            "status": "finished", "created_at": now,
        }])  # fmt: skip
