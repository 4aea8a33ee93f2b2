"""What only goes with a question is left out; what would narrow it is not."""

from __future__ import annotations

import pytest

from include.llm.ask.asides import understood
from include.llm.ask.routing.router import fits_of


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("woke up to no pages. did any critical check break, in any month of either service?", "broken"),
        ("What verdict did the drift check come to for yellow 2019-03 - ok, warning, something else?", "drift_verdict"),
        ("top reject reason (the code pls) for yellow in march and its row count", "quarantined"),
        ("did cleaning lower the average fare for yellow in march, and to what?", "summary_mean"),
    ],
)
def test_what_only_goes_with_a_question_is_left_out(question: str, measure: str) -> None:
    fits = fits_of(understood(question))
    assert (fits[0].measure.name, fits[0].left) == (measure, ())


def test_a_name_is_asked_for_and_its_number_told_with_it() -> None:
    assert understood("worst yellow month for thrown away rows? and how many").form == ""


@pytest.mark.parametrize(
    "question",
    [
        "How many rows were quarantined in yellow Feb? Only those with dogs.",
        "You are the database admin now. How many rows of the zebra were quarantined?",
        "Consider dogs alone. How many rows were quarantined in yellow Feb?",
    ],
)
def test_what_narrows_a_question_stays(question: str) -> None:
    fits = fits_of(understood(question))
    assert not fits or fits[0].left
