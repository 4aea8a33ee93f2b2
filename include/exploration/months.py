"""Several months side by side: what cleaning sets aside, what is missing and what is typical, month after month."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

from include.config import Settings
from include.ingestion.frames import dataframe_to_table, is_synthetic, load_parquet_to_dataframe
from include.ingestion.sources import find_month
from include.processing.clean_data import clean_taxi_data, count_reasons
from include.processing.quality_report import compute_null_percentages, compute_outlier_counts, compute_summary_stats
from include.trips.month import Month

TYPICAL = ("duration_min", "distance_mi", "fare_usd", "speed_mph")


@dataclass(frozen=True)
class MonthTrips:
    """A published month and what cleaning makes of it."""

    month: Month
    origin: str
    synthetic: bool
    raw: pa.Table
    kept: pa.Table
    quarantined: pa.Table


class Verdict(Protocol):
    """What a validator answers."""

    @property
    def passed(self) -> bool: ...
    @property
    def outcomes(self) -> Sequence[Any]: ...
    @property
    def sentence(self) -> str: ...


def load_months(settings: Settings) -> list[MonthTrips]:
    """Every month of TAXI_MONTHS from TAXI_SOURCE, in order; nothing is kept on disk."""
    return [load_month(settings.service, month, settings) for month in settings.months]


def load_month(service: str, month: Month, settings: Settings) -> MonthTrips:
    """One month, fetched, made canonical and cleaned."""
    offer = find_month(service, month, settings)
    with tempfile.TemporaryDirectory() as scratch:
        path = offer.fetch(Path(scratch))
        raw = dataframe_to_table(load_parquet_to_dataframe(path, service), service)
        synthetic = is_synthetic(path)
    kept, quarantined = clean_taxi_data(raw, service, month)
    return MonthTrips(month, offer.origin, synthetic, raw, kept, quarantined)


def findings(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """One row per expectation of all verdicts: does it hold, what was found, against what, what breaks it."""
    rows = [
        {"expectation": o.expectation, "column": o.column_name, "holds": o.success, "found": o.observed,
         "expected": o.limit_text, "percent": o.unexpected_percent,
         "examples": ", ".join(map(str, getattr(o, "examples", ())))}
        for verdict in verdicts for o in verdict.outcomes
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"percent": float}).set_index("expectation")


def statistics_before_and_after(month: MonthTrips) -> pd.DataFrame:
    """Per measured column: median, mean, 99 % quantile and largest value before and after, and outliers before."""
    before, after = compute_summary_stats(month.raw), compute_summary_stats(month.kept)
    outliers = compute_outlier_counts(month.raw)
    rows = {
        name: {("median", "raw"): raw.p50, ("median", "kept"): after[name].p50, ("mean", "raw"): raw.mean,
               ("mean", "kept"): after[name].mean, ("99 %", "raw"): raw.p99, ("99 %", "kept"): after[name].p99,
               ("largest", "raw"): raw.max, ("largest", "kept"): after[name].max,
               ("outliers %", "raw"): outliers[name].percent if name in outliers else 0.0}
        for name, raw in before.items() if name in after
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index")


def reasons_over_months(months: Iterable[MonthTrips]) -> pd.DataFrame:
    """Percent of each month's rows that are set aside, by reason (rows of the table) and month (its columns)."""
    shares = {str(m.month): {reason: 100 * count / max(m.raw.num_rows, 1)
                             for reason, count in count_reasons(m.quarantined).items()} for m in months}  # fmt: skip
    return pd.DataFrame(shares)


def nulls_over_months(months: Iterable[MonthTrips]) -> pd.DataFrame:
    """Percent of nulls by column and month, of columns with a null somewhere and a value somewhere."""
    table = pd.DataFrame({str(m.month): compute_null_percentages(m.raw) for m in months})
    return table[(table.max(axis="columns") > 0) & (table.min(axis="columns") < 100)]


def typical_over_months(months: Iterable[MonthTrips]) -> pd.DataFrame:
    """One row per month: rows, percent kept, and the medians of what is kept."""
    rows = {}
    for month in months:
        summary = compute_summary_stats(month.kept)
        kept = 100 * month.kept.num_rows / max(month.raw.num_rows, 1)
        medians = {f"median {name}": summary[name].p50 for name in TYPICAL if name in summary}
        rows[str(month.month)] = {"rows": float(month.raw.num_rows), "kept %": kept, **medians}
    return pd.DataFrame.from_dict(rows, orient="index")
