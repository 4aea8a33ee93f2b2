"""What stops a month, what asks for a look, and how it is said."""

from __future__ import annotations

from include.processing.report.verdict import verdict_of
from tests.unit.processing.reports import band, check, drift, month_report

KEPT = "970 of 1,000 rows (97.0 %) are kept."


def test_a_month_without_anything_unusual_is_good() -> None:
    verdict = verdict_of(month_report())
    assert (verdict.level, KEPT in verdict.sentence) == ("good", True)


def test_a_broken_critical_expectation_stops_the_month() -> None:
    verdict = verdict_of(month_report(checks=(check("fares", success=False, severity="critical"), check("x"))))
    assert verdict.level == "stop"
    assert verdict.sentence == f"Do not use Yellow 2019-03: fares must hold and is broken. {KEPT}"


def test_a_waived_expectation_stops_nothing_and_is_not_good() -> None:
    waived = {"success": False, "severity": "critical", "waived_by": "A. Keeper", "waived_until": "2026-12-31"}
    verdict = verdict_of(month_report(checks=(check("fares", **waived),)))
    told = "look at fares, which is broken and waived by A. Keeper until 2026-12-31"
    assert verdict.level == "look"
    assert verdict.sentence == f"Yellow 2019-03 can be used; {told}. {KEPT}"
    many = verdict_of(month_report(checks=tuple(check(f"rule_{n}", **waived) for n in range(5)))).sentence
    assert "rule_2, which is broken" in many
    assert "2 more that are waived" in many


def test_a_waiver_of_what_holds_changes_nothing() -> None:
    verdict = verdict_of(month_report(checks=(check(waived_by="A. Keeper"),)))
    assert (verdict.level, "waived" in verdict.sentence) == ("good", False)


def test_warnings_alarms_and_odd_nulls_ask_for_a_look() -> None:
    for changes in (
        {"checks": (check(success=False),)},
        {"drift": (drift("alarm"),)},
        {"nulls": (band(outside=True),)},
    ):
        assert verdict_of(month_report(**changes)).level == "look", changes
    assert (
        verdict_of(month_report(drift=(drift("known"), drift("warning"), drift("insufficient_history")))).level
        == "good"
    )


def test_only_the_first_names_are_in_the_sentence() -> None:
    many = tuple(check(f"rule_{number}", success=False) for number in range(5))
    moved = tuple(drift("alarm", column=f"column_{number}") for number in range(2))
    told = verdict_of(month_report(checks=many, drift=moved)).sentence
    assert "look at rule_0, rule_1, rule_2 and 2 more; the drift of column_0 and column_1." in told


def test_drift_that_was_not_measured_is_no_good_news() -> None:
    assert "Drift has not been measured yet." in verdict_of(month_report(drift=None)).sentence


def test_drift_that_failed_asks_for_a_look_and_says_why() -> None:
    verdict = verdict_of(month_report(drift=None, drift_fault="the profile is damaged."))
    assert verdict.level == "look"
    assert verdict.sentence.endswith("Drift was not measured: the profile is damaged.")
