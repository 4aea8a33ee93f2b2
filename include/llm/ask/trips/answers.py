"""What is asked of trips is measured and told: the figure, name or verdict first, then what it is of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from include.llm.ask.answering import Answer, Citation, Fact, Kind, unknown
from include.llm.ask.figures.settled import Unanswerable
from include.llm.ask.sentences.held_apart import meets
from include.llm.ask.sentences.shown import figure as shown_figure
from include.llm.ask.sentences.shown import name_of
from include.llm.ask.trips.asked import Aggregate, Asked
from include.llm.ask.trips.atoms import Condition, Limit
from include.llm.ask.trips.figure_words import decimals_of, says_of, unit_of
from include.llm.ask.trips.meant import Meant, meant
from include.llm.ask.trips.rows import Rows, measured, rows_for

VENDORS = {1: " (CMT)", 2: " (Curb)"}
PLURALS = {
    "day": "days",
    "month": "months",
    "hour": "hours",
    "weekday": "weekdays",
    "service": "services",
    "band": "parts of the day",
}


def answer_to(engine: Engine, asked: Asked, service: str, given: bool) -> Answer:
    """The answer; an abstention where the tables have no such trips. WarehouseError while they are away."""
    try:
        return Telling(engine, asked, meant(engine, asked, service, given)).told()
    except Unanswerable as reason:
        return unknown(str(reason))


class Telling:
    """One question's figures and its sentence."""

    def __init__(self, engine: Engine, asked: Asked, settled: Meant) -> None:
        self.engine, self.asked, self.meant = engine, asked, settled
        self.unit = "share" if asked.part else unit_of(asked.figure)
        self.table = ""

    def told(self) -> Answer:
        shape = self.asked.shape
        if self.asked.sides:
            return self._between(shape)
        if self.asked.group:
            return self._of_groups(shape)
        value = self._value(self.meant.conditions)
        fact = self._fact(value)
        if shape != "threshold":
            return self._answer([fact], f"**{fact.shown}**: {self._of_what()}.", "number")
        limit = self.asked.limit
        holds = value > 0 if limit is None else _meets(value, limit)
        return self._verdict(holds, [fact], f"{fact.shown} ({self._of_what()})")

    def _value(self, fixed: Sequence[Condition]) -> float:
        """The figure of these trips, or the share of the part in them."""
        base = (*fixed, *self.asked.base)
        if not self.asked.part:
            return self._one(base)
        whole = self._one(base)
        if not whole:
            raise Unanswerable(f"I do not know: the tables have no such trips ({self._of_what()}).")
        return self._one((*base, *self.asked.part)) / whole

    def _one(self, conditions: Sequence[Condition]) -> float:
        figure = self.asked.figure
        found = measured(self.engine, self._rows(figure, conditions), figure, conditions)
        if found and found[0]["value"] is not None:
            return float(found[0]["value"])
        if figure.fn in ("count", "sum"):
            return 0.0
        raise Unanswerable(f"I do not know: the tables have no {says_of(figure)} of such trips ({self._of_what()}).")

    def _rows(self, figure: Aggregate, conditions: Sequence[Condition], group: Sequence[str] = ()) -> Rows:
        rows = rows_for(figure, conditions, group, self.asked.raw)
        if rows is None:
            raise Unanswerable("I do not know: the tables do not keep that of trips.")
        self.table = rows.table
        return rows

    def _of_groups(self, shape: str) -> Answer:
        """Groups in order, counted, or the part that the first ones have."""
        asked, base = self.asked, (*self.meant.conditions, *self.asked.base)
        rows = self._rows(asked.figure, (*base, *asked.part), asked.group)
        found = measured(self.engine, rows, asked.figure, base, asked.group, asked.descending, asked.having)
        if asked.part:
            found = self._parts(rows, found, base)
        if not found:
            raise Unanswerable(f"I do not know: the tables have no such trips ({self._of_what()}).")
        if shape == "is_first":
            return self._is_first(found)
        if shape == "counted":
            return self._counted(found)
        if shape == "top_share":
            return self._top_share(found, base)
        if shape == "averaged":
            return self._averaged(found)
        return self._listed(found) if shape == "grouped" else self._ranked(found)

    def _parts(self, rows: Rows, whole: list[dict[str, Any]], base: Sequence[Condition]) -> list[dict[str, Any]]:
        """The share of the part in each group, the most or the least first."""
        group = self.asked.group
        parts = measured(self.engine, rows, self.asked.figure, (*base, *self.asked.part), group)
        by_key = {tuple(row[key] for key in group): row["value"] for row in parts}
        shares = [
            {**row, "value": by_key.get(tuple(row[key] for key in group), 0) / row["value"]}
            for row in whole
            if row["value"]
        ]
        return sorted(shares, key=lambda row: row["value"], reverse=self.asked.descending)

    def _ranked(self, found: list[dict[str, Any]]) -> Answer:
        place = self._place_in(found)
        if place >= len(found):
            raise Unanswerable(f"I do not know: there are only {len(found)} of them.")
        row = found[place]
        fact, name = self._fact(row["value"], row), self._name(row)
        nth = {0: "", 1: "second ", 2: "third "}.get(place, f"{place + 1}th ")
        most = f"the {nth}{'most' if self.asked.descending else 'least'} of {self._groups()}"
        many = max(self.asked.top, 3)
        nexts = [(self._name(r), self._fact(r["value"], r)) for r in found[place + 1 : place + many]]
        told = f" Next: {', '.join(f'{n.shown} {f.shown}' for n, f in nexts)}." if nexts else ""
        facts = [fact, name] if self.asked.value_first else [name, fact]
        lead = f"**{facts[0].shown}**: {facts[1].shown}, {most} ({self._of_what()}).{told}"
        return self._answer(
            [*facts, *(f for _, f in nexts)], lead, "number" if self.asked.value_first else "comparison"
        )

    def _is_first(self, found: list[dict[str, Any]]) -> Answer:
        """Whether the one that is named has the most or the least."""
        named = self._named(self.asked.after, found)
        fact, first = self._fact(found[0]["value"], found[0]), self._name(found[0])
        holds = found[0] in named
        told = (
            f"{first.shown} has the {'most' if self.asked.descending else 'least'} of "
            f"{self._groups()}, {fact.shown} ({self._of_what()})"
        )
        return self._verdict(holds, [fact, first], told)

    def _named(self, condition: Condition | None, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows that a condition names."""
        from include.trips.zones import zone_rows

        key, wanted = self.asked.group[0], condition.values if condition else ()
        if key.endswith("borough"):
            wanted = tuple({row["borough"] for row in zone_rows() if int(row["LocationID"]) in wanted})
        return [row for row in found if row[key] in wanted]

    def _place_in(self, found: list[dict[str, Any]]) -> int:
        if self.asked.after is None:
            return self.asked.place - 1
        named = self._named(self.asked.after, found)
        at = next((i for i, row in enumerate(found) if row in named), None)
        if at is None:
            raise Unanswerable(f"I do not know: there are no trips {self.asked.after.says}.")
        return at + 1

    def _counted(self, found: list[dict[str, Any]]) -> Answer:
        limit = self.asked.limit
        many = [row for row in found if (_meets(float(row["value"]), limit) if limit else row["value"])]
        unit = self._groups()
        if self.asked.nothing:
            return self._without(found)
        fact = Fact(unit, len(many), unit, shown_figure(len(many), unit, 0), {})
        facts = [fact, *([Fact("limit", limit.values[0], "", f"{limit.values[0]:g}", {})] if limit else [])]
        said = f" {limit.op} {limit.values[0]:g}" if limit else ""
        return self._answer(facts, f"**{fact.shown}** ({self._of_what()}{said}).", "number")

    def _without(self, found: list[dict[str, Any]]) -> Answer:
        """The zones of the reference that have no row."""
        from include.trips.zones import zone_rows

        there = {row[self.asked.group[0]] for row in found if row["value"]}
        left = sum(int(row["LocationID"]) not in there for row in zone_rows())
        fact = Fact("zones without any", left, "zones", shown_figure(left, "zones", 0), {})
        return self._answer([fact], f"**{fact.shown}** have none ({self._of_what()}).", "number")

    def _averaged(self, found: list[dict[str, Any]]) -> Answer:
        mean = sum(float(row["value"]) for row in found) / len(found)
        count = Fact(self._groups(), len(found), self._groups(), f"{len(found)} {self._groups()}", {})
        fact = Fact("mean", mean, self.unit, shown_figure(mean, self.unit, 2), {})
        return self._answer(
            [fact, count], f"**{fact.shown}**, the mean over {count.shown} ({self._of_what()}).", "number"
        )

    def _top_share(self, found: list[dict[str, Any]], base: Sequence[Condition]) -> Answer:
        whole, top = self._one(base), sum(float(row["value"]) for row in found[: self.asked.top])
        part = top / whole if whole else 0.0
        fact = Fact("share of the first", part, "share", shown_figure(part, "share", 4), {})
        count = Fact("how many", self.asked.top, "", f"{self.asked.top}", {})
        facts = [self._fact(top), self._fact(whole)]
        text = (
            f"**{fact.shown}**: the first {count.shown} of {self._groups()} have {facts[0].shown} "
            f"of {facts[1].shown} ({self._of_what()})."
        )
        return self._answer([fact, count, *facts], text, "number")

    def _listed(self, found: list[dict[str, Any]]) -> Answer:
        order = sorted(found, key=lambda row: str(row[self.asked.group[0]]).zfill(4))[:24]
        facts = [self._fact(row["value"], row) for row in order]
        names = [self._name(row) for row in order]
        lines = [f"- {name.shown}: **{fact.shown}**" for name, fact in zip(names, facts, strict=True)]
        return self._answer([*facts, *names], "\n".join([f"{self._of_what()}:", "", *lines]), "number")

    def _between(self, shape: str) -> Answer:
        """Two or more held against each other."""
        sides = [(says, self._value((*self.meant.conditions, *conditions))) for says, conditions in self.meant.sides]
        facts = [self._fact(value, side=says) for says, value in sides]
        told = ", ".join(f"{says} {fact.shown}" for (says, _), fact in zip(sides, facts, strict=True))
        of_what = self._of_what()
        a, b = sides[0][1], sides[-1][1]
        if shape == "compared":
            order = sorted(zip(sides, facts, strict=True), key=lambda one: one[0][1], reverse=self.asked.descending)
            name = Fact("name", order[0][0][0], "name", order[0][0][0], {})
            even = order[0][0][1] == order[1][0][1]
            lead = "**Neither**: they are equal" if even else f"**{name.shown}**"
            gap = self._gap(order[0][0][1], order[-1][0][1])
            text = f"{lead}: {told}, a difference of {gap.shown} ({of_what})."
            return self._answer([name, *(fact for _, fact in order), gap], text, "comparison")
        if shape == "yes":
            gap = self._gap(a, b)
            return self._yes(sides, [*facts, gap], f"{told}, a difference of {gap.shown} ({of_what})")
        if shape == "yes_by" and self.asked.limit is not None:
            falls = not self.asked.descending
            gap = Fact(
                "difference", b - a, self.unit, shown_figure(b - a, self.unit, decimals_of(self.asked.figure)), {}
            )
            holds = _meets(a - b if falls else b - a, self.asked.limit)
            return self._verdict(holds, [gap, *facts], f"{gap.shown}; {told} ({of_what})")
        if shape == "times" and b:
            ratio = a / b
            fact = Fact("ratio", ratio, "score", shown_figure(ratio, "score", 3), {})
            return self._answer([fact, *facts], f"**{fact.shown}** times: {told} ({of_what}).", "number")
        if shape == "growth" and a and b:
            part = (b - a) / a if self._in_time() else (a - b) / b
            fact = Fact("relative difference", part, "share", shown_figure(part, "share", 4), {})
            return self._answer([fact, *facts], f"**{fact.shown}**: {told} ({of_what}).", "number")
        fact = self._gap(a, b)
        return self._answer([fact, *facts], f"**{fact.shown}**: {told} ({of_what}).", "number")

    def _gap(self, a: float, b: float) -> Fact:
        gap = abs(a - b)
        decimals = 4 if self.unit == "share" else decimals_of(self.asked.figure)
        return Fact("difference", gap, self.unit, shown_figure(gap, self.unit, decimals), {})

    def _yes(self, sides: list[tuple[str, float]], facts: list[Fact], told: str) -> Answer:
        """Whether the first stands to the second as asked; of what has changed in time the later one is the first."""
        first, second = (1, 0) if self.asked.turned else (0, 1)
        a, b = sides[first][1], sides[second][1]
        holds = a > b if self.asked.descending else a < b
        return self._verdict(holds, [facts[first], facts[second], *facts[2:]], told)

    def _in_time(self) -> bool:
        return any(side.month is not None or side.day is not None for side in self.asked.sides)

    def _verdict(self, holds: bool, facts: list[Fact], told: str) -> Answer:
        word = "yes" if holds else "no"
        return self._answer(
            [Fact("verdict", word, "name", word, {}), *facts], f"**{word.capitalize()}**: {told}.", "comparison"
        )

    def _fact(self, value: Any, row: dict[str, Any] | None = None, side: str = "") -> Fact:
        decimals = 4 if self.unit == "share" else decimals_of(self.asked.figure)
        of: dict[str, Any] = {"place": side} if side else {}
        if row:
            of["place"] = self._name(row).shown
        if self.meant.months:
            of["months"] = list(self.meant.months)
        of["of"] = self._of_what()
        name = f"share of {says_of(self.asked.figure)}" if self.asked.part else says_of(self.asked.figure)
        return Fact(name, value, self.unit, shown_figure(float(value), self.unit, decimals), of)

    def _name(self, row: dict[str, Any]) -> Fact:
        shown = ", ".join(_name_of(key, row[key]) for key in self.asked.group)
        return Fact(self.asked.group[0], shown, "name", shown, {})

    def _groups(self) -> str:
        if len(self.asked.group) > 1:
            return "pairs"
        key = self.asked.group[0]
        return PLURALS.get(
            key,
            "zones" if key.endswith("zone") else "boroughs" if key.endswith("borough") else f"{key.replace('_', ' ')}s",
        )

    def _of_what(self) -> str:
        """The figure and its trips in words."""
        said = [says_of(self.asked.figure)]
        said += [_said(c) for c in (*self.meant.conditions, *self.asked.base)]
        if self.asked.part:
            said = [f"share of {said[0]}", *said[1:], "of these: " + ", ".join(_said(c) for c in self.asked.part)]
        if not any(c.kind in ("month", "day") for c in self.meant.conditions) and not self._in_time():
            said.append("all months")
        return ", ".join(dict.fromkeys(said))

    def _answer(self, facts: list[Fact], text: str, kind: Kind) -> Answer:
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


def _meets(value: float, limit: Limit) -> bool:
    if limit.op == "between":
        return limit.values[0] <= value <= limit.values[1]
    return meets(value, "==" if limit.op == "=" else limit.op, limit.values[0])
