"""Where a month's published file comes from: the embedded sample, a folder, or TLC's files over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from include.config import Settings
from include.errors import NotPublishedError, SettingsError
from include.ingestion.download import Patience, download_from_url, probe, verify_download
from include.ingestion.names import known_files, published_names
from include.ingestion.web import shown
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
    refuse_absent_source(settings)
    if settings.source == "sample":
        return _sample(service, month, settings)
    if settings.source == "tlc":
        base = settings.tlc_base_url.rstrip("/")
        return _remote(base, published_names(service, month)[:1], settings)
    if "://" in settings.source:
        return _remote(settings.source.rstrip("/"), published_names(service, month), settings)
    return _folder(Path(settings.source), service, month)


def refuse_absent_source(settings: Settings) -> None:
    """SettingsError for a TAXI_SOURCE that is no known word, address or folder."""
    source = settings.source
    if source not in ("sample", "tlc") and "://" not in source and not Path(source).is_dir():
        raise SettingsError(
            f"TAXI_SOURCE={source} is no folder: name sample, tlc, a base URL, or a folder that holds "
            "<service>_tripdata_<YYYY-MM>.parquet."
        )


def _sample(service: str, month: Month, settings: Settings) -> Offer:
    rows, seed = settings.sample_rows, settings.sample_seed

    from include.ingestion.sample import SAMPLE_SOURCES, write_month

    def fetch(scratch: Path) -> Path:
        return write_month(scratch / f"{service}_tripdata_{month}.parquet", service, month, rows, seed)

    vintage = {"rows": rows, "seed": seed, "code": code_hash(*SAMPLE_SOURCES)}
    return Offer(f"embedded sample of {service} {month}", vintage, fetch)


def _remote(base: str, names: Sequence[str], settings: Settings) -> Offer:
    """The first of `names` that is there. A month republished between offer and fetch is landed again the next time."""
    patience = Patience(attempts=settings.download_attempts, timeout_s=settings.download_timeout_s)
    known = known_files(base, settings)
    offered = probe(*(f"{base}/{name}" for name in names), patience=patience, known=known)

    def fetch(scratch: Path) -> Path:
        destination = scratch / offered.url.rpartition("/")[2]
        # What is under way stays in the home, so that a task that was killed goes on where it stopped.
        return download_from_url(offered.url, destination, patience, known, parts=settings.home / "downloads")

    return Offer(shown(offered.url), asdict(offered) | {"url": shown(offered.url)}, fetch)


def _folder(folder: Path, service: str, month: Month) -> Offer:
    names = published_names(service, month)
    for path in (folder / name for name in names):
        if path.is_file():
            verify_download(path)
            return _file(path)
    files = [p for place in (folder, folder / service) for p in place.glob(f"{service}_tripdata_*")]
    there = sorted({p.name.split("_")[-1][:7] for p in files}) or ["none"]
    raise NotPublishedError(
        f"TAXI_SOURCE={folder} has no {names[0]} (nor .csv, .csv.gz, .csv.zip), in it or in {service}/; "
        f"{service} months there: {', '.join(there)}."
    )


def _file(path: Path) -> Offer:
    return Offer(str(path), {"file": path.name, "sha256": file_sha256(path)}, lambda _: path)
