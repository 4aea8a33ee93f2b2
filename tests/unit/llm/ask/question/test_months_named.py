"""Months and days as people write them."""

from __future__ import annotations

import pytest

from include.llm.ask.question.months_named import when_of
from include.llm.ask.question.when import resolve

KNOWN = ["2019-01", "2019-02", "2019-03"]


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("in March 2019", ["2019-03"]),
        ("mar '19", ["2019-03"]),
        ("2019-02", ["2019-02"]),
        ("03/2019", ["2019-03"]),
        ("in febuary", ["2019-02"]),
        ("from Jan to March", KNOWN),
        ("Jan-Mar 2019", KNOWN),
        ("Q1 2019", KNOWN),
        ("the first quarter of 2019", KNOWN),
        ("during 2019", KNOWN),
        ("last month", ["2019-03"]),
        ("the newest month", ["2019-03"]),
        ("the month before March 2019", ["2019-02"]),
        ("the previous month", ["2019-02"]),
        ("the first month", ["2019-01"]),
        ("January and March 2019", ["2019-01", "2019-03"]),
        ("in December", ["2019-12"]),
        ("in May 2020", ["2020-05"]),
        ("may I ask", None),
        ("the mean", None),
    ],
)
def test_months(said: str, months: list[str] | None) -> None:
    when, _ = when_of(f"How many trips {said}?")
    assert resolve(when, KNOWN) == months


@pytest.mark.parametrize("said", ["on 14 March 2019", "on March 14th, 2019", "on 2019-03-14", "on the 14th of March"])
def test_days(said: str) -> None:
    when, rest = when_of(f"How many trips {said}?")
    assert when.days == ((0, 14),)
    assert "14" not in rest


def test_a_word_that_is_close_to_a_month_is_no_month() -> None:
    assert not when_of("Which margin decides the marked septic augur?")[0]
