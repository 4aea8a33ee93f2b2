"""What is counted is what is named: a number of models is no number of columns, and no figure of them."""

from __future__ import annotations

from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit

COUNTABLE = frozenset(
    {
        "column",
        "file",
        "table",
        "feature",
        "statistic",
        "stat",
        "metric",
        "figure",
        "setting",
        "page",
        "job",
        "step",
    }
)
"""Nouns that say nothing by themselves, unless they are what is counted."""
COUNTS = frozenset(
    {"models", "fits", "families", "versions", "champions", "decisions", "promotions", "rollbacks", "scores"}
)
"""Units of counts that are only given where a number of them is asked for, or whether there are any."""


def is_counted(asked: Understood) -> bool:
    """How many, the number of, in total; or the things alone: registered versions, yellow fits in March."""
    counted = asked.form in ("many", "yes") or bool({"count", "share", "total"} & asked.shapes)
    return counted or (asked.form == "" and not asked.values("target"))


def counts_what_is_named(asked: Understood, fit: Fit) -> bool:
    """The number of columns is no number of trips, however harmless the word is elsewhere."""
    said = frozenset[int]().union(
        *asked.said.get(fit.measure.name, ()), *(n.span for n in (*asked.named, *asked.groups))
    )
    return not any(
        asked.words[place] in COUNTABLE and place not in said
        for first in range(len(asked.words) - 2)
        if asked.words[first : first + 2] in (("how", "many"), ("number", "of"), ("count", "of"))
        for place in range(first + 2, min(first + 4, len(asked.words)))
    )
