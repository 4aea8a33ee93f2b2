"""What is asked of both services is never settled as one of them."""

from __future__ import annotations

import pytest

from include.llm.ask.figures.settled import Settled
from include.llm.ask.figures.settling import settled_of
from include.llm.ask.intents import figure_of
from include.llm.ask.question.understanding import understand
from include.llm.ask.routing.planning import plan_of
from include.llm.rag_insights import RAGInsightsAssistant


def settled(assistant: RAGInsightsAssistant, question: str) -> Settled:
    asked = understand(question)
    fit = figure_of(asked, question)
    assert fit is not None, f"{question}: no measure fits"
    return settled_of(assistant.engine, asked, plan_of(asked, fit), "yellow", given=False)


@pytest.mark.parametrize("said", ["in both services", "in all services", "in the two services"])
def test_what_cannot_be_added_up_is_told_apart_by_service(assistant: RAGInsightsAssistant, said: str) -> None:
    found = settled(assistant, f"What was the ingestion status in March 2019 {said}?")
    assert ("service" in found.group, "service" in found.filters, found.notes) == (True, False, ())


def test_a_share_of_both_services_is_computed_of_all_their_rows(assistant: RAGInsightsAssistant) -> None:
    found = settled(assistant, "What share of the rows was quarantined in March 2019 across both services?")
    assert ("service" in found.group, "service" in found.filters) == (False, False)


def test_counts_of_both_services_are_one_sum(assistant: RAGInsightsAssistant) -> None:
    found = settled(assistant, "How many rows were quarantined in March 2019 in both services?")
    assert ("service" in found.group, "service" in found.filters) == (False, False)


def test_without_a_service_it_is_the_usual_one_and_said(assistant: RAGInsightsAssistant) -> None:
    found = settled(assistant, "How many rows were quarantined in March 2019?")
    assert (found.filters["service"], found.notes) == (("yellow",), ("No service is named; this is yellow.",))
