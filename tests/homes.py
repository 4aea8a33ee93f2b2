"""Settings for fixtures that outlive a test, and months that are ready to train."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from include.config import Settings, load_settings
from include.features.build_month import build_feature_month
from include.ingestion.ingest_data import ingest_month, land_month
from include.processing.clean_data import clean_month


def settings_of(home: Path, **chosen: Any) -> Settings:
    """A home on the embedded sample. The environment has no say: MLflow leaves the last test's store there."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setitem(Settings.model_config, "env_file", None)
        for name in [name for name in os.environ if name.startswith("TAXI_") or name == "MLFLOW_TRACKING_URI"]:
            environment.delenv(name)
        return load_settings({"home": home, "source": "sample", **chosen})


def feature_months(settings: Settings, service: str, *months: str) -> None:
    """Months through the steps that make features; what judges a month changes none of its rows, and takes longer."""
    for month in months:
        for step in (land_month, ingest_month, clean_month, build_feature_month):
            step(service, month, settings)
