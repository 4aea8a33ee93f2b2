"""What stands behind how many is what is counted: the number of months is no number of rows."""

from __future__ import annotations

from collections.abc import Sequence

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit

UNITS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("row", "trip", "record", "ride", "line", "journey"), frozenset({"rows", "trips", "values"})),
    **dict.fromkeys(("column", "feature", "field", "variable"), frozenset({"columns"})),
    **dict.fromkeys(
        ("expectation", "check", "rule", "test", "validation", "waiver", "failure"), frozenset({"expectations"})
    ),
    **dict.fromkeys(("alarm", "alert", "comparison"), frozenset({"comparisons"})),
    "month": frozenset({"months"}),
    "file": frozenset({"files"}),
    "table": frozenset({"tables"}),
    "reason": frozenset({"reasons"}),
    "value": frozenset({"values", "rows", "comparisons"}),
}
"""Nouns that are counted -> units of the measures that may count them."""
OTHER_HEADS = frozenset({"minute", "mile", "second", "dollar", "hour", "passenger", "zone", "total", "count", "metric"})
"""Nouns that, behind one of those, are what is counted instead: trip minutes."""
TABLES = frozenset({"ingestion_log", "load_log", "data_quality_metrics", "drift_metrics", "feature_statistics"})
"""Tables whose rows can be counted as several things."""
_OPENED = (("how", "many"), ("number", "of"), ("count", "of"))
_REACH = 4


def counts_another(asked: Understood, fit: Fit) -> bool:
    """Whether the measure is of another thing than the one that is counted."""
    measure = fit.measure
    if measure.source.table not in TABLES or measure.unit in ("share", "column"):
        return False
    nouns = [noun for first in _openings(asked.words) if (noun := _head(asked, first))]
    return any(not _may_count(measure, noun, fit, asked.words) for noun in nouns)


def _openings(words: Sequence[str]) -> list[int]:
    """Where what is counted begins."""
    return [at + 2 for at in range(len(words) - 2) if tuple(words[at : at + 2]) in _OPENED]


def _head(asked: Understood, first: int) -> str:
    """The last of the first nouns that stand together, outside a name; "" without one, and for another head."""
    named = frozenset[int]().union(*(n.span for n in asked.named if not n.optional))
    found = ""
    for place in range(first, min(first + _REACH, len(asked.words))):
        word = asked.words[place]
        if found and word in OTHER_HEADS:
            return ""
        if word in UNITS and place not in named:
            found = word
        elif found:
            break
    return found


def _may_count(measure: Measure, noun: str, fit: Fit, words: Sequence[str]) -> bool:
    """Its unit is the noun's, or the noun tells its rows apart, so that these are counted: checks that any row breaks,
    where rows are spoken of."""
    if "expectation" in fit.group and measure.unit == "rows":
        return bool({"row", "trip", "record", "ride", "anything", "something", "least"} & set(words))
    return measure.unit in UNITS[noun] or measure.counts == noun or noun in fit.group
