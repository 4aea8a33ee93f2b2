"""The lake's raw month in batches, and what of it the cleaning rules can read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import BadDataError
from include.lake import Manifest
from include.processing.cleaning_rules import MAY_BE_EMPTY, required_inputs
from include.trips.columns import METERED

BATCH_ROWS = 125_000


def month_shape(raw: Manifest) -> tuple[pa.Schema, list[str]]:
    """The raw file's schema and the inputs of the rules that hold for it; BadDataError when it lacks one.

    Fares and distances that no row of a hired service's month has are no inputs; the file's own statistics tell.
    """
    with opened(raw.uri) as parquet:
        schema, groups = parquet.schema_arrow, [parquet.metadata.row_group(i) for i in range(parquet.num_row_groups)]
    inputs = required_inputs(raw.service, schema.names, f"{raw.service} {raw.month}")
    optional = [name for name in MAY_BE_EMPTY if name in inputs and raw.service not in METERED]
    empty = [name for name in optional if all(_holds_nothing(g, schema.names.index(name)) for g in groups)]
    return schema, [name for name in inputs if name not in empty]


def _holds_nothing(group: pq.RowGroupMetaData, column: int) -> bool:
    return bool(group.column(column).statistics.null_count == group.num_rows)


def read_batches(uri: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """A lake month's rows in order, BATCH_ROWS at a time; BadDataError names a file that cannot be read."""
    with opened(uri) as parquet:
        batches = parquet.iter_batches(BATCH_ROWS, columns=columns)
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                raise _unreadable(uri, error) from None
            if batch is None:
                return
            yield batch


@contextmanager
def opened(uri: str) -> Iterator[pq.ParquetFile]:
    """A Parquet file of the lake; BadDataError when it is none."""
    with ExitStack() as stack:
        try:
            parquet = stack.enter_context(pq.ParquetFile(stack.enter_context(fsspec.open(uri, "rb"))))
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(uri, error) from None
        yield parquet


def _unreadable(uri: str, error: Exception) -> BadDataError:
    return BadDataError(f"{uri} cannot be read: {error}. Run the month again to rebuild it.")
