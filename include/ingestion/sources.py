"""Where a month's published file comes from: the embedded sample, a folder, or TLC's files over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from include.config import Settings
from include.errors import NotPublishedError
from include.ingestion.download import download_from_url, probe, verify_download
from include.trips.month import Month
from include.utils.hashing import code_hash, file_sha256


@dataclass(frozen=True)
class Offer:
    """A month as its source offers it: `vintage` tells one publication from another, `fetch` gets the file."""

    origin: str
    vintage: dict[str, Any]
    fetch: Callable[[Path], Path]
    """Takes a scratch folder, gives the verified file."""


def find_month(service: str, month: Month, settings: Settings) -> Offer:
    """The source's offer for a month. NotPublishedError when it has none, SourceUnavailableError when it is away."""
    if settings.source == "sample":
        return _sample(service, month, settings)
    if settings.source == "tlc":
        return _remote(settings.tlc_base_url, service, month, settings)
    if "://" in settings.source:
        return _remote(settings.source.rstrip("/"), service, month, settings)
    return _folder(Path(settings.source), service, month)


def _sample(service: str, month: Month, settings: Settings) -> Offer:
    rows, seed = settings.sample_rows, settings.sample_seed

    from include.ingestion.sample import SAMPLE_SOURCES, write_month

    def fetch(scratch: Path) -> Path:
        return write_month(scratch / f"{service}_tripdata_{month}.parquet", service, month, rows, seed)

    vintage = {"rows": rows, "seed": seed, "code": code_hash(*SAMPLE_SOURCES)}
    return Offer(f"embedded sample of {service} {month}", vintage, fetch)


def _remote(base: str, service: str, month: Month, settings: Settings) -> Offer:
    name = f"{service}_tripdata_{month}.parquet"
    offered = probe(f"{base}/{name}", settings.download_timeout_s)

    def fetch(scratch: Path) -> Path:
        return download_from_url(offered.url, scratch / name, settings.download_attempts, settings.download_timeout_s)

    return Offer(offered.url, asdict(offered), fetch)


def _folder(folder: Path, service: str, month: Month) -> Offer:
    names = [f"{service}_tripdata_{month}{suffix}" for suffix in (".parquet", ".csv", ".csv.gz")]
    for place in (folder, folder / service):
        for path in (place / name for name in names):
            if path.is_file():
                verify_download(path)
                return _file(path)
    there = sorted({p.name.split("_")[-1][:7] for p in folder.glob(f"**/{service}_tripdata_*")}) or ["none"]
    raise NotPublishedError(
        f"TAXI_SOURCE={folder} has no {names[0]} (nor .csv, .csv.gz), in it or in {service}/; "
        f"{service} months there: {', '.join(there)}."
    )


def _file(path: Path) -> Offer:
    return Offer(str(path), {"file": path.name, "sha256": file_sha256(path)}, lambda _: path)
