"""Limits against the real months they were measured on: all are usable, and cleaning keeps its promises."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.processing.clean_data import clean_taxi_data
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


def test_cleaned_months_meet_their_suite(real_data: Path) -> None:
    for service, month, trips in real_months(real_data)[::6]:
        kept, _ = clean_taxi_data(trips, service, month)
        assert broken(kept, clean_suite(service, month.start, month.end)) == [], f"{service} {month}"
