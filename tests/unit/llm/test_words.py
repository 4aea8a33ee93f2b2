"""Questions as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.llm.words import Mender, alternatives, slips, tokens


def test_one_spelling() -> None:
    assert tokens("Pick-ups, taxis' FARES: 19,675 per cent of d\u00e9j\u00e0 families") == [
        "pickup", "taxi", "fare", "19675", "percent", "of", "deja", "family",
    ]  # fmt: skip


def test_choices_in_brackets_are_said_each() -> None:
    assert alternatives("(over|more than) 3 (h|)") == ["over 3 h", "over 3", "more than 3 h", "more than 3"]
    assert alternatives("as it is") == ["as it is"]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [("yelow", "yellow", 1), ("yleow", "yelow", 1), ("green", "green", 0), ("fare", "rain", 3)],
)
def test_slips(first: str, second: str, count: int) -> None:
    assert slips(first, second, 3) == count


def test_a_known_word_is_never_mended() -> None:
    mender = Mender(["yellow", "tides"], accepted={"yello"})
    assert mender.mend("yellw") == "yellow"
    assert mender.mend("yello") == "yello"
    assert mender.mend("red") == "red"


@given(st.text(max_size=40), st.text(max_size=40))
def test_slips_are_symmetric(first: str, second: str) -> None:
    assert slips(first, second, 2) == slips(second, first, 2)
