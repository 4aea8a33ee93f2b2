"""Trip files as pandas frames, for notebooks and small work; the pipeline itself streams."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from include.ingestion.published import open_published
from include.trips.contract import Arrival

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
