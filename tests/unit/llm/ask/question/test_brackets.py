"""A bracket that only explains is left out; one that narrows stays."""

from __future__ import annotations

import pytest

from include.llm.ask.question.brackets import without_explanations


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("median (not mean!) time", "median time"),
        ("fare (not the total), green", "fare , green"),
        ("tips (I know that cash tips are not recorded)", "tips"),
        ("tips (card only, I know cash tips aren't written down)", "tips (card only)"),
        ("trips (not the cash ones)", "trips (not the cash ones)"),
        ("trips (only Queens)", "trips (only Queens)"),
        ("trips (not airports)", "trips (not airports)"),
    ],
)
def test_what_only_explains_is_left_out(question: str, left: str) -> None:
    assert " ".join(without_explanations(question).split()) == left
