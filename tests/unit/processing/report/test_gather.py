"""From stored verdicts and tables to facts; what older or younger code did not store is absent, not an error."""

from __future__ import annotations

from typing import Any

from include.processing.clean_data import REASONS, clean_taxi_data, count_reasons
from include.processing.quality_report import compute_null_percentages, compute_summary_stats
from include.processing.report.gather import (
    Inputs,
    Stored,
    build_report,
    check,
    drift_result,
    explained,
    null_bands,
    rejects,
)
from tests.unit.processing.months import MONTH, ROWS, first, healthy_month

OUTCOME = {"expectation": "row_count", "column_name": "", "severity": "critical", "success": True, "observed": "600",
           "limit_text": "at least 500", "unexpected_count": None, "unexpected_percent": None}  # fmt: skip


def inputs(**changes: Any) -> Inputs:
    raw = healthy_month(fare_usd=first(0.1, -5.0, 10.0))
    kept, quarantined = clean_taxi_data(raw, "yellow", MONTH)
    plain: dict[str, Any] = {
        "service": "yellow", "month": "2019-03", "origin": "/data/tlc/yellow_tripdata_2019-03.parquet",
        "raw": Stored.of(raw), "clean": Stored.of(kept), "quarantined": count_reasons(quarantined), "earlier": {},
        "drift": None,
        "verdicts": {"raw": {"outcomes": [OUTCOME], "docs": "data_docs/a.html"}},
    }  # fmt: skip
    return Inputs(**(plain | changes))


def test_the_facts_are_those_of_the_tables() -> None:
    report = build_report(inputs())
    assert (report.rows_read, report.rows_kept, report.quarantined) == (ROWS, 540, 60)
    assert {r.reason: r.rows for r in report.rejects if r.rows} == {"negative_amount": 60}
    assert report.pickups == {161: 540}
    assert report.summary["raw"]["fare_usd"].min == -5
    assert report.summary["clean"]["fare_usd"].min == 10
    assert (report.origin, report.synthetic) == ("yellow_tripdata_2019-03.parquet", False)
    assert report.docs == {"raw": "data_docs/a.html"}
    assert report.drift is None


def test_figures_of_columns_read_apart_are_those_of_the_whole_month() -> None:
    raw = healthy_month(fare_usd=first(0.1, -5.0, 10.0), distance_mi=first(0.2, None, 3.0))
    stored = Stored(tuple(raw.column_names), ROWS, raw.select,
                    lambda names: [raw.select(names).slice(0, 70), raw.select(names).slice(70)])  # fmt: skip
    found = stored.by_measure(compute_summary_stats)
    assert found == compute_summary_stats(raw)
    assert {"fare_usd", "duration_min", "speed_mph"} <= set(found)
    assert stored.by_column(compute_null_percentages) == compute_null_percentages(raw)


def test_the_sample_is_known_by_its_origin() -> None:
    assert build_report(inputs(origin="embedded sample of yellow 2019-03")).synthetic


def test_reasons_keep_the_order_in_which_they_are_tried() -> None:
    told = rejects({"old_rule": 1, **dict.fromkeys(sorted(REASONS), 2)}, 100)
    assert [r.reason for r in told] == [*REASONS, "old_rule"]
    assert told[-1].meaning == ""


def test_waivers_and_examples_may_be_absent_or_null() -> None:
    assert check("raw", OUTCOME).state == "passed"
    none = {"examples": None, "waived_by": None, "waiver_reason": None, "waived_until": None}
    assert check("raw", OUTCOME | none) == check("raw", OUTCOME)
    accepted = {"examples": [1, "<b>"], "waived_by": "A. Keeper", "waived_until": "2026-12-31", "success": False}
    found = check("raw", OUTCOME | accepted)
    assert (found.state, found.examples, found.waived_until) == ("waived", ("1", "<b>"), "2026-12-31")


def profile(nulls: int, rows: int = 100) -> dict[str, Any]:
    return {"rows": rows, "columns": {"tip_usd": {"nulls": nulls}}}


def test_a_null_share_outside_the_year_before_is_unusual() -> None:
    earlier = {f"2018-{n:02d}": profile(n % 3) for n in range(1, 13)}
    (usual,) = null_bands({"tip_usd": 2.9}, earlier)
    (odd,) = null_bands({"tip_usd": 3.1}, earlier)
    assert (usual.low, usual.high, usual.months, usual.outside) == (0, 2, 12, False)
    assert odd.outside


def test_only_the_latest_year_counts_and_two_months_are_too_few() -> None:
    years = {f"2017-{n:02d}": profile(90) for n in range(1, 13)} | {f"2018-{n:02d}": profile(1) for n in range(1, 13)}
    assert null_bands({"tip_usd": 90.0}, years)[0].outside
    two = {"2018-11": profile(0), "2018-12": profile(0)}
    assert not null_bands({"tip_usd": 90.0}, two)[0].outside


def test_a_column_that_earlier_months_did_not_have_has_no_band() -> None:
    (found,) = null_bands({"cbd_fee_usd": 4.0}, {"2018-12": profile(0)})
    assert (found.low, found.months, found.outside) == (None, 0, False)


def test_a_known_change_of_rules_explains_an_odd_null_share() -> None:
    bands = null_bands({"tip_usd": 90.0}, {f"2018-{n:02d}": profile(1) for n in range(1, 13)})
    told = {"column": "tip_usd", "metric": "psi", "value": 3.0, "limit": 0.1}
    assert explained(bands, [drift_result(told | {"verdict": "alarm"})]) == bands
    (found,) = explained(bands, [drift_result(told | {"verdict": "known", "segment": "month"})])
    assert (found.outside, found.known) == (False, True)


def test_what_is_known_of_a_part_of_the_trips_explains_no_null_share() -> None:
    bands = null_bands({"tip_usd": 90.0}, {f"2018-{n:02d}": profile(1) for n in range(1, 13)})
    told = {"column": "tip_usd", "metric": "psi", "value": 3.0, "limit": 0.1, "verdict": "known", "segment": "month"}
    for changes in ({"segment": "vendor", "segment_value": "1"}, {"metric": "ks"}, {"metric": "constant"}):
        assert explained(bands, [drift_result(told | changes)]) == bands, changes


def test_drift_of_other_code_is_read_as_far_as_it_is_known() -> None:
    stored = {"column": "fare_usd", "segment": None, "segment_value": None, "metric": "psi", "value": 0.3, "limit": 0.2,
              "verdict": "alarm", "reference_months": 2, "of_tomorrow": 1}  # fmt: skip
    found = drift_result(stored)
    assert (found.segment, found.note, found.reference_months) == ("", "", 2)
    assert drift_result(stored | {"segment": "month"}) == found, "all trips of the month are no segment"
