"""The warehouse's schema: brought to the newest version, as often as asked. `python -m include.warehouse.schema`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, inspect, select, text

from include.config import get_settings
from include.errors import SettingsError, TaxiError, WarehouseError
from include.trips.zones import zone_rows
from include.utils.logs import configure, get_logger
from include.warehouse.engine import get_engine, is_mysql, warehouse_faults
from include.warehouse.tables import METADATA, ZONES
from include.warehouse.views import create_views

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK_SECONDS = 300
_READY: set[str] = set()


def init_db(engine: Engine) -> None:
    """Runs the migrations that are missing and fills `taxi_zones`; once per process and address. Safe to repeat."""
    address = engine.url.render_as_string(hide_password=False)
    if address in _READY:
        return
    with warehouse_faults(engine), exclusive(engine, "schema", LOCK_SECONDS):
        _upgrade(engine)
        with engine.begin() as connection:
            if connection.execute(select(ZONES.c.zone_id).limit(1)).first() is None:
                connection.execute(insert(ZONES), _zones())
    _READY.add(address)


def _upgrade(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        held = MigrationContext.configure(connection).get_current_revision()
        if held == newest:
            return
        if held is None:
            _refuse_unversioned(connection)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        create_views(connection)
    get_logger(phase="warehouse").info("schema brought up to date", before=held, now=newest)


def _refuse_unversioned(connection: Connection) -> None:
    there = sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))
    if there:
        raise SettingsError(
            f"The warehouse holds {', '.join(there)} but no alembic_version, so nothing says how they were made. Name "
            "an empty database in TAXI_WAREHOUSE_URL (or remove the SQLite file); the months load again from the lake."
        )


@contextmanager
def exclusive(engine: Engine, what: str, seconds: int) -> Iterator[None]:
    """One process at a time does `what` in this database; WarehouseError after so many seconds of waiting."""
    if not is_mysql(engine):
        from filelock import FileLock

        database = engine.url.database
        lock = FileLock(f"{database}.{what}.lock") if database and database != ":memory:" else None
        with lock.acquire(timeout=seconds) if lock else _nothing():
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = {"name": f"{what}:{engine.url.database}"[:64], "seconds": seconds}
        if connection.execute(text("SELECT GET_LOCK(:name, :seconds)"), name).scalar() != 1:
            raise WarehouseError(f"{what}: another process held it for more than {seconds} s; try again later.")
        try:
            yield
        finally:
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), name)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _zones() -> list[dict[str, Any]]:
    return [
        {"zone_id": int(row["LocationID"]), "zone": row["zone"], "borough": row["borough"],
         "service_zone": row["service_zone"], "lat": float(row["lat"]) if row["lat"] else None,
         "lon": float(row["lon"]) if row["lon"] else None, "is_airport": row["is_airport"] == "1"}
        for row in zone_rows()
    ]  # fmt: skip


def main() -> None:
    """`make db-init`: the newest schema in the warehouse of the settings."""
    configure()
    try:
        engine = get_engine(get_settings())
        init_db(engine)
        print(f"{engine.url.render_as_string(hide_password=True)}: {len(METADATA.tables)} tables, schema up to date")
    except TaxiError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
