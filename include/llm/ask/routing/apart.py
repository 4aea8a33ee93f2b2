"""How far two figures are apart is asked for in many words: a gap, a margin, a change, a part of another."""

from __future__ import annotations

import re

from include.llm.ask.meanings.measure import Measure
from include.llm.ask.question.understood import Understood
from include.llm.ask.routing.fit import Fit
from include.llm.ask.routing.limits import threshold_of

EXTREMES = ({"best", "worst"}, {"max", "min"}, {"fast", "slow"}, {"long", "short"}, {"cheap", "expensive"})
"""The spread between the best and the worst is one figure."""


def is_spread(asked: Understood) -> bool:
    """Best and worst side by side, and nothing else in order."""
    if len(asked.orders) != 2:
        return False
    first, last = asked.orders
    joined = asked.words[first.last : last.first]
    return {first.value, last.value} in EXTREMES and bool(joined) and set(joined) <= {"and", "to", "vs", "the"}


_PART_OF = re.compile(r"\bas (?:a |an |the )?(?:share|percentage|percent|%|fraction|part|proportion) of\b")


def is_part_of(asked: Understood, pair: str) -> bool:
    """The champion's error as a share of the baseline's."""
    return pair == "role" and _PART_OF.search(" ".join(asked.words)) is not None


FOLLOWING = frozenset({"runner", "second", "next", "rest", "closest", "two", "third", "2nd"})
"""Whom the first of an order is ahead of."""


def is_margin(asked: Understood, fit: Fit, pair: str) -> bool:
    """By how much the winner beat the next best."""
    ranks = fit.measure.source.ranks
    ranked = bool(ranks) and ranks not in fit.filters and bool(fit.measure.better) and fit.group in ((), (ranks,))
    apart = "difference" in asked.shapes or {"close", "ahead", "behind", "margin", "lead", "gap"} & set(asked.words)
    two = {"two"} & set(asked.words) and {"top", "best", "first"} & set(asked.words)
    following = (FOLLOWING - {"two"}) & set(asked.words)
    return ranked and not pair and bool(apart) and bool(two or following) and asked.form != "yes"


def is_distance(asked: Understood, fit: Fit) -> bool:
    """How far below 80 % is it: the way to a figure."""
    text = " ".join(asked.words)
    far = any(said in text for said in ("how far", "how many percentage point", "by how much", "how much"))
    return far and asked.form != "yes" and not fit.group and threshold_of(asked, fit)[0] in ("<", ">", "~")


def is_gap(asked: Understood, measure: Measure, pair: str) -> bool:
    """How many minutes more, how much the champion shaves off the baseline: one figure of two, no name."""
    if asked.form != "many" or measure.counts or not (measure.decimals or measure.unit == "share"):
        return False
    return pair == "role" or bool(asked.orders) or "points" in asked.shapes


def is_change(asked: Understood, fit: Fit, pair: str, two_months: bool) -> bool:
    """An increase from February to March, or what cleaning does to a mean: no order, but how far two are apart."""
    moved = asked.order in ("rise", "fall") and bool(pair or two_months)
    return (
        asked.form not in ("yes", "which")
        and not fit.group
        and (moved or (pair == "stage" and not asked.orders and not fit.measure.adds))
    )
