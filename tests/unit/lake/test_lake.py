"""A stream becomes one file: the same rows, the same bytes, whole or not there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.lake import Lake, lake, read_table
from include.trips.month import Month

MONTH = Month(2019, 3)
TABLE = pa.table({"n": pa.arange(0, 2_500), "text": [str(i % 7) for i in range(2_500)]})


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lake, "ROW_GROUP", 1000)


@pytest.mark.usefixtures("small_groups")
@pytest.mark.parametrize("batch_rows", [1, 700, 1000, 2500])
def test_the_batches_of_a_stream_leave_no_trace(tmp_path: Path, batch_rows: int) -> None:
    whole = Lake(str(tmp_path / "a")).publish_table("raw", "green", MONTH, TABLE, "k", {"a": 1})
    batches = TABLE.to_batches(max_chunksize=batch_rows)
    streamed = Lake(str(tmp_path / "b")).publish_batches(
        "raw", "green", MONTH, batches, TABLE.schema, "k", lambda: {"a": 1}
    )
    assert (streamed.sha256, streamed.rows, streamed.meta) == (whole.sha256, 2500, {"a": 1})
    assert read_table(streamed.uri).equals(TABLE)
    metadata = pq.read_metadata(streamed.uri)
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [1000, 1000, 500]


def test_meta_is_asked_after_the_last_batch(tmp_path: Path) -> None:
    seen: list[int] = []

    def stream() -> Iterator[pa.RecordBatch]:
        for batch in TABLE.to_batches(max_chunksize=900):
            seen.append(batch.num_rows)
            yield batch

    month = Lake(str(tmp_path)).publish_batches(
        "raw", "green", MONTH, stream(), TABLE.schema, "k", lambda: {"batches": list(seen)}
    )
    assert month.meta == {"batches": [900, 900, 700]}


def test_a_stream_that_breaks_leaves_the_month_as_it_was(tmp_path: Path) -> None:
    place = Lake(str(tmp_path))
    before = place.publish_table("raw", "green", MONTH, TABLE, "k")

    def broken() -> Iterator[pa.RecordBatch]:
        yield from TABLE.slice(0, 10).to_batches()
        raise RuntimeError("the source is gone")

    with pytest.raises(RuntimeError, match="gone"):
        place.publish_batches("raw", "green", MONTH, broken(), TABLE.schema, "k2", dict)
    assert place.current("raw", "green", MONTH) == before
    assert [p.name for p in tmp_path.rglob("*") if p.name.endswith(".tmp")] == []
    assert list((tmp_path / ".scratch").iterdir()) == []


def test_no_rows_are_a_month_too(tmp_path: Path) -> None:
    month = Lake(str(tmp_path)).publish_table("quarantine", "green", MONTH, TABLE.slice(0, 0), "k")
    assert (month.rows, read_table(month.uri).schema) == (0, TABLE.schema)


def test_a_superseded_file_stays_for_the_run_that_holds_it(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    old = lake.publish_table("raw", "green", MONTH, TABLE, "old")
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(old.uri, (two_days_ago, two_days_ago))
    lake.publish_table("raw", "green", MONTH, TABLE.slice(1), "new")
    assert read_table(old.uri).equals(TABLE)
    os.utime(old.uri, (two_days_ago, two_days_ago))
    lake.publish_table("raw", "green", MONTH, TABLE.slice(1), "new")
    assert not Path(old.uri).exists()


FULL_DISK = """
import resource, signal, sys
import pyarrow as pa
from include.errors import LakeError
from include.lake import Lake
from include.trips.month import Month
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
numbers = pa.table({"n": [hash(str(i)) for i in range(100_000)]})
try:
    Lake(sys.argv[1]).publish_table("raw", "green", Month(2019, 3), numbers, "new")
except LakeError as fault:
    print(fault)
"""


def test_without_room_the_old_month_stays_and_nothing_half_written(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the write fails in the same place."""
    root = tmp_path / "lake"
    before = Lake(str(root)).publish_table("raw", "green", MONTH, TABLE, "old")
    told = subprocess.run([sys.executable, "-c", FULL_DISK, root], capture_output=True, text=True, check=True).stdout
    assert f"The lake at {root} has no room for a raw month (File too large)" in told
    assert Lake(str(root)).current("raw", "green", MONTH) == before
    assert sorted(p.name for p in root.rglob("*") if p.is_file()) == sorted([Path(before.uri).name, "manifest.json"])


def test_a_lake_may_be_any_fsspec_url() -> None:
    lake = Lake("memory://lake")
    written = lake.publish_table("raw", "green", MONTH, TABLE, "k")
    assert written.uri.startswith("memory://")
    assert read_table(written.uri).equals(TABLE)
    assert lake.current("raw", "green", MONTH) == written
    assert lake.months("raw", "green") == (MONTH,)
