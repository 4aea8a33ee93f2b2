"""Which measure a question is found to ask for, of which rows, and in which form; nothing is read from a warehouse."""

from __future__ import annotations

import pytest

from include.llm.ask.question.understanding import understand
from include.llm.ask.routing.planning import plan_of
from include.llm.ask.routing.router import fits_of


@pytest.mark.parametrize(
    ("question", "measure", "shape", "filters"),
    [
        ("Is coverage closer to 80 % for yellow duration or fare?", "coverage", "nearest", {"target": 2}),
        ("What is the ratio of yellow to green trips in February 2019?", "trips", "times", {"service": 2}),
        ("Are yellow trips longer on weekends than on weekdays?", "mean_duration", "yes", {"week_part": 2}),
        ("Do green cabs drive faster at night or in the evening?", "speed", "compared", {"band": 2}),
        ("How many rows break the expectation fare_usd_in_range?", "breaking_rows", "value", {"expectation": 1}),
        ("How often is the yellow duration champion right to within two minutes?", "within_2", "value", {"target": 1}),
        ("How many zones had at least one green trip in February 2019?", "trips", "counted", {"service": 1}),
        ("How many green trips stayed in the same zone in January 2019?", "flagged_trips", "value", {"column": 1}),
        ("Do more green trips end in Manhattan or in Brooklyn?", "trips", "compared", {"dropoff_borough": 2}),
        (
            "How many earlier trips did drift have as reference in yellow march?",
            "reference_rows",
            "value",
            {},
        ),
        ("How many yellow records failed to make it through cleaning in March?", "quarantined", "value", {}),
        ("What share of all rejected yellow rows was too short?", "reason_share", "value", {"reason": 1}),
        ("What share of yellow rows was rejected as too short?", "quarantined_share", "value", {"reason": 1}),
        ("how many reject reasons never fired for yellow?", "reasons_idle", "value", {"service": 1}),
        ("How many expectations were violated in green Jan?", "broken", "value", {"service": 1}),
        ("biggest single reason why green rows were quarantined in jan", "quarantined", "ranked", {"service": 1}),
        ("at what time was the newest yellow month ingested?", "ingested_at", "value", {"service": 1}),
        ("How many entries does the promotion_log have?", "table_rows", "value", {"table": 1}),
        ("Did the average yellow trip get longer from January to March 2019?", "mean_value", "yes", {"service": 1}),
        ("Which raw check flags the most rows in yellow March?", "breaking_rows", "ranked", {"stage": 1}),
        ("yellow jan: rows w/o a passenger?", "breaking_rows", "value", {"expectation": 1}),
        ("how many seconds from the raw load to the feature load, green feb", "step_seconds", "value", {"until": 1}),
        ("rows dropped bc they changed the clocks, yellow march", "quarantined", "value", {"reason": 1}),
        ("how many of the reject reasons hit any row in green feb?", "quarantined", "counted", {"service": 1}),
        ("does cleaning make the mean yellow ride shorter?", "summary_mean", "yes", {"stage": 2}),
        ("increase in quarantined rows yellow feb to march", "quarantined", "difference", {"service": 1}),
        ("green jan, fares out of range that cleaning removed", "quarantined", "value", {"reason": 1}),
        ("which yellow month has clock changes among its rejects?", "quarantined", "having", {"reason": 1}),
        ("Which service was loaded last?", "ingested_at", "ranked", {}),
        ("When the green fare model got promoted, what was the lower bound?", "lower_bound", "value", {"target": 1}),
        ("total fit time of all the yellow experiments, in seconds", "fit_seconds", "value", {"service": 1}),
        ("by how many minutes is the yellow trip-time model off on airport runs?", "slice_loss", "value", {"slice": 1}),
        ("whose duration model has the smaller mean error, greens or yellows", "mae", "compared", {"service": 2}),
        ("Did lightgbm win yellow durations on the tune days?", "loss_tune", "tallied", {"target": 1}),
        ("which families had a tune error under 4 minutes on yellow durations?", "mae_tune", "tallied", {}),
        ("how many green fare families came in under 3 dollars tune mae", "mae_tune", "counted", {}),
        ("which families beat the baseline on tune days for green tips", "loss_tune", "tallied", {}),
        ("gap between first and second on the yellow fare leaderboard", "loss_tune", "margin", {}),
        ("how many trips were the three yellow champions tested on in total", "rows_scored", "summed", {}),
        ("how many models gained over 20 percent", "gain", "counted", {}),
        ("which model was registered first?", "registered_at", "ranked", {}),
        ("are green airport trips worse than the rest for fares?", "slice_loss", "yes", {"slice": 2}),
        ("did green drop more rows in jan or in feb", "quarantined", "compared", {"service": 1}),
        ("whose fare champion has the smaller avg error, yellow's or green's", "mae", "compared", {"target": 1}),
        ("which model family is answering for yellow trip durations?", "champion_family", "value", {"target": 1}),
        ("is the yellow fare model significantly better than its baseline?", "gain", "threshold", {}),
        ("the champion's mae as a share of the baseline's mae, yellow fare", "mae", "times", {}),
        ("green durations feb: rmse of champion lower than that of the baseline?", "rmse", "yes", {}),
        ("Does the 80% band hold? Give me the coverage of the green fare champion", "coverage", "value", {}),
        ("rows lost to the switch to daylight saving time, yellow march", "quarantined", "value", {"reason": 1}),
        ("add it all up, both services - how many records did cleaning throw away", "quarantined", "value", {}),
        ("Has anybody waived a broken expectation in green January?", "waived", "threshold", {}),
        ("rows lost to bad durations, below a minute or above three hours, yellow", "quarantined", "value", {}),
        ("worst green month for thrown away rows", "quarantined", "ranked", {}),
        ("rows lasting over 3 hours as a share of rows read, yellow feb", "quarantined_share", "value", {"reason": 1}),
        ("how many columns of the contract were missing from the green feb file", "absent_columns", "value", {}),
        ("how many fares count as outliers, below and above together, yellow feb", "outliers", "value", {"column": 1}),
        ("What share of passenger_count is missing in clean yellow data?", "ride_missing", "value", {"stage": 1}),
    ],
)
def test_the_measure_and_its_rows(question: str, measure: str, shape: str, filters: dict[str, int]) -> None:
    asked = understand(question)
    fit = fits_of(asked)[0]
    assert (fit.measure.name, plan_of(asked, fit).shape, fit.left) == (measure, shape, ())
    assert {name: len(fit.filters[name]) for name in filters} == filters


@pytest.mark.parametrize(
    "question",
    [
        "What was the average fare of yellow trips not paid in cash?",
        "What is the average predicted fare of yellow trips in March 2019?",
        "How many yellow trips except those on weekends were there?",
        "What share of yellow trips was late in March 2019?",
        "since the gate turned down the yellow fare model in march, who has been answering instead",
        "how many months separate training end and test month for green",
        "How many yellow trips were rated five stars in March 2019?",
        "How many trips from JFK took longer than an hour in yellow March 2019?",
    ],
)
def test_what_asks_for_something_else_is_not_explained(question: str) -> None:
    fits = fits_of(understand(question))
    assert not fits or fits[0].left


def test_a_champion_has_no_mean_error_of_its_tune_days() -> None:
    asked = understand("average error of the fare champions of yellow and green")
    assert "mean_mae_tune" not in [fit.measure.name for fit in fits_of(asked)]


def test_what_is_left_out_of_a_ranking_is_no_filter() -> None:
    asked = understand("top quarantine reason for green 2019-02 apart from duration_under_1_min?")
    fit = fits_of(asked)[0]
    assert (fit.measure.name, plan_of(asked, fit).shape) == ("quarantined", "ranked")
    assert "reason" not in fit.filters
    assert fit.without == {"reason": ("duration_under_1_min",)}


def test_the_worst_month_is_the_one_with_the_most_of_what_is_bad() -> None:
    asked = understand("worst yellow month for thrown away rows? and how many")
    plan = plan_of(asked, fits_of(asked)[0])
    assert (plan.measure.name, plan.descending, plan.names_value) == ("quarantined", True, False)
