"""A raw month cleaned in a stream: memory holds a few hundred thousand rows, however many the month has."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from include.errors import BadDataError
from include.lake import Lake, Manifest
from include.processing.cleaning_rules import MATCHED, MAY_LACK_ZONES, REASONS, reason_codes
from include.processing.month_matches import find_matches
from include.processing.raw_month import month_shape, read_batches
from include.trips.month import Month

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


def with_reason(schema: pa.Schema) -> pa.Schema:
    """The schema of quarantined rows."""
    return schema.append(pa.field("reason", pa.string()))
