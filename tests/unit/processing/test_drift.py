from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from include.config import Settings
from include.errors import BadDataError
from include.lake import Lake
from include.processing.drift import DRIFT_SOURCES, drift_limits, measure_drift, reference_months
from include.processing.drift_store import STAGE as PROFILES
from include.trips.month import Month
from include.utils.hashing import code_hash
from include.warehouse.engine import get_engine
from include.warehouse.tables import DRIFT
from tests.unit.processing.drift_months import month_of_trips, with_column


def publish(settings: Settings, *months: str, rows: int = 900) -> None:
    for month in months:
        trips = month_of_trips(month, rows)
        Lake(settings.lake).publish_table("clean", "yellow", Month.parse(month), trips, f"{month} {rows}")


def stored(settings: Settings) -> list[tuple[object, ...]]:
    with get_engine(settings).connect() as connection:
        return [tuple(row) for row in connection.execute(select(DRIFT).order_by(*DRIFT.primary_key.columns))]


def test_results_are_in_the_lake_and_in_the_warehouse(settings: Settings) -> None:
    publish(settings, "2019-02", "2019-03", "2019-05", "2019-06")
    outcome = measure_drift("yellow", "2019-06", settings)
    assert (outcome["status"], outcome["verdict"], outcome["alarms"]) == ("done", "ok", [])
    assert outcome["reference_months"] == ["2019-02", "2019-03", "2019-05"]
    assert outcome["gaps"] == ["2019-04"]
    whole = json.loads(Path(outcome["uri"]).read_text())
    assert len(whole["results"]) == len(stored(settings)) == outcome["results"] > 100
    assert whole["results"][0]["column"] == "duration_min"


def test_doing_it_again_changes_nothing(settings: Settings) -> None:
    publish(settings, "2019-03", "2019-04", "2019-05", "2019-06")
    first, rows = measure_drift("yellow", "2019-06", settings), stored(settings)
    second = measure_drift("yellow", "2019-06", settings)
    assert second["status"] == "unchanged"
    assert second["uri"] == first["uri"]
    assert stored(settings) == rows


def test_earlier_months_that_arrive_later_are_taken_in(settings: Settings) -> None:
    publish(settings, "2019-05", "2019-06", "2019-07")
    assert measure_drift("yellow", "2019-06", settings)["verdict"] == "insufficient_history"
    publish(settings, "2019-03", "2019-04")
    late = measure_drift("yellow", "2019-06", settings)
    assert (late["status"], late["verdict"]) == ("done", "ok")
    assert late["reference_months"] == ["2019-03", "2019-04", "2019-05"]


def test_a_changed_earlier_month_is_measured_again(settings: Settings) -> None:
    publish(settings, "2019-03", "2019-04", "2019-05", "2019-06")
    measure_drift("yellow", "2019-06", settings)
    publish(settings, "2019-04", rows=901)
    assert measure_drift("yellow", "2019-06", settings)["status"] == "done"


def test_another_constant_in_the_same_bin_is_measured_again(settings: Settings) -> None:
    publish(settings, "2019-03", "2019-04", "2019-05")
    lake, month, found = Lake(settings.lake), Month(2019, 6), []
    for extra in (5.01, 5.02):
        trips = with_column(month_of_trips("2019-06", 900), "extra_usd", [extra] * 900)
        lake.publish_table("clean", "yellow", month, trips, str(extra))
        outcome = measure_drift("yellow", "2019-06", settings)
        results = json.loads(Path(outcome["uri"]).read_text())["results"]
        named = {r["note"].split(" on ")[0] for r in results if (r["metric"], r["column"]) == ("constant", "extra_usd")}
        found.append((outcome["status"], named, lake.require(PROFILES, "yellow", month).sha256))
    assert [(status, named) for status, named, _ in found] == [("done", {"5.01"}), ("done", {"5.02"})]
    assert found[0][2] == found[1][2], "the counts alone do not tell them apart"


def test_earlier_months_are_not_read_twice(settings: Settings) -> None:
    publish(settings, "2019-03", "2019-04", "2019-05", "2019-06")
    measure_drift("yellow", "2019-05", settings)
    held = Lake(settings.lake).require(PROFILES, "yellow", Month(2019, 3))
    before = Path(held.uri).stat().st_mtime_ns
    measure_drift("yellow", "2019-06", settings)
    assert Path(held.uri).stat().st_mtime_ns == before


def test_a_month_that_is_not_clean_yet_is_asked_for(settings: Settings) -> None:
    with pytest.raises(BadDataError, match="no clean month yellow 2019-06"):
        measure_drift("yellow", "2019-06", settings)


def test_reference_months_are_the_latest_ones_in_reach() -> None:
    months = [Month(2017, 5), *(Month(2018, n) for n in range(1, 13)), Month(2019, 6)]
    rules = drift_limits().reference
    assert reference_months(months, Month(2019, 5), rules) == tuple(Month(2018, n) for n in range(1, 13))
    assert reference_months(months, Month(2018, 2), rules) == (Month(2017, 5), Month(2018, 1))
    assert reference_months(months[:1], Month(2019, 6), rules) == ()


def test_every_source_of_a_result_is_in_its_key() -> None:
    assert code_hash(*DRIFT_SOURCES)
