"""Where months live between tasks.

`<root>/<stage>/service=<s>/month=<YYYY-MM>/` holds content-named files and `manifest.json`. A file is complete before
the manifest names it, so a reader sees the old month or the new one; the same input gives the same name and bytes.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from include.errors import BadDataError
from include.trips.month import Month
from include.utils.files import atomic_path, room_for, scratch_folder
from include.utils.hashing import file_sha256

MANIFEST = "manifest.json"
ROW_GROUP = 500_000
"""Rows of a Parquet row group; a stream is cut into these whatever its batches are, so equal rows give equal bytes."""
KEEP_SUPERSEDED_SECONDS = 24 * 3600
"""A superseded file stays this long, so that a run that already holds its URI can finish."""


@dataclass(frozen=True)
class Manifest:
    """What one stage holds of one service-month. `key` fingerprints input and code: equal key, nothing to redo."""

    stage: str
    service: str
    month: str
    uri: str
    key: str
    sha256: str
    rows: int
    meta: dict[str, Any] = field(default_factory=dict)


class Lake:
    """Files under one fsspec root, e.g. a folder or `s3://bucket/lake`."""

    def __init__(self, root: str) -> None:
        self.fs, path = fsspec.url_to_fs(root)
        self.root = path if isinstance(self.fs, LocalFileSystem) else self.fs.unstrip_protocol(path)

    def folder(self, stage: str, service: str, month: Month) -> str:
        """The one place that makes a stage month's path."""
        return f"{self.root}/{stage}/service={service}/month={month}"

    def current(self, stage: str, service: str, month: Month) -> Manifest | None:
        """The stage month's manifest, or None while there is none or its file is gone."""
        path = f"{self.folder(stage, service, month)}/{MANIFEST}"
        if not self.fs.exists(path):
            return None
        manifest = Manifest(**json.loads(self.fs.cat_file(path)))
        return manifest if self.fs.exists(manifest.uri) else None

    def require(self, stage: str, service: str, month: Month) -> Manifest:
        """`current`, or BadDataError that says which phase to run first."""
        manifest = self.current(stage, service, month)
        if manifest is None:
            raise BadDataError(
                f"The lake has no {stage} month {service} {month} under {self.root}: run the phases before this one "
                f"first (make pipeline TAXI_SERVICE={service} TAXI_MONTHS={month})."
            )
        return manifest

    def months(self, stage: str, service: str) -> tuple[Month, ...]:
        """Months of a stage that have a manifest, in order."""
        pattern = f"{self.root}/{stage}/service={service}/month=*/{MANIFEST}"
        return tuple(sorted(Month.parse(p.split("month=")[1].split("/")[0]) for p in self.fs.glob(pattern)))

    def publish_table(
        self, stage: str, service: str, month: Month, table: pa.Table, key: str, meta: Mapping[str, Any] | None = None
    ) -> Manifest:
        """Writes `table` as Parquet (zstd) and points the stage month at it; the same rows give the same bytes."""
        return self.publish_batches(stage, service, month, table.to_batches(), table.schema, key, lambda: meta or {})

    def publish_batches(
        self,
        stage: str,
        service: str,
        month: Month,
        batches: Iterable[pa.RecordBatch],
        schema: pa.Schema,
        key: str,
        meta: Callable[[], Mapping[str, Any]],
    ) -> Manifest:
        """`publish_table` of a stream, which may be larger than memory; `meta` is asked when its last batch is written.

        An error in the stream leaves the stage month as it was.
        """
        with room_for(self.root, f"a {stage} month"), self._scratch() as scratch:
            path = scratch / "data.parquet"
            rows = 0
            with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
                for group in _row_groups(batches, schema):
                    writer.write_table(group, row_group_size=ROW_GROUP)
                    rows += group.num_rows
            return self.publish_file(stage, service, month, path, key, rows=rows, meta=meta())

    def publish_file(
        self,
        stage: str,
        service: str,
        month: Month,
        path: Path,
        key: str,
        rows: int,
        meta: Mapping[str, Any] | None = None,
        suffix: str = ".parquet",
    ) -> Manifest:
        """Copies a finished file in under its content's name, then points the stage month at it."""
        folder, digest = self.folder(stage, service, month), file_sha256(path)
        uri = f"{folder}/{digest[:16]}{suffix}"
        manifest = Manifest(stage, service, str(month), uri, key, digest, rows, dict(meta or {}))
        superseded = self.current(stage, service, month)
        with room_for(self.root, f"a {stage} month"), self._scratch() as scratch:
            self._put(path, uri)
            written = scratch / MANIFEST
            written.write_text(json.dumps(asdict(manifest), indent=2, sort_keys=True) + "\n")
            self._put(written, f"{folder}/{MANIFEST}")
        if superseded is not None and isinstance(self.fs, LocalFileSystem):
            os.utime(superseded.uri)  # its age counts from now
        self._prune(folder, keep=uri)
        return manifest

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        """A folder for temporary files; next to a local lake, so that the rename stays on one file system."""
        if isinstance(self.fs, LocalFileSystem):
            with scratch_folder(Path(self.root) / ".scratch") as folder:
                yield folder
        else:
            with tempfile.TemporaryDirectory(prefix="lake-") as name:
                yield Path(name)

    def _put(self, source: Path, target: str) -> None:
        """Object stores write a key whole; a local file is copied under a temporary name and renamed."""
        if isinstance(self.fs, LocalFileSystem):
            with atomic_path(Path(target)) as temporary:
                shutil.copyfile(source, temporary)
        else:
            self.fs.put_file(str(source), target)

    def _prune(self, folder: str, keep: str) -> None:
        if not isinstance(self.fs, LocalFileSystem):
            return
        for path in Path(folder).iterdir():
            old = time.time() - path.stat().st_mtime > KEEP_SUPERSEDED_SECONDS
            if path.name != MANIFEST and path != Path(keep) and old:
                path.unlink(missing_ok=True)


def _row_groups(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows as tables of ROW_GROUP rows, each column in one chunk; the last table may be shorter."""
    held = schema.empty_table()
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch], schema)])
        while held.num_rows >= ROW_GROUP:
            yield held.slice(0, ROW_GROUP).combine_chunks()
            held = held.slice(ROW_GROUP)
    if held.num_rows:
        yield held.combine_chunks()


def read_table(uri: str, columns: list[str] | None = None) -> pa.Table:
    """A stage month's Parquet as Arrow. BadDataError names a file that cannot be read."""
    try:
        with fsspec.open(uri, "rb") as file:
            return pq.read_table(file, columns=columns)
    except (pa.ArrowInvalid, FileNotFoundError) as error:
        raise BadDataError(f"{uri} cannot be read: {error}. Run the month again to rebuild it.") from None


def read_columns(uri: str, columns: list[str] | None = None) -> dict[str, np.ndarray]:
    """A stage month's columns as numpy arrays of n rows; a null in an integer column becomes NaN in float64."""
    return columns_of(read_table(uri, columns))


def columns_of(table: pa.Table) -> dict[str, np.ndarray]:
    """Arrow columns -> numpy arrays, without pandas."""
    return {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
