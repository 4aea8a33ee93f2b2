"""The database is killed in the middle of a month and comes back: the month is in it once, and whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from include.warehouse.engine import engine_for
from include.warehouse.schema import init_db
from include.warehouse.tables import LOADS, METADATA, PARTITIONED
from tests.conftest import absent
from tests.drills.conftest import MONTH, Reference, same_as_undisturbed
from tests.drills.platform import Platform
from tests.drills.witness import Witness
from tests.servers.mariadb import MariaDB, find_server

pytestmark = pytest.mark.drill

DOWN_SECONDS = 20


@pytest.fixture
def database(tmp_path: Path) -> Iterator[MariaDB]:
    """A server of the drill's own."""
    if find_server() is None:
        absent("no MariaDB server is installed (Debian: mariadb-server)")
    server = MariaDB(tmp_path, ("--local-infile=1",)).create()
    yield server
    server.stop()


def remember(source: Engine, target: Engine) -> None:
    """What the home knows of earlier months, into another warehouse; their trips are in the lake."""
    init_db(target)
    with source.connect() as read, target.begin() as write:
        for table in METADATA.sorted_tables:
            rows = read.execute(select(table)).mappings().all() if table not in (*PARTITIONED, LOADS) else []
            if rows:
                write.execute(table.delete())
                write.execute(insert(table), [dict(row) for row in rows])
    source.dispose()


def test_a_killed_database_comes_back_to_the_same_month(
    platform: Platform, witness: Witness, reference: Reference, database: MariaDB
) -> None:
    remember(engine_for(platform.settings.warehouse), engine_for(database.url))
    moved = Platform(platform.home, platform.ports, {"TAXI_WAREHOUSE_URL": database.url})
    with moved.month(MONTH) as run, witness.watching():
        run.at_work("validate.clean_month")
        database.kill()
        time.sleep(DOWN_SECONDS)
        database.start()
        run.ends()
    witness.confirms(reference.before, reference.after)
    same_as_undisturbed(moved, reference)
