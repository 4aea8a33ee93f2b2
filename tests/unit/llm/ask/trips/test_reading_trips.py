"""A question on trips is read into what is measured, of which trips, told apart by what, held against what."""

from __future__ import annotations

import pytest

from include.llm.ask.question.when import days_meant
from include.llm.ask.trips.asked import Aggregate, Asked
from include.llm.ask.trips.asking import trips_asked
from include.llm.ask.trips.hours import between
from include.llm.ask.trips.reading import read


def _asked(question: str) -> Asked:
    asked = trips_asked(question)
    assert asked is not None, question
    return asked


def _hours(question: str) -> tuple[int, ...]:
    return next(c.values for c in _asked(question).base if c.keys == ("hour",))


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("between 7 and 10 in the morning", (7, 8, 9)),
        ("from 5pm till 9pm", (17, 18, 19, 20)),
        ("4-8pm", (16, 17, 18, 19)),
        ("10pm to 2am", (22, 23, 0, 1)),
        ("between 8pm and midnight", (20, 21, 22, 23)),
        ("after 10 pm", (22, 23)),
        ("before 6am", (0, 1, 2, 3, 4, 5)),
        ("from 8:00 to 8:59 in the morning", (8,)),
        ("at noon", (12,)),
    ],
)
def test_hours_are_read_in_the_ways_in_which_they_are_written(said: str, hours: tuple[int, ...]) -> None:
    assert _hours(f"yellow trips {said} in march") == hours


@pytest.mark.parametrize("said", ["mean trip time", "average trip time in mins", "avg trip duration in min"])
def test_the_time_of_a_mean_trip_time_is_the_trips(said: str) -> None:
    assert _asked(f"{said} green feb").figure == Aggregate("mean", "duration_min")
    assert trips_asked("average trip in green feb") is None  # which figure of it?


def test_no_tip_at_all_is_a_part_of_those_who_paid_by_card() -> None:
    asked = _asked("what fraction of yellow card payers left no tip at all in march")
    assert [c.keys for c in asked.part] == [("tip_usd",)]
    assert [c.kind for c in asked.base] == ["payment"]


def test_hours_over_midnight_and_minutes() -> None:
    assert between(22 * 60, 2 * 60).values == (22, 23, 0, 1)
    assert between(7 * 60 + 30, 9 * 60).op == "span"


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("4 to 10 February", [f"2019-02-{day:02d}" for day in range(4, 11)]),
        ("Feb 4-6", ["2019-02-04", "2019-02-05", "2019-02-06"]),
        ("from 27 february to 2 march", ["2019-02-27", "2019-02-28", "2019-03-01", "2019-03-02"]),
        ("the last two days of february", ["2019-02-27", "2019-02-28"]),
        ("Valentine's Day", ["2019-02-14"]),
        ("Presidents' Day", ["2019-02-18"]),
        ("MLK day", ["2019-01-21"]),
    ],
)
def test_days_are_named_by_spans_parts_and_holidays(said: str, days: list[str]) -> None:
    reading = read(f"yellow trips on {said}")
    assert reading is not None
    assert days_meant(reading.when, ["2019-01", "2019-02", "2019-03"]) == days


@pytest.mark.parametrize(
    ("question", "key", "op", "values"),
    [
        ("yellow rides with 5+ ppl on board, feb", "passenger_count", ">=", (5.0,)),
        ("yellow rides longer than 20 mi in march", "distance_mi", ">", (20.0,)),
        ("yellow rides of more than an hour in march", "duration_min", ">", (60.0,)),
        ("yellow trips with a toll in march", "tolls_usd", ">", (0.0,)),
        ("yellow trips without a tip in march", "tip_usd", "=", (0.0,)),
        ("yellow trips with a fare between 10 and 20 dollars, march", "fare_usd", "between", (10.0, 20.0)),
    ],
)
def test_a_number_limits_the_column_of_its_unit_or_the_one_beside_it(
    question: str, key: str, op: str, values: tuple[float, ...]
) -> None:
    (condition,) = _asked(question).base
    assert (condition.keys, condition.op, condition.values) == ((key,), op, values)


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("how many yellow trips in march", Aggregate("count")),
        ("what did green cabs take in in january", Aggregate("sum", "total_usd")),
        ("average tip of yellow card trips in march", Aggregate("mean", "tip_usd")),
        ("biggest tip on a yellow trip in march", Aggregate("max", "tip_usd")),
        ("yellow fare per mile in march", Aggregate("ratio", "fare_usd", "distance_mi")),
        ("yellow trips per day in march", Aggregate("per_day")),
        ("yellow speed in march, all miles over all hours", Aggregate("speed", "speed")),
        ("tips as % of fares, yellow, march", Aggregate("ratio", "tip_usd", "fare_usd")),
    ],
)
def test_the_figure_follows_from_columns_and_words_of_adding_up(question: str, figure: Aggregate) -> None:
    assert _asked(question).figure == figure


def test_a_place_is_the_end_that_the_words_about_it_say() -> None:
    (start,) = _asked("yellow trips from JFK in march").base
    (end,) = _asked("yellow trips that ended at JFK in march").base
    pair = _asked("yellow trips JFK -> Manhattan in march").base
    (either,) = _asked("yellow trips to or from JFK in march").base
    assert (start.keys, end.keys, either.keys) == (("pickup_zone",), ("dropoff_zone",), ("pickup_zone", "dropoff_zone"))
    assert [c.keys for c in pair] == [("pickup_zone",), ("dropoff_zone",)]


def test_what_a_negation_stands_before_is_turned_round() -> None:
    (outside,) = _asked("yellow pickups outside Manhattan in march").base
    (not_card,) = _asked("yellow trips not paid by card in march").base
    assert (outside.negated, not_card.negated) == (True, True)


def test_a_share_has_its_whole_before_the_verb_and_its_part_behind_it() -> None:
    asked = _asked("what share of yellow card trips in march left no tip")
    assert [c.kind for c in asked.base] == ["payment"]
    assert [c.keys for c in asked.part] == [("tip_usd",)]
    asked = _asked("of the yellow trips from JFK in march, what share was paid in cash")
    assert ([c.kind for c in asked.base], [c.kind for c in asked.part]) == (["zone"], ["payment"])


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("did green outnumber yellow in feb", "yes"),
        ("cash or card: who pays the higher fare, yellow march", "compared"),
        ("how many more yellow trips in february than in january", "difference"),
        ("by what percentage did yellow revenue grow from january to february", "growth"),
        ("how many times as many trips did green have as yellow in feb", "times"),
        ("which yellow pickup zone was busiest in march", "ranked"),
        ("on how many days of march did yellow exceed 650 trips", "counted"),
        ("what share of yellow march trips do the five busiest pickup zones have", "top_share"),
        ("is Friday the busiest weekday for yellow in march", "is_first"),
        ("did the average yellow bill go up by more than $2 from january to february", "yes_by"),
    ],
)
def test_the_shape_of_the_answer_follows_from_the_question(question: str, shape: str) -> None:
    assert _asked(question).shape == shape


@pytest.mark.parametrize(
    "question",
    [
        "how many yellow trips carried dogs in march",
        "how many uber trips in march",
        "how many yellow trips were quarantined in march",
        "how many taxi zones are in Manhattan",
        "when exactly does a trip count as high_tip?",
        "how many yellow trips will start at JFK next Friday",
        "what is a fare",
    ],
)
def test_a_word_that_trips_do_not_know_ends_the_reading(question: str) -> None:
    assert trips_asked(question) is None


def test_which_weekday_is_one_of_seven_and_on_weekdays_are_five() -> None:
    assert _asked("which weekday was busiest for yellow in march").base == ()
    (five,) = _asked("yellow trips on weekdays in march").base
    assert five.values == (0, 1, 2, 3, 4)


def test_a_question_that_is_put_right_at_its_end_asks_for_that() -> None:
    asked = _asked("How many yellow trips per weekday hour... simply: how many yellow trips at 6 pm in March 2019?")
    assert [c.values for c in asked.base] == [(18,)]


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        ("mean fare minus median fare, yellow march", [("mean", "fare_usd"), ("median", "fare_usd")]),
        ("did yellow collect more in tolls than in tips in march", [("sum", "tolls_usd"), ("sum", "tip_usd")]),
        ("max fare minus min fare, yellow march", [("max", "fare_usd"), ("min", "fare_usd")]),
    ],
)
def test_two_figures_of_the_same_trips_are_sides(question: str, figures: list[tuple[str, str]]) -> None:
    sides = [side.figure for side in _asked(question).sides]
    assert [(figure.fn, figure.column) for figure in sides if figure] == figures


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("p90 of yellow trip duration march", Aggregate("percentile", "duration_min", number=0.9)),
        ("fastest yellow trip in march, mph", Aggregate("max", "speed")),
        ("mean speed of yellow march trips, each trip counted once", Aggregate("mean", "speed")),
        ("total hours of yellow driving in march", Aggregate("sum", "duration_h")),
        ("what fraction of yellow revenue is tips in march", Aggregate("ratio", "tip_usd", "total_usd")),
        ("how much did yellow make per trip in jan all in", Aggregate("mean", "total_usd")),
    ],
)
def test_figures_of_hours_speeds_and_parts_of_money(question: str, figure: Aggregate) -> None:
    assert _asked(question).figure == figure


@pytest.mark.parametrize(
    ("question", "key", "values"),
    [
        ("how many yellow trips started in one borough and ended in another in march", "same_borough", (0,)),
        ("how many yellow trips ran past midnight in march", "crosses_midnight", (1,)),
        ("how many yellow trips ended between 5pm and 6pm in march", "dropoff_hour", (17,)),
        ("yellow trips with an unknown pickup zone in march", "pickup_zone", (264, 265)),
    ],
)
def test_trips_over_a_border_and_by_their_end(question: str, key: str, values: tuple[int, ...]) -> None:
    (condition,) = _asked(question).base
    assert (condition.keys, condition.values) == ((key,), values)


@pytest.mark.parametrize(
    "question",
    [
        "average toll when there is one, yellow march",
        "average yellow toll in march excluding zeros",
        "mean yellow toll in march among the trips that had one",
    ],
)
def test_a_mean_of_those_that_had_some_leaves_out_the_others(question: str) -> None:
    asked = _asked(question)
    assert [(c.keys, c.op, c.values) for c in asked.base] == [(("tolls_usd",), ">", (0.0,))]
    assert asked.figure == Aggregate("mean", "tolls_usd")


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("what share of yellow pickups does the busiest zone have in march", "top_share"),
        ("how many zones account for half of yellow pickups in march", "covering"),
        ("Mon-Fri in March, yellow - are there more trips starting 5pm-8pm than 7am-10am?", "yes"),
        ("could you tell me what the green cabs took in altogether in jan", "value"),
        ("growth of green revenue from jan to feb", "growth"),
        ("who comes after Manhattan in yellow pickups march", "ranked"),
    ],
)
def test_more_shapes(question: str, shape: str) -> None:
    assert _asked(question).shape == shape


def test_longer_trips_are_held_against_the_rest() -> None:
    asked = _asked("do longer trips get better tips?")
    assert asked.related is not None
    assert (asked.related.column, asked.related.upper, asked.figure) == (
        "duration_min",
        True,
        Aggregate("mean", "tip_usd"),
    )


def test_the_day_before_is_named_by_its_neighbour() -> None:
    months = ["2019-01", "2019-02"]
    two = read("more yellow trips on valentines day or on the day before?")
    one = read("yellow trips on the day after Presidents' Day")
    assert two is not None
    assert days_meant(two.when, months) == ["2019-02-13", "2019-02-14"][::-1]
    assert one is not None
    assert days_meant(one.when, months) == ["2019-02-19"]


@pytest.mark.parametrize(
    "question", ["yellow march trips with more than one passenger", "trips of over one passenger, yellow march"]
)
def test_more_than_one_passenger_is_not_one(question: str) -> None:
    (condition,) = _asked(question).base
    assert (condition.op, condition.values) == (">", (1.0,))


def test_people_who_tip_are_no_figure_and_what_brackets_limit_stays() -> None:
    assert _asked("what time of day do people tip most, yellow march").figure == Aggregate("mean", "tip_usd")
    assert _hours("yellow trips at rush hour (4-8pm) in march") == (16, 17, 18, 19)
    assert trips_asked("difference in trips between the busiest and the quietest day, yellow march") is None
    assert _asked("number of zones where yellow made more than 10000 dollars in march").figure.column == "total_usd"


@pytest.mark.parametrize(
    "said",
    ["the rest", "other trips", "all others", "everybody else", "everyone else"],
)
def test_trips_of_one_kind_are_held_against_all_others(said: str) -> None:
    asked = _asked(f"do green airport trips take longer than {said} in feb?")
    assert [c.negated for side in asked.sides for c in side.conditions] == [False, True]
    assert asked.figure == Aggregate("mean", "duration_min")


@pytest.mark.parametrize(
    "question",
    [
        "do green trips from Queens take longer than any other trip in feb?",
        "do green trips from Queens take longer than those of other boroughs in feb?",
        "do green trips take longer than the rest in feb?",
        "did people in Queens pay more than everyone else in yellow feb?",
        "how many people were on the longest yellow trip in march?",
        "what was the fare of the longest yellow trip in march?",
    ],
)
def test_the_rest_is_no_single_one_and_no_sum_of_many_more_trips(question: str) -> None:
    assert trips_asked(question) is None


def test_people_who_sit_longer_are_not_counted() -> None:
    asked = _asked("do people going to or coming from an airport sit in green cabs longer than everybody else (feb)?")
    assert asked.figure == Aggregate("mean", "duration_min")
