"""Nothing is lost: kept + quarantined = read."""

from __future__ import annotations

from include.ingestion.sample import generate_month
from include.processing.clean_data import clean_taxi_data
from include.trips.contract import to_canonical
from include.trips.month import Month

MONTH = Month(2019, 3)
RAW, _ = to_canonical(generate_month("yellow", MONTH, 5000, 3), "yellow", "sample")


def test_kept_and_quarantined_are_what_was_read() -> None:
    kept, quarantined = clean_taxi_data(RAW, "yellow", MONTH)
    rows = kept["source_row"].to_pylist() + quarantined["source_row"].to_pylist()
    assert sorted(rows) == list(range(5000))
    assert all(quarantined["reason"].to_pylist())


def test_cleaning_again_changes_nothing() -> None:
    kept, _ = clean_taxi_data(RAW, "yellow", MONTH)
    again, quarantined = clean_taxi_data(kept, "yellow", MONTH)
    assert again.equals(kept)
    assert quarantined.num_rows == 0
