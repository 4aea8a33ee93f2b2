"""Every figure has a title, names its axes, and shows what it was given."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from include.dashboard.figures import exploration, models, operations, quality, quote, trips
from include.dashboard.measures import MEASURES, measures_of
from include.dashboard.theme import BLUE, DARK, ORANGE, WHITE, logarithmic, whole_step
from include.trips.regimes import known_regimes

TRIPS, REVENUE, SPEED = (next(m for m in MEASURES if m.name == name) for name in ("Trips", "Revenue", "Speed"))
SUMS = {"trips": 4, "revenue_usd": 40.0, "fare_usd": None, "distance_mi": 10.0, "minutes": 60.0, "moving_minutes": 30.0}
FITS = [
    {"family": family, "month": month, "loss_tune": loss, "fit_seconds": seconds}
    for month in ("2019-06", "2019-05")
    for family, loss, seconds in (("ridge", 4.5, 0.4), ("lightgbm", 3.5, 9.0))
]


def titled(figure: go.Figure, x: str = "", y: str = "") -> go.Figure:
    assert figure.layout.title.text
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == (x, y)
    return figure


def test_measures_are_made_of_sums_and_known_where_their_sums_are() -> None:
    assert SPEED.value(SUMS) == 20.0
    assert [m.name for m in measures_of([SUMS])] == ["Trips", "Revenue", "Revenue a trip", "Minutes a trip",
                                                    "Miles a trip", "Speed"]  # fmt: skip
    assert math.isnan(SPEED.value(SUMS | {"moving_minutes": 0.0}))


def test_months_that_are_absent_are_gaps() -> None:
    rows = [SUMS | {"month": month} for month in ("2019-01", "2019-03")]
    figure = titled(trips.by_month(rows, TRIPS, "all"), "month", "trips")
    assert list(figure.data[0].x) == ["2019-01", "2019-02", "2019-03"]
    assert math.isnan(figure.data[0].y[1])
    assert isinstance(trips.by_month(rows, SPEED, "all").data[0], go.Scatter), "what does not add up is a line"
    assert trips.every_month([]) == []


def test_the_week_begins_on_monday_at_midnight() -> None:
    figure = titled(trips.by_hour([SUMS | {"hour_of_week": 25}], REVENUE, "all"), "hour of the pick-up")
    grid = np.asarray(figure.data[0].z, float)
    assert grid.shape == (7, 24)
    assert grid[1, 1] == 40.0
    assert np.isnan(grid).sum() == 167


def test_places_are_ranked_and_cut() -> None:
    places = [(str(n), float(n)) for n in range(30)] + [("none", float("nan"))]
    bars = titled(trips.by_place(places, TRIPS, "Trips"), "trips").data[0]
    assert (len(bars.y), bars.y[0]) == (trips.SHOWN, "29")


def test_the_best_family_is_first_and_of_another_colour() -> None:
    bars = titled(models.leaderboard(FITS[:2], "duration_min", "2019-06"), models.LOSS["duration_min"])
    assert bars.data[0].y[0] == "lightgbm"
    assert bars.data[0].marker.color[0] != bars.data[0].marker.color[1]


def test_families_run_through_the_months_in_order() -> None:
    figure = models.families_over_months(FITS, "duration_min")
    assert [list(trace.x) for trace in figure.data] == [["2019-05", "2019-06"]] * 2
    looks = {(t.line.color, t.line.dash, t.marker.symbol) for t in figure.data}
    assert len({look[1] for look in looks}) == len({look[2] for look in looks}) == 2, "told apart without colour"
    assert titled(models.cost_and_quality(FITS[:2], "fare_usd", "2019-06"), "seconds of the fit (logarithmic)",
                  models.LOSS["fare_usd"]).layout.xaxis.type == "log"  # fmt: skip


def test_the_search_keeps_its_best() -> None:
    trials = [{"trial": n, "loss": loss} for n, loss in ((1, 4.0), (2, None), (3, 3.0), (4, 3.5))]
    figure = titled(models.tuning_curve(trials, "ridge", "fare_usd"), "trial", models.LOSS["fare_usd"])
    assert list(figure.data[1].y) == [4.0, 3.0, 3.0]
    models.tuning_curve([], "ridge", "fare_usd")


def test_evaluations_are_drawn() -> None:
    errors = {"edges": [-2, 0, 2], "trips": [3, 5], "median": 0.5}
    assert list(models.residuals(errors, "min", "Residuals").data[0].x) == [-1, 1]
    grid = {"edges": [0, 10, 20], "trips": [[100, 0], [1, 10]]}
    z = models.predicted_and_actual(grid, "min", "Both").data[0].z
    assert (z[0][0], z[1][1]) == (2, 1)
    assert np.isnan(z[0][1])
    groups = [{"said": 0.2, "was": 0.3, "trips": 9}]
    assert list(models.calibration(groups, "Calibration").data[1].y) == [30.0]
    assert models.roc({"false_alarms": [0, 1], "hits": [0, 1], "area": 0.5}, "ROC").data[1].name == "area 0.500"
    titled(
        models.error_by([{"label": "00:00", "loss": 2.0, "trips": 3}], "fare_usd", "hour"),
        "hour",
        models.LOSS["fare_usd"],
    )


def test_a_contest_shows_everybody_on_the_same_trips() -> None:
    roles = (("challenger", 2), ("champion", 1), ("baseline", 0), ("prospective", 1))
    scored = [{"role": role, "version": version, "loss": 3.0, "rows_scored": 9} for role, version in roles]
    assert list(models.contest(scored, "fare_usd", "2019-06").data[0].y) == [
        "baseline", "champion (version 1)", "challenger (version 2)"]  # fmt: skip
    parts = [{"part": "airport", "change": 0.1, "trips": 400, "state": "stops"},
             {"part": "hours late", "change": -0.1, "trips": 400, "state": "better"}]  # fmt: skip
    assert {t.name for t in models.slice_changes(parts, "Parts").data} == {"stops", "better"}


def test_waiting_costs_percent_above_the_freshest() -> None:
    losses = (("2019-01", "2019-02", 2.0), ("2019-01", "2019-03", 3.0), ("2019-02", "2019-03", 2.5))
    cells = [{"trained_to": trained_to, "month": month, "loss": loss} for trained_to, month, loss in losses]
    z = np.asarray(titled(models.stale_heat_map(cells, "Age"), "scored on", "trained to").data[0].z, float)
    assert z[0, 1] == pytest.approx(20.0)
    assert z[1, 1] == 0.0


def test_decisions_are_signs_on_steps() -> None:
    decided = [{"version_after": n, "decision": d, "test_month": "2019-06", "reason": "", "actor": "gate"}
               for n, d in ((1, "promote"), (1, "keep"), (2, "promote"), (1, "rollback"))]  # fmt: skip
    figure = titled(models.champions_over_time(decided, "Decisions"), "decision", "version that answers")
    assert {t.name: t.marker.symbol for t in figure.data[1:]} == {"keep": "circle", "promote": "triangle-up",
                                                                "rollback": "triangle-down"}  # fmt: skip
    rows = [{"month": "2019-06", "loss": 3.0, "version": 1, "rows_scored": 9}]
    titled(models.prospective(rows, "fare_usd", "yellow"), "month", models.LOSS["fare_usd"])


def test_the_calendar_tells_states_by_sign_and_colour() -> None:
    months = [{"month": f"2019-0{n}", "state": state, "sentence": "A sentence."}
              for n, state in enumerate(quality.STATE_LOOK, 1)]  # fmt: skip
    figure = titled(quality.calendar(months, "yellow"))
    signs = figure.data[0].text[0][:6]
    assert list(signs) == [sign for _, sign in quality.STATE_LOOK.values()]
    assert len(set(signs)) == len({colour for colour, _ in quality.STATE_LOOK.values()}) == 6
    assert np.isnan(np.asarray(figure.data[0].z, float)[0, 6:]).all()


def test_the_waterfall_goes_from_rows_read_to_rows_kept() -> None:
    reasons = [{"reason": "too_fast", "rows": 10}, {"reason": "never", "rows": 0}, {"reason": "no_end", "rows": 30}]
    bars = titled(quality.reject_waterfall(reasons, 1000, "June"), "rows (the axis does not begin at 0)").data[0]
    assert list(bars.x) == [1000, -30, -10, 960]
    assert bars.y[1] == "no end<br>30 (3.00 %)"


def test_the_band_is_of_the_months_before() -> None:
    rows = [
        {"column": "rate_code", "month": f"2019-0{n}", "percent": p, "usual": n < 3}
        for n, p in ((1, 2.0), (2, 5.0), (3, 9.0))
    ]
    high, low, usual, unusual = quality.null_bands(rows, "rate_code").data
    assert (list(high.y), list(low.y)) == ([None, 2.0, 5.0], [None, 2.0, 2.0])
    assert (len(usual.x), list(unusual.x)) == (2, ["2019-03"])


def drifted(month: str, value: float, verdict: str, **more: Any) -> dict[str, Any]:
    plain = {"column_name": "fare_usd", "month": month, "value": value, "limit_value": 0.1, "metric": "psi",
             "verdict": verdict, "note": "", "segment": "month", "segment_value": ""}  # fmt: skip
    return plain | more


def test_drift_is_the_worst_comparison_over_its_limit() -> None:
    rows = [drifted("2019-02", 0.05, "ok"), drifted("2019-02", 0.2, "known", metric="ks"),
            drifted("2019-03", 0.3, "alarm"), drifted("2019-03", 3.0, "ok", metric="history")]  # fmt: skip
    figure = titled(quality.drift_heat_map(rows, known_regimes("yellow"), "yellow"), "month")
    assert np.asarray(figure.data[0].z, float)[0].tolist() == pytest.approx([2.0, 3.0])
    assert [t.name for t in figure.data[1:]] == ["alarm", "explained by a known change"]
    assert len(figure.layout.shapes) == 1, "the congestion surcharge began in 2019-02"
    segments = quality.drift_of_segments([*rows[:3], drifted("2019-03", 0.4, "alarm", segment="borough",
                                                             segment_value="Queens")], "2019-03")  # fmt: skip
    assert "psi of fare_usd, borough Queens" in segments.data[0].y


def test_components_and_groups_are_named() -> None:
    components = [{"component": 1, "explained": 0.75, "features": {"hour": 0.5}},
                  {"component": 2, "explained": 0.25, "features": {"is_jfk_flat": -1.0}}]  # fmt: skip
    assert list(exploration.explained(components, "PCA").data[1].y) == [75.0, 100.0]
    assert list(exploration.weights(components, "PCA").data[0].z[1]) == [None, -1.0]
    points = exploration.scattered([(0, 0), (1, 1)], [0, 1], ["short", "long"], "Trips")
    assert len({t.marker.symbol for t in points.data}) == 2
    groups = [{"name": "late in the day", "centre": {"day_sin": -1.0}}, {"name": "early", "centre": {"day_sin": 1.0}}]
    assert list(exploration.group_profiles(groups, "Groups").data[0].x) == ["early in the day"]


def test_a_quote_over_the_day_has_a_band_and_a_bill_ends_in_its_sum() -> None:
    answers: list[dict[str, Any]] = [{"fare_usd": {"value": 10.0 + h, "p10": 8.0, "p90": 20.0}} for h in range(24)]
    figure = titled(quote.day_curve(answers, "fare_usd", 8, "Monday"), "hour of the pick-up", "USD")
    assert figure.data[-1].y[3] == 13.0
    assert len(quote.day_curve([{"high_tip": {"probability": 0.5}}] * 24, "high_tip", 8, "Monday").data) == 1
    bill = quote.bill([("metered fare", 10.0), ("mta tax", 0.5)], "Bill").data[0]
    assert (bill.x[-1], bill.y[-1]) == (10.5, "total before tolls and tip: 10.50")


def test_operations_are_drawn() -> None:
    tasks = [{"task": "land", "phase": "ingest", "state": "success", "begin": 0.0, "minutes": 1.0},
             {"task": "fit ridge", "phase": "train", "state": "failed", "begin": 1.0, "minutes": 2.0}]  # fmt: skip
    figure = titled(operations.phases(tasks, "Phases"), "minutes since the run began")
    assert [t.name for t in figure.data] == ["ingest", "train"]
    assert figure.data[1].marker.line.width[0] > figure.data[0].marker.line.width[0], "a failed task has a frame"
    titled(operations.rates([{"at": "12:00", "rate": 1.0}]), "time", "requests a second")
    titled(operations.latencies([{"route": "/predict", "p50": 1, "p95": 2, "p99": 3}]), "milliseconds (logarithmic)")
    days = [{"day": "2026-01-01", "service": s, "answers": 3, "degraded_share": 0.5} for s in ("green", "yellow")]
    assert [t.name for t in operations.volume(days).data] == ["green", "yellow"]
    assert operations.degraded(days).data[0].y[0] == 50.0


def test_axes_have_whole_steps_and_whole_powers_of_ten() -> None:
    assert [whole_step(length) for length in (0, 1, 5, 30, 156, 4000)] == [1, 1, 2, 10, 50, 1000]
    axis = logarithmic(go.Figure(), [1.0, 450.0]).layout.xaxis
    assert tuple(axis.range) == (-1, 3)
    assert logarithmic(go.Figure(), []).layout.xaxis.range[0] < logarithmic(go.Figure(), []).layout.xaxis.range[1]


def test_a_part_of_few_trips_does_not_stretch_the_axis() -> None:
    parts = [{"part": "a", "change": 0.02, "trips": 400, "state": "worse"},
             {"part": "b", "change": 5.0, "trips": 3, "state": "few trips"}]  # fmt: skip
    low, high = models.slice_changes(parts, "Parts").layout.xaxis.range
    assert low < 0 < 2.0 < high < 10
    assert models.slice_changes(parts[1:], "Parts").layout.xaxis.range is None


def test_words_on_a_bar_are_read_on_its_own_colour() -> None:
    rows = [{"loss_tune": 3.0, "family": "ridge"}, {"loss_tune": 4.0, "family": "mlp"}]
    bars = models.leaderboard(rows, "duration_min", "2019-03").data[0]
    assert list(bars.marker.color) == [ORANGE, BLUE]
    assert list(bars.insidetextfont.color) == [DARK, WHITE]
