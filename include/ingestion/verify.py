"""Is a file what its name says?"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import BadDataError
from include.ingestion.archives import DAMAGE

CHUNK = 1 << 20


def verify_download(filepath: Path) -> Path:
    """The path again when its content is what its name says (`.part` aside); BadDataError says what it is instead.

    Parquet: magic and footer. Gzip and zip: every checksum. CSV: text, a comma in its first line. A page never passes.
    """
    name = filepath.name.removesuffix(".part")
    if not filepath.is_file():
        raise BadDataError(f"{filepath} is not there: check the path, or download the file first.")
    with filepath.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise BadDataError(f"{name} is empty: get the file again.")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise BadDataError(
            f"{name} is an HTML or XML page, not a trip file: the source sent an error page "
            "instead. Open its address in a browser, then get the file again."
        )
    wrong = _what_is_wrong(filepath, name, head)
    if wrong:
        raise BadDataError(f"{name} ({filepath.stat().st_size} bytes) is {wrong}. Get the file again.")
    return filepath


def _what_is_wrong(path: Path, name: str, head: bytes) -> str:
    if name.endswith(".parquet"):
        return _parquet(path)
    if name.endswith((".gz", ".tgz")):
        return _gzip(path)
    if name.endswith(".zip"):
        return _zip(path)
    if name.endswith(".csv") and (b"\0" in head or b"," not in head.lstrip().partition(b"\n")[0]):
        return "not a CSV file: its first line has no comma, or it holds NUL bytes"
    return ""


def _parquet(path: Path) -> str:
    try:
        with pa.OSFile(str(path), "rb") as file:
            pq.read_metadata(file)
    except (pa.ArrowInvalid, OSError) as error:
        return f"not a whole Parquet file, probably cut off ({str(error).rstrip('.')})"
    return ""


def _gzip(path: Path) -> str:
    try:
        with gzip.open(path) as file:
            while file.read(CHUNK):
                pass
    except DAMAGE as error:
        return f"not a whole gzip file ({str(error).rstrip('.')})"
    return ""


def _zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
    except DAMAGE as error:
        return f"not a whole zip file that can be read ({str(error).rstrip('.')})"
    return f"a damaged zip file: {damaged} does not match its checksum" if damaged else ""
