from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest

from include.processing.drift_columns import HOLIDAY
from include.processing.drift_compare import compare
from include.processing.drift_limits import drift_limits
from include.processing.drift_profile import Profile
from include.processing.drift_result import DriftResult, month_verdict
from include.processing.drift_tally import profile_month
from include.trips.month import Month
from include.trips.regimes import Excuse, Regime
from tests.unit.processing.drift_months import column, month_of_trips, profiled, with_column

LIMITS = drift_limits()
NOW = "2019-06"


@cache
def reference() -> tuple[Profile, ...]:
    return tuple(profiled(month) for month in ("2019-02", "2019-03", "2019-04", "2019-05"))


def judged(regimes: tuple[Regime, ...] = (), **changes: object) -> list[DriftResult]:
    return compare(profiled(NOW, **changes), reference(), LIMITS, regimes)


def alarms(results: list[DriftResult]) -> set[str]:
    return {result.name for result in results if result.verdict == "alarm"}


def regime(*columns: str, excuses_to: float = np.inf) -> tuple[Regime, ...]:
    return (Regime("new rule", ("yellow",), Month(2019, 6), None, columns, Excuse(excuses_to, excuses_to), ""),)


def test_a_month_like_the_others_is_ok() -> None:
    results = judged()
    assert month_verdict(results) == "ok"
    assert {r.metric for r in results} == {"psi", "ks"}
    assert len({(r.column, r.segment, r.segment_value, r.metric) for r in results}) == len(results)
    assert {r.reference_months for r in results} == {4}


def test_a_segment_is_not_compared_by_the_column_that_makes_it() -> None:
    assert not [r for r in judged() if (r.segment, r.column) in {("vendor", "vendor_id"), ("hours", "hour")}]


def test_a_clock_that_is_wrong_on_a_tenth_of_the_trips_of_one_borough_alarms() -> None:
    trips = month_of_trips(NOW)
    queens, start, end = column(trips, "pickup_zone") == 132, column(trips, "pickup_at"), column(trips, "dropoff_at")
    hit = queens & (np.cumsum(queens) % 10 == 0)
    slow = with_column(trips, "dropoff_at", np.where(hit, end + (end - start), end))
    found = alarms(compare(profile_month(slow, "yellow", NOW), reference(), LIMITS))
    assert "psi of meter_ratio, borough Queens" in found
    assert {name.split(", ")[1] for name in found if "borough" in name} == {"borough Queens"}


def test_swapped_payment_codes_alarm() -> None:
    paid = column(month_of_trips(NOW), "payment_type")
    assert "psi of payment_type" in alarms(judged(payment_type=3 - paid))


def test_a_column_that_is_all_null_alarms_and_is_named() -> None:
    found = alarms(judged(passenger_count=None))
    assert {"psi of passenger_count", "constant of passenger_count"} <= found


def test_a_vendor_whose_fare_became_constant_is_named_with_the_value() -> None:
    trips = month_of_trips(NOW)
    fares = np.where(column(trips, "vendor_id") == 1, 2.9, column(trips, "fare_usd"))
    results = compare(profile_month(with_column(trips, "fare_usd", fares), "yellow", NOW), reference(), LIMITS)
    constant = [r for r in results if r.metric == "constant" and r.column == "fare_usd"]
    assert [(r.segment, r.segment_value, r.value) for r in constant] == [("vendor", "1", 1.0)]
    assert constant[0].note.startswith("2.90 on 100.0% of the trips")


def test_what_was_constant_before_is_not_named() -> None:
    assert not [r for r in judged() if r.metric == "constant"]  # improvement_usd is 0.30 on every trip of every month


def test_segment_values_that_appear_or_go_are_named() -> None:
    vendors = column(month_of_trips(NOW), "vendor_id").copy()
    vendors[vendors == 1] = np.where(np.arange((vendors == 1).sum()) < 100, 6, 2)
    results = judged(vendor_id=vendors)
    assert {"new_segment of vendor_id, vendor 6", "lost_segment of vendor_id, vendor 1"} <= alarms(results)
    vendors[vendors == 6] = np.where(np.arange(100) < 30, 6, 2)
    assert "new_segment of vendor_id, vendor 6" not in alarms(judged(vendor_id=vendors))


def test_a_change_excuses_only_the_values_that_it_brought() -> None:
    odd = np.arange(4000) % 20 == 0
    vendors = column(month_of_trips(NOW), "vendor_id")
    app = regime("vendor_id", excuses_to=0.3)
    null = [None if o else int(v) for o, v in zip(odd, vendors, strict=True)]
    assert "new_segment of vendor_id, vendor none" not in alarms(judged(app, vendor_id=null))
    assert "new_segment of vendor_id, vendor 6" in alarms(judged(app, vendor_id=np.where(odd, 6, vendors)))


def costly_weekends(month: str) -> pa.Table:
    trips = month_of_trips(month)
    return with_column(trips, "fare_usd", np.where(is_weekend(trips), 40.0, column(trips, "fare_usd")))


def is_weekend(trips: pa.Table) -> np.ndarray:
    return np.isin((column(trips, "pickup_at").astype("datetime64[D]").astype(np.int64) + 3) % 7, (5, 6))


def test_a_month_with_other_days_of_the_week_has_not_drifted() -> None:
    trips = costly_weekends(NOW)
    one_weekend = trips.filter(pa.array(~is_weekend(trips) | (np.arange(trips.num_rows) < 1000)))
    before = [profile_month(costly_weekends(p.month), "yellow", p.month) for p in reference()]
    results = compare(profile_month(one_weekend, "yellow", NOW), before, LIMITS)
    fare = next(r for r in results if (r.column, r.segment, r.metric) == ("fare_usd", "month", "psi"))
    assert fare.verdict == "ok"
    assert fare.value < 0.02


def test_a_kind_of_day_that_the_reference_lacks_is_left_out() -> None:
    without = []
    for profile in reference():
        counts = {key: np.where(np.arange(8)[:, None] == HOLIDAY, 0, c) for key, c in profile.counts.items()}
        days = np.where(np.arange(8) == HOLIDAY, 0, profile.days)
        without.append(replace(profile, counts=counts, days=days))
    july = profiled("2019-07")
    weekday = next(r for r in compare(july, without, LIMITS) if r.column == "weekday" and r.segment == "month")
    assert july.days[HOLIDAY] == 1
    assert weekday.verdict == "ok"


def test_a_known_change_excuses_its_columns_only_and_up_to_its_size() -> None:
    paid = {"payment_type": 3 - column(month_of_trips(NOW), "payment_type")}
    excused = judged(regime("payment_type"), **paid)
    assert "psi of payment_type" not in alarms(excused)
    known = next(r for r in excused if r.name == "psi of payment_type")
    assert (known.verdict, known.note) == ("known", "new rule")
    assert "psi of payment_type" in alarms(judged(regime("hour"), **paid))
    assert "psi of payment_type" in alarms(judged(regime("payment_type", excuses_to=0.1), **paid))


def test_a_phase_that_does_not_excuse_is_told_with_the_alarm() -> None:
    results = judged(regime("*", excuses_to=0), passenger_count=None)
    assert month_verdict(results) == "alarm"
    gone = judged(regime("*", excuses_to=0), vendor_id=2)
    assert "lost_segment of vendor_id, vendor 1" in alarms(gone), "no trip at all is a share of 0, and not excused"
    assert "new rule" in next(r for r in results if r.name == "psi of passenger_count").note


def test_with_enough_months_since_a_change_only_those_are_the_reference() -> None:
    since_march = (replace(regime("fare_usd")[0], since=Month(2019, 2)),)
    by_column = {r.column: r.reference_months for r in judged(since_march) if r.segment == "month"}
    assert by_column["fare_usd"] == 3  # February, in which it changed, is left out
    assert by_column["distance_mi"] == 4


def test_too_little_history_and_too_few_trips_are_the_only_result() -> None:
    few = compare(profiled(NOW), reference()[:2], LIMITS)
    assert [(r.metric, r.verdict, r.value, r.limit) for r in few] == [("history", "insufficient_history", 2, 3)]
    assert month_verdict(few) == "insufficient_history"
    one = compare(profile_month(month_of_trips(NOW, 1), "yellow", NOW), reference(), LIMITS)
    assert [(r.verdict, r.note) for r in one] == [("insufficient_history", "1 trips, 400 are needed")]


def test_a_reference_that_is_not_earlier_is_refused() -> None:
    with pytest.raises(ValueError, match="earlier months only, not with 2019-05"):
        compare(profiled("2019-05"), reference(), LIMITS)


def test_a_small_segment_is_held_to_a_wider_limit() -> None:
    fare = {(r.segment, r.segment_value): r for r in judged() if (r.column, r.metric) == ("fare_usd", "psi")}
    assert fare["vendor", "1"].limit > fare["month", ""].limit > LIMITS.limits["money"].psi[1]
    assert month_verdict([]) == "insufficient_history"
