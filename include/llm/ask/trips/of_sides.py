"""Two or more held against each other: which, whether, by how much, how many times."""

from __future__ import annotations

from include.llm.ask.answering import Answer, Fact
from include.llm.ask.sentences.shown import figure as shown_figure
from include.llm.ask.trips.telling import Telling, meets


def between(telling: Telling, shape: str) -> Answer:
    """Two or more held against each other."""
    sides = [
        (says, telling.value((*telling.meant.conditions, *conditions), side.figure))
        for (says, conditions), side in zip(telling.meant.sides, telling.asked.sides, strict=True)
    ]
    facts = [telling.fact(value, side=says) for says, value in sides]
    told = ", ".join(f"{says} {fact.shown}" for (says, _), fact in zip(sides, facts, strict=True))
    of_what = telling.of_what()
    a, b = sides[0][1], sides[-1][1]
    if shape == "compared":
        order = sorted(zip(sides, facts, strict=True), key=lambda one: one[0][1], reverse=telling.asked.descending)
        name = Fact("name", order[0][0][0], "name", order[0][0][0], {})
        even = order[0][0][1] == order[1][0][1]
        lead = "**Neither**: they are equal" if even else f"**{name.shown}**"
        gap = telling.gap(order[0][0][1], order[-1][0][1])
        text = f"{lead}: {told}, a difference of {gap.shown} ({of_what})."
        return telling.answer([name, *(fact for _, fact in order), gap], text, "comparison")
    if shape == "yes":
        gap = telling.gap(a, b)
        return _yes(telling, sides, [*facts, gap], f"{told}, a difference of {gap.shown} ({of_what})")
    if shape == "yes_by" and telling.asked.limit is not None:
        falls = not telling.asked.descending
        gap = telling.apart(b - a)
        holds = meets(a - b if falls else b - a, telling.asked.limit)
        return telling.verdict(holds, [gap, *facts], f"{gap.shown}; {told} ({of_what})")
    if shape == "times" and b:
        ratio = a / b
        fact = Fact("ratio", ratio, "score", shown_figure(ratio, "score", 3), {})
        return telling.answer([fact, *facts], f"**{fact.shown}** times: {told} ({of_what}).", "number")
    if shape == "growth" and a and b:
        part = (b - a) / a if telling.in_time() else (a - b) / b
        fact = Fact("relative difference", part, "share", shown_figure(part, "share", 4), {})
        return telling.answer([fact, *facts], f"**{fact.shown}**: {told} ({of_what}).", "number")
    fact = telling.gap(a, b) if shape != "minus" else telling.apart(a - b)
    return telling.answer([fact, *facts], f"**{fact.shown}**: {told} ({of_what}).", "number")


def _yes(telling: Telling, sides: list[tuple[str, float]], facts: list[Fact], told: str) -> Answer:
    """Whether the first stands to the second as asked; of what has changed in time the later one is the first."""
    first, second = (1, 0) if telling.asked.turned else (0, 1)
    a, b = sides[first][1], sides[second][1]
    holds = a > b if telling.asked.descending else a < b
    return telling.verdict(holds, [facts[first], facts[second], *facts[2:]], told)
