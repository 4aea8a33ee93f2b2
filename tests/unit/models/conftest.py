"""Rows and roles that every test of the models may use."""

from __future__ import annotations

import pytest

from include.models.rows import Rows, Window
from tests.unit.models.trips import sample_rows, window_of


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """About four thousand yellow trips."""
    return sample_rows(tmp_path_factory.mktemp("rows"))


@pytest.fixture(scope="session")
def window(rows: Rows) -> Window:
    """The same by role."""
    return window_of(rows)
