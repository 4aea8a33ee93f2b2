"""One figure, a list, a count, a mean or a share: the rows tell it without being held against each other."""

from __future__ import annotations

from include.llm.ask.answering import Answer, Fact
from include.llm.ask.figures.settled import Settled, Unanswerable
from include.llm.ask.sentences.cited import answer_with
from include.llm.ask.sentences.facts import MOST_LISTED, fact_of, facts_of, place_of, unit_of_row
from include.llm.ask.sentences.held_apart import meets, scaled
from include.llm.ask.sentences.parts import capital, of_what, plural, what_is_said
from include.llm.ask.sentences.shown import figure
from include.warehouse.reading import Row


def value(settled: Settled, rows: list[Row]) -> Answer:
    """One figure, or one for each of what is told apart."""
    if settled.plan.measure.truth and settled.group:
        return listed(settled, [row for row in rows if row["value"]] or rows[:0])
    if len(rows) == 1:
        fact = fact_of(settled, rows[0])
        apart = f" There are rows of {rows[0]['service']} alone." if "service" in settled.group else ""
        return answer_with(
            settled, rows, [fact], f"**{fact.shown}**: {what_is_said(settled)}{of_what(settled, rows[0])}.{apart}"
        )
    facts = [fact_of(settled, row) for row in rows[:MOST_LISTED]]
    lines = [f"- {place_of(settled, row)}: **{fact.shown}**" for row, fact in zip(rows, facts, strict=False)]
    left = len(rows) - len(facts)
    more = ["", "More are there; ask for one of them."] if left > 0 else []
    return answer_with(
        settled, rows, facts, "\n".join([f"{capital(what_is_said(settled))}{of_what(settled, {})}:", "", *lines, *more])
    )


def distance(settled: Settled, rows: list[Row]) -> Answer:
    """How far a figure is from the one that was named."""
    fact, unit = fact_of(settled, rows[0]), unit_of_row(settled, rows[0])
    aim = scaled(settled.plan.number, unit)
    gap = abs(float(rows[0]["value"]) - aim)
    apart = Fact("distance from the figure", gap, unit, figure(gap, unit, settled.plan.measure.decimals), {})
    limit = Fact("figure that was named", aim, unit, figure(aim, unit, settled.plan.measure.decimals), {})
    side = "above" if float(rows[0]["value"]) > aim else "below"
    text = f"**{apart.shown}** {side} {limit.shown}: {fact.shown} ({what_is_said(settled)}{of_what(settled, rows[0])})."
    return answer_with(settled, rows, [apart, fact, limit], text)


def counted(settled: Settled, rows: list[Row]) -> Answer:
    """How many of what is told apart have any, or enough."""
    plan = settled.plan
    limit = scaled(plan.number, plan.measure.unit)
    many = [row for row in rows if (meets(float(row["value"]), plan.op, limit) if plan.op else row["value"])]
    unit = plural(settled.group)
    fact = Fact(f"{unit} with {plan.measure.says}", len(many), unit, figure(len(many), unit, 0), facts_of(settled, {}))
    drawn = f" ({plan.op} {plan.number:g})" if plan.op else ""
    text = f"**{fact.shown}** have {plan.measure.says}{drawn}{of_what(settled, {})}."
    facts = [fact, *([Fact("limit", plan.number, "", f"{plan.number:g}", {})] if plan.op else [])]
    return answer_with(settled, rows[:1], facts, text)


def summed(settled: Settled, rows: list[Row]) -> Answer:
    """The sum over what is told apart, each with its own."""
    facts = [fact_of(settled, row) for row in rows[:MOST_LISTED]]
    total, unit = sum(float(row["value"]) for row in rows), unit_of_row(settled, rows[0])
    fact = Fact(f"sum of {settled.plan.measure.says}", total, unit, figure(total, unit, 0), {})
    told = ", ".join(f"{place_of(settled, row)} {each.shown}" for row, each in zip(rows, facts, strict=False))
    text = f"**{fact.shown}**: {what_is_said(settled)}{of_what(settled, {})}: {told}."
    return answer_with(settled, rows, [fact, *facts], text)


def averaged(settled: Settled, rows: list[Row]) -> Answer:
    """The mean over what is told apart, of those that have any. Unanswerable over several units."""
    if settled.plan.measure.unit == "target" and len({unit_of_row(settled, row) for row in rows}) > 1:
        raise Unanswerable("Minutes, dollars and log loss have no mean. Please name one target.")
    mean = sum(float(row["value"]) for row in rows) / len(rows)
    one = settled.group[0].replace("_", " ")
    count = Fact(plural(settled.group), len(rows), plural(settled.group), f"{len(rows):,} {plural(settled.group)}", {})
    unit = unit_of_row(settled, rows[0])
    fact = Fact(
        f"mean of {what_is_said(settled)} per {one}",
        mean,
        unit,
        figure(mean, unit, max(2, settled.plan.measure.decimals)),
        facts_of(settled, {}),
    )
    text = f"**{fact.shown}** per {one}, the mean over {count.shown} ({what_is_said(settled)}{of_what(settled, {})})."
    return answer_with(settled, rows[:1], [fact, count], text)


def listed(settled: Settled, rows: list[Row]) -> Answer:
    """Which there are, by name, the first MOST_LISTED of them; `descending` asks for the last one alone."""
    rows = [row for row in rows if row["value"] != 0]
    if not rows:
        nothing = Fact(settled.group[0], "none", "name", "none", {})
        return answer_with(settled, [], [nothing], f"**none** ({what_is_said(settled)}{of_what(settled, {})}).")
    rows = rows[-1:] if settled.plan.descending else rows
    names = [place_of(settled, row) for row in rows]
    facts = [
        Fact(settled.group[0], name, "name", name, facts_of(settled, row))
        for name, row in zip(names, rows, strict=True)
    ]
    more = "; and more" if len(names) > MOST_LISTED else ""
    text = f"**{', '.join(names[:MOST_LISTED])}**{more} ({what_is_said(settled)}{of_what(settled, {})})."
    return answer_with(settled, rows[:1], facts[:MOST_LISTED], text)


def having(settled: Settled, rows: list[Row]) -> Answer:
    """Which have any, by name, the one with the most first, each with its figure."""
    some = sorted((row for row in rows if row["value"]), key=lambda row: -float(row["value"]))
    if not some:
        return listed(settled, [])
    names = [place_of(settled, row) for row in some[:MOST_LISTED]]
    facts = [fact_of(settled, row) for row in some[:MOST_LISTED]]
    leads = [Fact(settled.group[0], name, "name", name, fact.of) for name, fact in zip(names, facts, strict=True)]
    told = ", ".join(f"{name} {fact.shown}" for name, fact in zip(names, facts, strict=True))
    text = f"**{', '.join(names)}**: {told} ({what_is_said(settled)}{of_what(settled, {})})."
    return answer_with(settled, some, [leads[0], *facts, *leads[1:]], text, "comparison")


def share(settled: Settled, rows: list[Row], whole: float) -> Answer:
    """A part as a share of the whole: both are told."""
    part = sum(float(row["value"]) for row in rows)
    fact = Fact(
        f"share of {settled.plan.measure.says}",
        part / whole if whole else 0.0,
        "share",
        figure(part / whole if whole else 0.0, "share", 4),
        facts_of(settled, rows[0]),
    )
    unit = settled.plan.measure.unit
    facts = [
        fact,
        Fact("part", part, unit, figure(part, unit, 0), {}),
        Fact("whole", whole, unit, figure(whole, unit, 0), {}),
    ]
    text = (
        f"**{fact.shown}**: {facts[1].shown} of {facts[2].shown} ({settled.plan.measure.says}{of_what(settled, {})})."
    )
    return answer_with(settled, rows[:1], facts, text)
