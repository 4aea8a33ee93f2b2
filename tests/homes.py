"""Settings for fixtures that outlive a test."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from include.config import Settings, load_settings


def settings_of(home: Path, **chosen: Any) -> Settings:
    """A home on the embedded sample. The environment has no say: MLflow leaves the last test's store there."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setitem(Settings.model_config, "env_file", None)
        for name in [name for name in os.environ if name.startswith("TAXI_") or name == "MLFLOW_TRACKING_URI"]:
            environment.delenv(name)
        return load_settings({"home": home, "source": "sample", **chosen})
