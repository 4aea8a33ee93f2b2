"""Profiles in the lake: one per clean month, made once."""

from __future__ import annotations

from collections.abc import Iterator

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from include.errors import BadDataError
from include.lake import Lake, Manifest, read_table
from include.processing.drift_profile import Profile
from include.processing.drift_tally import columns_read, profile_month
from include.trips.month import Month
from include.utils.hashing import code_hash, fingerprint

STAGE = "drift_profile"
PROFILE_SOURCES = ("processing/drift_profile.py", "processing/drift_columns.py", "processing/drift_segments.py",
                   "processing/drift_tally.py", "features/trip_features.py", "trips/columns.py",
                   "trips/zones.py", "trips/calendar.py", "trips/tariff.py", "trips/data/zones.csv",
                   "trips/data/tariff.csv")  # fmt: skip


def stored_profile(lake: Lake, clean: Manifest) -> Manifest:
    """The profile of a clean month in the lake, made when there is none of these bytes and this code."""
    month = Month.parse(clean.month)
    key = fingerprint(clean.sha256, code_hash(*PROFILE_SOURCES))
    held = lake.current(STAGE, clean.service, month)
    if held is not None and held.key == key:
        return held
    profile = profile_month(parts_of(clean.uri, columns_read(clean.service)), clean.service, clean.month)
    return lake.publish_table(STAGE, clean.service, month, profile.to_table(), key, profile.meta())


def load_profile(manifest: Manifest) -> Profile:
    """A stored profile."""
    return Profile.from_table(read_table(manifest.uri), manifest.meta, manifest.service, manifest.month)


def parts_of(uri: str, columns: list[str]) -> Iterator[pa.Table]:
    """A Parquet file by row group, so that memory does not grow with the month. BadDataError for a damaged one."""
    try:
        with fsspec.open(uri, "rb") as file:
            parquet = pq.ParquetFile(file)
            for group in range(parquet.num_row_groups):
                yield parquet.read_row_group(group, columns=columns)
    except (pa.ArrowInvalid, FileNotFoundError) as error:
        raise BadDataError(f"{uri} cannot be read: {error}. Run the month again to rebuild it.") from None
