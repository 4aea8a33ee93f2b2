"""What is known of a registered version: from its bundle, its MLflow run, the warehouse and the lake. Facts, no words.

What was not measured is None or an empty list; nothing is filled in.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from include.config import Settings
from include.errors import BadDataError
from include.llm.card_data import data_months
from include.llm.card_measures import evaluation_of_version, interval_coverage
from include.models.bundle import BundleCard, read_bundle
from include.models.evaluate import loss_of
from include.models.families import BASELINE
from include.models.gate import Rules
from include.models.tracking import client
from include.warehouse.metadata import REGISTRY
from include.warehouse.models import scores, staleness
from include.warehouse.performance import PROSPECTIVE, promotions
from include.warehouse.reading import Row, read_rows

OWN = ("challenger", "baseline")
"""In which role a version is registered."""
RUN_TAGS = ("training_code", "feature_code", "plan_key", "threads", "tuning")


def version_of_run(settings: Settings, run_id: str) -> Row:
    """The newest registered version that an MLflow run stands behind; BadDataError for a run without one."""
    return _registered(settings, REGISTRY.c.run_id == run_id, f"The run {run_id!r} stands behind no registered version")


def version_named(settings: Settings, name: str, version: int) -> Row:
    """A registered version; BadDataError when there is none."""
    wanted = (REGISTRY.c.model_name == name) & (REGISTRY.c.version == version)
    return _registered(settings, wanted, f"{name} has no registered version {version}")


def _registered(settings: Settings, wanted: Any, absent: str) -> Row:
    from include.warehouse.engine import get_engine

    rows = read_rows(get_engine(settings), select(REGISTRY).where(wanted).order_by(REGISTRY.c.version.desc()))
    if not rows:
        raise BadDataError(f"{absent} in model_registry: train first (make train), or name one that is there.")
    return rows[0]


def metadata_of(settings: Settings, registered: Row) -> dict[str, Any]:
    """Identity, origin, decision and history of a version, and what is known of its months; JSON-able."""
    from include.warehouse.engine import get_engine

    engine, name, version = get_engine(settings), registered["model_name"], registered["version"]
    card = read_bundle(registered["uri"]).card
    decided = promotions(engine, name)
    decision = next((row for row in decided if row["decision"] != "rollback" and row["summary"]["version"] == version),
                    None)  # fmt: skip
    months = [*card.months["earlier"], *card.months["test"]]
    return {
        **{key: registered[key] for key in ("model_name", "version", "service", "target", "family", "run_id",
                                            "trained_to", "test_month", "is_baseline", "registered_at")},
        "written_at": decision["summary"]["decided_at"] if decision else registered["registered_at"],
        "bundle": _bundle(card, decision), "run": _run(settings, card.run_id),
        "decision": decision, "rules": vars(Rules.of(settings)) | {"rounds": settings.bootstrap_rounds},
        "history": decided, "months": data_months(engine, registered["service"], months),
    }  # fmt: skip


def _bundle(card: BundleCard, decision: Row | None) -> dict[str, Any]:
    return {
        "features": list(card.features), "feature_code": card.feature_code, "format": card.format,
        "months": card.months, "params": card.params, "metrics": card.metrics, "costs": card.costs,
        "card_sha256": decision["summary"]["card_sha256"] if decision else None,
    }  # fmt: skip


def _run(settings: Settings, run_id: str) -> dict[str, Any]:
    found = client(settings).get_run(run_id)
    return {tag: found.data.tags.get(tag) for tag in RUN_TAGS} | {"name": found.info.run_name}


def metrics_of(settings: Settings, registered: Row) -> dict[str, Any]:
    """How good a version was: on the tune days, in its contest, by part of the month, for users since, by age."""
    from include.warehouse.engine import get_engine

    engine, name, version = get_engine(settings), registered["model_name"], registered["version"]
    month, service, target = registered["test_month"], registered["service"], registered["target"]
    rows = scores(engine, name)
    own = next((row for row in rows if (row["version"], row["month"]) == (version, month) and row["role"] in OWN), None)
    contest = _contest(own, [row for row in rows if row["month"] == month])
    floor = contest.get("baseline")
    return {
        "loss": loss_of(target), "own": own, "contest": contest,
        "reference": contest.get("champion") or (floor if own is not floor else None),
        "tune": read_bundle(registered["uri"]).card.metrics, "baseline_family": BASELINE,
        "evaluation": evaluation_of_version(settings, registered),
        "coverage": interval_coverage(settings, registered),
        "prospective": [row for row in rows if row["role"] == PROSPECTIVE and row["version"] == version],
        "age": staleness(engine, service, target),
    }  # fmt: skip


def _contest(own: Row | None, rows: list[Row]) -> dict[str, Row]:
    """Role -> row of those that met the version. A month that was decided again leaves scores of other trips behind."""
    if own is None:
        return {}
    met = [row for row in rows if row["role"] != PROSPECTIVE and row["rows_scored"] == own["rows_scored"]]
    return {row["role"]: row for row in met if row["role"] != own["role"]} | {own["role"]: own}
