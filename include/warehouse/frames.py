"""A lake month as frames of a table's columns, in portions that fit in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import fsspec
import pyarrow.parquet as pq
from sqlalchemy import Table

if TYPE_CHECKING:
    import polars as pl

PORTION_ROWS = 250_000
"""Rows of one portion: about 40 MB of CSV, and two of them are in the air at once."""


def month_frames(uri: str, table: Table) -> Iterator[pl.DataFrame]:
    """The month's rows in order, with the columns that the table has; NaN becomes null, booleans 0 and 1."""
    import polars as pl
    import polars.selectors as cs

    with fsspec.open(uri, "rb") as file, pq.ParquetFile(file) as parquet:
        names = [name for name in parquet.schema_arrow.names if name in table.c]
        for batch in parquet.iter_batches(PORTION_ROWS, columns=names):
            frame = pl.DataFrame(pl.from_arrow(batch))
            yield frame.with_columns(cs.float().fill_nan(None), cs.boolean().cast(pl.Int8))


def text_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Times as the text that SQLAlchemy reads back from SQLite."""
    import polars.selectors as cs

    return frame.with_columns(cs.datetime().dt.strftime("%Y-%m-%d %H:%M:%S%.6f"))


def qualified(names: Iterable[str]) -> str:
    """Column names as a list in SQL; they come from the tables, never from a user."""
    return ", ".join(names)
