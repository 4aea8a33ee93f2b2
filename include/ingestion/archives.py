"""Compressed files from others, opened without trust: nothing outside the folder, no links, no bombs, never half."""

from __future__ import annotations

import errno
import gzip
import io
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from include.errors import BadDataError
from include.utils.files import atomic_path

MAX_BYTES = 20 << 30
"""Many times a month of trips in CSV; for a collection of years give a larger limit."""
MAX_RATIO = 100.0
"""A month in CSV shrinks about 6 times (measured on the embedded sample); a bomb up to 1,032 times."""
RATIO_GRACE_BYTES = 1 << 20
"""Below this much output the ratio is not judged: tiny files of equal rows shrink as well as bombs do."""
MAX_MEMBERS = 10_000
CHUNK = 1 << 20
DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error,
    EOFError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile, tarfile and gzip raise on bytes that make no sense."""
KINDS = (".tar.gz", ".tgz", ".zip", ".gz")


def extract_compressed(
    filepath: Path,
    destination: Path | None = None,
    max_bytes: int = MAX_BYTES,
    max_ratio: float = MAX_RATIO,
    replace: bool = False,
) -> Path:
    """A folder with the files of a .zip or .tar.gz, or the one file of a .gz; by default beside it, without the suffix.

    BadDataError for an unknown kind, a damaged archive, an absolute name, `..`, a link or device, more output than
    `max_bytes` or `max_ratio` times the archive, and a destination that is there (unless `replace`): nothing is left.
    """
    kind = next((kind for kind in KINDS if filepath.name.lower().endswith(kind)), None)
    if kind is None:
        raise BadDataError(f"{filepath.name} is no archive known here: expected one of {', '.join(KINDS)}.")
    if not filepath.is_file():
        raise BadDataError(f"{filepath} is not there: check the path, or download the file first.")
    target = destination or filepath.with_name(filepath.name[: -len(kind)])
    if target.exists() and not replace:
        raise BadDataError(f"{target} is already there: remove it, or extract {filepath.name} to another place.")
    budget = _Budget(filepath, max_bytes, max_ratio)
    with _damage(filepath):
        if kind == ".gz":
            with gzip.open(filepath) as packed, atomic_path(target) as temporary, temporary.open("wb") as file:
                budget.copy(packed, file)
        else:
            _folder(filepath, target, budget)
    return target


class _Budget:
    """Counts what comes out, by what is read and not by what the archive claims."""

    def __init__(self, archive: Path, max_bytes: int, max_ratio: float) -> None:
        self.name, packed = archive.name, archive.stat().st_size
        by_ratio = max(int(packed * max_ratio), RATIO_GRACE_BYTES)
        self.limit, self.out, self.members = min(max_bytes, by_ratio), 0, 0
        self.reason = f"{max_ratio:g} times its {packed:,} bytes" if by_ratio < max_bytes else "the limit in bytes"

    def spend(self, count: int) -> None:
        self.out += count
        if self.out > self.limit:
            raise BadDataError(
                f"{self.name} expands to more than {self.limit:,} bytes ({self.reason}) and was not extracted: "
                "if you trust it, raise max_bytes or max_ratio of extract_compressed."
            )

    def count_member(self) -> None:
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise BadDataError(f"{self.name} holds more than {MAX_MEMBERS:,} files and was not extracted.")

    def copy(self, source: IO[bytes] | gzip.GzipFile, file: IO[bytes]) -> None:
        while chunk := source.read(CHUNK):
            self.spend(len(chunk))
            file.write(chunk)


def _folder(archive: Path, target: Path, budget: _Budget) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent) as scratch:
        content = Path(scratch) / "content"
        content.mkdir()
        members = _zip_members(archive) if archive.suffix.lower() == ".zip" else _tar_members(archive, budget)
        for name, source in members:
            budget.count_member()
            path = content / _safe_name(archive, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                budget.copy(source, file)
        if target.exists():
            target.rename(Path(scratch) / "replaced")
        content.rename(target)


def _zip_members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(archive) as opened:
        for info in opened.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            _safe_name(archive, info.filename)
            if info.is_dir():
                continue
            if kind not in (0, stat.S_IFREG):
                raise _no_plain_file(archive, info.filename)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise BadDataError(
                    f"{archive.name} packs {info.filename!r} by method {info.compress_type}: "
                    "expected stored or deflate; pack it again as a plain zip."
                )
            if info.flag_bits & 1:
                raise BadDataError(f"{archive.name} is encrypted ({info.filename}): extract it by hand first.")
            with opened.open(info) as source:
                yield info.filename, source


def _tar_members(archive: Path, budget: _Budget) -> Iterator[tuple[str, IO[bytes]]]:
    # Read as a stream whose every byte is counted: headers and padding cannot grow past the limit either.
    with gzip.open(archive) as packed, tarfile.open(fileobj=_Counted(packed, budget), mode="r|") as opened:
        for info in opened:
            _safe_name(archive, info.name)
            if info.isdir():
                continue
            if not info.isreg() or info.issparse():
                raise _no_plain_file(archive, info.name)
            source = opened.extractfile(info)
            if source is not None:
                yield info.name, source


class _Counted(io.RawIOBase):
    """A tar stream that ends with BadDataError where it outgrows the budget and the 1 KB that a member may add."""

    def __init__(self, source: gzip.GzipFile, budget: _Budget) -> None:
        self.source, self.budget, self.count = source, budget, 0

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.count += len(data)
        if self.count > self.budget.limit + RATIO_GRACE_BYTES + 1024 * self.budget.members:
            self.budget.spend(self.count)
        return data


def _safe_name(archive: Path, name: str) -> Path:
    """`name` as a relative path of plain parts; BadDataError for one that leads or may lead out of a folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or PureWindowsPath(name).drive:
        raise BadDataError(
            f"{archive.name} holds the name {name!r}, which leads out of its folder: it was not extracted; "
            "do not trust where it came from."
        )
    return Path(*path.parts)


def _no_plain_file(archive: Path, name: str) -> BadDataError:
    return BadDataError(
        f"{archive.name} holds {name!r}, a link, a device or a sparse file where only plain files are expected: "
        "it was not extracted; pack the files themselves."
    )


@contextmanager
def _damage(archive: Path) -> Iterator[None]:
    """Turns what the libraries say of a damaged archive into one sentence; faults of the disk pass."""
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise BadDataError(
            f"{archive.name} holds the name {Path(str(error.filename)).name!r} twice, or as file and folder: "
            "it was not extracted; pack it again."
        ) from None
    except DAMAGE as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL, errno.ENAMETOOLONG):
            raise
        raise BadDataError(
            f"{archive.name} cannot be extracted: {str(error).rstrip('.') or type(error).__name__}. "
            "Get the file again; it is cut off, damaged or no such archive."
        ) from None
