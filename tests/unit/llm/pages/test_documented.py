"""What is cited and what is quoted, and how a question is put."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.llm.pages import documented
from include.llm.pages.search_index import SearchIndex
from include.llm.pages.sources import document_sources


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The project's own pages."""
    built = SearchIndex(tmp_path_factory.mktemp("pages") / "i.db")
    sources = document_sources()
    built.refresh({s.name: s.hash for s in sources}, {s.name: s.read for s in sources})
    return built


@pytest.mark.parametrize(
    "question",
    [
        "how do I revoke a key",
        "the model is bad. what do I do now?",
        "I want to run two copies",
        "which command starts it?",
        "rotate a key, step by step",
        "is there a way to skip this",
        "a message in slack, possible?",
    ],
)
def test_something_is_to_be_done(question: str) -> None:
    assert documented.kind_of(question) == "howto"


@pytest.mark.parametrize("question", ["what is a waiver", "where do most trips begin", "which make of car is it?"])
def test_something_is_to_be_told(question: str) -> None:
    assert documented.kind_of(question) == "definition"


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("put the previous model back, please. how?", "Champions"),
        ("psi stands for?", "`drift_metrics`"),
        ("k8s: what is there?", "Kubernetes"),
        ("I am fine with a broken check, where do I sign?", "When something fails"),
    ],
)
def test_people_need_not_know_the_words_of_the_pages(index: SearchIndex, question: str, heading: str) -> None:
    answer = documented.answer_from(index, question, documented.kind_of(question))
    assert answer is not None
    assert heading in [place.where["heading"] for place in answer.citations]


def test_every_place_that_is_quoted_is_cited_and_nothing_is_quoted_twice(index: SearchIndex) -> None:
    answer = documented.answer_from(index, "who is vendor 6", "definition")
    assert answer is not None
    assert len(answer.citations) == documented.CITED
    assert answer.text.count("2 Curb (VTS)") == 1


@pytest.mark.parametrize("question", ["asdf qwer zxcv", "how do I cook pasta", "does it integrate with snowflake?"])
def test_less_than_enough_is_no_answer(index: SearchIndex, question: str) -> None:
    assert documented.answer_from(index, question, documented.kind_of(question)) is None


def test_more_is_needed_where_tables_could_be_asked(index: SearchIndex) -> None:
    question = "lobsters of the promotion log and its decisions"
    assert documented.answer_from(index, question, "definition") is not None
    assert documented.answer_from(index, question, "definition", least=documented.NEARLY_ALL) is None


def test_without_an_index_nothing_is_found(tmp_path: Path) -> None:
    assert documented.answer_from(SearchIndex(tmp_path / "none.db"), "a waiver", "definition") is None
