"""The monthly pipeline as a list of steps: the DAG wraps them, `scripts/run_pipeline.py` calls them in one process."""

from __future__ import annotations

from typing import Any

from include.config import Settings
from include.errors import NothingToDo
from include.features.build_month import build_feature_month
from include.ingestion.ingest_data import ingest_month, land_month
from include.models.train_month import train_month
from include.processing.assess_month import assess_month
from include.processing.clean_data import clean_month
from include.processing.validate_month import validate_feature_month, validate_month

DATA_STEPS = (land_month, ingest_month, validate_month, clean_month, assess_month, build_feature_month,
              validate_feature_month)  # fmt: skip


def run_month(service: str, month: str, train: str, settings: Settings, newest_month: str = "") -> dict[str, Any]:
    """All phases of one month, in order. Gives each step's result; `skipped` says why training did not run."""
    outcome: dict[str, Any] = {step.__name__: step(service, month, settings) for step in DATA_STEPS}
    try:
        outcome |= train_month(service, month, train, settings, newest_month)
    except NothingToDo as reason:
        outcome["skipped"] = str(reason)
    return outcome
