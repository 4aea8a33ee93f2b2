"""The grader: a wrong one is worse than a missed question."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from include.llm.ask.answering import Answer, Citation, Fact, unknown
from tests.bench.grading import Grade, abstains, grade, invented_numbers

PAGES = {("docs/SEA.md", "Tides"): "Tides\nThe tide turns twice a day, at 6.5 knots."}


@pytest.fixture
def warehouse() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def number(value: float | str, unit: str, shown: str, text: str | None = None) -> Answer:
    return Answer(text or f"**{shown}**: it.", "number", (Fact("it", value, unit, shown),))


def graded(warehouse: sqlite3.Connection, kind: str, answer: Answer, **expect: Any) -> Grade:
    return grade({"kind": kind, "expect": expect}, answer, warehouse, PAGES)


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (number(3.7623, "minutes", "3.762 minutes"), True),
        (number(3.7614, "minutes", "3.761 minutes"), False),
        (number(3.7623, "dollars", "3.762 dollars"), False),
        (number(3.7623, "minutes", "3.900 minutes"), False),
        (number(3.7623, "minutes", "3.762 minutes", "**It is 3.8 minutes.**"), False),
        (unknown("I do not know."), False),
        (number("3.762", "name", "3.762"), False),
    ],
)
def test_a_number_is_right_when_value_unit_and_text_are(
    warehouse: sqlite3.Connection, answer: Answer, right: bool
) -> None:
    found = graded(warehouse, "number", answer, sql="SELECT 3.76233", unit="minutes", decimals=3)
    assert found.exact is right


@pytest.mark.parametrize(
    ("shown", "value", "right"), [("79.16 %", 0.79156, True), ("79.2 %", 0.79156, True), ("0.79 %", 0.0079156, False)]
)
def test_a_share_may_be_in_percent(warehouse: sqlite3.Connection, shown: str, value: float, right: bool) -> None:
    answer = number(value, "share", shown)
    assert graded(warehouse, "number", answer, sql="SELECT 0.79156", unit="share", decimals=3).exact is right


def test_a_null_leaves_the_question_out(warehouse: sqlite3.Connection) -> None:
    assert graded(
        warehouse, "number", number(1, "trips", "1 trip"), sql="SELECT NULL", unit="trips", decimals=0
    ).left_out
    assert graded(
        warehouse, "number", number(1, "trips", "1 trip"), sql="SELECT 1 WHERE 0", unit="trips", decimals=0
    ).left_out


@pytest.mark.parametrize(
    ("name", "right"), [("lightgbm (m/1)", True), ("lightgbm", True), ("lightgbm_again", False), ("xgboost", False)]
)
def test_a_verdict_is_the_leading_name(warehouse: sqlite3.Connection, name: str, right: bool) -> None:
    answer = Answer(f"**{name}** and not lightgbm", "comparison", (Fact("family", name, "name", name),))
    assert graded(warehouse, "comparison", answer, sql="SELECT 'lightgbm'", unit="name", decimals=0).verdict is right


def test_a_figure_beside_the_verdict_must_be_right_where_it_is_given(warehouse: sqlite3.Connection) -> None:
    lead = Fact("verdict", "yes", "name", "yes")
    right, wrong = Fact("loss", 2.0, "dollars", "2.000 dollars"), Fact("loss", 3.0, "dollars", "3.000 dollars")
    for facts, verdict in (((lead, right), True), ((lead, wrong), False), ((lead,), True), ((right, lead), False)):
        answer = Answer(f"**Yes**: {', '.join(f.shown for f in facts[1:])} {facts[0].shown}", "comparison", facts)
        found = graded(warehouse, "comparison", answer, sql="SELECT 'yes', 2.0", unit="dollars", decimals=2)
        assert found.verdict is verdict


def test_a_place_is_hit_among_three_and_shows_its_terms(warehouse: sqlite3.Connection) -> None:
    place = [{"file": "docs/SEA.md", "heading": "Tides"}]
    others = [Citation("document", "README.md", "t", {"heading": str(i)}) for i in range(3)]
    cited = Citation("document", "docs/SEA.md", "t", {"heading": "Tides"})
    answers = (
        (("The tide  turns TWICE", [cited]), (True, True)),
        (("nothing", [*others[:2], cited]), (True, False)),
        (("twice", [*others, cited]), (False, True)),
    )
    for (text, citations), expected in answers:
        found = graded(
            warehouse,
            "definition",
            Answer(text, "definition", (), tuple(citations)),
            source=place,
            contains=["turns twice"] if "turns" in text.lower() else ["twice"],
        )
        assert (found.cited, found.shows) == expected


def test_abstaining_gives_nothing_in_its_place() -> None:
    assert abstains("unanswerable", unknown("I do not know; months: 2019-01, 2019-02."))
    assert not abstains("unanswerable", unknown("I do not know, perhaps 42."))
    assert not abstains("unanswerable", number(1, "trips", "1 trip"))
    setting_right = unknown("It is xgboost.", (Fact("family", "xgboost", "name", "xgboost"),))
    assert abstains("adversarial", setting_right)
    assert not abstains("unanswerable", setting_right)
    assert not abstains("adversarial", number(1, "trips", "1 trip"))


def test_numbers_must_come_from_facts_or_cited_places() -> None:
    assert not invented_numbers(number(19675, "trips", "19,675 trips"), PAGES)
    assert invented_numbers(number(19675, "trips", "19,675 trips", "19,675 trips, 3 more"), PAGES) == ("3",)
    cited = (Citation("document", "docs/SEA.md", "t", {"heading": "Tides"}),)
    assert not invented_numbers(Answer("at 6.5 knots", "definition", (), cited), PAGES)
    assert invented_numbers(Answer("at 7.5 knots", "definition", (), cited), PAGES) == ("7.5",)
