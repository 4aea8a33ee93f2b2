"""One try to bring the rest of a file."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from include.errors import SourceUnavailableError, TaxiError
from include.ingestion.parts import Part
from include.ingestion.probe import refusal, refuse_page, size_of
from include.ingestion.progress import progress
from include.ingestion.web import Patience, TryAgainError, shown, transport_faults


def transfer(client: httpx.Client, url: str, part: Part, patience: Patience, known: Sequence[str]) -> None:
    """Brings what `part` lacks: continues the same version of the file, or starts again with the one there is now.

    TryAgainError when it is not whole afterwards; what came is kept.
    """
    have, etag = part.resume(shown(url))
    headers = {"Range": f"bytes={have}-", "If-Range": etag} if have else {}
    with transport_faults(url), client.stream("GET", url, headers=headers) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE or not answer.is_error:
            _refuse_wrong_body(url, answer, part, have, etag)
        else:
            raise refusal(client, [url], answer, known)
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            part.begin(shown(url), answer.headers.get("etag", ""), size_of(answer))
        _write(answer, part, patience, url)


def _refuse_wrong_body(url: str, answer: httpx.Response, part: Part, have: int, etag: str) -> None:
    """Raises before a byte is written when the body is no file, is coded, or does not continue the part."""
    refuse_page(url, answer)
    coding = answer.headers.get("content-encoding", "identity")
    if coding != "identity" and not answer.url.path.endswith(".gz"):
        raise SourceUnavailableError(
            f"{shown(url)} is sent {coding}-coded although the plain file was asked for: "
            "switch compression off for it on the server or in the proxy."
        )
    span = re.match(r"bytes (\d+)-", answer.headers.get("content-range", ""))
    continues = span is not None and int(span[1]) == have and answer.headers.get("etag", "") == etag
    if answer.status_code != httpx.codes.OK and not continues:
        part.discard()
        raise TryAgainError(f"{shown(url)} does not continue the {have} bytes that are here: starting again from zero.")


def _write(answer: httpx.Response, part: Part, patience: Patience, url: str) -> None:
    """Appends the body. Every chunk is on disk, also when the connection breaks, before this returns or raises."""
    size, name = size_of(answer), part.path.name.removesuffix(".part")
    _refuse_full_disk(part.path.parent, name, size - part.size)
    pace = Pace(patience, url)
    with part.path.open("ab") as file, progress(name, size, part.size) as advance:
        try:
            for chunk in answer.iter_raw():
                file.write(chunk)
                advance(len(chunk))
                pace.add(len(chunk), time.monotonic())
        finally:
            file.flush()
            os.fsync(file.fileno())
    if size and part.size != size:
        raise TryAgainError(f"{shown(url)} sent {part.size} of {size} bytes: run the month again.")


def _refuse_full_disk(folder: Path, name: str, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise TaxiError(f"{name} needs {needed:,} more bytes and {folder} has {free:,} free: make room there.")


class Pace:
    """A line that drips is as dead as one that is silent: each `timeout_s` must bring enough bytes."""

    def __init__(self, patience: Patience, url: str) -> None:
        self.patience, self.url = patience, url
        self.since, self.got = time.monotonic(), 0

    def add(self, count: int, now: float) -> None:
        """TryAgainError when a whole window brought fewer than `slowest_bytes_per_s`."""
        self.got += count
        elapsed = now - self.since
        if elapsed < self.patience.timeout_s:
            return
        if self.got < elapsed * self.patience.slowest_bytes_per_s:
            raise TryAgainError(
                f"{shown(self.url)} sent {self.got} bytes in {elapsed:.1f} s, fewer than "
                f"{self.patience.slowest_bytes_per_s:.0f} a second: check the network, then run the month again."
            )
        self.since, self.got = now, 0
