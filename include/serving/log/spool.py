"""Rows on their way to the database, in append-only files that outlive the process.

A segment's first line names the columns, every other line is one row. Whoever holds the lock (flock) of a segment
works on it: its writer while it grows, one shipper afterwards. The lock of a process that was killed is free, so any
later process of the same home finds what it left behind, and no two ship the same file at once.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from pydantic_core import from_json

SEGMENT_BYTES = 4_000_000
ENDING = ".rows"


class Spool:
    """One process's way to write segments of a folder, and to read everybody's. Not for several writing threads."""

    def __init__(self, folder: Path, columns: Sequence[str]) -> None:
        self.folder, self._header = folder, (json.dumps(list(columns)) + "\n").encode()
        self._open: int | None = None
        self._bytes, self._opened_at = 0, 0.0

    def append(self, lines: Sequence[bytes]) -> None:
        """All these rows, or none of them and OSError: what a full disk took of them is cut off again."""
        handle = self._begin() if self._open is None else self._open
        content = memoryview(b"".join(lines))
        try:
            while content:
                content = content[os.write(handle, content) :]
        except OSError:
            os.ftruncate(handle, self._bytes)
            raise
        self._bytes = os.fstat(handle).st_size

    def _begin(self) -> int:
        """A segment gets its name once it is locked: before that a shipper would take it for an empty, finished one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{time.time_ns():020d}-{os.getpid()}{ENDING}"
        unnamed = path.with_suffix(".begun")
        handle = os.open(unnamed, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.write(handle, self._header) < len(self._header):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            unnamed.rename(path)
        except OSError:
            unnamed.unlink()
            os.close(handle)
            raise
        self._open, self._bytes, self._opened_at = handle, len(self._header), time.monotonic()
        return handle

    def sync(self) -> None:
        """What was appended survives a power cut from here on."""
        if self._open is not None:
            os.fdatasync(self._open)

    def close(self) -> None:
        """The present segment is complete and may be shipped."""
        if self._open is not None:
            os.close(self._open)
            self._open = None

    @property
    def age(self) -> float:
        """Seconds since the present segment was begun; 0 without one."""
        return time.monotonic() - self._opened_at if self._open is not None else 0.0

    @property
    def is_long(self) -> bool:
        """True when the present segment has its full size."""
        return self._open is not None and self._bytes >= SEGMENT_BYTES

    def size(self) -> int:
        """Bytes of all segments, those of other processes too."""
        total = 0
        for path in self.segments():
            with suppress(FileNotFoundError):
                total += path.stat().st_size
        return total

    def segments(self) -> list[Path]:
        """Every segment, the oldest first."""
        return sorted(self.folder.glob(f"*{ENDING}"))


@contextmanager
def claimed(path: Path) -> Iterator[BinaryIO | None]:
    """The segment, locked for this caller; None when it is still written, being shipped by another, or gone."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file if os.fstat(file.fileno()).st_nlink else None


def read_rows(file: BinaryIO) -> Iterator[dict[str, Any] | None]:
    """Each row by column name; None for a line that a killed writer or a broken disk left unreadable."""
    header = _parsed(file.readline())
    for line in file:
        values = _parsed(line)
        yield dict(zip(header, values, strict=True)) if header and values and len(values) == len(header) else None


def _parsed(line: bytes) -> list[Any] | None:
    with suppress(ValueError):
        value = from_json(line) if line.endswith(b"\n") else None
        return value if isinstance(value, list) else None
    return None
