"""What each feature and label of a month is like, gathered while its batches stream by.

Columns of a feature month hold few distinct values (minutes, zone pairs, cents), so they are counted, and every figure
is exact whatever the batches are; memory grows with the distinct values, not with the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

QUANTILES = {"p01": 0.01, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p99": 0.99}


class Statistics:
    """Takes batches of one schema; `result` may be asked at any time."""

    def __init__(self, columns: Iterable[str]) -> None:
        self._columns = {name: _ValueCounts() for name in columns}

    def add(self, batch: pa.RecordBatch) -> None:
        """The next rows."""
        for name, counts in self._columns.items():
            counts.add(batch.column(name))

    def result(self) -> list[dict[str, Any]]:
        """JSON-able, one row per column: column_name, rows, nulls, mean, std, min, quantiles, max; None without values.

        NaN counts as null. Quantiles are values that occur; the deviation is the population's.
        """
        return [{"column_name": name, **counts.result()} for name, counts in self._columns.items()]


class _ValueCounts:
    def __init__(self) -> None:
        self.nulls = 0
        self.values = np.empty(0, np.float64)
        self.counts = np.empty(0, np.int64)

    def add(self, column: pa.Array) -> None:
        found = pc.value_counts(column)
        values = found.field("values").cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
        counts = found.field("counts").to_numpy()
        missing = np.isnan(values)
        self.nulls += int(counts[missing].sum())
        merged = np.concatenate([self.values, values[~missing]])
        self.values, place = np.unique(merged, return_inverse=True)
        added = np.concatenate([self.counts, counts[~missing]])
        self.counts = np.bincount(place, added, len(self.values)).astype(np.int64)

    def result(self) -> dict[str, Any]:
        rows = int(self.counts.sum())
        told = {"row_count": rows + self.nulls, "null_count": self.nulls}
        if rows == 0:
            return told | dict.fromkeys(("mean_value", "std_value", "min_value", *QUANTILES, "max_value"))
        mean = float(self.values @ self.counts) / rows
        spread = float(((self.values - mean) ** 2) @ self.counts) / rows
        upto = np.cumsum(self.counts)
        places = np.searchsorted(upto, [share * (rows - 1) for share in QUANTILES.values()], side="right")
        quantiles = dict(zip(QUANTILES, self.values[places].tolist(), strict=True))
        least, most = float(self.values[0]), float(self.values[-1])
        return {**told, "mean_value": mean, "std_value": spread**0.5, "min_value": least, **quantiles,
                "max_value": most}  # fmt: skip
