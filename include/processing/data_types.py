"""Trips as pandas frames or Arrow tables, with the contract's types: what is certainly a number becomes one.

The kernels take Arrow; pandas is met here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from include.errors import BadDataError
from include.trips.columns import COLUMNS, SOURCE_ROW, Column

if TYPE_CHECKING:
    import pandas as pd

Trips = TypeVar("Trips", bound=Any)
"""A pandas DataFrame or a pyarrow Table; what goes in comes out."""
CANONICAL = {column.name: column for column in (*COLUMNS, SOURCE_ROW)}
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
"""One dot at most, no thousands, no unit: `1,234` and `$5` may mean several things, and `inf` is no amount."""
UNKNOWN = ["", "nan", "null", "none"]
"""What text says where a value is missing, in lower case."""


def fix_data_types(trips: Trips) -> Trips:
    """The same rows with the contract's types, as a new frame or table; columns outside the contract stay as they are.

    Text becomes a number or a time where it certainly is one; blank text and NaN are missing values (null, in pandas
    NaN). BadDataError names the column and a value that does not fit: text, a fraction where whole numbers belong, a
    number where a time belongs, a time with a zone.
    """
    table = as_table(trips)
    columns = [
        _fixed(table[name], CANONICAL[name]) if name in CANONICAL else table[name] for name in table.column_names
    ]
    return like(pa.table(columns, names=table.column_names), trips)


def as_table(trips: Any) -> pa.Table:
    """A frame or a table as a table, types as they are; BadDataError for anything else and for a column named twice."""
    names = list(trips.column_names) if isinstance(trips, pa.Table) else [str(n) for n in getattr(trips, "columns", [])]
    if not names:
        raise BadDataError(f"Trips are a pandas DataFrame or a pyarrow Table with columns, not {_called(trips)}.")
    if len(set(names)) < len(names):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise BadDataError(f"The trips have a column twice: {', '.join(twice)}. Keep one of each.")
    if isinstance(trips, pa.Table):
        return trips
    return pa.table([_from_pandas(trips[name]) for name in trips.columns], names=names)


def like(table: pa.Table, trips: Trips) -> Trips:
    """A table with the rows of `trips` in what `trips` came in; a frame keeps its index."""
    if isinstance(trips, pa.Table):
        return cast(Trips, table)
    frame: pd.DataFrame = table.to_pandas()
    return cast(Trips, frame.set_axis(trips.index))


def select(trips: Trips, mask: np.ndarray) -> Trips:
    """The rows where the (n,) bool mask holds, in their order, as a new object."""
    return cast(Trips, trips.filter(pa.array(mask)) if isinstance(trips, pa.Table) else trips[mask].copy())


def with_column(trips: Trips, name: str, values: pa.Array) -> Trips:
    """The trips with a column replaced, or appended when there is none of that name."""
    if not isinstance(trips, pa.Table):
        return cast(Trips, trips.assign(**{name: values.to_pandas().to_numpy()}))
    if name in trips.column_names:
        return cast(Trips, trips.set_column(trips.column_names.index(name), name, values))
    return cast(Trips, trips.append_column(name, values))


def _called(trips: Any) -> str:
    return f"{type(trips).__name__} without columns" if hasattr(trips, "columns") else type(trips).__name__


def _from_pandas(values: pd.Series) -> pa.ChunkedArray:
    """Values of several types in one column become text, which is then judged like other text."""
    try:
        return pa.chunked_array([pa.Array.from_pandas(values)])
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        texts = [None if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)]
        return pa.chunked_array([pa.array(texts, pa.string())])


def _fixed(values: pa.ChunkedArray, column: Column) -> pa.ChunkedArray:
    try:
        return _converted(values, column.type)
    except pa.ArrowException:
        example = _first_unfit(values, lambda value: _converted(value, column.type))
        raise BadDataError(
            f"Column {column.name} holds {example!r} ({values.type}) where {column.type} belongs ({column.meaning}): "
            "correct the value, or take its rows out first."
        ) from None


def _first_unfit(values: pa.ChunkedArray, convert: Callable[[pa.ChunkedArray], object]) -> object:
    for value in values if pa.types.is_nested(values.type) else values.unique():
        try:
            convert(pa.chunked_array([pa.array([value.as_py()], values.type)]))
        except pa.ArrowException:
            return value.as_py()
    return values.type


def _converted(values: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """Cast without loss; pa.ArrowException for a value that does not certainly mean one of `kind`."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type) and pc.any(pc.is_nan(values)).as_py():
        values = pc.if_else(pc.is_nan(values), None, values)
    if kind != pa.string() and (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        values = _read_text(values, kind)
    if pa.types.is_timestamp(kind) and not (pa.types.is_temporal(values.type) or pa.types.is_null(values.type)):
        raise pa.ArrowInvalid("a number is no time")
    if pa.types.is_timestamp(values.type) and values.type.tz is not None:
        raise pa.ArrowInvalid("naive New York time is expected")
    if pa.types.is_integer(kind) and pa.types.is_floating(values.type) and pc.any(pc.is_inf(values)).as_py():
        raise pa.ArrowInvalid("infinity is no whole number")
    return values.cast(kind)


def _read_text(text: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    trimmed = pc.utf8_trim_whitespace(text.cast(pa.string()))
    missing = pc.is_in(pc.utf8_lower(trimmed), value_set=pa.array(UNKNOWN))
    given = pc.if_else(missing, None, trimmed)
    if pa.types.is_timestamp(kind):
        return given.cast(kind)
    if pc.all(pc.match_substring_regex(given, NUMBER)).as_py() is False:
        raise pa.ArrowInvalid("no number")
    return given.cast(pa.float64())
