"""What a month holds before anybody judges it: its columns with their meaning, and their statistics."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from include.ingestion.profile import QUANTILES, Profile
from include.trips.columns import columns_for


def column_guide(trips: pa.Table, service: str) -> pd.DataFrame:
    """One row per contract column: meaning, unit, recorder, when it is known, and percent of rows with a value."""
    rows = max(trips.num_rows, 1)
    return pd.DataFrame(
        {
            "column": column.name,
            "meaning": column.meaning,
            "unit": column.unit,
            "recorded by": column.source,
            "known at": column.known,
            "filled %": round(100 * (1 - trips[column.name].null_count / rows), 1),
        }
        for column in columns_for(service)
    ).set_index("column")


def statistics(trips: pa.Table) -> pd.DataFrame:
    """One row per column that has values: nulls, distinct values, extremes and quantiles, as the pipeline logs them."""
    profile = Profile(trips.schema)
    for batch in trips.to_batches():
        profile.add(batch)
    found = {name: column for name, column in profile.result()["columns"].items() if "min" in column}
    order = ["nulls", "distinct", "min", *QUANTILES, "max"]
    flat = {name: column | column.get("quantiles", {}) for name, column in found.items()}
    return pd.DataFrame.from_dict(flat, orient="index").reindex(columns=order).astype(object).fillna("")
