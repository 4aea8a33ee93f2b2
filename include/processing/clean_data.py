"""Which trips of a month are possible at all: the others are quarantined with a reason, never lost.

The rules are in `cleaning_rules.py`, rows that belong together in `reversals.py`, single acts for notebooks in
`cleaning_handlers.py`, the months of the lake in `clean_stream.py` and `month_matches.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pyarrow as pa

from include.config import Settings, get_settings
from include.lake import Lake
from include.processing.clean_stream import publish_clean
from include.processing.cleaning_handlers import (
    given_inputs,
    handle_missing_values,
    handle_outliers,
    remove_duplicates,
)
from include.processing.cleaning_rules import (
    LIMITS,
    MAY_LACK_ZONES,
    REASONS,
    CleaningLimits,
    infer_month,
    infer_service,
    reason_codes,
    required_inputs,
)
from include.processing.data_types import Trips, as_table, fix_data_types, like, select, with_column
from include.processing.reversals import match_trips
from include.processing.trip_totals import publish_totals
from include.trips.month import Month
from include.utils.cli import run_month_step
from include.utils.hashing import code_hash, fingerprint
from include.utils.logs import get_logger

__all__ = [
    "CLEANING_SOURCES", "LIMITS", "REASONS", "CleaningLimits", "clean_month", "clean_taxi_data", "count_reasons",
    "fix_data_types", "handle_missing_values", "handle_outliers", "metric_rows", "reason_codes", "remove_duplicates",
]  # fmt: skip

CLEANING_SOURCES = (
    "processing/clean_data.py", "processing/clean_stream.py", "processing/cleaning_rules.py",
    "processing/month_matches.py", "processing/raw_month.py", "processing/reversals.py", "features/trip_features.py",
    "trips/calendar.py", "trips/month.py", "trips/columns.py",
)  # fmt: skip


def clean_taxi_data(trips: Trips, service: str | None = None, month: Month | str | None = None) -> tuple[Trips, Trips]:
    """A raw month, frame or table -> (kept, quarantined) as the same, rows in their order; together they are `trips`.

    Both have the columns of `trips` with the contract's types (`fix_data_types`); quarantined has `reason` (string)
    too. Without a service the columns tell it, without a month (YYYY-MM) the pick-ups do. BadDataError when they do
    not, when a needed column is absent, or when a value does not fit its column; ValueError for text that is no month.
    """
    table = fix_data_types(as_table(trips))
    fixed = like(table, trips)
    service = service or infer_service(table.column_names)
    inputs = required_inputs(service, table.column_names, f"{service} {month or 'frame'}")
    columns = {n: table[n].to_numpy(zero_copy_only=False) for n in given_inputs(table, service, inputs)}
    cleaned = infer_month(columns["pickup_at"]) if month is None else Month.parse(str(month))
    code = reason_codes(columns, cleaned, service in MAY_LACK_ZONES, match_trips(table))
    reasons = pa.array(["", *REASONS]).take(pa.array(code[code > 0]))
    return select(fixed, code == 0), with_column(select(fixed, code > 0), "reason", reasons)


def count_reasons(quarantined: Any) -> dict[str, int]:
    """Rows per reason, zero included, in the order of REASONS."""
    counted = {row["values"]: row["counts"] for row in as_table(quarantined)["reason"].value_counts().to_pylist()}
    return {reason: counted.get(reason, 0) for reason in REASONS}


def clean_month(service: str, month: str, settings: Settings | None = None) -> dict[str, Any]:
    """Step: the raw month -> `clean`, `quarantine` and `trip_totals` in the lake; the trips, their totals and the
    counts by reason in the warehouse.

    BadDataError when no row is left.
    """
    from include.warehouse.engine import get_engine
    from include.warehouse.load import replace_month, replace_rows

    settings = settings or get_settings()
    lake, parsed = Lake(settings.lake), Month.parse(month)
    raw = lake.require("raw", service, parsed)
    key = fingerprint(raw.sha256, code_hash(*CLEANING_SOURCES), asdict(LIMITS))
    clean, quarantine = (lake.current(stage, service, parsed) for stage in ("clean", "quarantine"))
    unchanged = clean is not None and quarantine is not None and clean.key == quarantine.key == key
    if clean is None or not unchanged:
        clean = publish_clean(lake, raw, key)
        logger = get_logger(phase="clean", service=service, month=month)
        logger.info("month cleaned", rows=clean.rows, quarantined=raw.rows - clean.rows)
    counts = {reason: clean.meta["quarantined"][reason] for reason in REASONS}
    rows = metric_rows(counts, raw.rows, clean.meta["cleaned_at"])
    keys = {"service": service, "month": month, "suite": "cleaning"}
    replace_rows(get_engine(settings), "data_quality_metrics", keys, rows)
    replace_month(get_engine(settings), "processed_taxi_trips", clean)
    replace_month(get_engine(settings), "trip_totals", publish_totals(lake, clean))
    status = "unchanged" if unchanged else "done"
    return {"uri": clean.uri, "rows": clean.rows, "quarantined": counts, "status": status}


def metric_rows(counts: Mapping[str, int], rows_read: int, cleaned_at: str) -> list[dict[str, Any]]:
    """Reason counts -> rows of data_quality_metrics, one per reason. Shares are percent of the rows read."""
    shares = {reason: 100 * count / max(rows_read, 1) for reason, count in counts.items()}
    return [
        {"expectation": reason, "column_name": "", "severity": "warning", "success": True,
         "observed": f"{count:,} of {rows_read:,} rows ({shares[reason]:.3f} %)", "limit_text": REASONS[reason],
         "unexpected_count": count, "unexpected_percent": shares[reason],
         "validated_at": datetime.fromisoformat(cleaned_at)}
        for reason, count in counts.items()
    ]  # fmt: skip


def main() -> None:
    """`python -m include.processing.clean_data --service green --month 2023-01`: validates, then cleans."""
    from include.processing.validate_data import validate_month

    run_month_step(validate_month, clean_month)


if __name__ == "__main__":
    main()
