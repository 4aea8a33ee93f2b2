"""The ingest phase: a published file lands as it is, then becomes a canonical raw month."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from include.config import Settings, get_settings
from include.errors import BadDataError
from include.ingestion.sources import find_month
from include.lake import Lake, Manifest
from include.trips.contract import CONTRACT_SOURCES, to_canonical
from include.trips.month import Month
from include.utils.cli import run_month_step
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger


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
            suffix = "".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix
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
    key = fingerprint(landed.sha256, code_hash(*CONTRACT_SOURCES, "ingestion/ingest_data.py"))
    raw = lake.current("raw", service, parsed)
    unchanged = raw is not None and raw.key == key
    if raw is None or not unchanged:
        trips, report = to_canonical(read_published(landed), service, Path(landed.meta["origin"]).name)
        refuse_wrong_month(trips, parsed, landed.meta["origin"])
        raw = lake.publish_table("raw", service, parsed, trips, key, {"arrival": asdict(report)})
    replace_month(get_engine(settings), "raw_taxi_trips", raw)
    _log_ingestion(settings, landed, raw)
    unknown, status = raw.meta["arrival"]["unknown"], "unchanged" if unchanged else "done"
    log = get_logger(phase="ingest", service=service, month=month)
    if unknown:
        log.warning("columns outside the contract were left out", columns=",".join(unknown))
    log.info("month ingested", rows=raw.rows, status=status)
    return {"uri": raw.uri, "rows": raw.rows, "unknown_columns": list(unknown), "status": status}


def read_published(landed: Manifest) -> pa.Table:
    """A landed file as an Arrow table with its published names. BadDataError for a file that cannot be read."""
    try:
        with pa.OSFile(landed.uri, "rb") as file:
            if landed.uri.endswith(".parquet"):
                return pq.read_table(file)
            codec = "gzip" if landed.uri.endswith(".gz") else None
            stream = pa.CompressedInputStream(file, codec) if codec else file
            # Only the empty string is null: zone 265 is named NA.
            convert = pa_csv.ConvertOptions(null_values=[""], strings_can_be_null=True)
            return pa_csv.read_csv(stream, convert_options=convert)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadDataError(f"{landed.meta['origin']} cannot be read as a trip file: {error}. Get it again.") from None


def refuse_wrong_month(trips: pa.Table, month: Month, origin: str) -> None:
    """BadDataError for a file without rows, or one most of whose pick-ups lie in another month."""
    if not trips.num_rows:
        raise BadDataError(f"{origin} has no trips: a month with no rows cannot be processed. Get the file again.")
    pickup = trips["pickup_at"].to_numpy(zero_copy_only=False).astype("datetime64[M]")
    held, counts = np.unique(pickup, return_counts=True)
    if (pickup == np.datetime64(str(month), "M")).mean() < 0.5:
        raise BadDataError(f"{origin} holds trips of {held[counts.argmax()]}, not of {month}: check the file's name.")


def _log_ingestion(settings: Settings, landed: Manifest, raw: Manifest) -> None:
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_rows

    arrival = raw.meta["arrival"]
    row = {
        "origin": landed.meta["origin"], "vintage": json.dumps(landed.meta["vintage"], sort_keys=True),
        "file_sha256": landed.sha256, "rows_read": raw.rows, "unknown_columns": ",".join(arrival["unknown"]),
        "absent_columns": ",".join(arrival["absent"]), "status": "ingested", "ingested_at": datetime.now(UTC),
    }  # fmt: skip
    keys = {"service": raw.service, "month": raw.month}
    replace_rows(get_engine(settings), "ingestion_log", keys, [row])


def main() -> None:
    """`python -m include.ingestion.ingest_data --service yellow --month 2019-03`."""
    run_month_step(land_month, ingest_month)


if __name__ == "__main__":
    main()
