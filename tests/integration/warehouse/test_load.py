"""Months in a real database, embedded and MySQL: whole, once, and never half."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from include.errors import BadDataError, SettingsError, WarehouseError
from include.ingestion.sample import generate_month
from include.lake import Lake, Manifest, read_table
from include.trips.contract import to_canonical
from include.trips.month import Month
from include.warehouse import bulk, frames, load
from include.warehouse.engine import _mysql_options, engine_for, in_transaction, warehouse_faults
from include.warehouse.load import batch_insert, init_db, replace_month, replace_rows
from tests.conftest import absent
from tests.servers.mariadb import MariaDB, find_server

pytestmark = pytest.mark.integration
MARCH, APRIL = Month(2019, 3), Month(2019, 4)


@pytest.fixture
def mysql(mysql_database: str) -> Iterator[Engine]:
    engine = engine_for(mysql_database)
    yield engine
    engine.dispose()


def raw_month(folder: Path, month: Month = MARCH, rows: int = 3000, seed: int = 1, **changes: Any) -> Manifest:
    trips, _ = to_canonical(generate_month("yellow", month, rows, seed), "yellow", "sample")
    for name, values in changes.items():
        place = trips.schema.get_field_index(name)
        trips = trips.set_column(place, name, pa.array(np.full(rows, values)).cast(trips.schema.field(name).type))
    return Lake(str(folder / "lake")).publish_table("raw", "yellow", month, trips, f"k{seed}")


def rows_in(engine: Engine, where: str = "1 = 1") -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(f"SELECT COUNT(*) FROM raw_taxi_trips WHERE {where}")).scalar() or 0)


def stored(engine: Engine, names: list[str]) -> list[tuple[Any, ...]]:
    query = f"SELECT {', '.join(names)} FROM raw_taxi_trips WHERE month = '2019-03' ORDER BY source_row"
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_every_value_arrives_as_the_file_has_it(engine: Engine, tmp_path: Path) -> None:
    manifest = raw_month(tmp_path, store_and_fwd='a\\"b,\n')
    assert replace_month(engine, "raw_taxi_trips", manifest) == {"rows": 3000, "status": "done"}
    frame = pl.DataFrame(pl.from_arrow(read_table(manifest.uri)))
    if engine.dialect.name == "sqlite":
        frame = frames.text_times(frame)
    assert stored(engine, frame.columns) == frame.rows()


def test_a_month_is_replaced_whole_and_others_stay(engine: Engine, tmp_path: Path) -> None:
    replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, APRIL, rows=1000))
    replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, rows=3000))
    replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, rows=2000, seed=2))
    assert rows_in(engine, "month = '2019-03'") == 2000
    assert rows_in(engine, "month = '2019-04'") == 1000


def test_the_same_file_is_not_loaded_twice(engine: Engine, tmp_path: Path) -> None:
    manifest = raw_month(tmp_path)
    replace_month(engine, "raw_taxi_trips", manifest)
    assert replace_month(engine, "raw_taxi_trips", manifest) == {"rows": 3000, "status": "unchanged"}
    assert rows_in(engine) == 3000


def test_a_load_that_dies_leaves_the_old_month_and_is_repeated(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, rows=3000))
    newer = raw_month(tmp_path, rows=2000, seed=2)
    whole = frames.month_frames

    def cut(*args: Any) -> Iterator[pl.DataFrame]:
        yield from (frame.head(500) for frame in whole(*args))
        raise OSError("the disk went away")

    with monkeypatch.context() as broken:
        for module in (load, bulk):
            broken.setattr(module, "month_frames", cut)
        with pytest.raises(OSError, match="went away"):
            replace_month(engine, "raw_taxi_trips", newer)
    assert rows_in(engine) == 3000
    assert replace_month(engine, "raw_taxi_trips", newer)["status"] == "done"
    assert rows_in(engine) == 2000


def test_a_reader_sees_the_old_month_or_the_new_one(engine: Engine, tmp_path: Path) -> None:
    months = [raw_month(tmp_path / str(rows), rows=rows, seed=rows) for rows in (1500, 3000)]
    replace_month(engine, "raw_taxi_trips", months[0])
    seen, done = set(), threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(rows_in(engine))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for turn in range(4):
            replace_month(engine, "raw_taxi_trips", months[(turn + 1) % 2])
    finally:
        done.set()
        reader.join()
    assert seen <= {1500, 3000}


def test_two_loads_of_one_month_at_once_end_as_one(engine: Engine, tmp_path: Path) -> None:
    manifest = raw_month(tmp_path)
    init_db(engine)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            replace_month(engine, "raw_taxi_trips", manifest)
        except BaseException as fault:  # noqa: BLE001 - the thread's fault is the test's
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert rows_in(engine) == 3000


def test_rows_with_the_same_keys_become_exactly_the_given_ones(engine: Engine) -> None:
    keys = {"service": "yellow", "month": "2019-03", "suite": "raw"}
    replace_rows(engine, "data_quality_metrics", keys, [{"expectation": "a"}, {"expectation": "b"}])
    assert replace_rows(engine, "data_quality_metrics", keys, [{"expectation": "c"}]) == 1
    with engine.connect() as connection:
        assert connection.execute(text("SELECT expectation FROM data_quality_metrics")).scalars().all() == ["c"]


def test_a_value_that_the_column_cannot_hold_is_refused_not_bent(mysql: Engine, tmp_path: Path) -> None:
    replace_month(mysql, "raw_taxi_trips", raw_month(tmp_path, rows=1000))
    with pytest.raises(BadDataError, match=r"raw_taxi_trips__yellow_2019_03.*store_and_fwd.*The old month stays"):
        replace_month(mysql, "raw_taxi_trips", raw_month(tmp_path, store_and_fwd="x" * 99, seed=2))
    assert rows_in(mysql) == 1000


def test_months_are_partitions_and_no_staging_table_stays(mysql: Engine, tmp_path: Path) -> None:
    replace_month(mysql, "raw_taxi_trips", raw_month(tmp_path))
    replace_month(mysql, "raw_taxi_trips", raw_month(tmp_path, APRIL))
    query = (
        "SELECT partition_name FROM information_schema.partitions WHERE table_schema = DATABASE() AND "
        "table_name = 'raw_taxi_trips' ORDER BY partition_name"
    )
    with mysql.connect() as connection:
        assert connection.execute(text(query)).scalars().all() == ["p_none", "yellow_2019_03", "yellow_2019_04"]
        assert not [name for (name,) in connection.execute(text("SHOW TABLES")) if "__" in name]


def test_a_reader_that_keeps_a_transaction_open_delays_the_exchange_and_breaks_nothing(
    mysql: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any open transaction that has read the table holds it, one of the loader's own process too."""
    monkeypatch.setattr(bulk, "METADATA_LOCK_SECONDS", 1)
    replace_month(mysql, "raw_taxi_trips", raw_month(tmp_path, rows=1000))
    newer = raw_month(tmp_path, rows=2000, seed=2)
    with mysql.connect() as reader:
        assert reader.execute(text("SELECT COUNT(*) FROM raw_taxi_trips")).scalar() == 1000
        with pytest.raises(WarehouseError, match="Lock wait timeout"):
            replace_month(mysql, "raw_taxi_trips", newer)
        assert reader.execute(text("SELECT COUNT(*) FROM raw_taxi_trips")).scalar() == 1000
    assert replace_month(mysql, "raw_taxi_trips", newer)["rows"] == rows_in(mysql) == 2000


def test_a_column_that_was_added_later_does_not_hold_up_the_months(mysql: Engine, tmp_path: Path) -> None:
    replace_month(mysql, "raw_taxi_trips", raw_month(tmp_path, rows=1000))
    with mysql.begin() as connection:
        connection.execute(text("ALTER TABLE raw_taxi_trips ADD COLUMN later INT"))
    newer, april = raw_month(tmp_path, rows=2000, seed=2), raw_month(tmp_path, APRIL, rows=1500)
    assert [replace_month(mysql, "raw_taxi_trips", month)["rows"] for month in (newer, april)] == [2000, 1500]
    assert rows_in(mysql) == 3500


def test_two_months_that_lock_the_same_gap_are_both_written(mysql: Engine) -> None:
    init_db(mysql)
    both_deleted, tries = threading.Barrier(2, timeout=30), []

    def write(month: str) -> None:
        def work(connection: Connection) -> None:
            connection.execute(text(f"DELETE FROM load_log WHERE table_name = 't' AND month = '{month}'"))
            tries.append(month)
            if tries.count(month) == 1:
                both_deleted.wait()
            values = f"('t', 'green', '{month}', '', 1, '2023-01-01')"
            connection.execute(text(f"INSERT INTO load_log VALUES {values}"))

        in_transaction(mysql, work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, ("2023-01", "2023-02")))
    with mysql.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM load_log")).scalar() == 2
    assert len(tries) > 2


@pytest.fixture
def strict_server(tmp_path: Path) -> Iterator[MariaDB]:
    """A server of the test's own that refuses LOCAL INFILE, and may be killed."""
    if find_server() is None:
        absent("no MariaDB server is installed (Debian: mariadb-server)")
    server = MariaDB(tmp_path / "server", ("--local-infile=0",))
    server.folder.mkdir()
    yield server.create()
    server.stop()


def test_without_local_infile_rows_are_inserted_and_a_warning_says_so(
    strict_server: MariaDB, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = engine_for(strict_server.url)
    manifest = raw_month(tmp_path)
    replace_month(engine, "raw_taxi_trips", manifest)
    assert "local_infile switched off" in capsys.readouterr().out
    frame = pl.DataFrame(pl.from_arrow(read_table(manifest.uri)))
    assert stored(engine, frame.columns) == frame.rows()


def test_a_database_that_goes_away_is_named_and_the_load_is_repeated(
    strict_server: MariaDB, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_for(strict_server.url)
    replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, rows=1000))
    newer = raw_month(tmp_path, rows=2000, seed=2)
    send = bulk._insert

    def killed(*args: Any) -> int:
        strict_server.kill()
        return send(*args)

    with monkeypatch.context() as crash:
        crash.setattr(bulk, "_insert", killed)
        with pytest.raises(WarehouseError, match=r"failed: .*Lost connection.*run the month again"):
            replace_month(engine, "raw_taxi_trips", newer)
    strict_server.start()
    assert rows_in(engine) == 1000
    assert replace_month(engine, "raw_taxi_trips", newer)["rows"] == rows_in(engine) == 2000


def test_a_wrong_password_needs_a_person(mysql_database: str, tmp_path: Path) -> None:
    wrong = engine_for(make_url(mysql_database).set(password="guess").render_as_string(hide_password=False))
    with pytest.raises(SettingsError, match=r"refuses the login.*Check TAXI_WAREHOUSE_URL") as refusal:
        replace_month(wrong, "raw_taxi_trips", raw_month(tmp_path))
    assert "guess" not in str(refusal.value)


def test_a_full_database_keeps_the_old_month(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/full.db")
    replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, rows=1000))
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(WarehouseError, match="database or disk is full"):
        replace_month(engine, "raw_taxi_trips", raw_month(tmp_path, rows=50_000, seed=2))
    assert rows_in(engine) == 1000


def test_a_frame_is_inserted_by_its_months(engine: Engine) -> None:
    frame = pd.DataFrame({"service": "green", "month": ["2023-01", "2023-02", "2023-02"], "fare_usd": [1.5, None, 3.0]})
    assert batch_insert(engine, frame, "raw_taxi_trips") == 3
    assert batch_insert(engine, frame.iloc[1:2], "raw_taxi_trips") == 1
    query = text("SELECT month, source_row, fare_usd FROM raw_taxi_trips ORDER BY month, source_row")
    with engine.connect() as connection:
        assert [tuple(row) for row in connection.execute(query)] == [("2023-01", 0, 1.5), ("2023-02", 0, None)]


def test_a_frame_for_no_table_or_without_months_is_refused(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/w.db")
    with pytest.raises(BadDataError, match=r"No table of months is called 'trips'; they are raw_taxi_trips"):
        batch_insert(engine, pd.DataFrame(), "trips")
    with pytest.raises(BadDataError, match="lacks service, month"):
        batch_insert(engine, pd.DataFrame({"fare_usd": [1.0]}), "raw_taxi_trips")


def test_a_server_that_falls_silent_is_given_up(mysql_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.warehouse.engine.SILENT_SECONDS", 1)
    engine = create_engine(mysql_database, connect_args=_mysql_options("mysql+pymysql"))
    with pytest.raises(WarehouseError, match="failed:"), warehouse_faults(engine), engine.connect() as connection:
        connection.execute(text("SELECT SLEEP(30)"))
    engine.dispose()
