"""One question's figures, and the sentence that says what they are of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, Citation, Fact, Kind
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.sentences.held_apart import meets as meets_limit
from include.llm.ask.sentences.shown import figure as shown_figure
from include.llm.ask.sentences.shown import name_of
from include.llm.ask.trips.asked import Aggregate, Asked
from include.llm.ask.trips.atoms import Condition, Limit
from include.llm.ask.trips.figure_words import decimals_of, says_of, unit_of
from include.llm.ask.trips.meant import Meant
from include.llm.ask.trips.rows import Rows, measured, rows_for

_MONTH, _DIGIT = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d")
VENDORS = {1: " (CMT)", 2: " (Curb)"}
PLURALS = {
    "day": "days",
    "month": "months",
    "hour": "hours",
    "weekday": "weekdays",
    "service": "services",
    "band": "parts of the day",
}


class Telling:
    """One question's figures and its sentence."""

    def __init__(self, engine: Engine, asked: Asked, settled: Meant) -> None:
        self.engine, self.asked, self.meant = engine, asked, settled
        self.unit = "share" if asked.part else unit_of(asked.figure)
        self.table = ""

    def value(self, fixed: Sequence[Condition], figure: Aggregate | None = None) -> float:
        """The figure of these trips, or the share of the part in them; `figure` in place of the question's own."""
        base = (*fixed, *self.asked.base)
        if not self.asked.part:
            return self.one(base, figure)
        whole = self.one(base)
        if not whole:
            raise self.lacking()
        return self.one((*base, *self.asked.part)) / whole

    def one(self, conditions: Sequence[Condition], figure: Aggregate | None = None) -> float:
        figure = figure or self.asked.figure
        found = measured(self.engine, self.rows(figure, conditions), figure, conditions)
        if found and found[0]["value"] is not None:
            return float(found[0]["value"])
        if figure.fn in ("count", "sum"):
            return 0.0
        raise self.lacking(f"{says_of(figure)} of ")

    def rows(self, figure: Aggregate, conditions: Sequence[Condition], group: Sequence[str] = ()) -> Rows:
        rows = rows_for(figure, conditions, group, self.asked.raw)
        if rows is None:
            raise Unanswerable("I do not know: the tables do not keep that of trips.")
        self.table = rows.table
        return rows

    def gap(self, a: float, b: float) -> Fact:
        return self.apart(abs(a - b))

    def apart(self, gap: float) -> Fact:
        decimals = 4 if self.unit == "share" else decimals_of(self.asked.figure)
        return Fact("difference", gap, self.unit, shown_figure(gap, self.unit, decimals), {})

    def in_time(self) -> bool:
        return any(side.month is not None or side.day is not None for side in self.asked.sides)

    def verdict(self, holds: bool, facts: list[Fact], told: str) -> Answer:
        word = "yes" if holds else "no"
        return self.answer(
            [Fact("verdict", word, "name", word, {}), *facts], f"**{word.capitalize()}**: {told}.", "comparison"
        )

    def fact(self, value: Any, row: dict[str, Any] | None = None, side: str = "") -> Fact:
        decimals = 4 if self.unit == "share" else decimals_of(self.asked.figure)
        of: dict[str, Any] = {"place": side} if side else {}
        if row:
            of["place"] = self.name(row).shown
        if self.meant.months:
            of["months"] = list(self.meant.months)
        of["of"] = self.of_what()
        name = f"share of {says_of(self.asked.figure)}" if self.asked.part else says_of(self.asked.figure)
        return Fact(name, value, self.unit, shown_figure(float(value), self.unit, decimals), of)

    def name(self, row: dict[str, Any]) -> Fact:
        shown = ", ".join(_name_of(key, row[key]) for key in self.asked.group)
        return Fact(self.asked.group[0], shown, "name", shown, {})

    def groups(self) -> str:
        if len(self.asked.group) > 1:
            return "pairs"
        key = self.asked.group[0]
        return PLURALS.get(
            key,
            "zones" if key.endswith("zone") else "boroughs" if key.endswith("borough") else f"{key.replace('_', ' ')}s",
        )

    def lacking(self, of: str = "") -> Unanswerable:
        """Why there is no figure. A number that was asked for is none of the tables, so only months are repeated."""
        known = [part for part in self._parts() if not _DIGIT.search(_MONTH.sub("", part))]
        return Unanswerable(f"I do not know: the tables have no {of}such trips ({', '.join(known)}).")

    def of_what(self) -> str:
        """The figure and its trips in words."""
        return ", ".join(self._parts())

    def _parts(self) -> list[str]:
        said = [] if any(side.figure for side in self.asked.sides) else [says_of(self.asked.figure)]
        said += [_said(c) for c in (*self.meant.conditions, *self.asked.base)]
        if self.asked.part:
            said = [f"share of {said[0]}", *said[1:], "of these: " + ", ".join(_said(c) for c in self.asked.part)]
        if not any(c.kind in ("month", "day") for c in self.meant.conditions) and not self.in_time():
            said.append("all months")
        return list(dict.fromkeys(said))

    def answer(self, facts: list[Fact], text: str, kind: Kind) -> Answer:
        where = {"service": ", ".join(self.meant.services)} if self.meant.services else {}
        if self.meant.months:
            where["month"] = ", ".join(self.meant.months)
        cited = Citation("table", self.table, " ".join([self.table, *where.values()]), where)
        joiner = "\n\n" if "\n" in text else " "
        return Answer(joiner.join([text, *self.meant.notes]), kind, tuple(facts), (cited,))


def _name_of(key: str, value: Any) -> str:
    return f"vendor {value}{VENDORS.get(int(value), '')}" if key == "vendor" else name_of(key, value)


def _said(condition: Condition) -> str:
    return f"not {condition.says}" if condition.negated else condition.says


def meets(value: float, limit: Limit) -> bool:
    if limit.op == "between":
        return limit.values[0] <= value <= limit.values[1]
    return meets_limit(value, "==" if limit.op == "=" else limit.op, limit.values[0])
