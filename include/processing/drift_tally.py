"""A clean month counted part by part: memory does not grow with it, and how it is cut does not matter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from include.errors import BadDataError
from include.processing.drift_columns import DAY_KINDS, Binned, columns_of_service, day_kind, day_kinds
from include.processing.drift_profile import WHOLE, Profile
from include.processing.drift_segments import Segment, segments_of_service
from include.trips.columns import schema_for


def profile_month(trips: pa.Table | Iterable[pa.Table], service: str, month: str) -> Profile:
    """Clean trips, whole or in parts of any size -> their profile, whose counts do not depend on how they are cut.

    BadDataError when there is no trip, a column is absent or of another type than the contract's, or a time is null.
    """
    tally = _Tally(service)
    for part in [trips] if isinstance(trips, pa.Table) else trips:
        if part.num_rows:
            tally.add(part)
    if not tally.days:
        raise BadDataError(f"{service} {month} has no trip to profile: validate and clean it again.")
    return tally.profile(month)


def columns_read(service: str) -> list[str]:
    """The contract columns that a profile of the service reads."""
    return sorted({name for binned in columns_of_service(service) for name in binned.reads})


def refuse_other_columns(trips: pa.Table, service: str) -> None:
    """BadDataError that names a column which is absent or of another type, or a pick-up time that is null."""
    wanted = {name: schema_for(service).field(name).type for name in columns_read(service)}
    found = {name: trips.schema.field(name).type for name in trips.column_names}
    wrong = [f"{name} {found.get(name, 'absent')} (expected {kind})" for name, kind in wanted.items()
             if found.get(name) != kind]  # fmt: skip
    if trips.column_names and not wrong and trips["pickup_at"].null_count:
        wrong = [f"pickup_at null in {trips['pickup_at'].null_count} trips"]
    if wrong:
        raise BadDataError(f"{service} trips cannot be profiled: {', '.join(wrong)}. Clean the month again.")


class _Tally:
    """Counts of the parts seen so far."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.columns, self.segments = columns_of_service(service), segments_of_service(service)
        self.days: set[Any] = set()
        self._counts: dict[tuple[str, str], np.ndarray] = {}
        self._common: dict[tuple[str, str], _CommonValue] = {}

    def add(self, part: pa.Table) -> None:
        """The next rows."""
        refuse_other_columns(part, self.service)
        self.days.update(np.unique(part["pickup_at"].to_numpy(zero_copy_only=False).astype("datetime64[D]")).tolist())
        cells = _Cells(part, self.segments)
        for binned in self.columns:
            with np.errstate(invalid="ignore"):  # infinity less infinity is NaN, which is counted as null
                values = binned.values(part)
            for segment, counts in cells.counts(binned.bins_of(values), binned).items():
                key = (segment, binned.name)
                self._counts[key] = self._counts[key] + counts if key in self._counts else counts
                if binned.edges:
                    tracked = self._common.setdefault(key, _CommonValue(len(counts)))
                    tracked.add(values, cells.positions[segment], counts.sum(axis=1))

    def profile(self, month: str) -> Profile:
        """The month's profile."""
        named: dict[str, Segment] = {segment.name: segment for segment in self.segments}
        days = day_kinds(np.array(sorted(self.days), "datetime64[D]"))
        bins_of = {binned.name: binned.bins_of for binned in self.columns}
        counts, common = {}, {}
        for (segment, column), array in sorted(self._counts.items()):
            for position in np.flatnonzero(array.sum(axis=(1, 2))).tolist():
                value = named[segment].label(position) if segment in named else WHOLE[1]
                counts[segment, value, column] = array[position]
                found = self._common[segment, column].of(position) if (segment, column) in self._common else None
                if found and 2 * found[1] > array[position].sum():
                    at = int(bins_of[column](np.array([found[0]]))[0])
                    common[segment, value, column] = (found[0], at, found[1])
        return Profile(self.service, month, np.bincount(days, minlength=len(DAY_KINDS)), counts, common)


class _Cells:
    """Where each row of a part belongs: one cell per combination of segment values and kind of day that occurs.

    A column is counted once, by cell and bin; the counts of every segment are sums of those.
    """

    def __init__(self, part: pa.Table, segments: tuple[Segment, ...]) -> None:
        whole = {WHOLE[0]: np.zeros(part.num_rows, np.int64)}
        self.positions = whole | {segment.name: segment.positions(part) for segment in segments}
        self._widths = {WHOLE[0]: 1} | {segment.name: segment.width for segment in segments}
        self._kind = day_kind(part)
        shape = (*self._widths.values(), len(DAY_KINDS))
        cell = np.ravel_multi_index((*self.positions.values(), self._kind), shape)
        present = np.flatnonzero(np.bincount(cell))
        number = np.zeros(int(np.prod(shape)), np.int64)
        number[present] = np.arange(len(present))
        self._cell, self._at = number[cell], np.unravel_index(present, shape)

    def counts(self, bins: np.ndarray, binned: Binned) -> dict[str, np.ndarray]:
        """(n,) bins -> per segment (values, 8, bins) int64. Zones, which are many, are counted for all trips."""
        if binned.kind == "zone":
            return {WHOLE[0]: _grid(self._kind, bins, len(DAY_KINDS), binned.width)[None]}
        grid, found = _grid(self._cell, bins, len(self._at[0]), binned.width), {}
        for at, (name, width) in zip(self._at, self._widths.items(), strict=False):
            counts = np.zeros((width, len(DAY_KINDS), binned.width), np.int64)
            np.add.at(counts, (at, self._at[-1]), grid)
            found[name] = counts
        return found


class _CommonValue:
    """Per position, a value and how many rows have it: the mode whenever one has a clear majority.

    A value that most rows have fills most of one bin and is the median. It is taken from the first part where a bin has
    the majority and kept while most rows so far have it. After a change counting begins anew, so a count may be too low
    and is never too high.
    """

    def __init__(self, width: int) -> None:
        self._value = np.full(width, np.nan)
        self._rows = np.zeros(width, np.int64)
        self._seen = np.zeros(width, np.int64)

    def add(self, values: np.ndarray, position: np.ndarray, counts: np.ndarray) -> None:
        """(n,) values, their (n,) positions, and (width, bins) counts of just these."""
        rows = counts.sum(axis=1)
        crowded = 2 * counts[:, :-1].max(axis=1) > rows
        for at in np.flatnonzero(crowded & (2 * self._rows <= self._seen)):
            chosen = values[(position == at) & ~np.isnan(values)]
            median = np.partition(chosen, len(chosen) // 2)[len(chosen) // 2]
            if median != self._value[at]:
                self._value[at], self._rows[at] = median, 0
        self._seen += rows
        if not np.isnan(self._value).all():
            having = position[values == self._value[position]]
            self._rows += np.bincount(having, minlength=len(self._value))

    def of(self, position: int) -> tuple[float, int] | None:
        """(value, rows), None while there was no value."""
        value = float(self._value[position])
        return None if np.isnan(value) else (value, int(self._rows[position]))


def _grid(cell: np.ndarray, bins: np.ndarray, cells: int, width: int) -> np.ndarray:
    """(n,) cells and (n,) bins -> counts of shape (cells, width)."""
    return np.bincount(cell * width + bins, minlength=cells * width).reshape(cells, width)
