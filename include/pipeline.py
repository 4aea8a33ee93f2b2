"""The monthly pipeline as a list of steps: the DAG wraps them, `scripts/run_pipeline.py` calls them in one process."""

from __future__ import annotations

from typing import Any

from include.config import Settings
from include.errors import NothingToDo
from include.features.build_month import build_feature_month
from include.ingestion.ingest_data import ingest_month, land_month
from include.models.evaluated import report_registered
from include.models.explore import VIEWS, explore
from include.models.registry import register_best
from include.models.train_all import fit_family, plan_training
from include.processing.assess_month import assess_month
from include.processing.clean_data import clean_month
from include.processing.validate_month import validate_feature_month, validate_month

DATA_STEPS = (land_month, ingest_month, validate_month, clean_month, assess_month, build_feature_month,
              validate_feature_month)  # fmt: skip


def run_month(service: str, month: str, train: str, settings: Settings, newest_month: str = "") -> dict[str, Any]:
    """All phases of one month, in order. Gives each step's result; `skipped` says why training did not run."""
    outcome: dict[str, Any] = {step.__name__: step(service, month, settings) for step in DATA_STEPS}
    try:
        plan = plan_training(service, month, train, settings, newest_month)
        fitted = [fit_family(plan, family, settings) for family in plan["families"]]
        outcome["register_best"] = register_best(plan, fitted, settings)
        outcome["report_registered"] = report_registered(plan, outcome["register_best"], settings)
        outcome |= {f"explore_{view}": _explored(plan, view, settings) for view in VIEWS}
    except NothingToDo as reason:
        outcome["skipped"] = str(reason)
    return outcome


def _explored(plan: dict[str, Any], view: str, settings: Settings) -> dict[str, Any]:
    """A view of the window, or the reason why there is none: the month is trained and decided either way."""
    try:
        return explore(plan, view, settings)
    except NothingToDo as reason:
        return {"status": "skipped", "reason": str(reason)}
