"""Trip files as pandas frames, for notebooks and small work; the pipeline itself streams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from include.ingestion.published import open_published
from include.trips.contract import Arrival, schema_for

if TYPE_CHECKING:
    import pandas as pd


def load_parquet_to_dataframe(filepath: str | Path, service: str = "") -> pd.DataFrame:
    """All rows of a published file. With a service the columns are the contract's, without one the file's own.

    BadDataError for a file that cannot be read, lacks required columns, or is another service's.
    """
    return _load(Path(filepath), service)


def load_csv_to_dataframe(filepath: str | Path, service: str = "") -> pd.DataFrame:
    """The same for CSV, plain, gzipped or zipped, with TLC's blank lines, blanks in names and empty last fields."""
    return _load(Path(filepath), service)


def _load(path: Path, service: str) -> pd.DataFrame:
    with open_published(str(path), path.name) as published:
        if service:
            arrival = Arrival(published.names, service, path.name)
            batches = [arrival.canonical(b) for b in published.batches(arrival.wanted, arrival.text_types)]
            table = pa.Table.from_batches(batches, arrival.schema)
        else:
            batches = list(published.batches(published.names, {}))
            table = pa.Table.from_batches(batches) if batches else pa.table({name: [] for name in published.names})
    frame: pd.DataFrame = table.to_pandas()
    return frame


def dataframe_to_table(trips: pd.DataFrame, service: str) -> pa.Table:
    """A frame with the contract's columns -> the canonical table that cleaning and expectations take; NaN is null."""
    return pa.Table.from_pandas(trips, schema=schema_for(service), preserve_index=False)


def is_synthetic(filepath: str | Path) -> bool:
    """True for a Parquet file whose own metadata call it synthetic, as the embedded sample's do."""
    with Path(filepath).open("rb") as file:
        if file.read(4) != b"PAR1":
            return False
    return b"synthetic" in (pq.read_schema(filepath).metadata or {})
