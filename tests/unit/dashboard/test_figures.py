"""Every figure has a title, names its axes, shows what it was given, and says it in words with units."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import Any

import pytest

from include.dashboard.charts.chart import Chart, Option
from include.dashboard.figures import (
    contests,
    drift,
    evaluation,
    exploration,
    models,
    operations,
    quality,
    quote,
    trips,
)
from include.dashboard.measures import MEASURES, measures_of
from include.dashboard.theme import BLUE, DARK, DOWN, ORANGE, WHITE
from include.trips.regimes import known_regimes

TRIPS, REVENUE, SPEED = (next(m for m in MEASURES if m.name == name) for name in ("Trips", "Revenue", "Speed"))
SUMS = {"trips": 4, "revenue_usd": 40.0, "fare_usd": None, "distance_mi": 10.0, "minutes": 60.0, "moving_minutes": 30.0}
FITS = [
    {"family": family, "month": month, "loss_tune": loss, "fit_seconds": seconds}
    for month in ("2019-06", "2019-05")
    for family, loss, seconds in (("ridge", 4.5, 0.4), ("lightgbm", 3.5, 9.0))
]


def titled(chart: Chart, x: str = "", y: str = "") -> list[Option]:
    """The chart's series, after what holds for every chart."""
    assert chart.title
    assert chart.height > chart.option["media"][0]["option"]["grid"]["bottom"] + 50, "there is room left on a phone"
    json.dumps(chart.option, allow_nan=False)
    assert [axes[-1]["name"] for axes in (shown(chart, "xAxis"), shown(chart, "yAxis"))] == [x, y]
    assert set(chart.option["legend"]["data"]) == {s["name"] for s in chart.option["series"] if "name" in s}
    return list(chart.option["series"])


def shown(chart: Chart, axis: str) -> list[Option]:
    return [one for one in chart.option[axis] if one.get("show", True)]


def data(series: Option) -> list[Any]:
    """Places and values, and the words at the end, of each datum."""
    return [datum["value"] if isinstance(datum, dict) else list(datum) for datum in series["data"]]


def test_measures_are_made_of_sums_and_known_where_their_sums_are() -> None:
    assert SPEED.value(SUMS) == 20.0
    assert [m.name for m in measures_of([SUMS])] == ["Trips", "Revenue", "Revenue a trip", "Minutes a trip",
                                                    "Miles a trip", "Speed"]  # fmt: skip
    assert math.isnan(SPEED.value(SUMS | {"moving_minutes": 0.0}))


def test_months_that_are_absent_are_gaps() -> None:
    rows = [SUMS | {"month": month} for month in ("2019-01", "2019-03")]
    (bars,) = titled(trips.by_month(rows, TRIPS, "all"), "month", "trips")
    assert data(bars) == [["2019-01", 4, "2019-01: 4 trips"], ["2019-02", None, ""], ["2019-03", 4, "2019-03: 4 trips"]]
    assert titled(trips.by_month(rows, SPEED, "all"), "month", "mph")[0]["type"] == "line", "does not add up"
    assert trips.every_month([]) == []


def test_great_amounts_are_short_on_the_axis_and_whole_in_words() -> None:
    rows = [SUMS | {"month": "2019-01", "trips": 7_654_321}]
    (bars,) = titled(trips.by_month(rows, TRIPS, "all"), "month", "million trips")
    assert data(bars) == [["2019-01", 7.654321, "2019-01: 7,654,321 trips"]]


def test_the_week_begins_on_monday_at_midnight() -> None:
    rows = [SUMS | {"hour_of_week": 25}, SUMS | {"hour_of_week": 26, "revenue_usd": None}]
    chart = trips.by_hour(rows, REVENUE, "all")
    (cells,) = titled(chart, "hour of the pick-up")
    assert data(cells) == [[1, 1, 40.0, "Tue 01:00: 40 USD"]], "an hour without a value has no cell"
    assert (len(chart.option["xAxis"][0]["data"]), len(chart.option["yAxis"][0]["data"])) == (24, 7)


def test_places_are_ranked_and_cut_and_one_can_be_chosen_where_a_click_opens_it() -> None:
    places = [(str(n), float(n)) for n in range(30)] + [("none", float("nan"))]
    chart = trips.by_place(places, TRIPS, "Trips", opens=True)
    (bars,) = titled(chart, "trips")
    assert data(bars)[0] == [29.0, "29", "29: 29 trips"]
    assert [name for name, _ in trips.ranked(places)] == chart.option["yAxis"][0]["data"]
    assert len(bars["data"]) == trips.SHOWN
    assert (bars["selectedMode"], trips.by_place(places, TRIPS, "Trips").option["series"][0]["selectedMode"]) == (
        "single", False)  # fmt: skip


def test_the_best_family_is_first_and_of_another_colour() -> None:
    (bars,) = titled(models.leaderboard(FITS[:2], "duration_min", "2019-06"), models.LOSS["duration_min"])
    assert data(bars)[0] == [3.5, "lightgbm", "lightgbm: 3.5000"]
    assert [datum["itemStyle"]["color"] for datum in bars["data"]] == [ORANGE, BLUE]
    assert [datum["label"]["color"] for datum in bars["data"]] == [DARK, WHITE], "words are read on their own bar"


def test_words_stand_behind_a_bar_that_is_too_short_for_them() -> None:
    rows = [{"loss_tune": 0.1, "family": "ridge"}, {"loss_tune": 4.0, "family": "mlp"}]
    (bars,) = titled(models.leaderboard(rows, "duration_min", "2019-03"), models.LOSS["duration_min"])
    assert [datum["label"]["position"] for datum in bars["data"]] == ["right", "insideRight"]


def test_families_run_through_the_months_in_order() -> None:
    lines = titled(models.families_over_months(FITS, "duration_min"), "month trained for", models.LOSS["duration_min"])
    assert [[datum[0] for datum in data(line)] for line in lines] == [["2019-05", "2019-06"]] * 2
    assert data(lines[0])[0][2] == "lightgbm 2019-05: 3.5000"
    assert len({str(line["lineStyle"]["type"]) for line in lines}) == len({line["symbol"] for line in lines}) == 2
    chart = models.cost_and_quality(FITS[:2], "fare_usd", "2019-06")
    titled(chart, "seconds of the fit (logarithmic)", models.LOSS["fare_usd"])
    assert chart.option["xAxis"][0]["type"] == "log"


def test_the_search_keeps_its_best() -> None:
    trials = [{"trial": n, "loss": loss} for n, loss in ((1, 4.0), (2, None), (3, 3.0), (4, 3.5))]
    tried, best = titled(models.tuning_curve(trials, "ridge", "fare_usd"), "trial", models.LOSS["fare_usd"])
    assert data(best) == [[1, 4.0], [3, 3.0], [4, 3.0]]
    assert best["step"] == "end"
    assert [datum[0] for datum in data(tried)] == [1, 3, 4]
    titled(models.tuning_curve([], "ridge", "fare_usd"), "trial", models.LOSS["fare_usd"])


def test_errors_are_a_histogram_and_a_grid_with_its_diagonal() -> None:
    errors = {"edges": [-2, 0, 2], "trips": [3, 5], "median": 0.5}
    (bars,) = titled(evaluation.residuals(errors, "min", "Residuals"), "predicted - actual (min)", "trips")
    assert data(bars)[0] == [-1, 3, "about -1.0 min: 3 trips"]
    assert bars["markLine"]["data"] == [{"xAxis": 0}]
    grid = {"edges": [0, 10, 20], "trips": [[100, 0], [1, 10]]}
    chart = evaluation.predicted_and_actual(grid, "min", "Both")
    cells, diagonal = titled(chart, "predicted (min)", "actual (min)")
    assert data(cells)[0] == [0, 0, 2.0, "said 5 min, was 5 min: 100 trips"]
    assert [datum[:3] for datum in data(cells)] == [[0, 0, 2.0], [0, 1, 0.0], [1, 1, 1.0]]
    assert data(diagonal) == [[0, 0], [20, 20]]
    assert (diagonal["xAxisIndex"], diagonal["yAxisIndex"]) == (1, 1), "on the axes of numbers"


def test_chances_are_held_against_what_came() -> None:
    groups = [{"said": 0.2, "was": 0.3, "trips": 9}]
    exact, model = titled(
        evaluation.calibration(groups, "Calibration"), "predicted chance (%)", "trips with a high tip (%)"
    )
    assert data(model) == [[20.0, 30.0, "said 20.0 %, was 30.0 % of 9 trips"]]
    assert data(exact) == [[20.0, 20.0], [30.0, 30.0]]
    curve = {"false_alarms": [0, 1], "hits": [0, 1], "area": 0.5}
    series = titled(evaluation.roc(curve, "ROC"), "false alarms (% of the others)", "found (% of high tips)")
    assert series[1]["name"] == "area 0.500"
    rows = [{"label": "00:00", "loss": 2.0, "trips": 3}]
    (bars,) = titled(evaluation.error_by(rows, "fare_usd", "hour"), "hour", models.LOSS["fare_usd"])
    assert data(bars) == [["00:00", 2.0, "00:00: 2.000 on 3 trips"]]


def test_a_contest_shows_everybody_on_the_same_trips() -> None:
    roles = (("challenger", 2), ("champion", 1), ("baseline", 0), ("prospective", 1))
    scored = [{"role": role, "version": version, "loss": 3.0, "rows_scored": 9} for role, version in roles]
    (bars,) = titled(contests.contest(scored, "fare_usd", "2019-06"), models.LOSS["fare_usd"])
    assert [datum[1] for datum in data(bars)] == ["baseline", "champion (version 1)", "challenger (version 2)"]
    assert data(bars)[1][2] == "champion (version 1): 3.0000 on 9 trips"


def test_a_part_that_stops_is_told_by_its_pattern_and_few_trips_do_not_stretch_the_axis() -> None:
    parts = [{"part": "airport", "change": 0.02, "trips": 400, "state": "stops"},
             {"part": "hours late", "change": -0.01, "trips": 400, "state": "better"},
             {"part": "route", "change": 5.0, "trips": 3, "state": "few trips"}]  # fmt: skip
    chart = contests.slice_changes(parts, "Parts")
    stops, better, few = titled(chart, "change of the loss (%)")
    assert ("decal" in stops["itemStyle"], "decal" in better["itemStyle"]) == (True, False)
    assert data(few) == [[500.0, "route", "route: +500.0 % on 3 trips"]]
    axis = chart.option["xAxis"][0]
    assert axis["min"] <= -1 < 2 <= axis["max"] < 10
    assert "max" not in contests.slice_changes(parts[2:], "Parts").option["xAxis"][0]
    assert contests.slice_changes(parts[1:], "Parts").option["xAxis"][0]["max"] > 0, "the start of a bar is seen"


def test_waiting_costs_percent_above_the_freshest() -> None:
    losses = (("2019-01", "2019-02", 2.0), ("2019-01", "2019-03", 3.0), ("2019-02", "2019-03", 2.5))
    found = [{"trained_to": trained_to, "month": month, "loss": loss} for trained_to, month, loss in losses]
    (cells,) = titled(contests.stale_heat_map(found, "Age"), "scored on", "trained to")
    percents = {(x, y): percent for x, y, percent, _ in data(cells)}
    assert percents == pytest.approx({(0, 0): 0.0, (1, 0): 20.0, (1, 1): 0.0})
    assert [datum["label"]["color"] for datum in cells["data"]] == [DARK, WHITE, DARK]


def test_decisions_are_signs_on_steps() -> None:
    decided = [{"version_after": n, "decision": d, "test_month": "2019-06", "reason": "why", "actor": "gate"}
               for n, d in ((1, "promote"), (1, "keep"), (2, "promote"), (1, "rollback"))]  # fmt: skip
    steps, *signs = titled(contests.champions_over_time(decided, "Decisions"), "decision", "version that answers")
    assert data(steps) == [[0, 1], [1, 1], [2, 2], [3, 1]]
    assert {s["name"]: s["symbol"] for s in signs} == {"keep": "circle", "promote": "triangle", "rollback": DOWN}
    assert data(signs[0]) == [[1, 1, "2019-06, by gate\nwhy"]]
    rows = [{"month": "2019-06", "loss": 3.0, "version": 1, "rows_scored": 9}]
    (met,) = titled(contests.prospective(rows, "fare_usd", "yellow"), "month", models.LOSS["fare_usd"])
    assert data(met) == [["2019-06", 3.0, "2019-06: 3.000, version 1 on 9 trips"]]


def test_the_calendar_tells_states_by_sign_and_colour() -> None:
    months = [{"month": f"2019-0{n}", "state": state, "sentence": "A sentence."}
              for n, state in enumerate(quality.STATE_LOOK, 1)]  # fmt: skip
    chart = quality.calendar(months, "yellow")
    cells, *looks = titled(chart)
    signs = [datum["label"]["formatter"] for datum in cells["data"]]
    assert signs == [sign for _, sign in quality.STATE_LOOK.values()]
    colours = [piece["color"] for piece in chart.option["visualMap"]["pieces"]]
    assert len(set(signs)) == len(set(colours)) == len(cells["data"]) == 6, "a month that is not there has no cell"
    assert [look["itemStyle"]["color"] for look in looks] == colours
    assert data(cells)[0] == [0, 0, 0, "2019-01: passed\nA sentence."]


def test_the_waterfall_goes_from_rows_read_to_rows_kept() -> None:
    reasons = [{"reason": "too_fast", "rows": 10}, {"reason": "never", "rows": 0}, {"reason": "no_end", "rows": 30}]
    chart = quality.reject_waterfall(reasons, 1000, "June")
    unseen, steps, joints = titled(chart, "rows (the axis does not begin at 0)")
    assert [datum[0] for datum in data(unseen)] == [0, 970, 960, 0]
    assert [datum[0] for datum in data(steps)] == [1000, 30, 10, 960]
    assert data(steps)[1][1:] == ["no end\n30 (3.00 %)", "no end: 30 (3.00 %)"]
    assert chart.option["xAxis"][0]["min"] < 960 < 1000 <= chart.option["xAxis"][0]["max"]
    assert unseen["itemStyle"]["opacity"] == 0
    assert [datum[0] for datum in data(joints)] == [1000, 1000, None, 970, 970, None, 960, 960, None]


def test_the_band_is_of_the_months_before() -> None:
    rows = [
        {"column": "rate_code", "month": f"2019-0{n}", "percent": p, "usual": n < 3}
        for n, p in ((1, 2.0), (2, 5.0), (3, 9.0))
    ]
    series = titled(quality.null_bands(rows, "rate_code"), "month", "% of rows without a value")
    low, above, usual, unusual = series
    assert [datum[1] for datum in data(low)] == [None, 2.0, 2.0]
    assert [datum[1] for datum in data(above)] == [None, 0.0, 3.0], "stacked on the lower edge"
    assert low["stack"] == above["stack"]
    assert (len(usual["data"]), data(unusual)) == (2, [["2019-03", 9.0, "2019-03: 9.00 % null"]])
    assert usual["symbol"] != unusual["symbol"]


def drifted(month: str, value: float, verdict: str, **more: Any) -> dict[str, Any]:
    plain = {"column_name": "fare_usd", "month": month, "value": value, "limit_value": 0.1, "metric": "psi",
             "verdict": verdict, "note": "", "segment": "month", "segment_value": ""}  # fmt: skip
    return plain | more


DRIFTED = [drifted("2019-02", 0.05, "ok"), drifted("2019-02", 0.2, "known", metric="ks"),
           drifted("2019-03", 0.3, "alarm"), drifted("2019-03", 3.0, "ok", metric="history")]  # fmt: skip


def test_drift_is_the_worst_comparison_over_its_limit() -> None:
    cells, alarm, known, since = titled(drift.drift_heat_map(DRIFTED, known_regimes("yellow"), "yellow"), "month")
    assert [datum[2] for datum in data(cells)] == pytest.approx([2.0, 3.0])
    assert data(cells)[0][3] == "fare_usd 2019-02\nks 0.2 of 0.1: known"
    assert (data(alarm), data(known)) == ([["2019-03", "fare_usd"]], [["2019-02", "fare_usd"]])
    assert data(since) == [[0, 0], [0, 1]], "the congestion surcharge began in 2019-02, the first month shown"


def test_what_moved_most_is_on_top_and_names_its_segment() -> None:
    rows = [*DRIFTED[:3], drifted("2019-03", 0.4, "alarm", segment="borough", segment_value="Queens", note="why")]
    chart = drift.drift_of_segments(rows, "2019-03")
    alarms, known = titled(chart, "times the limit")
    assert chart.option["yAxis"][0]["data"][0] == "psi of fare_usd, borough Queens"
    assert data(alarms)[0][2] == "psi of fare_usd, borough Queens: 4.00 times the limit\nwhy"
    assert alarms["markLine"]["data"] == [{"xAxis": 1}]
    assert alarms["symbol"] != known["symbol"]


def test_components_and_groups_are_named() -> None:
    components = [{"component": 1, "explained": 0.75, "features": {"hour": 0.5}},
                  {"component": 2, "explained": 0.25, "features": {"is_jfk_flat": -1.0}}]  # fmt: skip
    _, sums = titled(exploration.explained(components, "PCA"), "component", "% explained")
    assert [datum[1] for datum in data(sums)] == [75.0, 100.0]
    (cells,) = titled(exploration.weights(components, "PCA"), "component")
    assert data(cells)[1] == [1, 1, -1.0, "component 2, is_jfk_flat: -1.00"]
    parts = titled(exploration.scattered([(0, 0), (1, 1)], [0, 1], ["short", "long"], "Trips"), "first component",
                   "second component")  # fmt: skip
    assert len({part["symbol"] for part in parts}) == 2
    groups = [{"name": "late in the day", "centre": {"day_sin": -1.0, "alike": 2.0}},
              {"name": "early", "centre": {"day_sin": 1.0, "alike": 2.0}}]  # fmt: skip
    (profile,) = titled(exploration.group_profiles(groups, "Groups"))
    assert data(profile)[0] == [0, 0, -1.0, "late in the day\nearly in the day: -1.00 (-1.0 spreads)"]
    assert data(profile)[2][2] == 0.0, "a trait in which all are alike"


def test_a_quote_over_the_day_has_a_band_and_a_bill_ends_in_its_sum() -> None:
    answers: list[dict[str, Any]] = [{"fare_usd": {"value": 10.0 + h, "p10": 8.0, "p90": 20.0}} for h in range(24)]
    low, above, fare = titled(quote.day_curve(answers, "fare_usd", 8, "Monday"), "hour of the pick-up", "USD")
    assert (data(low)[3][1], data(above)[3][1]) == (8.0, 12.0)
    assert data(fare)[3] == [3, 13.0, "03:00: 13.0 USD, 80 of 100 trips 8.0 to 20.0"]
    assert fare["markLine"]["data"] == [{"xAxis": 8}]
    (tip,) = titled(quote.day_curve([{"high_tip": {"probability": 0.5}}, {}], "high_tip", 8, "Monday"),
                    "hour of the pick-up", "%")  # fmt: skip
    assert data(tip) == [[0, 50.0, "00:00: 50.0 %"]], "an hour without an answer has no point"
    _, steps, _ = titled(quote.bill([("metered fare", 10.0), ("mta tax", 0.5)], "Bill"), "USD")
    assert data(steps)[-1] == [10.5, "total before tolls and tip: 10.50", "total before tolls and tip: 10.50 USD"]


def test_a_failed_task_has_a_frame_and_each_begins_where_it_began() -> None:
    tasks = [{"task": "land", "phase": "ingest", "state": "success", "begin": 0.0, "minutes": 1.0},
             {"task": "fit ridge", "phase": "train", "state": "failed", "begin": 1.0, "minutes": 2.0}]  # fmt: skip
    begins, ingest, train = titled(operations.phases(tasks, "Phases"), "minutes since the run began")
    assert data(begins) == [[0.0, 0], [1.0, 1]]
    assert data(train) == [[2.0, 1, "fit ridge: failed, 2.0 min"]]
    assert train["data"][0]["itemStyle"]["borderWidth"] > ingest["data"][0]["itemStyle"]["borderWidth"]


def test_requests_and_answers_are_drawn() -> None:
    (rate,) = titled(operations.rates([{"at": datetime(2026, 1, 1, 12, tzinfo=UTC), "rate": 1.0}]), "time (UTC)",
                     "requests a second")  # fmt: skip
    assert data(rate) == [["12:00:00", 1.0, "12:00:00: 1.00 a second"]]
    chart = operations.latencies([{"route": "/predict", "p50": 1, "p95": 2, "p99": 3}])
    assert data(titled(chart, "milliseconds (logarithmic)")[2]) == [[3, "/predict", "/predict p99: about 3.0 ms"]]
    days = [{"day": "2026-01-01", "service": s, "answers": 3, "degraded_share": 0.5} for s in ("green", "yellow")]
    green, yellow = titled(operations.volume(days), "day", "answers")
    assert (green["stack"], "decal" in green["itemStyle"]) == (yellow["stack"], False)
    assert "decal" in yellow["itemStyle"], "told apart without colour"
    assert data(titled(operations.degraded(days), "day", "% of answers")[0])[0][1] == 50.0
