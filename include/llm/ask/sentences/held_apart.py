"""Rows are compared in the order in which they were named; one that is absent is no comparison."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.answering import Fact
from include.llm.ask.figures.settled import Settled, Unanswerable
from include.llm.ask.sentences.facts import unit_of_row
from include.llm.ask.sentences.shown import figure, name_of
from include.warehouse.reading import Row


def pair_of(settled: Settled, rows: list[Row]) -> list[Row]:
    """The rows in the order in which they were named."""
    name = settled.group[0] if settled.group else ""
    wanted: Sequence[str] = settled.roles if name == "role" else settled.filters.get(name, ())
    by_name = {str(row.get(name)): row for row in rows}
    absent = [value for value in wanted if str(value) not in by_name]
    if absent or len(rows) < 2:
        told = [name_of(name, value) for value in absent if not str(value).isdigit()]  # a number is no name of anything
        raise Unanswerable(
            f"I do not know: the tables have no {settled.plan.measure.says} for "
            f"{', '.join(told) or 'one of the two'}, so there is nothing to compare."
        )
    return [by_name[str(value)] for value in wanted] if wanted else rows


def gap_between(settled: Settled, first: Row, second: Row) -> Fact:
    gap = abs(float(first["value"]) - float(second["value"]))
    unit = unit_of_row(settled, first)
    return Fact("difference", gap, unit, figure(gap, unit, settled.plan.measure.decimals), {})


def relative_gap(first: Row, second: Row) -> Fact | None:
    whole = float(second["value"])
    if not whole:
        return None
    part = abs(float(first["value"]) - whole) / whole
    return Fact("difference relative to the second", part, "share", figure(part, "share", 4), {})


def meets(found: float, op: str, limit: float) -> bool:
    return {
        ">": found > limit,
        "<": found < limit,
        ">=": found >= limit,
        "<=": found <= limit,
        "==": abs(found - limit) < 1e-9,
    }[op]


def scaled(number: float, unit: str) -> float:
    """A share above 1 was given in percent."""
    return number / 100 if unit == "share" and number > 1 else number
