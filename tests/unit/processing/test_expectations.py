"""The suites as data: complete, consistent with contract and limits, without running them."""

from __future__ import annotations

import pytest

from include.features.dictionary import FEATURES
from include.processing.derived import DERIVED_FROM
from include.processing.expectations import (
    KEY_COLUMNS,
    Expected,
    clean_suite,
    expectation_names,
    feature_suite,
    raw_suite,
)
from include.processing.limits import load_thresholds
from include.trips.contract import SOURCE_ROW, columns_for
from include.trips.month import Month

SERVICES = ("yellow", "green", "fhv", "fhvhv")


def raw(service: str, month: str = "2019-03") -> list[Expected]:
    start = Month.parse(month)
    return raw_suite(service, start.start, start.end)


@pytest.mark.parametrize(("service", "least"), [("yellow", 28), ("green", 28), ("fhv", 15), ("fhvhv", 28)])
def test_a_raw_suite_is_large_and_its_names_are_unique(service: str, least: int) -> None:
    names = [spec.name for spec in raw(service)]
    assert len(names) >= least
    assert len(names) == len(set(names))


@pytest.mark.parametrize("service", SERVICES)
def test_every_expectation_reads_columns_that_exist(service: str) -> None:
    known = {c.name for c in columns_for(service)} | {SOURCE_ROW.name, *DERIVED_FROM}
    assert {column for spec in raw(service) for column in spec.columns} <= known


@pytest.mark.parametrize("service", SERVICES)
def test_every_bounded_or_enumerated_column_of_the_contract_is_checked(service: str) -> None:
    names = {spec.name for spec in raw(service, "2016-06")}
    assert {f"{c.name}_in_range" for c in columns_for(service) if c.low is not None} <= names
    assert {f"{c.name}_known_values" for c in columns_for(service) if c.values} <= names
    later = {spec.name for spec in raw(service, "2016-07")}
    assert names - later == {f"{c.name}_in_range" for c in columns_for(service) if c.until}


def test_only_what_makes_a_month_unusable_is_critical() -> None:
    critical = {spec.name for spec in raw("yellow") if spec.severity == "critical"}
    assert {"row_count", "pickup_in_month", "dropoff_after_pickup", "pickup_zone_in_range"} <= critical
    assert {f"{column}_filled" for column in KEY_COLUMNS} <= critical
    assert not critical & {"fare_usd_in_range", "passengers_given", "congestion_usd_null_band", "duration_plausible"}


def test_a_surcharge_is_expected_only_from_its_first_month_on() -> None:
    names = {month: {spec.name for spec in raw("yellow", month)} for month in ("2019-01", "2019-02", "2025-01")}
    assert "congestion_usd_null_band" not in names["2019-01"]
    assert "congestion_usd_null_band" in names["2019-02"]
    assert "cbd_fee_usd_null_band" in names["2025-01"] - names["2019-02"]


def test_a_clean_month_is_held_to_its_promises_in_every_row() -> None:
    suite = clean_suite("green", Month(2023, 1).start, Month(2023, 1).end)
    assert {spec.severity for spec in suite} == {"critical"}
    assert {spec.arguments["mostly"] for spec in suite if "mostly" in spec.arguments} == {1.0}


def test_a_feature_month_is_held_to_the_dictionary_in_every_row() -> None:
    suite = feature_suite("green", 70)
    names = {spec.name for spec in suite}
    assert {f"{f.name}_{rule}" for f in FEATURES for rule in ("type", "filled", "in_range")} <= names
    assert {"duration_min_in_range", "fare_usd_in_range", "fare_usd_filled", "row_count", "columns_present"} <= names
    assert {spec.severity for spec in suite} == {"critical"}
    assert next(spec.limit for spec in suite if spec.name == "row_count") == "70 rows"


def test_labels_are_asked_for_where_a_service_reports_them() -> None:
    named = {service: {spec.name for spec in feature_suite(service, 1)} for service in SERVICES}
    assert "fare_usd_in_range" not in named["fhv"]
    assert "fare_usd_in_range" in named["fhvhv"]
    assert "fare_usd_filled" not in named["fhvhv"]


@pytest.mark.parametrize(
    ("month", "rules"),
    [("2019-11", {"repeated_hour", "clock_change"}), ("2019-03", {"clock_change"}), ("2019-06", set())],
)
def test_the_clocks_are_asked_about_in_the_months_in_which_they_change(month: str, rules: set[str]) -> None:
    for service in SERVICES:
        assert {spec.name for spec in raw(service, month)} & {"repeated_hour", "clock_change"} == rules


def test_the_tariff_is_asked_of_metered_services_only() -> None:
    money = {"total_is_sum", "fare_on_meter", "jfk_flat_fare", "cash_tip_unrecorded"}
    named = {service: {spec.name for spec in raw(service)} for service in SERVICES}
    assert money <= named["yellow"] & named["green"]
    assert not money & (named["fhv"] | named["fhvhv"])


@pytest.mark.parametrize("service", SERVICES)
def test_no_expectation_is_asked_that_could_not_be_broken(service: str) -> None:
    eras = {str(era.since) for era in load_thresholds()[service]}
    for month in eras | {"2026-11"}:
        shares = {spec.name: spec.arguments.get("mostly") for spec in raw(service, month)}
        assert 0 not in shares.values(), f"{month}: {shares}"


def test_a_rule_without_a_limit_is_asked_from_the_era_that_gives_it_one() -> None:
    asked = {month: {spec.name for spec in raw("green", month)} for month in ("2015-01", "2016-07")}
    assert "reversals_paired" not in asked["2015-01"]
    assert "reversals_paired" in asked["2016-07"]
    assert "reversals_paired" in expectation_names("green")["raw"]
    assert "reversals_paired" not in expectation_names("yellow")["raw"]


def test_names_that_waivers_may_use_are_those_of_any_month() -> None:
    names = expectation_names("yellow")
    assert {"repeated_hour", "pickup_lat_in_range", "cbd_fee_usd_null_band"} <= names["raw"]
    assert "haversine_km_in_range" in names["features"]
    assert "speed_in_range" in names["clean"]
