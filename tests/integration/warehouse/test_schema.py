"""Migrations end where the tables are declared, however often and by however many they are run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from include.errors import SettingsError
from include.trips.zones import zone_rows
from include.warehouse import schema
from include.warehouse.engine import engine_for
from include.warehouse.schema import init_db
from include.warehouse.tables import METADATA
from include.warehouse.views import VIEWS

pytestmark = pytest.mark.integration


def test_migrations_make_what_the_tables_declare(engine: Engine) -> None:
    init_db(engine)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA)
    # MariaDB stores JSON as text and says so.
    assert [d for d in differences if "profile" not in str(d) and "alembic_version" not in str(d)] == []


def test_every_view_can_be_read(engine: Engine) -> None:
    init_db(engine)
    with engine.connect() as connection:
        for view in VIEWS:
            assert connection.execute(text(f"SELECT * FROM {view}")).all() == []


def test_initialising_again_changes_nothing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        monkeypatch.setattr(schema, "_READY", set())
        init_db(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM taxi_zones")).scalar() == len(zone_rows())


def test_several_processes_may_start_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_READY", set())
    faults: list[BaseException] = []

    def start() -> None:
        try:
            init_db(engine)
        except BaseException as fault:  # noqa: BLE001 - the thread's fault is the test's
            faults.append(fault)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())


def test_a_warehouse_with_the_first_features_loads_its_months_again(engine: Engine) -> None:
    upgrade_to(engine, "0002")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO load_log (table_name, service, month, sha256, row_count) VALUES "
                                "('trip_features', 'green', '2023-01', 'x', 1), "
                                "('raw_taxi_trips', 'green', '2023-01', 'x', 1)"))  # fmt: skip
    for _ in range(2):  # the second time as after a try that died before it was noted
        upgrade_to(engine, "0005")
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    upgrade_to(engine, "0005")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT table_name FROM load_log")).scalars().all() == ["raw_taxi_trips"]
        assert connection.execute(text("SELECT hour_surcharge_usd FROM trip_features")).all() == []
        if engine.dialect.name != "sqlite":
            partition = "SELECT partition_method FROM information_schema.partitions WHERE table_name = 'trip_features'"
            assert "LIST COLUMNS" in connection.execute(text(partition)).scalars().all()


@pytest.mark.parametrize(
    ("half_done", "table", "column", "kind"),
    [("0002", "data_quality_metrics", "waived_by", "TEXT"), ("0005", "trip_features", "high_tip", "FLOAT"),
     ("0006", "promotion_log", "entry", "INTEGER")],
)  # fmt: skip
def test_a_migration_that_died_half_way_is_run_again(
    engine: Engine, half_done: str, table: str, column: str, kind: str
) -> None:
    upgrade_to(engine, half_done)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {column} {kind}"))
    init_db(engine)
    assert column in {there["name"] for there in inspect(engine).get_columns(table)}
    with engine.begin() as connection:  # all of it was done, only the note of it was not
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{half_done}'"))
    upgrade_to(engine, "head")


def upgrade_to(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_tables_that_nobody_versioned_are_left_alone(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/old.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE raw_taxi_trips (n INTEGER)"))
    with pytest.raises(SettingsError, match="holds raw_taxi_trips but no alembic_version"):
        init_db(engine)
    assert inspect(engine).get_table_names() == ["raw_taxi_trips"]
