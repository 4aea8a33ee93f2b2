"""The ingest phase: a published file lands as it is, then becomes a canonical raw month in a stream."""

from __future__ import annotations

import hashlib
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from include.config import Settings, get_settings
from include.errors import BadDataError
from include.ingestion.frames import load_csv_to_dataframe, load_parquet_to_dataframe
from include.ingestion.month_stream import MonthStream
from include.ingestion.published import open_published
from include.ingestion.sources import find_month
from include.lake import Lake, Manifest
from include.trips.contract import CONTRACT_SOURCES
from include.trips.month import Month
from include.utils.cli import run_month_step
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "batch_insert_to_mysql", "ingest_month", "land_month", "load_csv_to_dataframe",
    "load_parquet_to_dataframe", "log_ingestion_stats", "stream_to_lake",
]  # fmt: skip

INGEST_SOURCES = (*CONTRACT_SOURCES, "ingestion/ingest_data.py", "ingestion/month_stream.py", "ingestion/profile.py",
                  "ingestion/published.py")  # fmt: skip


def land_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the source's file -> lake stage `landing`, byte for byte; an unchanged vintage is not fetched again."""
    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    offer = find_month(service, parsed, settings)
    key = fingerprint(offer.vintage)
    landed = lake.current("landing", service, parsed)
    unchanged = landed is not None and landed.key == key
    if landed is None or not unchanged:
        with tempfile.TemporaryDirectory(prefix="landing-") as scratch:
            path = offer.fetch(Path(scratch))
            meta = {"origin": offer.origin, "vintage": offer.vintage}
            suffix = "".join(path.suffixes[-2:]) if path.suffix in (".gz", ".zip") else path.suffix
            landed = lake.publish_file("landing", service, parsed, path, key, rows=-1, meta=meta, suffix=suffix)
    status = "unchanged" if unchanged else "done"
    get_logger(phase="ingest", service=service, month=month).info("file landed", origin=offer.origin, status=status)
    return {"uri": landed.uri, "origin": offer.origin, "sha256": landed.sha256, "status": status}


def ingest_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the landed file -> lake stage `raw` with the contract's columns, table `raw_taxi_trips`, ingestion log."""
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_month

    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    landed = lake.require("landing", service, parsed)
    key = fingerprint(landed.sha256, code_hash(*INGEST_SOURCES))
    raw = lake.current("raw", service, parsed)
    unchanged = raw is not None and raw.key == key
    if raw is None or not unchanged:
        raw = stream_to_lake(lake, landed, key)
    replace_month(get_engine(settings), "raw_taxi_trips", raw)
    log_ingestion_stats(landed, raw, settings)
    status, log = "unchanged" if unchanged else "done", get_logger(phase="ingest", service=service, month=month)
    warn_of_losses(log, raw)
    log.info("month ingested", rows=raw.rows, status=status)
    return {"uri": raw.uri, "rows": raw.rows, "unknown_columns": list(raw.meta["arrival"]["unknown"]),
            "unreadable_lines": raw.meta["unreadable_lines"], "status": status}  # fmt: skip


def stream_to_lake(lake: Lake, landed: Manifest, key: str) -> Manifest:
    """A landed file -> the lake's raw month, batch by batch: memory does not grow with the month.

    BadDataError for a file that is damaged, is not what the contract knows, or is another month's; nothing is
    published then.
    """
    origin, month = Path(landed.meta["origin"]).name, Month.parse(landed.month)
    refuse_changed_bytes(lake, landed)
    with open_published(lake.fs.unstrip_protocol(landed.uri), origin) as published:
        stream = MonthStream(published, landed.service, month, origin)
        return lake.publish_batches("raw", landed.service, month, stream, stream.schema, key, stream.meta)


def warn_of_losses(log: Any, raw: Manifest) -> None:
    """One warning for each kind of thing in the file that the raw month does not have."""
    arrival = raw.meta["arrival"]
    if arrival["unknown"]:
        log.warning("columns outside the contract were left out", columns=",".join(arrival["unknown"]))
    if arrival["uncoded"]:
        log.warning("text without a canonical code became null", texts=json.dumps(arrival["uncoded"]))
    if raw.meta["unreadable_lines"]:
        log.warning("lines of another width were left out", lines=raw.meta["unreadable_lines"])


def refuse_changed_bytes(lake: Lake, landed: Manifest) -> None:
    """BadDataError when the file is no longer the bytes that landed: Parquet itself does not notice a flipped bit."""
    with lake.fs.open(landed.uri, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != landed.sha256:
        raise BadDataError(
            f"{landed.uri} has changed since it landed from {landed.meta['origin']}: its SHA-256 is {found[:16]}..., "
            f"not {landed.sha256[:16]}.... Delete the file and land the month again."
        )


def log_ingestion_stats(landed: Manifest, raw: Manifest, settings: Settings) -> dict[str, Any]:
    """Writes the month's row of `ingestion_log` (origin, vintage, rows, columns, profile) and gives it back."""
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    arrival = raw.meta["arrival"]
    profile = raw.meta["profile"] | {"unreadable_lines": raw.meta["unreadable_lines"]}
    row = {
        "origin": landed.meta["origin"], "vintage": json.dumps(landed.meta["vintage"], sort_keys=True),
        "file_sha256": landed.sha256, "rows_read": raw.rows, "unknown_columns": ",".join(arrival["unknown"]),
        "absent_columns": ",".join(arrival["absent"]), "profile": profile, "status": "ingested",
        "ingested_at": datetime.now(UTC),
    }  # fmt: skip
    keys = {"service": raw.service, "month": raw.month}
    replace_rows(get_engine(settings), "ingestion_log", keys, [row])
    return keys | row


def batch_insert_to_mysql(df: pd.DataFrame, table_name: str, settings: Settings | None = None) -> int:
    """A frame's months into the warehouse of the settings, in bulk; see `include.warehouse.load.batch_insert`."""
    from include.warehouse.engine import get_engine
    from include.warehouse.load import batch_insert

    return batch_insert(get_engine(settings), df, table_name)


def main() -> None:
    """`python -m include.ingestion.ingest_data --service yellow --month 2019-03`."""
    run_month_step(land_month, ingest_month)


if __name__ == "__main__":
    main()
