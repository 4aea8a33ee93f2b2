"""One comparison for each of several: whether it holds for all or any of them, for how many, for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from include.llm.ask.answering import Answer, Fact
from include.llm.ask.figures.settled import Settled, Unanswerable
from include.llm.ask.routing.tally import Tally
from include.llm.ask.sentences.cited import answer_with
from include.llm.ask.sentences.facts import MOST_LISTED, fact_of, place_of, verdict_of
from include.llm.ask.sentences.held_apart import meets, scaled
from include.llm.ask.sentences.parts import capital, of_what, plural, what_is_said
from include.llm.ask.sentences.shown import figure, name_of
from include.warehouse.reading import Row


def tallied(settled: Settled, rows: list[Row]) -> Answer:
    """Yes or no, a count or names, then every one with its figures."""
    tally = settled.plan.tally
    if tally is None:
        raise TypeError("a tallied plan has a tally")
    each = _by_value(tally, rows)
    if tally.by == "same":
        return _same(settled, rows)
    if not tally.over:
        return _crowned(settled, tally, rows)
    if tally.by == "reference":
        return _against_one(settled, tally, rows, each)
    held = {place: verdict for place, found in each.items() if (verdict := _holds(settled, tally, found)) is not None}
    if not held:
        raise Unanswerable(f"I do not know: the tables have no pair of {settled.plan.measure.says} to compare.")
    return _told(settled, tally, each, held)


def _by_value(tally: Tally, rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(", ".join(name_of(name, row.get(name)) for name in tally.over), []).append(row)
    return found


def _holds(settled: Settled, tally: Tally, rows: Sequence[Row]) -> bool | None:
    """Whether it holds here; None where there is nothing to hold it against."""
    plan = settled.plan
    if tally.by == "limit":
        return meets(float(rows[0]["value"]), plan.op, scaled(plan.number, plan.measure.unit))
    if tally.by == "is":
        return str(int(rows[0]["value"]) if plan.measure.truth else rows[0]["value"]) == tally.wanted
    order = sorted(rows, key=lambda row: float(row["value"]), reverse=plan.descending)
    if tally.by == "best":
        return str(order[0][tally.apart]) == tally.wanted
    wanted = settled.roles if tally.apart == "role" else settled.filters[tally.apart]
    by_name = {str(row[tally.apart]): float(row["value"]) for row in rows}
    if not set(map(str, wanted[:2])) <= set(by_name):
        return None
    first, second = by_name[str(wanted[0])], by_name[str(wanted[1])]
    return first > second if plan.descending else first < second


def _crowned(settled: Settled, tally: Tally, rows: Sequence[Row]) -> Answer:
    """Whether the one that is named is the first of all, and who is."""
    order = sorted(rows, key=lambda row: float(row["value"]), reverse=settled.plan.descending)
    if tally.wanted not in [str(row[tally.apart]) for row in order]:
        raise Unanswerable(f"I do not know: the tables have no {settled.plan.measure.says} for {tally.wanted}.")
    verdict = verdict_of(str(order[0][tally.apart]) == tally.wanted)
    facts = [fact_of(settled, row) for row in order[:MOST_LISTED]]
    shown = ", ".join(f"{place_of(settled, row)} {fact.shown}" for row, fact in zip(order, facts, strict=False))
    text = f"**{capital(verdict.shown)}**: {what_is_said(settled)}{of_what(settled, {})}, the best first: {shown}."
    wanted = [fact for row, fact in zip(order, facts, strict=False) if str(row[tally.apart]) == tally.wanted]
    return answer_with(settled, order[:1], [verdict, *wanted, *facts], text, "comparison")


def _against_one(settled: Settled, tally: Tally, rows: Sequence[Row], each: Mapping[str, list[Row]]) -> Answer:
    """Which are before the one that is named, or behind it, and how many."""
    mark = next((float(row["value"]) for row in rows if str(row[tally.apart]) == tally.wanted), None)
    if mark is None:
        raise Unanswerable(f"I do not know: the tables have no {settled.plan.measure.says} for {tally.wanted}.")
    more = settled.plan.descending
    others = {place: found for place, found in each.items() if str(found[0][tally.apart]) != tally.wanted}
    ahead = {place: (value > mark if more else value < mark)
             for place, found in others.items() if (value := float(found[0]["value"])) is not None}  # fmt: skip
    return _told(settled, tally, others, ahead)


def _told(settled: Settled, tally: Tally, each: Mapping[str, list[Row]], held: Mapping[str, bool]) -> Answer:
    holding = [place for place, holds in held.items() if holds]
    unit = "values" if tally.over == ("slice",) else plural(tally.over)
    count = Fact(f"{plural(tally.over)} where it holds", len(holding), unit, figure(len(holding), unit, 0), {})
    whole = Fact(f"{plural(tally.over)} compared", len(held), unit, f"{len(held):,}", {})
    told = [row for place in (holding or held) for row in each[place]][:MOST_LISTED]
    facts = [fact_of(settled, row) for row in told]
    shown = "; ".join(f"{place_of(settled, row)}: {fact.shown}" for row, fact in zip(told, facts, strict=True))
    names = [Fact(tally.over[0], place, "name", place, {}) for place in holding[:MOST_LISTED]]
    of_whom = f"{what_is_said(settled)}{of_what(settled, {})}"
    text = f"It holds for {count.shown} of {whole.shown} ({of_whom}): {shown}."
    if tally.quantifier == "many":
        return answer_with(settled, told, [count, whole, *facts], f"**{count.shown}**. {text}")
    if tally.quantifier == "which":
        lead = ", ".join(name.shown for name in names) or "none"
        none = [] if names else [Fact(tally.over[0], "none", "name", "none", {})]
        joined = Fact(tally.over[0], lead, "name", lead, {})
        return answer_with(
            settled, told, [*none, joined, *names, count, whole, *facts], f"**{lead}**. {text}", "comparison"
        )
    verdict = verdict_of(len(holding) == len(held) if tally.quantifier == "all" else bool(holding))
    return answer_with(settled, told, [verdict, count, whole, *names, *facts],
                       f"**{capital(verdict.shown)}**. {text}", "comparison")  # fmt: skip


def _same(settled: Settled, rows: list[Row]) -> Answer:
    """Whether all have one and the same."""
    values = list(dict.fromkeys(str(row["value"]) for row in rows))
    unit = "families" if settled.plan.measure.equals == "family" else "values"
    verdict, count = verdict_of(len(values) == 1), Fact("different ones", len(values), unit, f"{len(values)}", {})
    facts = [fact_of(settled, row) for row in rows[:MOST_LISTED]]
    shown = "; ".join(f"{place_of(settled, row)}: {fact.shown}" for row, fact in zip(rows, facts, strict=False))
    of_whom = f"{what_is_said(settled)}{of_what(settled, {})}"
    text = f"**{capital(verdict.shown)}**: {count.shown} different ({of_whom}): {shown}."
    return answer_with(settled, rows, [verdict, count, *facts], text, "comparison")
