"""What people ask of the pages stands by places that there are, and finds them."""

from __future__ import annotations

from include.llm.pages.asked import asked, asked_of
from include.llm.pages.passages import Passage, documents, passages_of
from include.llm.pages.scores import Scorer
from include.llm.pages.wanted import wanted


def test_each_place_is_there_and_each_question_is_text() -> None:
    places = {(passage.source, passage.heading) for path in documents() for passage in passages_of(path)}
    assert set(asked()) <= places
    assert all(isinstance(line, str) and line for lines in asked().values() for line in lines)


def test_no_question_stands_twice_in_one_place() -> None:
    assert all(len(set(lines)) == len(lines) for lines in asked().values())


def test_a_place_says_what_is_asked_of_it() -> None:
    here = Passage("document", "docs/MODELS.md", "Tuning", "Off unless a number is named.")
    elsewhere = Passage("document", "docs/MODELS.md", "Nowhere", "Off unless a number is named.")
    want = wanted("is a search resumed after a crash")
    score = Scorer(want, dict.fromkeys(want.stems(), 1.0))
    assert asked_of(elsewhere.source, elsewhere.heading) == ()
    assert score(here) > score(elsewhere)
    assert score.nearest(here) > score.nearest(elsewhere)
