"""A place is where a trip starts, unless the words about it say that it ends there."""

from __future__ import annotations

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Named, Understood
from include.llm.ask.routing.plan import BANDS

JOINING = frozenset({"or", "in", "than", "at", "vs", "versus", "the", "and", "compared", "with", "those"})

CALLED = {"broken_rule": "expectation", "raw_column": "column"}
"""Kinds of names that are another word for a dimension."""

OF_RAW_COLUMNS = frozenset({"profile", "nulls", "validations", "asked_rows"})
"""Sources that are of columns alone, where a zone is a column and no place."""


def dimension_of(named: Named, measure: Measure, asked: Understood) -> str | None:
    """The column of the measure's rows that a named value is of."""
    dimensions = measure.source.dimensions
    if named.kind == "raw_column" and measure.source.name not in OF_RAW_COLUMNS:
        return None
    if (
        named.kind == "table"
        and named.value not in measure.source.only.get("table", {named.value})
        and (named.value == measure.source.table)
    ):
        return None  # the log that the rows are of
    if named.kind == "step":
        held = measure.source.only.get("table", frozenset())
        is_table = measure.source.table == "load_log" and named.value in held and not asked.values("table")
        return "table" if is_table else None
    kind = CALLED.get(named.kind, named.kind)
    if kind == "column" and measure.source.expressions:
        return kind
    if kind in ("zone", "borough") and f"pickup_{kind}" in dimensions and kind not in dimensions:
        side = side_of(named, asked)
        return f"{side}_{kind}" if f"{side}_{kind}" in dimensions else None
    if kind == "slice":
        return (
            "hour"
            if not measure.exploded.startswith("slice") and "hour" in dimensions and named.value.startswith("hours")
            else None
        )
    if kind == "family" and measure.source.name == "contest" and "family" in dimensions:
        return "family"
    return kind if kind in dimensions and not (kind == "role" and measure.source.roles) else None


def values_of(named: Named, dimension: str) -> list[str]:
    if named.kind == "slice":
        return [str(hour) for hour in BANDS[named.value.removeprefix("hours ")]]
    return named.value.split(",") if dimension in ("weekday", "stage") else [named.value]


def side_of(named: Named, asked: Understood) -> str:
    """Where a trip ends when a word for it stands shortly before the place, else where it starts."""
    before = list(asked.words[max(0, named.first - 4) : named.first])
    other = [n for n in asked.named if n.kind in ("zone", "borough") and n.last <= named.first]
    if other:
        before = list(asked.words[other[-1].last : named.first])
        if "from" not in asked.words[: other[-1].first] and before and set(before) <= JOINING:
            return side_of(other[-1], asked)  # in Manhattan or in Brooklyn
    for word in reversed(before):
        if word in (
            "to",
            "dropoff",
            "end",
            "ended",
            "ending",
            "destination",
            "arrive",
            "arrived",
            "into",
            "bound",
            "toward",
        ):
            return "dropoff"
        if word in (
            "from",
            "pickup",
            "start",
            "started",
            "starting",
            "begin",
            "began",
            "leave",
            "leaving",
            "picked",
            "left",
        ):
            return "pickup"
    later = asked.words[named.last : named.last + 3]
    if any(word in ("dropoff", "destination", "bound") for word in later[:1]):
        return "dropoff"
    ends = {"dropoff", "end", "ended", "ending", "destination", "arrive"}
    starts = {"pickup", "start", "started", "starting", "from", "begin", "began", "leave"}
    return "dropoff" if ends & set(asked.words) and not starts & set(asked.words) and not other else "pickup"
