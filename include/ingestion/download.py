"""Published files over HTTP: resumed, retried, checked, and whole before they count as there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from include.errors import BadDataError, NotPublishedError, SourceUnavailableError

KNOWN_FILE = "yellow_tripdata_2019-01.parquet"
"""Published for years: when it answers and another name does not, that other one is not published."""
CHUNK = 1 << 20


@dataclass(frozen=True)
class Vintage:
    """Which bytes the source offers; republished months differ in it."""

    url: str
    etag: str
    size: int


def probe(url: str, timeout_s: float) -> Vintage:
    """What the source offers at `url`. NotPublishedError or SourceUnavailableError, told apart by KNOWN_FILE."""
    with _faults(url), httpx.Client(timeout=timeout_s, follow_redirects=True) as client:
        answer = client.head(url)
        _check(client, url, answer.status_code)
        return Vintage(url, answer.headers.get("etag", ""), int(answer.headers.get("content-length", 0)))


def download_from_url(url: str, destination: Path, attempts: int, timeout_s: float) -> Path:
    """The file at `url` as `destination`, verified; what an earlier try left in `<destination>.part` is continued."""
    part = destination.with_name(destination.name + ".part")
    retrying = Retrying(
        stop=stop_after_attempt(attempts),
        wait=wait_random_exponential(multiplier=0.2, max=30),
        retry=retry_if_exception_type(SourceUnavailableError),
        reraise=True,
    )
    for attempt in retrying:
        with attempt:
            _transfer(url, part, timeout_s)
    try:
        verify_download(part)
    except BadDataError:
        part.unlink()
        raise
    return part.replace(destination)


def verify_download(filepath: Path) -> Path:
    """The path again when its content is a readable Parquet, CSV or gzip; BadDataError says what it is instead."""
    with filepath.open("rb") as file:
        head = file.read(512)
    if not head:
        raise BadDataError(f"{filepath.name} is empty: get the file again.")
    if head.lstrip()[:1] == b"<":
        raise BadDataError(f"{filepath.name} is an HTML or XML page, not a trip file: the source sent an error page.")
    if ".parquet" in filepath.name:
        try:
            pq.read_metadata(filepath)
        except (pa.ArrowInvalid, OSError) as error:
            raise BadDataError(
                f"{filepath.name} ({filepath.stat().st_size} bytes) is not a whole Parquet file: {error}. "
                "Get the file again; it was probably cut off."
            ) from None
    return filepath


def _transfer(url: str, part: Path, timeout_s: float) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    with (
        _faults(url),
        httpx.Client(timeout=timeout_s, follow_redirects=True) as client,
        client.stream("GET", url, headers=headers) as answer,
    ):
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink()
            raise SourceUnavailableError(f"{url}: the part on disk does not fit the file any more; starting again.")
        _check(client, url, answer.status_code)
        resumed = answer.status_code == httpx.codes.PARTIAL_CONTENT
        with part.open("ab" if resumed else "wb") as file:
            for chunk in answer.iter_bytes(CHUNK):
                file.write(chunk)


def _check(client: httpx.Client, url: str, status: int) -> None:
    if status < 400 or status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    base, _, name = url.rpartition("/")
    if status == httpx.codes.NOT_FOUND:
        raise NotPublishedError(f"{name} is not published at {base} (HTTP 404); TLC publishes about two months late.")
    if status == httpx.codes.FORBIDDEN and name != KNOWN_FILE:
        known = client.head(f"{base}/{KNOWN_FILE}").status_code
        if known < 400:
            raise NotPublishedError(
                f"{name} is not published at {base} (HTTP 403, while {KNOWN_FILE} answers); "
                "TLC publishes about two months late."
            )
    raise SourceUnavailableError(f"{base} answered HTTP {status} for {name}: throttled, blocked or broken; try later.")


@contextmanager
def _faults(url: str) -> Iterator[None]:
    """Turns transport faults into SourceUnavailableError that names the address."""
    try:
        yield
    except httpx.HTTPError as fault:
        raise SourceUnavailableError(f"{url}: {type(fault).__name__} {fault}; check the network.") from None
