"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from include.config import Settings, load_settings

pytest_plugins = ["tests.servers.http"]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a fresh home on the embedded sample; the developer's own TAXI_* variables do not reach it."""
    for name in [name for name in os.environ if name.startswith("TAXI_") or name == "MLFLOW_TRACKING_URI"]:
        monkeypatch.delenv(name)
    return load_settings({"home": tmp_path / "home", "source": "sample", "sample_rows": 4000})


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real TLC months, named by TAXI_TEST_DATA; skips where it is not set."""
    folder = os.environ.get("TAXI_TEST_DATA", "")
    if not folder or not Path(folder, "green").is_dir():
        pytest.skip("TAXI_TEST_DATA names no folder of real TLC months")
    return Path(folder)


hypothesis.settings.register_profile("shared_machine", deadline=None)
hypothesis.settings.load_profile("shared_machine")
