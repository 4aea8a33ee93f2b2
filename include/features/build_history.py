"""Each clean month leaves its summary in the lake; what a month knows is the merge of strictly earlier ones."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import fsspec

from include.config import Settings, get_settings
from include.features.history import History
from include.features.summaries import SUMMARY_COLUMNS, Summary, summarise, summary_from_bytes, summary_to_bytes
from include.lake import Lake, Manifest, read_columns
from include.trips.columns import columns_for
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint

STAGE = "history"
SUMMARY_SOURCES = (
    "features/build_history.py",
    "features/summaries.py",
    "features/temporal_features.py",
    "features/trip_features.py",
    "utils/arrays.py",
)


def build_history_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the clean month -> its summary in the lake stage `history`."""
    lake, parsed = Lake((settings or get_settings()).lake), Month.parse(month)
    held = publish_history(lake, service, parsed, lake.require("clean", service, parsed))
    return {"uri": held.uri, "rows": held.rows}


def publish_history(lake: Lake, service: str, month: Month, clean: Manifest) -> Manifest:
    """The summary of a clean month; one of the same trips and code stays as it is."""
    key = fingerprint(clean.sha256, code_hash(*SUMMARY_SOURCES))
    held = lake.current(STAGE, service, month)
    if held is not None and held.key == key:
        return held
    wanted = [c.name for c in columns_for(service) if c.name in SUMMARY_COLUMNS]
    data = summary_to_bytes(summarise(read_columns(clean.uri, wanted)))
    with tempfile.TemporaryDirectory(prefix="history-") as scratch:
        path = Path(scratch) / "summary.npz"
        path.write_bytes(data)
        return lake.publish_file(STAGE, service, month, path, key, rows=clean.rows, suffix=".npz")


def read_summary(manifest: Manifest) -> Summary:
    """A month's summary from the lake."""
    with fsspec.open(manifest.uri, "rb") as file:
        return summary_from_bytes(file.read())


def history_before(lake: Lake, service: str, month: Month, window: int) -> tuple[History, tuple[Month, ...]]:
    """What is known when `month` begins: the history of the `window` months before it, and those that were there."""
    known = tuple(m for m in lake.months(STAGE, service) if month.plus(-window) <= m < month)
    held = (lake.require(STAGE, service, m) for m in known)
    return History.from_summaries(read_summary(manifest) for manifest in held), known
