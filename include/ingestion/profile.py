"""What a raw month holds, column by column, gathered while it streams by; the same rows give the same profile.

Counts, nulls, least and greatest values are exact. Quantiles are those of every n-th row, n being 1 up to 100,000 rows
and doubled whenever more come (`sampled_every`). Distinct values are exact up to 2,047 and estimated beyond, from
the smallest hashes, with a standard error of 2 %.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.trips.columns import SOURCE_ROW

SAMPLE_ROWS = 50_000
KEPT_HASHES = 2048
QUANTILES = {"p01": 0.01, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p99": 0.99}


class Profile:
    """Takes canonical batches in the order of the file; `result` may be asked at any time."""

    def __init__(self, schema: pa.Schema) -> None:
        self.rows = 0
        self._columns = {f.name: _ColumnProfile() for f in schema if f.name != SOURCE_ROW.name}
        self._sample = schema.empty_table()
        self._stride = 1

    def add(self, batch: pa.RecordBatch) -> None:
        """The next rows."""
        for name, column in self._columns.items():
            column.add(batch.column(name))
        self._draw(batch)
        self.rows += batch.num_rows

    def result(self) -> dict[str, Any]:
        """JSON-able: rows, sampled_every, and per column nulls, distinct and, where there are values, the others."""
        columns = {name: column.result(self._sample[name]) for name, column in self._columns.items()}
        return {"rows": self.rows, "sampled_every": self._stride, "columns": columns}

    def _draw(self, batch: pa.RecordBatch) -> None:
        first = -self.rows % self._stride
        drawn = pa.table(batch.take(pa.arange(first, batch.num_rows, self._stride))) if first < batch.num_rows else None
        if drawn is not None:
            self._sample = pa.concat_tables([self._sample, drawn])
        while self._sample.num_rows > 2 * SAMPLE_ROWS:
            self._sample = self._sample.take(pa.arange(0, self._sample.num_rows, 2))
            self._stride *= 2


class _ColumnProfile:
    def __init__(self) -> None:
        self.nulls = 0
        self.least: Any = None
        self.greatest: Any = None
        self._hashes = np.empty(0, np.uint64)

    def add(self, values: pa.Array) -> None:
        self.nulls += values.null_count
        if values.null_count == len(values):
            return
        bounds = pc.min_max(values).as_py()
        self.least = bounds["min"] if self.least is None else min(self.least, bounds["min"])
        self.greatest = bounds["max"] if self.greatest is None else max(self.greatest, bounds["max"])
        hashes = _hashes(pc.unique(values).drop_null())
        if len(self._hashes) == KEPT_HASHES:
            hashes = hashes[hashes < self._hashes[-1]]
        self._hashes = np.unique(np.concatenate([self._hashes, hashes]))[:KEPT_HASHES]

    def result(self, sample: pa.ChunkedArray) -> dict[str, Any]:
        found: dict[str, Any] = {"nulls": self.nulls, "distinct": self._distinct()}
        if self.least is None:
            return found
        found |= {"min": _plain(self.least), "max": _plain(self.greatest)}
        drawn = sample.drop_null()
        if len(drawn) and not pa.types.is_string(drawn.type):
            found["quantiles"] = dict(zip(QUANTILES, _quantiles(drawn), strict=True))
        return found

    def _distinct(self) -> int:
        if len(self._hashes) < KEPT_HASHES:
            return len(self._hashes)
        return round((KEPT_HASHES - 1) / (float(self._hashes[-1]) / 2.0**64))


def _hashes(values: pa.Array) -> np.ndarray:
    """(n,) uint64, the same on every machine: splitmix64 of numbers, BLAKE2 of text."""
    if pa.types.is_string(values.type):
        digests = [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in values.to_pylist()]
        return np.frombuffer(b"".join(digests), np.uint64)
    array = values.to_numpy(zero_copy_only=False)
    mixed = array.astype(np.float64 if array.dtype.kind == "f" else np.int64).view(np.uint64).copy()
    mixed += np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _quantiles(values: pa.ChunkedArray) -> list[Any]:
    """Values that occur, so that an integer's quantile is an integer and a time's a time."""
    array = np.sort(values.to_numpy(zero_copy_only=False))
    chosen = array[[int(share * (len(array) - 1)) for share in QUANTILES.values()]]
    return [_plain(value) for value in pa.array(chosen, values.type).to_pylist()]


def _plain(value: Any) -> Any:
    """JSON has no times and no infinities: both as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, float) and not np.isfinite(value) else value
