"""Each clean month leaves its summary in the lake; what a month knows is the merge of strictly earlier ones."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from include.features.history import History
from include.features.summaries import (
    SUMMARY_COLUMNS,
    Summary,
    merge,
    summarise,
    summary_from_bytes,
    summary_to_bytes,
)
from include.lake import Lake, Manifest
from include.lake.lake import columns_of
from include.trips.columns import columns_for
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint

STAGE = "history"
PORTION_ROWS = 1_000_000
SUMMARY_SOURCES = (
    "features/build_history.py",
    "features/summaries.py",
    "features/temporal_features.py",
    "features/trip_features.py",
    "utils/arrays.py",
)


def publish_history(lake: Lake, service: str, month: Month, clean: Manifest) -> Manifest:
    """The summary of a clean month, read in portions; one of the same trips and code stays as it is."""
    key = fingerprint(clean.sha256, code_hash(*SUMMARY_SOURCES))
    held = lake.current(STAGE, service, month)
    if held is not None and held.key == key:
        return held
    wanted = [c.name for c in columns_for(service) if c.name in SUMMARY_COLUMNS]
    with fsspec.open(clean.uri, "rb") as file, pq.ParquetFile(file) as parquet:
        data = summary_to_bytes(merge(_portions(parquet, wanted)))
    with tempfile.TemporaryDirectory(prefix="history-") as scratch:
        path = Path(scratch) / "summary.npz"
        path.write_bytes(data)
        return lake.publish_file(STAGE, service, month, path, key, rows=clean.rows, suffix=".npz")


def _portions(parquet: pq.ParquetFile, columns: list[str]) -> Iterator[Summary]:
    """Summaries of PORTION_ROWS trips each; merged, they are the month's to the bit."""
    for trips in parquet.iter_batches(PORTION_ROWS, columns=columns):
        yield summarise(columns_of(pa.Table.from_batches([trips])))


def read_summary(manifest: Manifest) -> Summary:
    """A month's summary from the lake."""
    with fsspec.open(manifest.uri, "rb") as file:
        return summary_from_bytes(file.read())


def history_before(lake: Lake, service: str, month: Month, window: int) -> tuple[History, tuple[Month, ...]]:
    """What is known when `month` begins: the history of the `window` months before it, and those that were there."""
    known = tuple(m for m in lake.months(STAGE, service) if month.plus(-window) <= m < month)
    held = (lake.require(STAGE, service, m) for m in known)
    return History.from_summaries(read_summary(manifest) for manifest in held), known
