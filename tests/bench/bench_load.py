"""Loading a month into MySQL: ours, a bare LOAD DATA of a ready CSV, and pandas.to_sql. `--rows 1000000`."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from sqlalchemy import Engine, text

from include.ingestion.sample import generate_month
from include.lake import Lake, Manifest, read_table
from include.trips.contract import to_canonical
from include.trips.month import Month
from include.warehouse.bulk import write_csv
from include.warehouse.engine import engine_for
from include.warehouse.frames import month_frames
from include.warehouse.load import init_db, replace_month
from include.warehouse.tables import RAW
from tests.servers.mariadb import MariaDB

TO_SQL_ROWS = 50_000


def main() -> None:
    """Prints rows a second of each way, and the two ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        server = MariaDB(Path(scratch), ("--local-infile=1",)).create()
        try:
            measure(engine_for(server.url), Path(scratch), rows)
        finally:
            server.stop()


def measure(engine: Engine, scratch: Path, rows: int) -> None:
    """One table of results for one server."""
    init_db(engine)
    trips, _ = to_canonical(generate_month("yellow", Month(2019, 3), rows, 1), "yellow", "sample")
    manifest = Lake(str(scratch / "lake")).publish_table("raw", "yellow", Month(2019, 3), trips, "k")
    speed = {
        "replace_month": rate(rows, lambda: replace_month(engine, "raw_taxi_trips", manifest)),
        "LOAD DATA of a ready CSV": bare(engine, scratch, manifest),
        f"pandas.to_sql ({TO_SQL_ROWS:,} rows)": to_sql(engine, manifest),
    }
    for name, value in speed.items():
        print(f"{name:40s} {value:12,.0f} rows/s")
    ours, ready, pandas = speed.values()
    print(f"ours / LOAD DATA {ours / ready:.2f} (target 0.6)   ours / to_sql {ours / pandas:.1f} (target 6)")


def rate(rows: int, work: Callable[[], object]) -> float:
    """Rows a second of wall time."""
    started = time.perf_counter()
    work()
    return rows / (time.perf_counter() - started)


def bare(engine: Engine, scratch: Path, manifest: Manifest) -> float:
    """One connection, one file that is already there, a table without partitions."""
    path, frames = scratch / "ready.csv", list(month_frames(manifest.uri, RAW))
    write_csv(pl.concat(frames), path)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE TABLE bare LIKE raw_taxi_trips"))
        connection.execute(text("ALTER TABLE bare REMOVE PARTITIONING"))
        statement = (
            f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE bare FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' "
            f"({', '.join(frames[0].columns)}) SET service = 'yellow', month = '2019-03'"
        )
        return rate(manifest.rows, lambda: connection.exec_driver_sql(statement))


def to_sql(engine: Engine, manifest: Manifest) -> float:
    """pandas' own way, with its default one row a statement, on the first rows."""
    frame = read_table(manifest.uri).slice(0, TO_SQL_ROWS).to_pandas()
    return rate(len(frame), lambda: frame.to_sql("by_pandas", engine, index=False, chunksize=10_000))


if __name__ == "__main__":
    main()
