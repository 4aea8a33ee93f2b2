"""How good is a month? Statistics of its columns, and the report that shows them beside the verdicts of the phase.

The functions here are pure; `assess_month` reads, calls them and writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from include.errors import BadDataError
from include.processing.report.facts import OutlierCount, Summary
from include.processing.report.markdown import generate_markdown_report
from include.processing.report.measures import numeric_columns
from include.processing.report.page import generate_html_report
from include.processing.report.records import save_quality_metrics_to_db
from include.trips.columns import SOURCE_ROW

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "compute_null_percentages", "compute_outlier_counts", "compute_summary_stats", "generate_html_report",
    "generate_markdown_report", "save_quality_metrics_to_db",
]  # fmt: skip

FAR_OUT = 3.0
"""Tukey's outer fences, in interquartile ranges: the inner ones (1.5) call a tenth of all fares an outlier."""


def compute_summary_stats(trips: pa.Table | pd.DataFrame) -> dict[str, Summary]:
    """Every column measured in a unit, with duration and speed -> its summary; a column without a finite value is out.

    Canonical trips, raw or clean. Quantiles are of all rows, interpolated. BadDataError for text where numbers belong.
    """
    columns = {name: _finite(values) for name, values in numeric_columns(_table(trips)).items()}
    return {name: _summary(values) for name, values in columns.items() if len(values)}


def compute_null_percentages(trips: pa.Table | pd.DataFrame) -> dict[str, float]:
    """Every column but the row number -> percent of rows without a value; 0 for a table without rows."""
    table = _table(trips)
    names = [name for name in table.column_names if name != SOURCE_ROW.name]
    return {name: 100 * table[name].null_count / max(table.num_rows, 1) for name in names}


def compute_outlier_counts(trips: pa.Table | pd.DataFrame, reach: float = FAR_OUT) -> dict[str, OutlierCount]:
    """Columns as in `compute_summary_stats` -> rows more than `reach` interquartile ranges outside the middle half.

    A column whose middle half is one value (most surcharges) has no such fences and is left out.
    """
    counted: dict[str, OutlierCount] = {}
    for name, values in numeric_columns(_table(trips)).items():
        finite = _finite(values)
        first, third = np.percentile(finite, [25, 75]) if len(finite) else (0.0, 0.0)
        if third > first:
            counted[name] = _outside(finite, first - reach * (third - first), third + reach * (third - first))
    return counted


def _outside(values: np.ndarray, low: float, high: float) -> OutlierCount:
    below, above = int((values < low).sum()), int((values > high).sum())
    return OutlierCount(float(low), float(high), below, above, 100 * (below + above) / len(values))


def _summary(values: np.ndarray) -> Summary:
    low, p01, p25, p50, p75, p99, high = np.percentile(values, [0, 1, 25, 50, 75, 99, 100]).tolist()
    return Summary(len(values), float(values.mean()), float(values.std()), low, p01, p25, p50, p75, p99, high)


def _finite(values: np.ndarray) -> np.ndarray:
    return np.asarray(values[np.isfinite(values)])


def _table(trips: pa.Table | pd.DataFrame) -> pa.Table:
    try:
        return trips if isinstance(trips, pa.Table) else pa.Table.from_pandas(trips, preserve_index=False)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as fault:
        raise BadDataError(f"A column of the trips mixes types: {fault}. Ingest the month again.") from None
