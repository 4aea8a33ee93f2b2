"""Two that were named are held against each other: who has more, by how much, how many times."""

from __future__ import annotations

from include.llm.ask.answering import Answer, Fact
from include.llm.ask.figures.settled import Settled
from include.llm.ask.sentences.cited import answer_with
from include.llm.ask.sentences.facts import fact_of, lead_of, place_of
from include.llm.ask.sentences.held_apart import gap_between, pair_of, relative_gap
from include.llm.ask.sentences.parts import capital, of_what, what_is_said
from include.llm.ask.sentences.shown import figure
from include.warehouse.reading import Row


def compared(settled: Settled, rows: list[Row]) -> Answer:
    """Which of those that were named has more, is better, or whatever was asked."""
    pair = pair_of(settled, rows)
    order = sorted(pair, key=lambda row: float(row["value"]), reverse=settled.plan.descending)
    facts = [fact_of(settled, row) for row in order]
    name = lead_of(settled, order[0], facts[0])
    gap = gap_between(settled, order[0], order[-1])
    even = float(order[0]["value"]) == float(order[1]["value"])
    told = ", ".join(f"{place_of(settled, row)} {fact.shown}" for row, fact in zip(order, facts, strict=True))
    lead = "**Neither**: they are equal" if even else f"**{name.shown}**"
    text = f"{lead}. {capital(what_is_said(settled))}{of_what(settled, {})}: {told}; a difference of {gap.shown}."
    return answer_with(settled, order, [name, *facts, gap], text, "comparison")


def difference(settled: Settled, rows: list[Row]) -> Answer:
    """By how much they differ; with a share asked for, relative to the second one."""
    pair = pair_of(settled, rows)
    first, second = pair[0], pair[-1]
    gap = gap_between(settled, first, second)
    facts = [fact_of(settled, first), fact_of(settled, second)]
    relative = relative_gap(first, second)
    leading = relative if settled.plan.relative and relative else gap
    more = "more" if float(first["value"]) >= float(second["value"]) else "less"
    others = [fact for fact in (gap, relative) if fact is not None and fact is not leading]
    apart = ", ".join(fact.shown for fact in (gap, relative) if fact is not None)
    text = (
        f"**{leading.shown}**: {place_of(settled, first)} has {facts[0].shown} and "
        f"{place_of(settled, second)} {facts[1].shown}, "
        f"{apart} {more} ({what_is_said(settled)}{of_what(settled, {})})."
    )
    return answer_with(settled, pair, [leading, *others, *facts], text, "number")


def two_figures(both: tuple[Settled, Settled], rows: tuple[Row, Row], is_ratio: bool) -> Answer:
    """The first figure against the second of the same rows: their difference, or how many times it is as much."""
    facts = [fact_of(settled, row) for settled, row in zip(both, rows, strict=True)]
    first, second = (float(row["value"]) for row in rows)
    gap = gap_between(both[0], rows[0], rows[1])
    ratio = Fact("ratio of the first to the second", first / second if second else 0.0, "score",
                 figure(first / second if second else 0.0, "score", 3), {})  # fmt: skip
    lead, others = (ratio, [gap]) if is_ratio and second else (gap, [])
    told = " and ".join(f"{fact.name} {fact.shown}" for fact in facts)
    apart = f", a difference of {gap.shown}" if others else ""
    return answer_with(
        both[0], rows, [lead, *others, *facts], f"**{lead.shown}**: {told}{apart}{of_what(both[0], rows[0])}."
    )


def times(settled: Settled, rows: list[Row]) -> Answer:
    """How many times the second one goes into the first one."""
    first, second = pair_of(settled, rows)[:2]
    facts = [fact_of(settled, first), fact_of(settled, second)]
    if not float(second["value"]):
        return difference(settled, rows)
    ratio = float(first["value"]) / float(second["value"])
    unit, decimals = ("share", 4) if settled.plan.relative else ("score", 3)
    fact = Fact("ratio of the first to the second", ratio, unit, figure(ratio, unit, decimals), {})
    times_said = "" if settled.plan.relative else " times"
    text = (
        f"**{fact.shown}**{times_said}: {place_of(settled, first)} {facts[0].shown}, {place_of(settled, second)} "
        f"{facts[1].shown} ({what_is_said(settled)}{of_what(settled, {})})."
    )
    return answer_with(settled, [first, second], [fact, *facts], text)
