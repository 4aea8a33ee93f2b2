"""The suites as data: complete, consistent with contract and limits, without running them."""

from __future__ import annotations

import pytest

from include.errors import BadDataError
from include.processing.expectations import (
    DURATION,
    KEY_COLUMNS,
    NULL_BLOCK,
    SPEED,
    Expected,
    clean_suite,
    raw_suite,
    thresholds,
)
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
    known = {c.name for c in columns_for(service)} | {SOURCE_ROW.name, DURATION, SPEED, NULL_BLOCK}
    assert {column for spec in raw(service) for column in spec.columns} <= known


@pytest.mark.parametrize("service", SERVICES)
def test_every_bounded_or_enumerated_column_of_the_contract_is_checked(service: str) -> None:
    names = {spec.name for spec in raw(service, "2016-06")}
    assert {f"{c.name}_in_range" for c in columns_for(service) if c.low is not None} <= names
    assert {f"{c.name}_known_values" for c in columns_for(service) if c.values} <= names
    later = {spec.name for spec in raw(service, "2016-07")}
    assert names - later == {f"{c.name}_in_range" for c in columns_for(service) if c.until}


@pytest.mark.parametrize("service", SERVICES)
def test_every_limit_in_the_file_belongs_to_an_expectation(service: str) -> None:
    """A misspelt name in the file would silently fall back to the default."""
    names = {spec.name for spec in raw(service, "2026-01")}
    for group in ("default", "filled", "known_values"):
        assert group in thresholds(service)["mostly"]
    assert set(thresholds(service)["mostly"]) - {"default", "filled", "known_values"} <= names
    assert {f"{column}_null_band" for column in thresholds(service)["filled"]} <= names


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


def test_a_service_without_limits_is_refused() -> None:
    with pytest.raises(BadDataError, match="No quality limits for service 'pink'"):
        thresholds("pink")
