"""Two whole real months through the pipeline in one process: `make test-long`. `make run` does it with every family."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.config import load_settings
from include.pipeline import run_month

pytestmark = pytest.mark.integration


def test_real_green_months_beat_the_floor(real_data: Path, tmp_path: Path) -> None:
    settings = load_settings({"home": tmp_path, "source": str(real_data), "families": ("zone_pair_median", "ridge"),
                              "bootstrap_rounds": 100})  # fmt: skip
    run_month("green", "2023-01", "never", settings)
    outcome = run_month("green", "2023-02", "newest", settings)
    for target in outcome["register_best"].values():
        assert target["test_loss"]["challenger"] < target["test_loss"]["baseline"]
