"""A question for a meaning, a rule or a name is told from one for a figure."""

from __future__ import annotations

import pytest

from include.llm.ask.defining import DEFINES, OUTRIGHT


@pytest.mark.parametrize(
    "question",
    [
        "how big does a tip have to be before we count it as high?",
        "what is zone_pair_median actually doing, as a model?",
        "there is a role called prospective, what's that",
        "from how many trips on does a slice block it",
        "what are the p01 columns for?",
        "under what conditions is a month stopped",
        "what triggers a republished month",
        "when do you treat a zone as inside the congestion relief area",
    ],
)
def test_what_is_defined(question: str) -> None:
    assert DEFINES.search(question)


@pytest.mark.parametrize(
    "question",
    [
        "how many trips were kept in march",
        "what is the mae for yellow fares",
        "how many reasons can a row be thrown out for",
        "which borough has the most trips",
        "until when is it valid",
    ],
)
def test_what_is_a_figure(question: str) -> None:
    assert not DEFINES.search(question)


def test_some_forms_hold_whatever_is_named() -> None:
    assert OUTRIGHT.search("what does a green waiver mean")
    assert not OUTRIGHT.search("what is a yellow trip's mean fare")
