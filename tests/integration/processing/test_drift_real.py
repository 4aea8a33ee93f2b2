"""Drift on the real months: silent on normal ones, loud on the pandemic, on a new vendor and on damage."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.config import Settings
from include.lake import Lake
from include.processing.clean_data import clean_taxi_data
from include.processing.drift import (
    DriftResult,
    Profile,
    compare,
    drift_limits,
    known_regimes,
    measure_drift,
    month_verdict,
    profile_month,
    reference_months,
)
from include.processing.drift_columns import BINNED
from include.trips.contract import to_canonical
from include.trips.month import Month
from tests.unit.processing.drift_months import column, with_column

pytestmark = pytest.mark.integration
LIMITS = drift_limits()
KINDS = {binned.name: binned.kind for binned in BINNED}
EDITED = {("2019-01", "passenger_count"), ("2019-02", "passenger_count")}
"""Passenger counts that the samples' authors changed: data that should alarm, and no change of rules."""


def clean(file: Path) -> pa.Table:
    service, month = file.parent.name, Month.parse(file.stem[-7:])
    return clean_taxi_data(to_canonical(pq.read_table(file), service, file.name)[0], service, month)[0]


@pytest.fixture(scope="module")
def profiles(real_data: Path) -> dict[tuple[str, str], Profile]:
    files = [
        f for s in ("yellow", "green") for f in sorted((real_data / s).glob("*.parquet")) if "latlon" not in f.name
    ]
    return {(f.parent.name, f.stem[-7:]): profile_month(clean(f), f.parent.name, f.stem[-7:]) for f in files}


def judged(
    profiles: dict[tuple[str, str], Profile], service: str, month: str, changed: pa.Table | None = None
) -> list[DriftResult]:
    profile = profiles[service, month] if changed is None else profile_month(changed, service, month)
    months = [Month.parse(m) for s, m in profiles if s == service]
    earlier = reference_months(months, Month.parse(month), LIMITS.reference)
    return compare(profile, [profiles[service, str(m)] for m in earlier], LIMITS, known_regimes(service))


def alarms(results: list[DriftResult]) -> set[str]:
    return {r.name for r in results if r.verdict == "alarm"}


@pytest.fixture(scope="module")
def normal(profiles: dict[tuple[str, str], Profile]) -> dict[str, list[DriftResult]]:
    """Results of every yellow month of 2018 and 2019 that has enough history."""
    months = [m for s, m in profiles if s == "yellow" and "2018-04" <= m <= "2019-09"]
    return {month: judged(profiles, "yellow", month) for month in months}


def test_no_normal_month_alarms(normal: dict[str, list[DriftResult]]) -> None:
    assert len(normal) == 18
    for month, results in normal.items():
        assert month_verdict(results) != "insufficient_history"
        assert [r.name for r in results if r.verdict == "alarm" and (month, r.column) not in EDITED] == [], month


def test_most_normal_months_do_not_even_warn(normal: dict[str, list[DriftResult]]) -> None:
    not_ok = {month for month, results in normal.items() if month_verdict(results) != "ok"}
    assert not_ok <= {"2019-01", "2019-02", "2019-03", "2019-04", "2019-05"}  # edited counts, then the surcharge


def test_normal_months_stay_well_below_the_limits(normal: dict[str, list[DriftResult]]) -> None:
    """What is above chance is at most three quarters of the limit that alarms, for every column and segment."""
    for month, results in normal.items():
        for r in results:
            if r.metric not in ("psi", "ks") or r.verdict == "known" or r.note or (month, r.column) in EDITED:
                continue
            warning, alarm = getattr(LIMITS.limits[KINDS[r.column]], r.metric)
            above_chance = r.value - (r.limit - (warning if r.verdict == "warning" else alarm))
            assert above_chance < 0.75 * alarm, f"{month} {r.name}: {r.value:.3f} of {r.limit:.3f}"


def test_edited_passenger_counts_alarm(normal: dict[str, list[DriftResult]]) -> None:
    assert "psi of passenger_count" in alarms(normal["2019-02"])


def test_the_surcharge_is_known_until_three_months_have_it(normal: dict[str, list[DriftResult]]) -> None:
    for month in ("2019-02", "2019-03", "2019-05"):
        found = next(r for r in normal[month] if r.name == "psi of congestion_usd")
        assert found.verdict == "known"
        assert "congestion_usd 2.50 from 2019-02-02" in found.note
    june = next(r for r in normal["2019-06"] if r.name == "psi of congestion_usd")
    assert (june.verdict, june.reference_months) == ("ok", 3)


@pytest.mark.parametrize(
    ("charge", "factor", "alarming"),
    [
        ("total_usd", 10, {"psi of total_usd", "ks of total_usd", "psi of tip_share"}),
        ("tip_usd", 0, {"psi of tip_share", "ks of tip_share", "constant of tip_share"}),
        ("extra_usd", 50, {"psi of extra_usd, hours 20-23", "ks of extra_usd, hours 20-23"}),
    ],
)
def test_damage_in_the_first_month_of_a_surcharge_alarms(
    profiles: dict[tuple[str, str], Profile], real_data: Path, charge: str, factor: float, alarming: set[str]
) -> None:
    """The surcharge excuses what it moved in the real month, which `test_no_normal_month_alarms` holds, and no more."""
    trips = clean(real_data / "yellow" / "yellow_tripdata_2019-02.parquet")
    damaged = with_column(trips, charge, column(trips, charge) * factor)
    assert alarming <= alarms(judged(profiles, "yellow", "2019-02", damaged))


def test_the_surcharge_leaves_its_months_without_an_alarm(normal: dict[str, list[DriftResult]]) -> None:
    for month in ("2019-02", "2019-03", "2019-04", "2019-05"):
        verdicts = {r.column: r.verdict for r in normal[month] if r.metric == "psi" and r.segment == "month"}
        assert {verdicts[name] for name in ("congestion_usd", "extra_usd", "total_usd")} == {"known"}, month
        assert {r.column for r in normal[month] if r.verdict == "alarm"} <= {"passenger_count"}, month


def test_the_pandemic_alarms_whatever_distance_and_fare_say(profiles: dict[tuple[str, str], Profile]) -> None:
    results = judged(profiles, "yellow", "2020-06")
    assert month_verdict(results) == "alarm"
    whole = {r.column for r in results if r.verdict == "alarm" and r.segment == "month"}
    assert {"speed_mph", "hour", "pickup_zone", "dropoff_zone", "payment_type"} <= whole
    assert not {"distance_mi", "fare_usd"} & whole
    assert all("COVID-19" in r.note for r in results if r.verdict == "alarm")


def test_the_pandemic_alarms_against_2019_alone(profiles: dict[tuple[str, str], Profile]) -> None:
    of_2019 = [p for (s, m), p in profiles.items() if s == "yellow" and m.startswith("2019")]
    results = compare(profiles["yellow", "2020-06"], of_2019, LIMITS, known_regimes("yellow"))
    assert month_verdict(results) == "alarm"


def test_a_vendor_with_one_fare_is_named(profiles: dict[tuple[str, str], Profile]) -> None:
    constant = {r.name: r for r in judged(profiles, "green", "2025-02") if r.metric == "constant"}
    assert constant["constant of fare_usd, vendor 6"].verdict == "alarm"
    assert constant["constant of fare_usd, vendor 6"].note.startswith("2.90 on 84.6% of the trips")
    assert {name for name in constant if "fare_usd" in name} == {"constant of fare_usd, vendor 6"}


def test_the_first_months_of_a_service_have_too_little_history(profiles: dict[tuple[str, str], Profile]) -> None:
    for month in ("2018-01", "2018-02", "2018-03"):
        assert month_verdict(judged(profiles, "yellow", month)) == "insufficient_history"


@pytest.mark.parametrize("month", ["2018-10", "2019-08"])
def test_damage_to_a_normal_month_alarms(profiles: dict[tuple[str, str], Profile], real_data: Path, month: str) -> None:
    trips = clean(real_data / "yellow" / f"yellow_tripdata_{month}.parquet")
    damaged = damages(trips)
    assert alarms(judged(profiles, "yellow", month, trips)) == set()
    for what, (changed, expected) in damaged.items():
        assert expected <= alarms(judged(profiles, "yellow", month, changed)), what


def damages(trips: pa.Table) -> dict[str, tuple[pa.Table, set[str]]]:
    """What happened -> (the trips after it, alarms that must name it)."""
    start, end, fare = column(trips, "pickup_at"), column(trips, "dropoff_at"), column(trips, "fare_usd")
    vendor, paid, miles = (column(trips, name) for name in ("vendor_id", "payment_type", "distance_mi"))
    tenth = np.random.default_rng(1).random(trips.num_rows) < 0.1
    in_manhattan = np.isin(column(trips, "pickup_zone"), (161, 162, 163, 170, 186, 230, 234, 236, 237, 48, 79))
    swapped = np.where(paid == 1, 2, np.where(paid == 2, 1, paid))
    return {
        "a tenth of the speeds halved by the clock": (
            with_column(trips, "dropoff_at", np.where(tenth & in_manhattan, end + (end - start), end)),
            {"psi of meter_ratio, borough Manhattan"},
        ),
        "a tenth of the speeds halved by the odometer": (
            with_column(trips, "distance_mi", np.where(tenth, miles / 2, miles)),
            {"psi of meter_ratio, borough Manhattan", "psi of meter_ratio"},
        ),
        "payment codes swapped": (with_column(trips, "payment_type", swapped), {"psi of payment_type"}),
        "a tenth of the cards as cash": (
            with_column(trips, "payment_type", np.where(tenth & (paid == 1), 2, paid)),
            {"psi of tip_share, payment 2"},
        ),
        "one fare for a vendor": (
            with_column(trips, "fare_usd", np.where(vendor == 1, 12.0, fare)),
            {"constant of fare_usd, vendor 1", "psi of fare_usd, vendor 1"},
        ),
        "fares five percent up": (with_column(trips, "fare_usd", fare * 1.05), {"psi of meter_ratio"}),
        "a vendor gone": (trips.filter(pa.array(vendor != 1)), {"lost_segment of vendor_id, vendor 1"}),
        "passengers not reported": (
            with_column(trips, "passenger_count", [None] * trips.num_rows),
            {"psi of passenger_count", "constant of passenger_count"},
        ),
        "one in twenty without a zone": (
            with_column(trips, "pickup_zone", np.where(np.random.default_rng(2).random(trips.num_rows) < 0.05, 264,
                                                       column(trips, "pickup_zone"))),
            {"psi of pickup_borough"},
        ),
    }  # fmt: skip


def test_the_step_gives_the_same_answer_from_the_lake(
    profiles: dict[tuple[str, str], Profile], real_data: Path, settings: Settings
) -> None:
    for month in ("2019-06", "2019-07", "2019-08", "2020-06"):
        trips = clean(real_data / "yellow" / f"yellow_tripdata_{month}.parquet")
        Lake(settings.lake).publish_table("clean", "yellow", Month.parse(month), trips, month)
    outcome = measure_drift("yellow", "2020-06", settings)
    earlier = [profiles["yellow", m] for m in outcome["reference_months"]]
    assert outcome["verdict"] == "alarm"
    assert outcome["gaps"][0] == "2019-09"
    expected = compare(profiles["yellow", "2020-06"], earlier, LIMITS, known_regimes("yellow"))
    assert set(outcome["alarms"]) == alarms(expected)
