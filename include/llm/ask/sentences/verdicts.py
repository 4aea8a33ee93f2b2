"""Yes or no comes first, then the figures that say so."""

from __future__ import annotations

from include.llm.ask.answering import Answer
from include.llm.ask.figures.settled import Settled
from include.llm.ask.sentences.cited import answer_with
from include.llm.ask.sentences.facts import fact_of, facts_of, place_of, verdict_of
from include.llm.ask.sentences.held_apart import gap_between, meets, pair_of, scaled
from include.llm.ask.sentences.parts import capital, of_what, what_is_said
from include.warehouse.reading import Row

GOOD = ("good",)
"""Verdicts of the quality report that mean yes, the month can be used as it is."""


def yes(settled: Settled, rows: list[Row]) -> Answer:
    """Whether the first that was named stands to the second as asked."""
    pair = pair_of(settled, rows)
    if settled.plan.turned:
        pair = (
            sorted(pair, key=lambda row: str(row.get("month", "")), reverse=True)
            if "month" in settled.group
            else pair[::-1]
        )
    first, second = float(pair[0]["value"]), float(pair[1]["value"])
    holds = first > second if settled.plan.descending else first < second
    facts = [fact_of(settled, row) for row in pair[:2]]
    gap = gap_between(settled, pair[0], pair[1])
    verdict = verdict_of(holds)
    told = " and ".join(f"{place_of(settled, row)} has {fact.shown}" for row, fact in zip(pair, facts, strict=False))
    of_whom = f"{what_is_said(settled)}{of_what(settled, {})}"
    text = f"**{capital(verdict.shown)}**: {told} ({of_whom}), a difference of {gap.shown}."
    return answer_with(settled, pair[:2], [verdict, *facts, gap], text, "comparison")


def same(settled: Settled, rows: list[Row]) -> Answer:
    """Whether two have the same name or figure."""
    pair = pair_of(settled, rows)[:2]
    facts = [fact_of(settled, row) for row in pair]
    verdict = verdict_of(pair[0]["value"] == pair[1]["value"])
    told = ", ".join(f"{place_of(settled, row)} {fact.shown}" for row, fact in zip(pair, facts, strict=True))
    text = f"**{capital(verdict.shown)}**: {told} ({what_is_said(settled)}{of_what(settled, {})})."
    return answer_with(settled, pair, [verdict, *facts], text, "comparison")


def threshold(settled: Settled, rows: list[Row]) -> Answer:
    """Whether a figure is beyond the one that was named, is there at all, or is the name that was named."""
    plan, row = settled.plan, rows[0]
    fact, found = fact_of(settled, row), row["value"]
    if plan.op:
        holds = meets(float(found), plan.op, scaled(plan.number, plan.measure.unit))
    elif plan.measure.equals and plan.measure.equals in plan.filters:
        holds = str(found) in plan.filters[plan.measure.equals]
    elif plan.measure.name == "verdict":
        holds = str(found) in GOOD
    else:
        holds = bool(found) if not isinstance(found, str) else True
    verdict = verdict_of(holds, facts_of(settled, row))
    told = f"{what_is_said(settled)}{of_what(settled, row)}"
    text = f"**{capital(verdict.shown)}**: {told if plan.measure.truth else f'{fact.shown} ({told})'}."
    return answer_with(settled, [row], [verdict] if plan.measure.truth else [verdict, fact], text, "comparison")
