"""A language model may say what a question asks for; it never says the answer, and no condition of it may get lost."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from include.errors import WriterError
from include.llm.ask.restating import PROMPT, catalogue, faults_of, restated, told
from include.llm.rag_insights import RAGInsightsAssistant
from include.llm.writer import Written

ASKED = "fattest gratuity that zorbed a medallion in March"
READ = "What was the greatest tip of trips in March?"


class Says:
    """A writer of one text."""

    def __init__(self, text: str) -> None:
        self.text, self.asked = text, list[tuple[str, Mapping[str, str]]]()

    def write(self, prompt: str, facts: Mapping[str, str]) -> Written:
        self.asked.append((prompt, facts))
        return Written(self.text, "a-model", 1, 1, None)


class Fails:
    """A writer that never answers."""

    def write(self, prompt: str, facts: Mapping[str, str]) -> Written:
        raise WriterError("no answer in time")


def test_the_question_comes_back_in_words_of_the_tables() -> None:
    writer = Says(f"{READ}\n")
    assert restated(ASKED, writer) == READ
    assert writer.asked == [(PROMPT, {"question": ASKED, **catalogue()})]
    assert "time of the fit" in catalogue()["figures"]


@pytest.mark.parametrize("text", ["unknown", "Unknown.", "", "What was the tip?\nAnd the fare?", f"{READ} " * 20])
def test_what_is_no_question_is_none(text: str) -> None:
    assert restated(ASKED, Says(text)) is None


def test_a_model_that_fails_leaves_the_rules_answer() -> None:
    assert restated(ASKED, Fails()) is None


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        ("How many trips were there?", "without month 3"),
        ("How many trips were there in February?", "without month 3"),
        ("How many green trips were there in March?", "adds service green"),
        ("Did lightgbm see trips in March?", "adds family lightgbm"),
    ],
)
def test_a_condition_that_was_lost_or_added_is_found(read: str, fault: str) -> None:
    assert fault in faults_of(read, "cabs in March")


@pytest.mark.parametrize(
    ("asked", "read", "fault"),
    [
        ("rides from bklyn, Brooklyn that is", "How many trips were there from Queens?", "without borough Brooklyn"),
        ("zone 132?", "How many trips were there from zone 138?", "without number 132"),
        ("rides of 2019-03", "How many trips were there in 2018-03?", "without month 3"),
    ],
)
def test_places_years_and_numbers_stay(asked: str, read: str, fault: str) -> None:
    assert fault.removeprefix("without number ") in " ".join(faults_of(read, asked))


def test_a_year_may_be_said_for_a_month() -> None:
    assert faults_of("What was the greatest tip in March 2019?", ASKED) == []


def test_the_assistant_answers_by_the_rules_and_says_how_it_read(assistant: RAGInsightsAssistant) -> None:
    asked, read = "yo what did the gubernator zorb out of yellow", "How many yellow trips were there?"
    plain = assistant.query(read)
    assert not plain.abstained
    writer = Says(read)
    helped = RAGInsightsAssistant(assistant.settings, writer=writer)
    answer = helped.query(asked)
    assert answer == told(plain, read)
    assert answer.text.endswith(f"The question was read as: {read}")
    assert assistant.query(asked).abstained


def test_what_is_out_of_reach_is_not_asked_of_a_model(assistant: RAGInsightsAssistant) -> None:
    writer = Says("How many yellow trips were there?")
    answer = RAGInsightsAssistant(assistant.settings, writer=writer).query("Did it rain in March 2019?")
    assert (answer.abstained, writer.asked) == (True, [])
