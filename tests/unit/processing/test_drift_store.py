from __future__ import annotations

from pathlib import Path

import pytest

from include.errors import BadDataError
from include.lake import Lake
from include.processing.drift_store import load_profile, parts_of, stored_profile
from include.trips.month import Month
from tests.unit.processing.drift_months import month_of_trips


def test_a_stored_profile_is_made_once_per_clean_month(tmp_path: Path) -> None:
    lake, month = Lake(str(tmp_path)), Month(2019, 5)
    clean = lake.publish_table("clean", "yellow", month, month_of_trips("2019-05", 900), "key")
    first = stored_profile(lake, clean)
    written = Path(first.uri).stat().st_mtime_ns
    assert Path(stored_profile(lake, clean).uri).stat().st_mtime_ns == written
    assert load_profile(first).rows == 900
    other = lake.publish_table("clean", "yellow", month, month_of_trips("2019-05", 901), "other")
    assert stored_profile(lake, other).sha256 != first.sha256


def test_a_damaged_clean_month_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.parquet"
    path.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(BadDataError, match=r"broken.parquet cannot be read"):
        list(parts_of(str(path), ["fare_usd"]))
