"""Reversals and duplicates of a month that need not fit in memory.

The hashes of all rows are spread over temporary files by their leading bits, so that rows which may belong together
meet in one file. Only rows whose hash repeats are read and compared, file by file. Memory grows with the month only
where one and the same trip is in it over and over.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa

from include.lake import Manifest
from include.processing.cleaning_rules import MATCHED
from include.processing.raw_month import month_shape, read_batches
from include.processing.reversals import key_columns, key_hashes, match_rows, repeated

PARTITION_ROWS = 1 << 20
"""Rows of which one temporary file holds the hashes: 16 bytes each, and as much again while they are sorted."""
POSITION = "position"


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
