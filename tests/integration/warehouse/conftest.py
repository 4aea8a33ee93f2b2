"""An empty warehouse in each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.warehouse.engine import engine_for


@pytest.fixture(params=["sqlite", "mysql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each test that asks for it runs twice."""
    url = f"sqlite:///{tmp_path}/w.db" if request.param == "sqlite" else request.getfixturevalue("mysql_database")
    engine = engine_for(url)
    yield engine
    engine.dispose()
