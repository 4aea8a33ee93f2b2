"""Published files as record batches: Parquet, or CSV plain, gzipped or zipped, told apart by their first bytes.

Nothing here knows what a trip is: names and values are as published, and memory does not grow with the file.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import IO, Any

import fsspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from include.errors import BadDataError

BATCH_ROWS = 250_000
CSV_BLOCK_BYTES = 16 << 20
UNREADABLE_SHARE = 0.001
"""Yellow CSVs of 2010 hold a few lines of another width. So many are counted and left out; more refuse the file."""
READ_FAULTS = (pa.ArrowException, OSError, UnicodeDecodeError, csv.Error, zlib.error, zipfile.BadZipFile, EOFError)
NULLS = ["", "NULL", "\\N"]
"""Not "NA": the look-up calls zone 265 so, and payment types of 2010 have it as a code."""
TIME_FORMATS = [pa_csv.ISO8601, "%m/%d/%Y %I:%M:%S %p"]
"""TLC's own form, and that of the city's open-data portal."""

Types = Mapping[str, pa.DataType]
Opener = Callable[[], AbstractContextManager[Any]]


class ParquetFile:
    """A Parquet file, read a part of a row group at a time."""

    unreadable = 0

    def __init__(self, file: IO[bytes], origin: str) -> None:
        self.origin = origin
        self._file = pq.ParquetFile(file, pre_buffer=False)
        self.names = tuple(self._file.schema_arrow.names)

    def batches(self, names: Iterable[str], _types: Types) -> Iterator[pa.RecordBatch]:
        """The named columns of all rows, in the file's own types. BadDataError for damaged pages."""
        rows, promised = 0, self._file.metadata.num_rows
        with _faults(self.origin):
            for batch in self._file.iter_batches(BATCH_ROWS, columns=list(names)):
                batch.validate(full=True)
                rows += batch.num_rows
                yield batch
        if rows != promised:
            raise BadDataError(f"{self.origin} holds {rows:,} rows, its footer promises {promised:,}: get it again.")


class CsvFile:
    """A CSV file. Blank lines, blanks around names and empty fields past the last name are the publisher's habits."""

    def __init__(self, opener: Opener, origin: str) -> None:
        self.origin, self._open = origin, opener
        self.unreadable = 0
        with opener() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            lines = csv.reader(text)
            header = next(lines, [])
            self._width = len(next((fields for fields in lines if fields), []))
        self.names = tuple(name.strip() for name in header)
        if 0 < self._width < len(header):
            raise BadDataError(
                f"{origin} names {len(header)} columns, but its first row has {self._width} fields: its columns are "
                "shifted against their names. Get the file again."
            )
        self._past = [f"past the last name {i}" for i in range(self._width - len(header))]

    def batches(self, names: Iterable[str], types: Types) -> Iterator[pa.RecordBatch]:
        """The named columns of all rows, parsed as `types` says, inferred elsewhere. BadDataError for shifted rows."""
        chosen, rows = list(names), 0
        if not self._width:
            return
        with _faults(self.origin, self.names), self._open() as stream:
            for batch in pa_csv.open_csv(stream, **self._options(chosen, types)):
                for extra in self._past:
                    self._refuse_shift(batch.column(extra))
                rows += batch.num_rows
                yield batch.select(chosen)
        if self.unreadable > UNREADABLE_SHARE * rows:
            raise BadDataError(
                f"{self.origin}: {self.unreadable:,} of {rows + self.unreadable:,} lines do not have the "
                f"{len(self.names) + len(self._past)} fields that the first has. Get the file again, or repair them."
            )

    def _options(self, chosen: list[str], types: Types) -> dict[str, Any]:
        text = dict.fromkeys(self._past, pa.string())
        return {
            "read_options": pa_csv.ReadOptions(
                column_names=[*self.names, *self._past], skip_rows=1, block_size=CSV_BLOCK_BYTES
            ),
            "parse_options": pa_csv.ParseOptions(invalid_row_handler=self._count_unreadable),
            "convert_options": pa_csv.ConvertOptions(
                column_types={**types, **text},
                include_columns=[*chosen, *self._past],
                null_values=NULLS,
                strings_can_be_null=True,
                timestamp_parsers=TIME_FORMATS,
            ),
        }

    def _count_unreadable(self, _: Any) -> str:
        self.unreadable += 1
        return "skip"

    def _refuse_shift(self, extra: pa.Array) -> None:
        if extra.null_count < len(extra):
            value = extra.drop_null()[0].as_py()
            raise BadDataError(
                f"{self.origin} names {len(self.names)} columns, but a row goes on after the last with {value!r}: its "
                "columns are shifted against their names. Get the file again."
            )


Published = ParquetFile | CsvFile


@contextmanager
def open_published(uri: str, origin: str) -> Iterator[Published]:
    """A trip file at any fsspec address, closed afterwards. BadDataError, naming `origin`, for what cannot be read.

    Most damage shows only when the batches are read, and is a BadDataError there.
    """
    with ExitStack() as stack:
        with _faults(origin):
            file = stack.enter_context(fsspec.open(uri, "rb"))
            head = file.read(4)
            file.seek(0)
            published = ParquetFile(file, origin) if head == b"PAR1" else CsvFile(_opener(uri, head), origin)
        yield published


@contextmanager
def _faults(origin: str, names: tuple[str, ...] = ()) -> Iterator[None]:
    """Turns what readers raise into BadDataError; `names` are put in where a reader counts columns."""
    try:
        yield
    except READ_FAULTS as error:
        named = dict(enumerate(names))
        said = re.sub(r"CSV column #(\d+)", lambda found: f"column {named.get(int(found[1]), found[1])}", str(error))
        raise BadDataError(f"{origin} cannot be read as a trip file: {said}. Get the file again.") from None


def _opener(uri: str, head: bytes) -> Opener:
    """Starts the text of the file from its beginning, as often as it is called."""

    @contextmanager
    def opened() -> Iterator[Any]:
        with fsspec.open(uri, "rb") as file:
            if head[:2] == b"\x1f\x8b":
                with gzip.open(file) as stream:
                    yield stream
            elif head == b"PK\x03\x04":
                with zipfile.ZipFile(file) as archive, archive.open(_only_member(archive)) as member:
                    yield member
            else:
                yield file

    return opened


def _only_member(archive: zipfile.ZipFile) -> str:
    members = [name for name in archive.namelist() if name.lower().endswith(".csv") and "__MACOSX" not in name]
    if len(members) != 1:
        raise zipfile.BadZipFile(f"the archive holds {', '.join(archive.namelist()) or 'nothing'}, not one CSV file")
    return members[0]
