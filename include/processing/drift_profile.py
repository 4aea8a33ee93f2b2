"""What is kept of a clean month: counts that add up, so that no later month has to read its trips again.

Rows are counted exactly per segment value, column, bin and kind of day (weekday or holiday); the days of each kind are
counted too, so that months of other days can be compared. For numbers, the value that most rows of a segment share is
kept with its count: the mode when it has a majority, which is all that a constant needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from include.processing.drift_columns import DAY_KINDS, columns_of_service

WHOLE = ("month", "")
"""Segment and segment value of all of a month's trips."""
Key = tuple[str, str, str]
"""(segment, segment value, column)."""
SCHEMA = pa.schema([("segment", pa.string()), ("segment_value", pa.string()), ("column", pa.string()),
                    ("day_kind", pa.int8()), ("bin", pa.int16()), ("rows", pa.int64())])  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """What is kept of a month. `counts` has (8, bins) int64 per key: kinds of day by bins, as in `Binned`.

    `days` is how many days of each kind the month has trips of. `common` is (value, bin, rows) per key: the value that
    the most rows share, if they are more than half of them.
    """

    service: str
    month: str
    days: np.ndarray
    counts: Mapping[Key, np.ndarray]
    common: Mapping[Key, tuple[float, int, int]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> int:
        """Trips of the month."""
        return self.segment_rows(*WHOLE)

    def segment_rows(self, segment: str, value: str) -> int:
        """Trips of one segment value; every column counts each of them once."""
        found = self.counts.get((segment, value, "hour"))
        return 0 if found is None else int(found.sum())

    def to_table(self) -> pa.Table:
        """The counts above zero, long, in the order of SCHEMA."""
        parts = []
        for (segment, value, column), counts in self.counts.items():
            kind, bins = np.nonzero(counts)
            names = [pa.array([name] * len(kind), pa.string()) for name in (segment, value, column)]
            numbers = [kind.astype(np.int8), bins.astype(np.int16), counts[kind, bins]]
            parts.append(pa.table([*names, *numbers], schema=SCHEMA))
        return pa.concat_tables(parts) if parts else SCHEMA.empty_table()

    def meta(self) -> dict[str, Any]:
        """What the table does not hold, JSON-able."""
        common = [[*key, *found] for key, found in self.common.items()]
        return {"days": self.days.tolist(), "common": common, "trips": self.rows}

    @classmethod
    def from_table(cls, table: pa.Table, meta: Mapping[str, Any], service: str, month: str) -> Profile:
        """What `to_table` and `meta` gave, again."""
        widths = {binned.name: binned.width for binned in columns_of_service(service)}
        segment, value, column = (table[name].to_pylist() for name in SCHEMA.names[:3])
        kind, bins, rows = (table[name].to_numpy() for name in SCHEMA.names[3:])
        counts: dict[Key, np.ndarray] = {}
        for i, key in enumerate(zip(segment, value, column, strict=True)):
            if key not in counts:
                counts[key] = np.zeros((len(DAY_KINDS), widths[key[2]]), np.int64)
            counts[key][kind[i], bins[i]] = rows[i]
        common = {(s, v, c): (number, at, share) for s, v, c, number, at, share in meta["common"]}
        return cls(service, month, np.array(meta["days"]), counts, common)
