"""Limits against the real months they were measured on: all are usable, and cleaning keeps its promises."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from include.features.build_month import feature_table
from include.ingestion.published import open_published
from include.lake import Lake, read_table
from include.lake.lake import columns_of
from include.processing.clean_data import clean_taxi_data, count_reasons
from include.processing.clean_stream import publish_clean
from include.processing.expectations import Expected, clean_suite, feature_suite, raw_suite
from include.processing.profile_suite import examine_profile
from include.processing.run_suite import examine, outcomes
from include.trips.contract import Arrival, to_canonical
from include.trips.month import Month

pytestmark = pytest.mark.integration


ODD = {("yellow", "2019-02"): ["passengers_given"]}
"""Real months that warn. 15.8 % of the passenger counts of 2019-02 are zero, 0.5-2 % in other months."""


def real_months(folder: Path) -> list[tuple[str, Month, pa.Table]]:
    files = sorted(folder.glob("*/*_tripdata_*.parquet"))
    named = [(f.parent.name, Month.parse(f.stem.split("_")[2][:7]), f) for f in files]
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
    assert {month: names for month, names in verdicts.items() if names} == ODD


def test_profiles_of_real_months_are_what_great_expectations_finds(real_data: Path, tmp_path: Path) -> None:
    for service, month, trips in real_months(real_data)[::9]:
        suite = raw_suite(service, month.start, month.end)
        pq.write_table(trips, tmp_path / "month.parquet", row_group_size=20_000)
        found = examine_profile(str(tmp_path / "month.parquet"), suite, "suite", "month")[2]
        whole = outcomes(suite, examine(trips, suite, "suite", "month")[1])
        facts = [[(o.expectation, o.success, o.unexpected_count, o.observed) for o in each] for each in (found, whole)]
        assert facts[0] == facts[1], f"{service} {month}"


def test_the_first_rows_of_every_era_raise_nothing_and_keep_its_types(real_data: Path) -> None:
    files = sorted((real_data / "fixtures").glob("*.csv"))
    assert len(files) > 30
    for file in files:
        service, month = file.stem.split("_")[0], Month.parse(file.stem[-7:])
        with open_published(str(file), file.name) as published:
            arrival = Arrival(published.names, service, file.name)
            batches = [arrival.canonical(b) for b in published.batches(arrival.wanted, arrival.text_types)]
        suite = raw_suite(service, month.start, month.end)
        found = outcomes(suite, examine(pa.Table.from_batches(batches, arrival.schema), suite, "suite", "month")[1])
        assert [o for o in found if o.observed.startswith("could not be computed: ")] == [], file.name
        assert [o for o in found if o.expectation.endswith("_type") and not o.success] == [], file.name


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
        built = feature_table(columns_of(kept))
        assert broken(built, feature_suite(service, kept.num_rows)) == [], f"{service} {month}"
        assert broken(kept, clean_suite(service, month.start, month.end)) == [], f"{service} {month}"
