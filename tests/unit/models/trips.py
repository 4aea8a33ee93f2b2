"""Sample trips as the models see them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.features.build_month import feature_table
from include.ingestion.sample import generate_month
from include.lake.lake import columns_of
from include.models.rows import Rows, Window, load_rows
from include.processing.clean_data import clean_taxi_data
from include.trips.contract import to_canonical
from include.trips.month import Month


@cache
def feature_month(service: str = "yellow", month: str = "2019-03", rows: int = 3000) -> pa.Table:
    """Features and labels of a made-up month, cleaned."""
    parsed = Month.parse(month)
    trips, _ = to_canonical(generate_month(service, parsed, rows, 7), service, "sample")
    return feature_table(columns_of(clean_taxi_data(trips, service, parsed)[0]))


def sample_rows(folder: Path, service: str = "yellow") -> Rows:
    """The month's rows, by way of a file."""
    pq.write_table(feature_month(service), folder / "month.parquet")
    return load_rows(str(folder / "month.parquet"), service)


def window_of(rows: Rows) -> Window:
    """Days 1-20 train, then odd days tune and even ones calibrate."""
    late, odd = rows.day > 20, rows.day % 2 == 1
    return Window(rows.where(~late), rows.where(late & odd), rows.where(late & ~odd))


def changed(rows: Rows, target: str, labels: float) -> Rows:
    """The rows with one value as every label of a target."""
    return Rows(rows.x, rows.y | {target: np.full(len(rows.day), labels, np.float32)}, rows.day, rows.app_dispatched)
