"""A lake with champions, made once; a test that changes it takes a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from include.config import Settings
from include.models.rows import Window
from tests.champions import published
from tests.unit.models.trips import sample_rows, window_of


@pytest.fixture(scope="session")
def window(tmp_path_factory: pytest.TempPathFactory) -> Window:
    """About four thousand yellow trips, by role."""
    return window_of(sample_rows(tmp_path_factory.mktemp("rows")))


@pytest.fixture(scope="session")
def champions(tmp_path_factory: pytest.TempPathFactory, window: Window) -> Settings:
    """Champions and fallback tables of yellow; nobody changes them."""
    return published(tmp_path_factory.mktemp("champions"), window)


@pytest.fixture
def lake(champions: Settings, tmp_path: Path) -> Settings:
    """The same in a home that a test may damage."""
    shutil.copytree(champions.home / "lake", tmp_path / "lake")
    for pointer in tmp_path.rglob("champion.json"):
        pointer.write_text(pointer.read_text().replace(str(champions.home), str(tmp_path)))
    return champions.model_copy(update={"home": tmp_path})
