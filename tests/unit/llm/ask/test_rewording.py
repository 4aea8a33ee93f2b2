"""A language model's wording is taken only when it says the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from include.errors import WriterError
from include.llm.ask.answering import Answer, Citation, Fact, unknown
from include.llm.ask.rewording import faults_of, reworded
from include.llm.writer import Written

FACT = Fact(
    "mean absolute error",
    3.7623,
    "minutes",
    "3.762 minutes",
    {"service": "yellow", "month": "2019-03", "family": "xgboost"},
)
ANSWER = Answer(
    "**3.762 minutes**: mean absolute error, yellow, champion (xgboost), March 2019 (2019-03).",
    "number",
    (FACT,),
    (Citation("table", "model_performance", "model_performance yellow 2019-03"),),
)


class Says:
    """A writer of one text."""

    def __init__(self, text: str) -> None:
        self.text, self.asked = text, dict[str, str]()

    def write(self, prompt: str, facts: Mapping[str, str]) -> Written:
        self.asked = dict(facts)
        return Written(self.text, "a-model", 1, 1, None)


class Fails:
    """A writer that never answers."""

    def write(self, prompt: str, facts: Mapping[str, str]) -> Written:
        raise WriterError("no answer in time")


def test_a_text_that_says_the_same_is_taken() -> None:
    writer = Says("In March 2019 the yellow champion, xgboost, was off by 3.762 minutes on average.")
    told = reworded(ANSWER, "how good is it?", writer)
    assert told.text == writer.text
    assert told.written_by == "a-model"
    assert told.facts == ANSWER.facts
    assert writer.asked["question"] == "how good is it?"


@pytest.mark.parametrize(
    "text",
    [
        "The yellow champion was off by 3.8 minutes.",
        "The yellow champion was off by 3.762 minutes, a gain of 12 %.",
        "The green champion was off by 3.762 minutes.",
        "The lightgbm champion was off by 3.762 minutes.",
        "It is accurate.",
        "3.762 minutes, about four minutes.",
        "3.762 minutes, says Upper East Side.",
        "",
        "3.762 minutes. " * 60,
    ],
)
def test_a_text_that_adds_or_leaves_out_is_refused(text: str) -> None:
    assert faults_of(text, ANSWER)
    told = reworded(ANSWER, "?", Says(text))
    assert told == ANSWER


def test_without_a_writer_and_with_a_failing_one_the_rules_answer() -> None:
    assert reworded(ANSWER, "?", None) == ANSWER
    assert reworded(ANSWER, "?", Fails()) == ANSWER


def test_not_knowing_is_never_reworded() -> None:
    nothing = unknown("I do not know.")
    assert reworded(nothing, "?", Says("It is 42.")) == nothing


def test_code_stays() -> None:
    howto = Answer("Do this:\n\n```\nmake boat\n```", "howto", (), ())
    assert faults_of("Build a boat with make.", howto)
    assert not faults_of("Use this:\n\n```\nmake boat\n```", howto)
