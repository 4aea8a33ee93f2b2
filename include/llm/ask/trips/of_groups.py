"""Groups in order, counted, averaged, listed, or the part that the first ones have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from include.llm.ask.answering import Answer, Fact, Kind
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.sentences.shown import figure as shown_figure
from include.llm.ask.trips.atoms import Condition
from include.llm.ask.trips.rows import Rows, measured
from include.llm.ask.trips.telling import Telling, meets


def of_groups(telling: Telling, shape: str) -> Answer:
    """Groups in order, counted, or the part that the first ones have."""
    asked, base = telling.asked, (*telling.meant.conditions, *telling.asked.base)
    rows = telling.rows(asked.figure, (*base, *asked.part), asked.group)
    found = measured(telling.engine, rows, asked.figure, base, asked.group, asked.descending, asked.having)
    if asked.part:
        found = _parts(telling, rows, found, base)
    if not found:
        raise telling.lacking()
    if shape == "is_first":
        return _is_first(telling, found)
    if shape == "counted":
        return _counted(telling, found)
    if shape == "top_share":
        return _top_share(telling, found, base)
    if shape == "covering" and asked.limit is not None:
        return _covering(telling, found, asked.limit.values[0])
    if shape == "averaged":
        return _averaged(telling, found)
    return _listed(telling, found) if shape == "grouped" else _ranked(telling, found)


def _parts(
    telling: Telling, rows: Rows, whole: list[dict[str, Any]], base: Sequence[Condition]
) -> list[dict[str, Any]]:
    """The share of the part in each group, the most or the least first."""
    group = telling.asked.group
    parts = measured(telling.engine, rows, telling.asked.figure, (*base, *telling.asked.part), group)
    by_key = {tuple(row[key] for key in group): row["value"] for row in parts}
    shares = [
        {**row, "value": by_key.get(tuple(row[key] for key in group), 0) / row["value"]}
        for row in whole
        if row["value"]
    ]
    return sorted(shares, key=lambda row: row["value"], reverse=telling.asked.descending)


def _ranked(telling: Telling, found: list[dict[str, Any]]) -> Answer:
    place = _place_in(telling, found)
    if place >= len(found):
        raise Unanswerable(f"I do not know: there are only {len(found)} of them.")
    row = found[place]
    fact, name = telling.fact(row["value"], row), telling.name(row)
    nth = {0: "", 1: "second ", 2: "third "}.get(place, f"{place + 1}th ")
    most = f"the {nth}{'most' if telling.asked.descending else 'least'} of {telling.groups()}"
    many = max(telling.asked.top, 3)
    nexts = [(telling.name(r), telling.fact(r["value"], r)) for r in found[place + 1 : place + many]]
    told = f" Next: {', '.join(f'{n.shown} {f.shown}' for n, f in nexts)}." if nexts else ""
    facts = [fact, name] if telling.asked.value_first else [name, fact]
    lead = f"**{facts[0].shown}**: {facts[1].shown}, {most} ({telling.of_what()}).{told}"
    return telling.answer(
        [*facts, *(f for _, f in nexts)], lead, "number" if telling.asked.value_first else "comparison"
    )


def _is_first(telling: Telling, found: list[dict[str, Any]]) -> Answer:
    """Whether the one that is named has the most or the least."""
    named = _named(telling, telling.asked.after, found)
    fact, first = telling.fact(found[0]["value"], found[0]), telling.name(found[0])
    holds = found[0] in named
    told = (
        f"{first.shown} has the {'most' if telling.asked.descending else 'least'} of "
        f"{telling.groups()}, {fact.shown} ({telling.of_what()})"
    )
    return telling.verdict(holds, [fact, first], told)


def _named(telling: Telling, condition: Condition | None, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that a condition names."""
    from include.trips.zones import zone_rows

    key, wanted = telling.asked.group[0], condition.values if condition else ()
    if key.endswith("borough"):
        wanted = tuple({row["borough"] for row in zone_rows() if int(row["LocationID"]) in wanted})
    return [row for row in found if row[key] in wanted]


def _place_in(telling: Telling, found: list[dict[str, Any]]) -> int:
    if telling.asked.after is None:
        return telling.asked.place - 1
    named = _named(telling, telling.asked.after, found)
    at = next((i for i, row in enumerate(found) if row in named), None)
    if at is None:
        raise Unanswerable(f"I do not know: there are no trips {telling.asked.after.says}.")
    return at + 1


def _counted(telling: Telling, found: list[dict[str, Any]]) -> Answer:
    limit = telling.asked.limit
    many = [row for row in found if (meets(float(row["value"]), limit) if limit else row["value"])]
    unit = telling.groups()
    if telling.asked.nothing:
        return _without(telling, found)
    fact = Fact(unit, len(many), unit, shown_figure(len(many), unit, 0), {})
    facts = [fact, *([Fact("limit", limit.values[0], "", f"{limit.values[0]:g}", {})] if limit else [])]
    said = f" {limit.op} {limit.values[0]:g}" if limit else ""
    return telling.answer(facts, f"**{fact.shown}** ({telling.of_what()}{said}).", "number")


def _without(telling: Telling, found: list[dict[str, Any]]) -> Answer:
    """The zones of the reference that have no row."""
    from include.trips.zones import zone_rows

    there = {row[telling.asked.group[0]] for row in found if row["value"]}
    left = sum(int(row["LocationID"]) not in there for row in zone_rows())
    fact = Fact("zones without any", left, "zones", shown_figure(left, "zones", 0), {})
    return telling.answer([fact], f"**{fact.shown}** have none ({telling.of_what()}).", "number")


def _averaged(telling: Telling, found: list[dict[str, Any]]) -> Answer:
    mean = sum(float(row["value"]) for row in found) / len(found)
    count = Fact(telling.groups(), len(found), telling.groups(), f"{len(found)} {telling.groups()}", {})
    fact = Fact("mean", mean, telling.unit, shown_figure(mean, telling.unit, 2), {})
    return telling.answer(
        [fact, count], f"**{fact.shown}**, the mean over {count.shown} ({telling.of_what()}).", "number"
    )


def _top_share(telling: Telling, found: list[dict[str, Any]], base: Sequence[Condition]) -> Answer:
    """The part that the first ones have of all; of a single one with its name, which leads where which is asked."""
    many = telling.asked.top or 1
    if telling.asked.place > 1 or telling.asked.after is not None:
        found, many = found[_place_in(telling, found) :], 1
    whole, top = telling.one(base), sum(float(row["value"]) for row in found[:many])
    part = top / whole if whole else 0.0
    fact = Fact("share of the first", part, "share", shown_figure(part, "share", 4), {})
    facts = [telling.fact(top), telling.fact(whole)]
    told = f"{facts[0].shown} of {facts[1].shown} ({telling.of_what()})"
    if telling.asked.top:
        count = Fact("how many", many, "", f"{many}", {})
        text = f"**{fact.shown}**: the first {count.shown} of {telling.groups()} have {told}."
        return telling.answer([fact, count, *facts], text, "number")
    name = telling.name(found[0])
    first, second = (name, fact) if telling.asked.name_first else (fact, name)
    kind: Kind = "comparison" if telling.asked.name_first else "number"
    return telling.answer([first, second, *facts], f"**{first.shown}**, {second.shown}: {told}.", kind)


def _covering(telling: Telling, found: list[dict[str, Any]], part: float) -> Answer:
    """How many of the first ones together have that part of all."""
    whole, sum_of_first, many = sum(float(row["value"]) for row in found), 0.0, 0
    while many < len(found) and sum_of_first < part * whole:
        sum_of_first, many = sum_of_first + float(found[many]["value"]), many + 1
    unit = telling.groups()
    fact = Fact(unit, many, unit, shown_figure(many, unit, 0), {})
    facts = [telling.fact(sum_of_first), telling.fact(whole)]
    text = f"**{fact.shown}**: the first ones have {facts[0].shown} of {facts[1].shown} ({telling.of_what()})."
    return telling.answer([fact, *facts], text, "number")


def _listed(telling: Telling, found: list[dict[str, Any]]) -> Answer:
    order = sorted(found, key=lambda row: str(row[telling.asked.group[0]]).zfill(4))[:24]
    facts = [telling.fact(row["value"], row) for row in order]
    names = [telling.name(row) for row in order]
    lines = [f"- {name.shown}: **{fact.shown}**" for name, fact in zip(names, facts, strict=True)]
    return telling.answer([*facts, *names], "\n".join([f"{telling.of_what()}:", "", *lines]), "number")
