"""Questions about figures on a warehouse that can be counted by hand."""

from __future__ import annotations

import pytest

from include.llm.rag_insights import RAGInsightsAssistant


@pytest.mark.parametrize(
    ("question", "value", "unit"),
    [
        ("How many yellow trips were kept in March 2019?", 100, "trips"),
        ("how many yelow trips in febuary", 100, "trips"),
        ("How many rows did yellow have in total over both months?", None, ""),
        ("total yellow trips from February to March 2019", 200, "trips"),
        ("How much revenue did green taxis make in March?", 500.0, "dollars"),
        ("average fare of yellow trips in March", 8.0, "dollars"),
        ("mean trip distance for yellow in March", 2.0, "miles"),
        ("average speed of yellow cabs in march 2019", 10.0, "mph"),
        ("How many yellow trips started at JFK in the newest month?", 40, "trips"),
        ("yellow trips from JFK in the month before March 2019", 70, "trips"),
        ("How many rows of yellow March 2019 were quarantined?", 10, "rows"),
        ("How many yellow rows were reversals in March?", 4, "rows"),
        ("What share of the yellow rows did cleaning keep in March?", 100 / 110, "share"),
        ("MAE of the yellow duration champion?", 3.5, "minutes"),
        ("MAE of the baseline for yellow duration in March 2019", 5.25, "minutes"),
        ("what is the rmse of the yellow duration champ", 4.5, "minutes"),
        ("coverage of the yellow duration intervals", 0.8125, "share"),
        ("share of trips within 5 minutes for the yellow duration champion", 0.75, "share"),
        ("MAE of the yellow duration champion at the airports", 7.5, "minutes"),
        ("tune loss of ridge for yellow trip duration", 4.2, "minutes"),
        ("How many seconds did xgboost take to fit yellow durations?", 0.38, "seconds"),
        ("How many families were fitted for yellow duration?", 5, "families"),
        ("gain of the yellow duration challenger over the baseline", 1 / 3, "share"),
        ("How many zones are in Queens?", 69, "zones"),
        ("version of the yellow duration champion", 1, "version"),
        ("what place did xgboost take for yellow duration", 1, "place"),
        ("How many rows does trip_totals hold for yellow 2019-03?", 7, "rows"),
        ("by how many trips did yellow exceed green in March 2019?", 50, "trips"),
        ("How many trips did all services make together in March 2019?", 150, "trips"),
        ("how many distinct pickup zones had yellow trips in March?", 2, "zones"),
        ("nb of fits that took longer than 0.4 secs", 2, "fits"),
        ("slowest fit ever: how many seconds?", 0.5, "seconds"),
        ("mean fit time over all families", 0.418, "seconds"),
        ("average tune mae over all families, yellow duration", 4.18, "minutes"),
        ("spread between best and worst family on yellow duration, tune days", 1.2, "minutes"),
        ("how far below 90 % is the coverage of the yellow duration model", 0.0875, "share"),
        ("How many minutes of MAE does the yellow duration champion shave off the baseline", 1.75, "minutes"),
        ("difference betw gain and lower bound, yellow duration promotion", 1 / 3 - 0.3, "share"),
        ("r2 of the yellow duration champion", 0.75, "score"),
        ("mape of the baseline, yellow durations", 0.375, "share"),
        ("how many models are served by their baseline", 0, "models"),
        ("number of slices scored for the yellow duration model", 1, "values"),
    ],
)
def test_figures(assistant: RAGInsightsAssistant, question: str, value: float | None, unit: str) -> None:
    answer = assistant.query(question)
    if value is None:
        assert answer.abstained or answer.facts
        return
    assert not answer.abstained, answer.text
    assert answer.facts[0].value == pytest.approx(value), answer.text
    assert answer.facts[0].unit == unit
    assert answer.facts[0].shown in answer.text
    assert answer.citations[0].kind == "table"


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Which family was best on the tune days for yellow duration?", "xgboost"),
        ("which family is second for yellow trip duration", "lightgbm"),
        ("Did ridge beat additive_log for yellow durations?", "no"),
        ("is xgboost better than lightgbm for yellow duration?", "yes"),
        ("Which pickup zone was busiest in yellow March?", "Upper East Side South (zone 237)"),
        ("Did yellow have more trips than green in March 2019?", "yes"),
        ("Is the yellow duration champion better than the baseline?", "yes"),
        ("Is the yellow duration MAE below 3 minutes?", "no"),
        ("Is the coverage of yellow durations at least 80 %?", "yes"),
        ("which reason removed the most yellow rows in March", "duplicate"),
        ("which reason removed the most yellow rows in March apart from duplicate", "reversal"),
        ("is lightgbm the champion of yellow duration", "no"),
        ("is the baseline the champion of yellow duration", "no"),
        ("For yellow durations, was xgboost's tune loss lower than lightgbm's?", "yes"),
        ("In March 2019, did yellow have more trips than green, and by how many?", "yes"),
        ("What is the best family for yellow duration?", "xgboost"),
        ("Was there any rollback?", "no"),
        ("Which family was slowest to fit for yellow duration?", "zone_pair_median"),
    ],
)
def test_verdicts(assistant: RAGInsightsAssistant, question: str, verdict: str) -> None:
    answer = assistant.query(question)
    assert not answer.abstained, answer.text
    assert answer.facts[0].value == verdict, answer.text
    assert answer.kind == "comparison"


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("How many yellow trips were there in December 2019?", "2019-02, 2019-03"),
        ("How many fhvhv trips in March 2019?", "green, yellow"),
        ("MAE of random_forest for yellow duration", "ridge"),
        ("fit seconds of random_forest for yellow duration", "ridge"),
        ("MAE of version 9 of the yellow duration model", "do not know"),
        ("prospective MAE of the yellow duration champion", "later month"),
        ("How many drift alarms had yellow in March?", "three earlier months"),
        ("How many yellow trips in March were delayed by zebras?", "zebra"),
    ],
)
def test_what_is_not_there_is_not_answered(assistant: RAGInsightsAssistant, question: str, says: str) -> None:
    answer = assistant.query(question)
    assert answer.abstained, answer.text
    assert says in answer.text
    assert not answer.facts


def test_the_service_is_told_when_none_was_named(assistant: RAGInsightsAssistant) -> None:
    assert "No service is named; this is yellow." in assistant.query("How many trips were kept in March 2019?").text
    assert assistant.query("How many trips were kept in March 2019?", "green").facts[0].value == 50


def test_a_fit_is_cited_by_its_run(assistant: RAGInsightsAssistant) -> None:
    answer = assistant.query("tune loss of ridge for yellow trip duration")
    assert {"kind": "run", "source": "experiment_runs", "where": {"run_id": f"{5:032x}"}, "title": f"run {5:032x}"} in [
        citation.as_dict() for citation in answer.citations
    ]


def test_the_recommended_model_is_the_champion_with_its_reason(assistant: RAGInsightsAssistant) -> None:
    answer = assistant.get_best_model_recommendation("yellow", "duration_min")
    assert answer.kind == "recommendation"
    assert answer.facts[0].value == "nyc_taxi_yellow_duration_min/1"
    assert "3.500 minutes" in answer.text
    assert "33.33%" in answer.text
    assert assistant.query("Which model should I use for yellow durations?").text == answer.text
    assert assistant.get_best_model_recommendation("green", "fare_usd").abstained


def test_a_zone_that_is_not_there_has_no_trips_to_count(assistant: RAGInsightsAssistant) -> None:
    told = assistant.query("How many yellow trips started in zone 999 in March 2019?")
    assert (told.abstained, told.facts) == (True, ())
    assert "no taxi zone has such a number" in told.text


def test_one_service_of_two_is_named(assistant: RAGInsightsAssistant) -> None:
    told = assistant.query("What is the MAE of the trip duration champion in both services?")
    assert told.text.endswith("There are rows of yellow alone.")
