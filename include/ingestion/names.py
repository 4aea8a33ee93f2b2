"""The names that months have at a source, and the files there that should answer."""

from __future__ import annotations

from include.config import Settings
from include.config.settings import SERVICES
from include.ingestion.web import shown
from include.lake import Lake
from include.trips.month import Month

KNOWN_FILES = ("yellow_tripdata_2019-01.parquet", "green_tripdata_2019-01.parquet")
"""Published by TLC for years; two, so that one can vouch when the other is asked for."""


KINDS = (".parquet", ".csv", ".csv.gz", ".csv.zip")
"""In the order in which they are looked for."""


def published_names(service: str, month: Month) -> tuple[str, ...]:
    """Paths under a folder or base URL that may hold the month, in the order in which they are looked for."""
    stem = f"{service}_tripdata_{month}"
    return tuple(f"{place}{stem}{kind}" for place in ("", f"{service}/") for kind in KINDS)


def known_files(base: str, settings: Settings) -> tuple[str, ...]:
    """Addresses under `base` that should answer: whatever landed from there last; for TLC's files two old months.

    Another base promises no month, so its index vouches instead: if the folder answers, a 404 in it is to be believed.
    """
    landed = _landed_from(base, settings)
    if settings.source == "tlc":
        return (*(f"{base}/{name}" for name in KNOWN_FILES), *landed)
    return (*landed, f"{base}/")


def _landed_from(base: str, settings: Settings) -> list[str]:
    lake, found = Lake(settings.lake), []
    for service in SERVICES:
        for month in lake.months("landing", service)[-1:]:
            landed = lake.current("landing", service, month)
            origin = str(landed.meta.get("origin", "")) if landed else ""
            if origin.startswith(f"{shown(base)}/"):
                found.append(base + origin.removeprefix(shown(base)))
    return found
