"""The first of an order, or the closest to a figure, is named with those that follow."""

from __future__ import annotations

from include.llm.ask.answering import Answer, Fact
from include.llm.ask.figures.settled import Settled, Unanswerable
from include.llm.ask.sentences.cited import answer_with
from include.llm.ask.sentences.facts import MOST_LISTED, fact_of, lead_of, place_of, unit_of_row, verdict_of
from include.llm.ask.sentences.held_apart import gap_between, pair_of, relative_gap, scaled
from include.llm.ask.sentences.parts import capital, most_or_best, of_what, plural, what_is_said
from include.llm.ask.sentences.shown import figure
from include.warehouse.reading import Row


def ranked(settled: Settled, rows: list[Row]) -> Answer:
    """Who has the most or the least, and of how much."""
    if isinstance(rows[0]["value"], str):
        return dated(settled, rows)
    order = sorted(rows, key=lambda row: float(row["value"]), reverse=settled.plan.descending)
    place = min(settled.plan.place, len(order)) - 1
    first, fact = order[place], fact_of(settled, order[place])
    name = lead_of(settled, first, fact)
    most = "most" if settled.plan.descending else "least"
    most = most_or_best(settled.plan.measure, most) if not place else most
    nth = {0: "", 1: "second ", 2: "third "}.get(place, "")
    text = (
        f"**{name.shown}**: {fact.shown}, the {nth}{most} of "
        f"{plural(settled.group)} ({what_is_said(settled)}{of_what(settled, {})})."
    )
    if settled.plan.names_value:
        text = (
            f"**{fact.shown}**, {name.shown}: the {nth}{most} of "
            f"{plural(settled.group)} ({what_is_said(settled)}{of_what(settled, {})})."
        )
    equal = [row for row in order if row["value"] == first["value"] and row is not first]
    text += f" As much: {', '.join(place_of(settled, row) for row in equal[:3])}." if equal else ""
    nexts = [fact_of(settled, row) for row in order[place + 1 : place + 3] if row not in equal]
    following = [f"{place_of(settled, row)} {f.shown}" for row, f in zip(order[place + 1 :], nexts, strict=False)]
    text += f" Next: {', '.join(following)}." if following and not equal else ""
    facts = [fact, name, *nexts] if settled.plan.names_value else [name, fact, *nexts]
    return answer_with(settled, [first], facts, text, "number" if settled.plan.names_value else "comparison")


def spread(settled: Settled, rows: list[Row]) -> Answer:
    """How far the first and the last of an order are apart."""
    order = sorted(rows, key=lambda row: float(row["value"]))
    if len(order) < 2:
        raise Unanswerable(f"I do not know: there are no two of {settled.plan.measure.says} to compare.")
    least, most, gap = order[0], order[-1], gap_between(settled, order[0], order[-1])
    facts = [fact_of(settled, least), fact_of(settled, most)]
    told = f"from {place_of(settled, least)} {facts[0].shown} to {place_of(settled, most)} {facts[1].shown}"
    text = f"**{gap.shown}**: {told} ({what_is_said(settled)}{of_what(settled, {})})."
    return answer_with(settled, [least, most], [gap, *facts], text)


def margin(settled: Settled, rows: list[Row]) -> Answer:
    """How far the first of an order is ahead of the next, or of the third."""
    order = sorted(rows, key=lambda row: float(row["value"]), reverse=settled.plan.descending)
    if len(order) < settled.plan.place:
        raise Unanswerable(f"I do not know: there are no two of {settled.plan.measure.says} to compare.")
    first, other = order[0], order[settled.plan.place - 1]
    gap, relative = gap_between(settled, first, other), relative_gap(first, other)
    lead, *others = [relative, gap] if settled.plan.relative and relative else [gap]
    facts = [fact_of(settled, first), fact_of(settled, other)]
    told = f"{place_of(settled, first)} has {facts[0].shown} and {place_of(settled, other)} {facts[1].shown}"
    text = f"**{lead.shown}**: {told} ({what_is_said(settled)}{of_what(settled, {})})."
    return answer_with(settled, [first, other], [lead, *others, *facts], text)


def dated(settled: Settled, rows: list[Row]) -> Answer:
    """Which was the last or the first, and when."""
    order = sorted(rows, key=lambda row: str(row["value"]), reverse=settled.plan.descending)
    facts = [fact_of(settled, row) for row in order[:MOST_LISTED]]
    name = lead_of(settled, order[0], facts[0])
    most = "last" if settled.plan.descending else "first"
    told = ", ".join(f"{place_of(settled, row)} {fact.shown}" for row, fact in zip(order, facts, strict=False))
    said = f"{what_is_said(settled)}{of_what(settled, {})}"
    text = f"**{name.shown}**, the {most} of {plural(settled.group)}: {told} ({said})."
    return answer_with(settled, order[:1], [name, *facts], text, "comparison")


def nearest(settled: Settled, rows: list[Row]) -> Answer:
    """Which is the closest to a figure that the question names."""
    aim = scaled(settled.plan.number, settled.plan.measure.unit)
    order = sorted(rows, key=lambda row: abs(float(row["value"]) - aim))
    if len(order) < 2:
        pair_of(settled, order)
    facts = [fact_of(settled, row) for row in order[:MOST_LISTED]]
    name = lead_of(settled, order[0], facts[0])
    unit = unit_of_row(settled, order[0])
    limit = Fact("figure that was named", aim, unit, figure(aim, unit, 0), {})
    told = ", ".join(f"{place_of(settled, row)} {fact.shown}" for row, fact in zip(order, facts, strict=False))
    closest = f"{name.shown} is the closest to {limit.shown}: {told} ({what_is_said(settled)}{of_what(settled, {})})."
    if not settled.plan.verdict:
        return answer_with(settled, order, [name, *facts, limit], f"**{name.shown}**: {closest}", "comparison")
    verdict = verdict_of(pair_of(settled, rows)[0] is order[0])
    text = f"**{capital(verdict.shown)}**: {closest}"
    return answer_with(settled, order, [verdict, *facts, name, limit], text, "comparison")
