"""What holds now and what is counted is told from what a page can say."""

from __future__ import annotations

import pytest

from include.llm.ask import states


@pytest.mark.parametrize(
    "question",
    [
        "how many alerts fired in the last 30 days",
        "who broke the build last week",
        "disk space left on the server",
        "p95 latency of the api over the past week",
        "green broke its checks - who signed the waiver",
        "how many people work on the data team",
        "what does a gpu hour cost us",
        "which model writes better prose, a or b",
    ],
)
def test_what_holds_now(question: str) -> None:
    assert states.is_of_today(question)


@pytest.mark.parametrize(
    "question", ["how large is the image", "median income per zone", "error of the model for cats"]
)
def test_what_is_counted(question: str) -> None:
    assert states.is_counted(question)


@pytest.mark.parametrize(
    "question",
    [
        "we rolled back yesterday. will it come back?",
        "who is allowed to change runs",
        "how do I see how many requests came",
        "what does the number of trips mean",
    ],
)
def test_what_a_page_can_say(question: str) -> None:
    assert not states.is_of_today(question)
    assert not states.is_counted(question)
