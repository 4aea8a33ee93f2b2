"""Limits against the real months they were measured on: all are usable, and cleaning keeps its promises."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from include.lake import Lake, read_table
from include.processing.clean_data import clean_taxi_data, count_reasons
from include.processing.clean_stream import publish_clean
from include.processing.expectations import Expected, clean_suite, raw_suite
from include.processing.run_suite import examine, outcomes
from include.trips.contract import to_canonical
from include.trips.month import Month

pytestmark = pytest.mark.integration


def real_months(folder: Path) -> list[tuple[str, Month, pa.Table]]:
    files = [f for f in sorted(folder.glob("*/*_tripdata_*.parquet")) if "latlon" not in f.name]
    named = [(f.parent.name, Month.parse(f.stem[-7:]), f) for f in files]
    return [(service, month, to_canonical(pq.read_table(f), service, f.name)[0]) for service, month, f in named]


def broken(trips: pa.Table, suite: list[Expected]) -> list[str]:
    _, merged = examine(trips, suite, "suite", "month")
    return [outcome.expectation for outcome in outcomes(suite, merged) if not outcome.success]


def test_every_real_month_is_usable_and_warns_only_where_it_looks_edited(real_data: Path) -> None:
    months = real_months(real_data)
    assert len(months) > 30
    verdicts = {
        (service, str(month)): broken(trips, raw_suite(service, month.start, month.end))
        for service, month, trips in months
    }
    assert {month: names for month, names in verdicts.items() if names} == {("yellow", "2019-02"): ["passengers_given"]}


def test_cleaning_loses_few_rows_and_none_without_a_reason(real_data: Path) -> None:
    for service, month, trips in real_months(real_data):
        kept, quarantined = clean_taxi_data(trips, service, month)
        assert kept.num_rows + quarantined.num_rows == trips.num_rows
        assert quarantined.num_rows < 0.05 * trips.num_rows, f"{service} {month}"
        assert clean_taxi_data(kept)[1].num_rows == 0, f"{service} {month}"


def test_reversals_of_whole_months_have_their_trip(real_data: Path) -> None:
    """Counted once by hand, with pandas; the row that is taken back is the one beside it."""
    counted = {"2020-08": (166, 3), "2020-09": (179, 11), "2023-01": (174, 5), "2024-01": (181, 5), "2025-02": (163, 2)}
    found = {}
    for service, month, trips in real_months(real_data):
        if service == "green" and str(month) in counted:
            _, quarantined = clean_taxi_data(trips)
            counts = count_reasons(quarantined)
            found[str(month)] = (counts["reversal"], counts["negative_amount"])
            assert counts["reversed_trip"] == counts["reversal"]
            rows = {r: rows_of(quarantined, r) for r in ("reversal", "reversed_trip")}
            assert all({row - 1, row + 1} & rows["reversed_trip"] for row in rows["reversal"])
    assert found == counted


def rows_of(quarantined: pa.Table, reason: str) -> set[int]:
    return set(quarantined.filter(pc.equal(quarantined["reason"], reason))["source_row"].to_pylist())


def test_nights_on_which_the_clock_changes_lose_few_trips(real_data: Path) -> None:
    changed = {
        (service, str(month)): count_reasons(clean_taxi_data(trips, service, month)[1])["clock_change"]
        for service, month, trips in real_months(real_data)
    }
    expected = {("yellow", "2018-03"): 2, ("yellow", "2018-11"): 2, ("yellow", "2020-03"): 3}
    assert {month: count for month, count in changed.items() if count} == expected


def test_the_step_on_a_real_month_gives_what_cleaning_it_at_once_gives(real_data: Path, tmp_path: Path) -> None:
    trips, _ = to_canonical(pq.read_table(real_data / "green" / "green_tripdata_2023-01.parquet"), "green", "file")
    lake, month = Lake(str(tmp_path)), Month(2023, 1)
    clean = publish_clean(lake, lake.publish_table("raw", "green", month, trips, "k"), "key")
    kept, quarantined = clean_taxi_data(trips, "green", month)
    assert read_table(clean.uri).equals(kept)
    assert read_table(lake.require("quarantine", "green", month).uri).equals(quarantined)


def test_cleaned_months_meet_their_suite(real_data: Path) -> None:
    for service, month, trips in real_months(real_data)[::6]:
        kept, _ = clean_taxi_data(trips, service, month)
        assert broken(kept, clean_suite(service, month.start, month.end)) == [], f"{service} {month}"
