"""A raw month cleaned in a stream: memory holds a few hundred thousand rows, however many the month has.

First the hashes of all rows are spread over temporary files by their leading bits, so that rows which may belong
together meet in one file; only rows whose hash repeats are then compared, file by file. The second reading of the month
knows the matched rows by their number. Memory grows with the month only where one and the same trip is in it over and
over.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import BadDataError
from include.lake import Lake, Manifest
from include.processing.cleaning_rules import (
    MATCHED,
    MAY_BE_EMPTY,
    MAY_LACK_ZONES,
    REASONS,
    reason_codes,
    required_inputs,
)
from include.processing.reversals import key_columns, key_hashes, match_rows, repeated
from include.trips.columns import METERED
from include.trips.month import Month

BATCH_ROWS = 125_000
PARTITION_ROWS = 1 << 20
"""Rows of which one temporary file holds the hashes: 16 bytes each, and as much again while they are sorted."""
POSITION = "position"
NAMES = pa.array(["", *REASONS])


def publish_clean(lake: Lake, raw: Manifest, key: str) -> Manifest:
    """The lake's raw month -> its `clean` and `quarantine` months; the manifest of `clean`.

    Both carry the counts by reason. BadDataError when no row is left or the raw file cannot be read: nothing is
    published then. Quarantine comes second: whoever finds `clean` with this key looks for `quarantine` with it too.
    """
    month = Month.parse(raw.month)
    with tempfile.TemporaryDirectory(prefix="cleaning-") as scratch:
        stream = CleanStream(raw, find_matches(raw, Path(scratch)), Path(scratch) / "quarantine.arrow")
        clean = lake.publish_batches("clean", raw.service, month, stream, stream.schema, key, stream.meta)
        dropped = stream.quarantined()
        lake.publish_batches("quarantine", raw.service, month, dropped, with_reason(stream.schema), key, stream.meta)
    return clean


class CleanStream:
    """Iterate once for the kept rows; then `quarantined` gives the others with `reason`, and `meta` the counts.

    BadDataError at its end when the month keeps nothing, or when kept and quarantined are not all that was ingested.
    """

    def __init__(self, raw: Manifest, matched: dict[str, np.ndarray], spool: Path) -> None:
        self.raw, self.month, self.matched, self.spool = raw, Month.parse(raw.month), matched, spool
        self.schema, self.inputs = month_shape(raw)
        self.kept, self.read, self.reasons = 0, 0, Counter[int]()

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        with pa.OSFile(str(self.spool), "wb") as file, pa.ipc.new_stream(file, with_reason(self.schema)) as spool:
            for batch in read_batches(self.raw.uri):
                code = self._codes(batch)
                dropped = pa.array(code > 0)
                reasons = NAMES.take(pa.array(code[code > 0]))
                spool.write_batch(batch.filter(dropped).append_column("reason", reasons))
                kept = batch.filter(pa.array(code == 0))
                self._count(batch, kept, code)
                yield kept
        self._refuse_losses()

    def quarantined(self) -> Iterator[pa.RecordBatch]:
        """The rows that were not kept, in their order."""
        with pa.OSFile(str(self.spool), "rb") as file, pa.ipc.open_stream(file) as spool:
            yield from spool

    def meta(self) -> dict[str, Any]:
        """`quarantined` counts rows by reason, zero included."""
        counts = {reason: self.reasons[code] for code, reason in enumerate(REASONS, start=1)}
        return {"quarantined": counts, "cleaned_at": datetime.now(UTC).isoformat()}

    def _codes(self, batch: pa.RecordBatch) -> np.ndarray:
        columns = {name: batch[name].to_numpy(zero_copy_only=False) for name in self.inputs}
        masks = {reason: np.zeros(batch.num_rows, bool) for reason in MATCHED}
        for reason, positions in self.matched.items():
            first, last = np.searchsorted(positions, (self.read, self.read + batch.num_rows))
            masks[reason][positions[first:last] - self.read] = True
        return reason_codes(columns, self.month, self.raw.service in MAY_LACK_ZONES, masks)

    def _count(self, batch: pa.RecordBatch, kept: pa.RecordBatch, code: np.ndarray) -> None:
        self.read += batch.num_rows
        self.kept += kept.num_rows
        self.reasons.update(dict(enumerate(np.bincount(code, minlength=len(NAMES)).tolist())))

    def _refuse_losses(self) -> None:
        name, counts = f"{self.raw.service} {self.month}", self.meta()["quarantined"]
        dropped = sum(counts.values())
        if not self.kept + dropped == self.read == self.raw.rows:
            raise BadDataError(
                f"Cleaning of {name} does not add up: {self.kept:,} kept and {dropped:,} quarantined of {self.read:,} "
                f"read, {self.raw.rows:,} ingested. Ingest the month again; if it stays so, report it as a fault."
            )
        if not self.kept:
            worst = max(counts, key=lambda reason: counts[reason])
            raise BadDataError(
                f"Cleaning keeps none of the {self.read:,} rows of {name}; most are {worst} ({REASONS[worst]}). "
                "Check that the file is the month it is named for, then ingest it again."
            )


def find_matches(raw: Manifest, scratch: Path) -> dict[str, np.ndarray]:
    """Row numbers of the raw month, from 0 and ascending, for each reason that lies between rows."""
    parts = -(-max(raw.rows, 1) // PARTITION_ROWS)
    _spread_hashes(raw, scratch, parts)
    candidates = [_candidates(scratch / f"hashes-{part}") for part in range(parts)]
    _spread_rows(raw, scratch, candidates)
    found: dict[str, list[np.ndarray]] = {reason: [np.zeros(0, np.int64)] for reason in MATCHED}
    for part, positions in enumerate(candidates):
        if len(positions):
            rows = _rows_of(scratch / f"rows-{part}")
            for reason, mask in match_rows(rows).items():
                found[reason].append(rows[POSITION].to_numpy()[mask])
    return {reason: np.sort(np.concatenate(positions)) for reason, positions in found.items()}


def _spread_hashes(raw: Manifest, scratch: Path, parts: int) -> None:
    """Every row's hash and number, as pairs of uint64, to the file of its part."""
    start = 0
    with ExitStack() as stack:
        files = [stack.enter_context((scratch / f"hashes-{part}").open("wb")) for part in range(parts)]
        for batch in read_batches(raw.uri, key_columns(month_shape(raw)[0].names)):
            hashes = key_hashes(pa.Table.from_batches([batch]))
            pairs = np.stack([hashes, np.arange(start, start + len(hashes), dtype=np.uint64)], axis=1)
            start += len(hashes)
            part_of = _part(hashes, parts)
            for part, file in enumerate(files):
                file.write(pairs[part_of == part].tobytes())


def _part(hashes: np.ndarray, parts: int) -> np.ndarray:
    return np.asarray((hashes >> np.uint64(48)) % np.uint64(parts))


def _candidates(path: Path) -> np.ndarray:
    """Ascending row numbers of the part's rows whose hash repeats."""
    pairs = np.fromfile(path, np.uint64).reshape(-1, 2)
    path.unlink()
    return np.sort(pairs[repeated(pairs[:, 0]), 1]).astype(np.int64)


def _spread_rows(raw: Manifest, scratch: Path, candidates: list[np.ndarray]) -> None:
    """The candidates' rows, with their number, to the file of their part."""
    schema, start = month_shape(raw)[0].append(pa.field(POSITION, pa.int64())), 0
    with ExitStack() as stack:
        sinks = {
            part: stack.enter_context(pa.ipc.new_stream(str(scratch / f"rows-{part}"), schema))
            for part, positions in enumerate(candidates)
            if len(positions)
        }
        for batch in read_batches(raw.uri) if sinks else ():
            for part, sink in sinks.items():
                first, last = np.searchsorted(candidates[part], (start, start + batch.num_rows))
                numbers = candidates[part][first:last]
                sink.write_batch(batch.take(pa.array(numbers - start)).append_column(POSITION, pa.array(numbers)))
            start += batch.num_rows


def _rows_of(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_stream(file) as rows:
        return rows.read_all()


def month_shape(raw: Manifest) -> tuple[pa.Schema, list[str]]:
    """The raw file's schema and the inputs of the rules that hold for it; BadDataError when it lacks one.

    Fares and distances that no row of a hired service's month has are no inputs; the file's own statistics tell.
    """
    with _opened(raw.uri) as parquet:
        schema, groups = parquet.schema_arrow, [parquet.metadata.row_group(i) for i in range(parquet.num_row_groups)]
    inputs = required_inputs(raw.service, schema.names, f"{raw.service} {raw.month}")
    optional = [name for name in MAY_BE_EMPTY if name in inputs and raw.service not in METERED]
    empty = [name for name in optional if all(_holds_nothing(g, schema.names.index(name)) for g in groups)]
    return schema, [name for name in inputs if name not in empty]


def _holds_nothing(group: pq.RowGroupMetaData, column: int) -> bool:
    return bool(group.column(column).statistics.null_count == group.num_rows)


def with_reason(schema: pa.Schema) -> pa.Schema:
    """The schema of quarantined rows."""
    return schema.append(pa.field("reason", pa.string()))


def read_batches(uri: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """A lake month's rows in order, in batches; BadDataError names a file that cannot be read."""
    with _opened(uri) as parquet:
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
def _opened(uri: str) -> Iterator[pq.ParquetFile]:
    try:
        file = fsspec.open(uri, "rb").open()
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(uri, error) from None
    with file, parquet:
        yield parquet


def _unreadable(uri: str, error: Exception) -> BadDataError:
    return BadDataError(f"{uri} cannot be read: {error}. Run the month again to rebuild it.")
