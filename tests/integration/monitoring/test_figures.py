"""MySQL gives the figures that SQLite gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from include.config import Settings
from include.monitoring.gather import read_figures
from include.warehouse.engine import engine_for
from tests.unit.monitoring.rows import filled

pytestmark = pytest.mark.integration


def series(engine: Engine, settings: Settings) -> list[tuple[str, dict[str, str], float]]:
    return [(s.name, dict(s.labels), s.value) for family in read_figures(engine, settings) for s in family.samples]


def test_both_warehouses_have_the_same_figures(mysql_database: str, tmp_path: Path, settings: Settings) -> None:
    engines = [engine_for(url) for url in (mysql_database, f"sqlite:///{tmp_path}/warehouse.db")]
    for engine in engines:
        filled(engine)
    mysql, sqlite = (series(engine, settings) for engine in engines)
    assert mysql == sqlite
    assert len(mysql) > 50
