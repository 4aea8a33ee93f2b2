"""A published file meets the contract: any era's names and types -> canonical columns, or a refusal by name.

A file is matched once, by its column names; then each of its record batches becomes canonical by itself, so a month is
read in a stream. The columns themselves are in `columns.py`, the eras in `layouts.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from include.errors import BadDataError
from include.trips.codes import CODED_TEXT, code_table, decode
from include.trips.columns import (
    ALL_SERVICES,
    COLUMNS,
    FHV,
    FHVHV,
    GREEN,
    METERED,
    PICKUP_COLUMNS,
    SOURCE_ROW,
    YELLOW,
    Column,
    Known,
    columns_for,
    schema_for,
)
from include.trips.layouts import Layout, recognise
from include.trips.places import assign_zone

__all__ = [
    "ALL_SERVICES", "COLUMNS", "CONTRACT_SOURCES", "FHV", "FHVHV", "GREEN", "METERED", "PICKUP_COLUMNS", "SOURCE_ROW",
    "YELLOW", "Arrival", "ArrivalReport", "Column", "Known", "columns_for", "schema_for", "to_canonical",
]  # fmt: skip

CONTRACT_SOURCES = ("trips/columns.py", "trips/layouts.py", "trips/codes.py", "trips/contract.py", "trips/places.py",
                    "trips/data/codes.csv", "trips/data/zones.geojson")  # fmt: skip
"""Everything that decides what a published file becomes; part of a raw month's key."""
PLACES = {"pickup_zone": ("pickup_lat", "pickup_lon"), "dropoff_zone": ("dropoff_lat", "dropoff_lon")}


@dataclass(frozen=True)
class ArrivalReport:
    """How a published file met the contract: columns nobody declared, ones that did not come, types that were cast.

    `layout` is the era whose names it has, `uncoded` counts text codes without a mapping, by column and text.
    """

    unknown: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    retyped: dict[str, str] = field(default_factory=dict)
    layout: str = ""
    uncoded: dict[str, dict[str, int]] = field(default_factory=dict)


class Arrival:
    """One file being read: `canonical` takes its batches in order, `report` says afterwards what was unusual.

    BadDataError at once when a required column is missing or the file is another service's.
    """

    def __init__(self, names: Iterable[str], service: str, origin: str) -> None:
        self.service, self.origin, self.schema = service, origin, schema_for(service)
        self.published = tuple(names)
        self.layout: Layout = recognise(self.published, service, origin)
        self.rows = 0
        self._held_by = _match(self.published, self.layout, origin)
        self._retyped: dict[str, str] = {}
        self._uncoded: dict[str, Counter[str]] = {}

    @property
    def wanted(self) -> list[str]:
        """Published names worth reading, in the file's order; the others are unknown to the contract."""
        held = {name for names in self._held_by.values() for name in names}
        return [name for name in self.published if name in held]

    @property
    def text_types(self) -> dict[str, pa.DataType]:
        """Published name -> the type to read its text as: codes as text, whole numbers as floats, for `1.0` is one."""
        return {
            name: pa.string() if c.name in code_table() else pa.float64() if pa.types.is_integer(c.type) else c.type
            for c in columns_for(self.service)
            for name in self._held_by.get(c.name, ())
        }

    def canonical(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The file's next rows under published names -> the same rows, canonical. BadDataError for an impossible value.

        `source_row` continues from the batch before.
        """
        columns = {c.name: self._column(batch, c) for c in columns_for(self.service)}
        for zone, (lat, lon) in PLACES.items():
            if zone not in self._held_by and lat in self._held_by:
                columns[zone] = pa.array(assign_zone(_floats(columns[lat]), _floats(columns[lon])), pa.int32())
        numbers = pa.arange(self.rows, self.rows + batch.num_rows)
        self.rows += batch.num_rows
        return pa.record_batch([*columns.values(), numbers], schema=self.schema)

    def report(self) -> ArrivalReport:
        """What was unusual in the batches so far."""
        wanted = set(self.wanted)
        return ArrivalReport(
            unknown=tuple(name for name in self.published if name not in wanted),
            absent=tuple(c.name for c in columns_for(self.service) if c.name not in self._held_by),
            retyped=dict(sorted(self._retyped.items())),
            layout=f"{self.service} since {self.layout.since}",
            uncoded={name: dict(sorted(counts.items())) for name, counts in sorted(self._uncoded.items())},
        )

    def _column(self, batch: pa.RecordBatch, column: Column) -> pa.Array:
        held_by = self._held_by.get(column.name, ())
        parts = [self._cast(batch.column(name), column, name) for name in held_by]
        if not parts:
            return pa.nulls(batch.num_rows, column.type)
        return parts[0] if len(parts) == 1 else pc.coalesce(*parts)

    def _cast(self, values: pa.Array, column: Column, published: str) -> pa.Array:
        if values.type != column.type:
            self._retyped[column.name] = str(values.type)
        if pa.types.is_timestamp(values.type) and values.type.tz is not None:
            raise BadDataError(
                f"{self.origin}: {published} carries the time zone {values.type.tz}; naive New York time is expected."
            )
        try:
            return self._coded(values, column) if _needs_codes(values, column) else _plain(values, column.type)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise BadDataError(
                f"{self.origin}: column {published} ({values.type}) does not fit {column.name} ({column.type}): "
                f"{error}. Get the file again, or quarantine it if TLC published it so."
            ) from None

    def _coded(self, values: pa.Array, column: Column) -> pa.Array:
        decoded, uncoded = decode(values, column.name, column.type)
        if uncoded:
            self._uncoded.setdefault(column.name, Counter()).update(uncoded)
        return decoded


def to_canonical(table: pa.Table, service: str, origin: str) -> tuple[pa.Table, ArrivalReport]:
    """A published table (names in any case, types of any era) -> canonical columns, plus what was unusual.

    BadDataError when a required column is missing (both lists are named), when the file is another service's, or when
    a value does not fit the canonical type. `origin` is the file's name, for messages.
    """
    arrival = Arrival(table.column_names, service, origin)
    batches = [arrival.canonical(batch) for batch in table.to_batches()]
    return pa.Table.from_batches(batches, schema=arrival.schema), arrival.report()


def _match(published: tuple[str, ...], layout: Layout, origin: str) -> dict[str, tuple[str, ...]]:
    """canonical name -> published names that hold it. BadDataError for two names that differ in case or blanks only."""
    by_plain = {name.strip().lower(): name for name in published}
    if len(by_plain) < len(published):
        raise BadDataError(f"{origin} names a column twice: {', '.join(published)}. Get the file again.")
    held = {column: tuple(by_plain[n] for n in names if n in by_plain) for column, names in layout.names.items()}
    return {column: names for column, names in held.items() if names}


def _needs_codes(values: pa.Array, column: Column) -> bool:
    """Text in a column of codes; numbers too where the canonical code is text, as store_and_fwd of 2009."""
    if pa.types.is_null(values.type):
        return False
    coded = column.name in code_table() or column.name in CODED_TEXT
    return coded and (_is_text(values.type) or column.type == pa.string())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _plain(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast without loss. A NaN is a missing value; so is blank text where something else is meant."""
    if pa.types.is_floating(values.type):
        nan = pc.is_nan(values)
        values = pc.if_else(nan, None, values) if pc.any(nan).as_py() else values
    if _is_text(values.type):
        trimmed = pc.utf8_trim_whitespace(values.cast(pa.string()))
        values = pc.if_else(pc.equal(trimmed, ""), None, trimmed)
    if _is_text(values.type) and pa.types.is_integer(kind):
        values = values.cast(pa.float64())
    return values.cast(kind)


def _floats(values: pa.Array) -> object:
    return values.to_numpy(zero_copy_only=False)
